package org.trefoilhub.dicomweb.error;

import java.io.IOException;

/** A multipart body that is malformed, breaks off or exceeds a limit. The message shows nothing of the body. */
public class MultipartException extends IOException {
    private static final long serialVersionUID = 1L;

    private final DicomwebErrorCode code;

    public MultipartException(DicomwebErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public DicomwebErrorCode code() {
        return code;
    }
}
