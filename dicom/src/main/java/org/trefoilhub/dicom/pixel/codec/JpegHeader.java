package org.trefoilhub.dicom.pixel.codec;

import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * What the head of a JPEG stream says, read before any library sees the stream.
 *
 * @param process the number of the SOF marker: 0 baseline, 1 extended sequential, 2 progressive, 3 lossless
 * @param precision bits of a sample
 * @param rows lines
 * @param columns samples of a line
 * @param components components of the frame
 * @param chromaSubsampled whether components after the first are sampled less densely than the first
 * @param lettersRgb whether the component identifiers spell {@code RGB}
 * @param jfif whether an APP0 JFIF segment is present
 * @param adobeTransform the colour transform of an APP14 Adobe segment, or -1
 */
record JpegHeader(
        int process,
        int precision,
        int rows,
        int columns,
        int components,
        boolean chromaSubsampled,
        boolean lettersRgb,
        boolean jfif,
        int adobeTransform) {

    private static final int SOI = 0xd8;
    private static final int SOS = 0xda;

    /**
     * Reads the segments up to the first scan.
     *
     * <p>Specification: ISO/IEC 10918-1 annex B.
     *
     * @throws DicomFormatException if there is no frame header before the first scan
     */
    static JpegHeader read(byte[] stream) throws DicomFormatException {
        if (stream.length < 4 || (stream[0] & 0xff) != 0xff || (stream[1] & 0xff) != SOI) {
            throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "frame does not begin as a JPEG stream");
        }
        int process = -1;
        int precision = 0;
        int rows = 0;
        int columns = 0;
        int components = 0;
        boolean subsampled = false;
        boolean letters = false;
        boolean jfif = false;
        int adobe = -1;
        int at = 2;
        while (at + 4 <= stream.length) {
            if ((stream[at] & 0xff) != 0xff) {
                throw new DicomFormatException(
                        ErrorCode.BAD_PIXEL_DATA, "JPEG stream has no marker at byte " + at + " of the frame");
            }
            int marker = stream[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == 0x01 || marker >= 0xd0 && marker <= SOI) {
                at += 2;
                continue;
            }
            int length = u16(stream, at + 2);
            int body = at + 4;
            int end = at + 2 + length;
            if (length < 2 || end > stream.length) {
                throw new DicomFormatException(
                        ErrorCode.BAD_PIXEL_DATA, "JPEG segment at byte " + at + " of the frame leaves the frame");
            }
            if (isFrameHeader(marker)) {
                if (process >= 0) {
                    throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "JPEG stream has two frame headers");
                }
                if (length < 8 || length < 8 + 3 * (stream[body + 5] & 0xff)) {
                    throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "JPEG frame header is too short");
                }
                process = marker - 0xc0;
                precision = stream[body] & 0xff;
                rows = u16(stream, body + 1);
                columns = u16(stream, body + 3);
                components = stream[body + 5] & 0xff;
                subsampled = subsampled(stream, body + 6, components);
                letters = components == 3
                        && stream[body + 6] == 'R'
                        && stream[body + 9] == 'G'
                        && stream[body + 12] == 'B';
            } else if (marker == 0xe0 && startsWith(stream, body, end, "JFIF")) {
                jfif = true;
            } else if (marker == 0xee && length >= 14 && startsWith(stream, body, end, "Adobe")) {
                adobe = stream[body + 11] & 0xff;
            } else if (marker == SOS) {
                if (process < 0) {
                    break;
                }
                return new JpegHeader(process, precision, rows, columns, components, subsampled, letters, jfif, adobe);
            }
            at = end;
        }
        throw new DicomFormatException(
                ErrorCode.BAD_PIXEL_DATA, "JPEG stream has no frame header before its first scan");
    }

    /** Refuses a stream that is not the frame the data set describes. */
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
        if (precision < 2 || precision > Math.min(16, 8 * d.bytesPerSample())) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "coded frame has samples of " + precision + " bits, the data set allocates " + d.bitsAllocated());
        }
    }

    private static boolean isFrameHeader(int marker) {
        return (marker & 0xf0) == 0xc0 && marker != 0xc4 && marker != 0xc8 && marker != 0xcc || marker == 0xf7;
    }

    private static boolean subsampled(byte[] stream, int at, int components) {
        int first = stream[at + 1] & 0xff;
        for (int i = 1; i < components; i++) {
            if ((stream[at + 1 + 3 * i] & 0xff) != first) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] stream, int from, int end, String text) {
        if (end - from < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (stream[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int u16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | b[at + 1] & 0xff;
    }
}
