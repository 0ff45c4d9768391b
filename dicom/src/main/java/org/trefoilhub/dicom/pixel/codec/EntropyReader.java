package org.trefoilhub.dicom.pixel.codec;

import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/**
 * Reads bits and Huffman codes of a JPEG scan, stuffed zero bytes taken out, up to the next marker.
 *
 * <p>Past the end of the data it yields zero bits, so that inner loops need no check; {@link #checkNotExhausted} tells
 * afterwards whether any of these was used.
 */
final class EntropyReader {

    private final byte[] stream;
    private int at;
    private long buffer;
    private int count;
    private int padding;

    EntropyReader(byte[] stream, int at) {
        this.stream = stream;
        this.at = at;
    }

    /** Where the marker stands that ended the data, once all of it is used. */
    int position() {
        return at;
    }

    private void fill() {
        while (count <= 48) {
            int next = 0;
            boolean real = false;
            if (at < stream.length) {
                next = stream[at] & 0xff;
                if (next != 0xff) {
                    at++;
                    real = true;
                } else if (at + 1 < stream.length && stream[at + 1] == 0) {
                    at += 2;
                    real = true;
                } else {
                    next = 0;
                }
            }
            if (!real) {
                padding += 8;
            }
            buffer = buffer << 8 | next;
            count += 8;
        }
    }

    /** The next {@code n} bits, 0 to 16, as an unsigned number. */
    int bits(int n) {
        if (count < n) {
            fill();
        }
        count -= n;
        return (int) (buffer >>> count) & (1 << n) - 1;
    }

    /** The next {@code n} bits as JPEG writes signed numbers: ISO/IEC 10918-1 section F.2.2.1, EXTEND. */
    int signed(int n) {
        if (n == 0) {
            return 0;
        }
        int value = bits(n);
        return value < 1 << n - 1 ? value - (1 << n) + 1 : value;
    }

    /**
     * The next symbol.
     *
     * @throws DicomFormatException if the bits are no code of the table
     */
    int symbol(HuffmanTable table) throws DicomFormatException {
        if (count < 16) {
            fill();
        }
        int next16 = (int) (buffer >>> count - 16) & 0xffff;
        int entry = table.lookup(next16);
        if (entry < 0) {
            throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "JPEG scan holds a code that its table lacks");
        }
        count -= entry >> 8;
        return entry & 0xff;
    }

    /** Refuses to go on once bits were used that the stream does not have. */
    void checkNotExhausted() throws DicomFormatException {
        if (padding > count) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "coded frame ends too early: pixel data is cut short");
        }
    }

    /**
     * Drops what is left of the interval and steps over its restart marker.
     *
     * @throws DicomFormatException if the next marker is another one
     */
    void restart() throws DicomFormatException {
        checkNotExhausted();
        buffer = 0;
        count = 0;
        padding = 0;
        while (at + 1 < stream.length && (stream[at] & 0xff) == 0xff && (stream[at + 1] & 0xff) == 0xff) {
            at++;
        }
        if (at + 1 >= stream.length || (stream[at] & 0xff) != 0xff || (stream[at + 1] & 0xf8) != 0xd0) {
            throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "JPEG scan lacks a restart marker");
        }
        at += 2;
    }
}
