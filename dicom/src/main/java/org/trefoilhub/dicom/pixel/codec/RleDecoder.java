package org.trefoilhub.dicom.pixel.codec;

import java.util.Arrays;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * RLE Lossless: byte planes, the most significant byte of a sample first, each coded with PackBits.
 *
 * <p>Frames of 1 bit are one segment of packed bits or of whole bytes; both are met and told apart by their length.
 *
 * <p>Specification: PS3.5 annex G.
 */
public final class RleDecoder implements PixelCodec.Decoder {

    private static final int HEADER_BYTES = 64;
    private static final int MAX_SEGMENTS = 15;

    @Override
    public byte[] decode(byte[] frame, PixelDescription d) throws DicomFormatException {
        Samples.checkSize(d);
        if (frame.length < HEADER_BYTES) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "RLE frame has " + frame.length + " bytes, its header alone needs 64");
        }
        int bytesPerSample = d.bytesPerSample();
        int segments = intAt(frame, 0);
        int expected = d.samplesPerPixel() * bytesPerSample;
        if (segments != expected || segments > MAX_SEGMENTS) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "RLE header names " + Integer.toUnsignedString(segments) + " segments, expected " + expected);
        }
        int pixels = (int) d.pixels();
        byte[] samples = new byte[pixels * expected];
        for (int segment = 0; segment < segments; segment++) {
            int from = intAt(frame, 4 + 4 * segment);
            int end = segment + 1 < segments ? intAt(frame, 8 + 4 * segment) : frame.length;
            if (from < HEADER_BYTES || from > frame.length) {
                throw new DicomFormatException(
                        ErrorCode.BAD_PIXEL_DATA, "RLE segment " + (segment + 1) + " lies outside the frame");
            }
            if (end < from || end > frame.length) {
                end = frame.length;
            }
            if (d.bitsAllocated() == 1) {
                return bits(frame, from, end, pixels);
            }
            int sample = segment / bytesPerSample;
            int byteOfSample = bytesPerSample - 1 - segment % bytesPerSample;
            int written = unpack(frame, from, end, samples, sample * bytesPerSample + byteOfSample, expected, pixels);
            if (written < pixels) {
                throw new DicomFormatException(
                        ErrorCode.BAD_PIXEL_DATA,
                        "RLE segment " + (segment + 1) + " ends after " + written + " of " + pixels
                                + " bytes: pixel data is cut short");
            }
        }
        return samples;
    }

    private static byte[] bits(byte[] frame, int from, int end, int pixels) throws DicomFormatException {
        byte[] bytes = new byte[pixels];
        int written = unpack(frame, from, end, bytes, 0, 1, pixels);
        int packed = (pixels + 7) / 8;
        if (written == pixels && pixels > packed + 1) {
            for (int i = 0; i < pixels; i++) {
                bytes[i] &= 1;
            }
            return bytes;
        }
        if (written < packed) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "RLE segment ends after " + written + " of " + packed + " bytes: pixel data is cut short");
        }
        return Samples.unpackBits(Arrays.copyOf(bytes, packed), pixels);
    }

    /** Decodes one segment into every {@code step}-th byte; stops when {@code count} bytes are written. */
    private static int unpack(byte[] frame, int from, int end, byte[] to, int start, int step, int count) {
        int written = 0;
        int at = from;
        int out = start;
        while (written < count && at < end) {
            int control = frame[at++];
            if (control >= 0) {
                int run = Math.min(Math.min(control + 1, count - written), end - at);
                for (int i = 0; i < run; i++) {
                    to[out] = frame[at++];
                    out += step;
                }
                written += run;
            } else if (control != -128 && at < end) {
                int run = Math.min(1 - control, count - written);
                byte value = frame[at++];
                for (int i = 0; i < run; i++) {
                    to[out] = value;
                    out += step;
                }
                written += run;
            }
        }
        return written;
    }

    private static int intAt(byte[] b, int at) {
        return b[at] & 0xff | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | b[at + 3] << 24;
    }
}
