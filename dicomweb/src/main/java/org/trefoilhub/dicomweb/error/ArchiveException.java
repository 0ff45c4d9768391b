package org.trefoilhub.dicomweb.error;

/**
 * Base of the failures of this module. The message begins in lower case, is one line and free of patient data.
 */
public class ArchiveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final DicomwebErrorCode code;

    public ArchiveException(DicomwebErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public ArchiveException(DicomwebErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Stable code, documented in {@code docs/errors.md}. */
    public DicomwebErrorCode code() {
        return code;
    }
}
