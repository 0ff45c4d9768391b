package org.trefoilhub.dicom.net;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.net.pdu.Pdu;

/**
 * An association that could not be opened, went away, or was broken off.
 *
 * <p>The message names no patient and no content of any data set. After this exception the association is of no more
 * use.
 */
public class DicomNetworkException extends IOException {
    private final ErrorCode code;
    private final transient @Nullable Pdu pdu;

    public DicomNetworkException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    DicomNetworkException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    DicomNetworkException(ErrorCode code, String message, @Nullable Pdu pdu, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.pdu = pdu;
    }

    public ErrorCode code() {
        return code;
    }

    /** The A-ASSOCIATE-RJ, when that is what the peer sent. */
    public Pdu.@Nullable AssociateReject reject() {
        return pdu instanceof Pdu.AssociateReject reject ? reject : null;
    }

    /** The A-ABORT, when that is what the peer sent. */
    public Pdu.@Nullable Abort abort() {
        return pdu instanceof Pdu.Abort abort ? abort : null;
    }
}
