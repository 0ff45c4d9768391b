package org.trefoilhub.hub.app;

/** Stable codes of requests that reach no door. */
enum HubErrorCode {
    /** There is nothing at this address. */
    NO_SUCH_ADDRESS("TREFOIL-HUB-0001", "there is nothing at this address"),
    /** The address exists, but not for this method. */
    METHOD_NOT_ALLOWED("TREFOIL-HUB-0002", "the method is not supported here"),
    /** The request cannot be understood or answered as it is. */
    BAD_REQUEST("TREFOIL-HUB-0003", "the request is malformed"),
    /** A fault of ours. */
    INTERNAL("TREFOIL-HUB-0099", "the hub failed to answer");

    private final String code;
    private final String message;

    HubErrorCode(String code, String message) {
        this.code = code;
        this.message = message;
    }

    String code() {
        return code;
    }

    String message() {
        return message;
    }

    /** The code for an HTTP status of 400 and above. */
    static HubErrorCode ofStatus(int status) {
        if (status >= 500) {
            return INTERNAL;
        }
        return switch (status) {
            case 404 -> NO_SUCH_ADDRESS;
            case 405 -> METHOD_NOT_ALLOWED;
            default -> BAD_REQUEST;
        };
    }
}
