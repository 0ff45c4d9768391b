package org.trefoilhub.dicom.net.pdu;

import java.io.IOException;

/**
 * Bytes that are no PDU, or not the one they claim to be.
 *
 * <p>The message says what was wrong and where (byte offset within the PDU); it never holds content of the PDU.
 */
public final class PduFormatException extends IOException {
    private final int abortReason;

    PduFormatException(int abortReason, String message) {
        super(message);
        this.abortReason = abortReason;
    }

    /** A PDU whose length field says more than the receiver takes. */
    public static PduFormatException tooLong(int type, long lengthBytes, long limitBytes) {
        return new PduFormatException(
                Pdu.Abort.INVALID_PARAMETER_VALUE,
                "PDU of type " + type + " claims " + lengthBytes + " bytes, the limit is " + limitBytes);
    }

    /** A PDU-type byte that the standard does not have. */
    public static PduFormatException unknownType(int type) {
        return new PduFormatException(Pdu.Abort.UNRECOGNIZED_PDU, "unknown PDU type " + type + ", expected 1 to 7");
    }

    /** The reason field for the A-ABORT that answers this (PS3.8 table 9-26), one of the constants of {@link Pdu.Abort}. */
    public int abortReason() {
        return abortReason;
    }
}
