package org.trefoilhub.dicom.data;

import org.jspecify.annotations.Nullable;

/**
 * Value representations of DICOM PS3.5 section 6.2.
 *
 * <p>Each knows how its length is written in explicit syntaxes, the size of the words whose bytes a big-endian file
 * swaps, and the byte that pads it to even length.
 */
public enum VR {
    AE(Form.SHORT, Kind.STRING, 1),
    AS(Form.SHORT, Kind.STRING, 1),
    AT(Form.SHORT, Kind.NUMBER, 2),
    CS(Form.SHORT, Kind.STRING, 1),
    DA(Form.SHORT, Kind.STRING, 1),
    DS(Form.SHORT, Kind.STRING, 1),
    DT(Form.SHORT, Kind.STRING, 1),
    FD(Form.SHORT, Kind.NUMBER, 8),
    FL(Form.SHORT, Kind.NUMBER, 4),
    IS(Form.SHORT, Kind.STRING, 1),
    LO(Form.SHORT, Kind.STRING, 1),
    LT(Form.SHORT, Kind.TEXT, 1),
    OB(Form.LONG, Kind.BINARY, 1),
    OD(Form.LONG, Kind.BINARY, 8),
    OF(Form.LONG, Kind.BINARY, 4),
    OL(Form.LONG, Kind.BINARY, 4),
    OV(Form.LONG, Kind.BINARY, 8),
    OW(Form.LONG, Kind.BINARY, 2),
    PN(Form.SHORT, Kind.STRING, 1),
    SH(Form.SHORT, Kind.STRING, 1),
    SL(Form.SHORT, Kind.NUMBER, 4),
    SQ(Form.LONG, Kind.SEQUENCE, 1),
    SS(Form.SHORT, Kind.NUMBER, 2),
    ST(Form.SHORT, Kind.TEXT, 1),
    SV(Form.LONG, Kind.NUMBER, 8),
    TM(Form.SHORT, Kind.STRING, 1),
    UC(Form.LONG, Kind.STRING, 1),
    UI(Form.SHORT, Kind.STRING, 1),
    UL(Form.SHORT, Kind.NUMBER, 4),
    UN(Form.LONG, Kind.BINARY, 1),
    UR(Form.LONG, Kind.TEXT, 1),
    US(Form.SHORT, Kind.NUMBER, 2),
    UT(Form.LONG, Kind.TEXT, 1),
    UV(Form.LONG, Kind.NUMBER, 8);

    private enum Form {
        SHORT,
        LONG
    }

    private enum Kind {
        STRING,
        TEXT,
        NUMBER,
        BINARY,
        SEQUENCE
    }

    private static final @Nullable VR[] BY_LETTERS = new @Nullable VR[26 * 26];

    static {
        for (VR vr : values()) {
            BY_LETTERS[(vr.name().charAt(0) - 'A') * 26 + vr.name().charAt(1) - 'A'] = vr;
        }
    }

    private final Form form;
    private final Kind kind;
    private final int wordBytes;

    VR(Form form, Kind kind, int wordBytes) {
        this.form = form;
        this.kind = kind;
        this.wordBytes = wordBytes;
    }

    /** The VR of two code letters as they stand in a file, or null if there is none such. */
    public static @Nullable VR of(int first, int second) {
        if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z') {
            return null;
        }
        return BY_LETTERS[(first - 'A') * 26 + second - 'A'];
    }

    /** The VR of a two-letter code, or null if there is none such. */
    public static @Nullable VR of(String code) {
        return code.length() == 2 ? of(code.charAt(0), code.charAt(1)) : null;
    }

    /** Whether explicit syntaxes write two reserved bytes and a 32-bit length (PS3.5 table 7.1-1). */
    public boolean hasLongLength() {
        return form == Form.LONG;
    }

    /** Whether values are characters, separated by a backslash or not. */
    public boolean isText() {
        return kind == Kind.STRING || kind == Kind.TEXT;
    }

    /** Whether several text values are separated by a backslash; false for LT, ST, UT and UR. */
    public boolean isMultiValued() {
        return kind == Kind.STRING || kind == Kind.NUMBER;
    }

    /** Whether values are binary numbers of {@link #wordBytes()} bytes (AT counts as one, of two words). */
    public boolean isNumber() {
        return kind == Kind.NUMBER;
    }

    /** Whether values are opaque bytes or words: the O* representations and UN. */
    public boolean isBinary() {
        return kind == Kind.BINARY;
    }

    /** Whether the Specific Character Set applies (PS3.5 section 6.1.2.2). */
    public boolean usesCharacterSet() {
        return switch (this) {
            case LO, LT, PN, SH, ST, UC, UT -> true;
            default -> false;
        };
    }

    /** Bytes of the words that a big-endian file swaps: 1, 2, 4 or 8. */
    public int wordBytes() {
        return wordBytes;
    }

    /** The byte that pads a value to even length: space for text but UI, zero else. */
    public byte padding() {
        return (byte) (isText() && this != UI ? ' ' : 0);
    }
}
