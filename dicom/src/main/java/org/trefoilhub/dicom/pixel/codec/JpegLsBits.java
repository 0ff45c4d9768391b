package org.trefoilhub.dicom.pixel.codec;

import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/**
 * Bits of a JPEG-LS scan: after a byte of ones the next has seven bits (ISO/IEC 14495-1 section A.1). Past the end it
 * yields ones, which end every unary code; {@link #checkNotExhausted} tells whether any was used.
 */
final class JpegLsBits {

    private final byte[] stream;
    private int at;
    private long buffer;
    private int count;
    private int padding;
    private boolean afterOnes;

    JpegLsBits(byte[] stream, int at) {
        this.stream = stream;
        this.at = at;
    }

    private void fill() {
        while (count <= 48) {
            int next = at < stream.length ? stream[at] & 0xff : -1;
            if (next >= 0 && afterOnes && next >= 0x80) {
                next = -1;
            }
            if (next == 0xff && (at + 1 >= stream.length || (stream[at + 1] & 0xff) >= 0x80)) {
                next = -1;
            }
            if (next < 0) {
                buffer = buffer << 8 | 0xff;
                count += 8;
                padding += 8;
                continue;
            }
            at++;
            int bits = afterOnes ? 7 : 8;
            buffer = buffer << bits | next;
            count += bits;
            afterOnes = next == 0xff;
        }
    }

    int bit() {
        if (count < 1) {
            fill();
        }
        count--;
        return (int) (buffer >>> count) & 1;
    }

    /** The next {@code n} bits, 0 to 16. */
    int bits(int n) {
        if (count < n) {
            fill();
        }
        count -= n;
        return (int) (buffer >>> count) & (1 << n) - 1;
    }

    /** Counts zeros up to the next one, which is taken too, or up to {@code most}. */
    int zeros(int most) {
        int zeros = 0;
        while (zeros < most && bit() == 0) {
            zeros++;
        }
        if (zeros == most) {
            // The code word of a long prefix has its one behind the last zero.
            bit();
        }
        return zeros;
    }

    void checkNotExhausted() throws DicomFormatException {
        if (padding > count) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "coded frame ends too early: pixel data is cut short");
        }
    }

    int nextMarker() {
        int marker = at;
        while (marker + 1 < stream.length
                && ((stream[marker] & 0xff) != 0xff
                        || (stream[marker + 1] & 0xff) < 0x80
                        || (stream[marker + 1] & 0xff) == 0xff)) {
            marker++;
        }
        return marker;
    }
}
