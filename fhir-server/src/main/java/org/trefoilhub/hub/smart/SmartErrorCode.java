package org.trefoilhub.hub.smart;

/** Stable codes of refusals at the gate. */
enum SmartErrorCode {
    /** No identity came with the request. */
    NO_TOKEN("TREFOIL-SMT-0001", "an access token is needed: send `Authorization: Bearer`"),
    /** The token is expired, revoked, not for this hub, or not a token. */
    BAD_TOKEN("TREFOIL-SMT-0002", "the access token is not valid: expired, revoked, or not issued for this hub"),
    /** The identity is known but the address is closed to it. */
    FORBIDDEN("TREFOIL-SMT-0003", "this address is closed to you"),
    /** The body of a launch request is not one. */
    LAUNCH_INVALID("TREFOIL-SMT-0004", "a launch names an app that takes launches and what to open in it"),
    /** What is to be opened is absent, hidden, or does not belong together. */
    LAUNCH_HIDDEN("TREFOIL-SMT-0005", "there is no such patient, encounter or exam"),
    /** Our own failure to sign, read or keep what the authorization server needs. */
    SERVER_STATE("TREFOIL-SMT-0020", "the authorization server cannot read or keep its keys or grants");

    private final String code;
    private final String message;

    SmartErrorCode(String code, String message) {
        this.code = code;
        this.message = message;
    }

    String code() {
        return code;
    }

    String message() {
        return message;
    }
}
