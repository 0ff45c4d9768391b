package org.trefoilhub.hub.smart.sso.certificate;

/** A certificate that does not let in, or settings that cannot be used. */
final class CertificateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final CertificateErrorCode code;

    CertificateException(CertificateErrorCode code, String message) {
        super(code.code() + ": " + message);
        this.code = code;
    }

    CertificateException(CertificateErrorCode code, String message, Throwable cause) {
        super(code.code() + ": " + message, cause);
        this.code = code;
    }

    CertificateErrorCode code() {
        return code;
    }
}
