package org.trefoilhub.hub.smart;

/** Our own failure to sign, read or keep what the authorization server needs; never the client's fault. */
class SmartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final String CODE = "TREFOIL-SMT-0020";

    SmartException(String message, Throwable cause) {
        super(CODE + ": " + message, cause);
    }
}
