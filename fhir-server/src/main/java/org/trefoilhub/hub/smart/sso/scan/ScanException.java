package org.trefoilhub.hub.smart.sso.scan;

/** A code that cannot be issued. */
final class ScanException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ScanException(ScanErrorCode code, String message) {
        super(code.code() + ": " + message);
    }

    ScanException(ScanErrorCode code, String message, Throwable cause) {
        super(code.code() + ": " + message, cause);
    }
}
