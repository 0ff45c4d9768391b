package org.trefoilhub.dicom.io;

import java.io.IOException;
import org.trefoilhub.dicom.data.Tag;

/**
 * Input that is not the DICOM it should be. The message says what was wrong and where; it carries no values.
 */
public class DicomFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int tag;
    private final long offset;

    /**
     * @param tag the element concerned, or -1
     * @param offset of the element from the start of the input in bytes, or -1
     * @param message lower case, without tag and offset
     */
    public DicomFormatException(ErrorCode code, int tag, long offset, String message) {
        super(message
                + (tag == -1 ? "" : " at " + Tag.format(tag))
                + (offset < 0 ? "" : " at offset 0x" + Long.toHexString(offset).toUpperCase(java.util.Locale.ROOT)));
        this.code = code;
        this.tag = tag;
        this.offset = offset;
    }

    public DicomFormatException(ErrorCode code, String message) {
        this(code, -1, -1, message);
    }

    /** The kind of defect. */
    public ErrorCode code() {
        return code;
    }

    /** The element concerned, or -1 if it is not about one. */
    public int tag() {
        return tag;
    }

    /** Offset of the element from the start of the input in bytes, or -1 if unknown. */
    public long offset() {
        return offset;
    }
}
