package org.trefoilhub.dicom.pixel.codec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * What the main header of a JPEG 2000 codestream says, read before any library sees the stream.
 *
 * @param rows lines of the image area
 * @param columns samples of a line of the image area
 * @param components components
 * @param precision bits of a sample of the first component
 * @param signed whether samples of the first component are signed
 * @param componentTransform whether the codestream undoes a colour transform (RCT or ICT) when it is decoded
 */
record Jpeg2000Header(
        int rows, int columns, int components, int precision, boolean signed, boolean componentTransform) {

    private static final int SOC = 0xff4f;
    private static final int SIZ = 0xff51;
    private static final int COD = 0xff52;
    private static final int SOT = 0xff90;
    private static final int EOC = 0xffd9;
    private static final long MAX_TILES = 65535;

    /**
     * The raw codestream of a frame: some writers wrap it in a JP2 file, whose own colour boxes do not count in DICOM
     * (PS3.5 section 8.2.4).
     *
     * @throws DicomFormatException if the frame is neither
     */
    static byte[] codestream(byte[] frame) throws DicomFormatException {
        if (frame.length >= 2 && u16(frame, 0) == SOC) {
            return frame;
        }
        if (frame.length < 12 || frame[4] != 'j' || frame[5] != 'P') {
            throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "frame does not begin as a JPEG 2000 codestream");
        }
        long at = 0;
        while (at + 8 <= frame.length) {
            long length = u32(frame, (int) at);
            int header = 8;
            if (length == 1 && at + 16 <= frame.length) {
                length = u32(frame, (int) at + 8) << 32 | u32(frame, (int) at + 12);
                header = 16;
            } else if (length == 0) {
                length = frame.length - at;
            }
            if (length < header) {
                break;
            }
            if (u32(frame, (int) at + 4) == 0x6a703263L) { // jp2c
                long end = length > frame.length - at ? frame.length : at + length;
                return Arrays.copyOfRange(frame, (int) at + header, (int) end);
            }
            if (length > frame.length - at) {
                break;
            }
            at += length;
        }
        throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "JP2 wrapper of the frame holds no codestream");
    }

    /**
     * Reads the main header and walks the tile-parts.
     *
     * <p>Specification: ISO/IEC 15444-1 annex A.
     *
     * @throws DicomFormatException if the header is broken, a tile-part leaves the stream, or a part of the standard is
     *     used that no decoder here knows (part 2, part 15, subsampled components)
     */
    static Jpeg2000Header read(byte[] s) throws DicomFormatException {
        if (s.length < 51 || u16(s, 0) != SOC || u16(s, 2) != SIZ) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "JPEG 2000 codestream has no image size in its head");
        }
        int capabilities = u16(s, 6);
        if ((capabilities & 0xc000) != 0) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA, "JPEG 2000 codestream needs capabilities beyond part 1");
        }
        long right = u32(s, 8);
        long bottom = u32(s, 12);
        long left = u32(s, 16);
        long top = u32(s, 20);
        long tileWidth = u32(s, 24);
        long tileHeight = u32(s, 28);
        long tileLeft = u32(s, 32);
        long tileTop = u32(s, 36);
        int components = u16(s, 40);
        long columns = right - left;
        long rows = bottom - top;
        if (columns < 1 || columns > 65535 || rows < 1 || rows > 65535 || components < 1 || components > 4) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "JPEG 2000 codestream has an impossible image size");
        }
        if (tileWidth < 1
                || tileHeight < 1
                || tileLeft > left
                || tileTop > top
                || (right - tileLeft + tileWidth - 1) / tileWidth * ((bottom - tileTop + tileHeight - 1) / tileHeight)
                        > MAX_TILES) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "JPEG 2000 codestream has an impossible tile size");
        }
        if (u16(s, 4) != 38 + 3 * components || s.length < 42 + 3 * components) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "JPEG 2000 image size segment has the wrong length");
        }
        int depth = s[42] & 0xff;
        for (int i = 0; i < components; i++) {
            if ((s[42 + 3 * i] & 0xff) != depth || s[43 + 3 * i] != 1 || s[44 + 3 * i] != 1) {
                throw new DicomFormatException(
                        ErrorCode.UNSUPPORTED_PIXEL_DATA, "JPEG 2000 components differ in depth or are subsampled");
            }
        }
        boolean transform = false;
        int at = 4 + u16(s, 4);
        while (at + 4 <= s.length) {
            int marker = u16(s, at);
            if (marker == SOT) {
                walkTileParts(s, at);
                return new Jpeg2000Header(
                        (int) rows, (int) columns, components, (depth & 0x7f) + 1, (depth & 0x80) != 0, transform);
            }
            int length = u16(s, at + 2);
            if (marker < 0xff01 || length < 2 || at + 2 + length > s.length) {
                break;
            }
            if (marker == COD && length >= 12) {
                transform = s[at + 8] == 1;
            }
            at += 2 + length;
        }
        throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "JPEG 2000 codestream has no tile after its head");
    }

    private static void walkTileParts(byte[] s, int first) throws DicomFormatException {
        long at = first;
        while (at + 12 <= s.length && u16(s, (int) at) == SOT) {
            long length = u32(s, (int) at + 6);
            if (length == 0) {
                return;
            }
            if (length < 14) {
                throw new DicomFormatException(
                        ErrorCode.BAD_PIXEL_DATA, "JPEG 2000 tile-part has an impossible length");
            }
            if (at + length > s.length) {
                throw new DicomFormatException(
                        ErrorCode.BAD_PIXEL_DATA, "JPEG 2000 codestream ends too early: pixel data is cut short");
            }
            at += length;
        }
        if (at + 2 <= s.length && u16(s, (int) at) != EOC && u16(s, (int) at) != 0) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "JPEG 2000 codestream has neither a tile-part nor its end where it should");
        }
    }

    /**
     * The codestream with the number of tile-parts put right where a writer counted one too few, a known fault: readers
     * would leave out the last part of each tile without a word, which in a lossless frame means wrong samples.
     *
     * @param s a codestream that {@link #read} accepts; not changed
     */
    static byte[] withAllTileParts(byte[] s) {
        int first = 4 + u16(s, 4);
        while (u16(s, first) != SOT) {
            first += 2 + u16(s, first + 2);
        }
        Map<Integer, Integer> parts = new HashMap<>();
        boolean wrong = false;
        for (int at = first; at + 12 <= s.length && u16(s, at) == SOT; at = nextTilePart(s, at)) {
            int part = s[at + 10] & 0xff;
            int declared = s[at + 11] & 0xff;
            wrong |= declared != 0 && part >= declared;
            parts.merge(u16(s, at + 4), part + 1, Math::max);
        }
        if (!wrong) {
            return s;
        }
        byte[] right = s.clone();
        for (int at = first; at + 12 <= s.length && u16(s, at) == SOT; at = nextTilePart(s, at)) {
            right[at + 11] = (byte) Math.min(255, parts.getOrDefault(u16(s, at + 4), 1));
        }
        return right;
    }

    private static int nextTilePart(byte[] s, int at) {
        long length = u32(s, at + 6);
        return length == 0 ? s.length : (int) Math.min(s.length, at + length);
    }

    /** Refuses a codestream that is not the frame the data set describes. */
    void check(PixelDescription d) throws DicomFormatException {
        if (rows != d.rows() || columns != d.columns()) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "coded frame has " + rows + " rows and " + columns + " columns, the data set says " + d.rows()
                            + " and " + d.columns());
        }
        if (components != d.samplesPerPixel()) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "coded frame has " + components + " components, the data set says " + d.samplesPerPixel()
                            + " samples per pixel");
        }
        if (precision > 8 * d.bytesPerSample()) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "coded frame has samples of " + precision + " bits, the data set allocates " + d.bitsAllocated());
        }
    }

    private static int u16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | b[at + 1] & 0xff;
    }

    private static long u32(byte[] b, int at) {
        return (long) u16(b, at) << 16 | u16(b, at + 2);
    }
}
