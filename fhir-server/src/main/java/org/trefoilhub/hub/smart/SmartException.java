package org.trefoilhub.hub.smart;

/** Our own failure to sign, read or keep what the authorization server needs; never the client's fault. */
class SmartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SmartException(String message, Throwable cause) {
        super(SmartErrorCode.SERVER_STATE.code() + ": " + message, cause);
    }
}
