package org.trefoilhub.dicom.net;

import org.jspecify.annotations.Nullable;

/**
 * The status of a DIMSE response.
 *
 * @param code 0 to 0xFFFF, as the service class of the SOP class has it
 * @param errorComment printable ASCII, at most 64 characters (longer text is cut, other characters become {@code ?});
 *     null = none. It travels to the peer: no patient data.
 *     <p>Spec: DICOM PS3.7 annex C, PS3.4 section B.2.3.
 */
public record DimseStatus(int code, @Nullable String errorComment) {

    public static final DimseStatus SUCCESS = new DimseStatus(0x0000, null);

    /** Refused: SOP class not supported (PS3.7 section C.5.6). */
    public static final int SOP_CLASS_NOT_SUPPORTED = 0x0122;
    /** Processing failure (PS3.7 section C.5.20). */
    public static final int PROCESSING_FAILURE = 0x0110;
    /** Duplicate SOP instance (PS3.7 section C.5.6). */
    public static final int DUPLICATE_SOP_INSTANCE = 0x0111;
    /** Refused: not authorized (PS3.7 section C.5.16). */
    public static final int NOT_AUTHORIZED = 0x0124;
    /** Unrecognized operation (PS3.7 section C.5.25). */
    public static final int UNRECOGNIZED_OPERATION = 0x0211;
    /** Mistyped argument (PS3.7 section C.5.14). */
    public static final int MISTYPED_ARGUMENT = 0x0212;
    /** C-STORE refused: out of resources (PS3.4 table B.2-1). */
    public static final int OUT_OF_RESOURCES = 0xA700;
    /** C-STORE error: data set does not match SOP class (PS3.4 table B.2-1). */
    public static final int DATA_SET_DOES_NOT_MATCH_SOP_CLASS = 0xA900;
    /** C-STORE error: cannot understand (PS3.4 table B.2-1). */
    public static final int CANNOT_UNDERSTAND = 0xC000;

    private static final int MAX_COMMENT_CHARACTERS = 64;

    public DimseStatus {
        if (code < 0 || code > 0xFFFF) {
            throw new IllegalArgumentException("status " + code + ", expected 0 to 65535");
        }
        if (errorComment != null) {
            String printable = errorComment.replaceAll("[^ -\\[\\]-~]", "?");
            errorComment = printable.substring(0, Math.min(printable.length(), MAX_COMMENT_CHARACTERS));
        }
    }

    /** A status without a comment. */
    public static DimseStatus of(int code) {
        return new DimseStatus(code, null);
    }

    public boolean isSuccess() {
        return code == 0;
    }

    /** Warning: the operation was done, with something to say (0x0001, 0x0107, 0x0116, 0xBxxx). */
    public boolean isWarning() {
        return code == 0x0001 || code == 0x0107 || code == 0x0116 || code >>> 12 == 0xB;
    }

    @Override
    public String toString() {
        return String.format("0x%04X", code) + (errorComment == null ? "" : " " + errorComment);
    }
}
