package org.trefoilhub.hub.smart.sso.oidc;

/** A login that the hospital's login server did not complete, or settings that cannot be used. */
final class OidcException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final OidcErrorCode code;

    OidcException(OidcErrorCode code, String message) {
        super(code.code() + ": " + message);
        this.code = code;
    }

    OidcException(OidcErrorCode code, String message, Throwable cause) {
        super(code.code() + ": " + message, cause);
        this.code = code;
    }

    OidcErrorCode code() {
        return code;
    }
}
