package org.trefoilhub.hub.smart.sso.oidc;

/** Why the hospital's login server does not let in. */
enum OidcErrorCode {
    /** The login server cannot be reached, or is not the one that is configured. */
    UNREACHABLE("TREFOIL-OID-0001"),
    /** The answer belongs to no login of this browser, or to one that is too old or was answered before. */
    NO_SUCH_LOGIN("TREFOIL-OID-0002"),
    /** The login server said no, or the person gave up there. */
    REFUSED("TREFOIL-OID-0003"),
    /** The token of the login server does not hold. */
    BAD_TOKEN("TREFOIL-OID-0004"),
    /** The login server does not say which user it is. */
    NO_USER("TREFOIL-OID-0005"),
    /** The person has no account here, or a disabled one. */
    NO_ACCOUNT("TREFOIL-OID-0006"),
    /** The settings cannot be used. */
    SETTINGS("TREFOIL-OID-0020");

    private final String code;

    OidcErrorCode(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
