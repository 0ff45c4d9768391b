package org.trefoilhub.dicom.pixel.codec;

import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelDescription;

/** Rearranging of samples that several decoders need. */
final class Samples {

    private Samples() {}

    /** Refuses frames that would not fit the memory bound of a decoder. */
    static void checkSize(PixelDescription d) throws DicomFormatException {
        if (d.decodedFrameBytes() > PixelDescription.MAX_FRAME_BYTES) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA,
                    "decoded frame would have " + d.decodedFrameBytes() + " bytes, the limit is "
                            + PixelDescription.MAX_FRAME_BYTES);
        }
    }

    /** One byte (0 or 1) for each of the first {@code count} bits, lowest bit of a byte first. */
    static byte[] unpackBits(byte[] packed, int count) {
        byte[] samples = new byte[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (byte) (packed[i >> 3] >> (i & 7) & 1);
        }
        return samples;
    }

    /** Reverses the bytes of each sample in place. */
    static void swap(byte[] samples, int bytesPerSample) {
        for (int at = 0; at + bytesPerSample <= samples.length; at += bytesPerSample) {
            for (int low = at, high = at + bytesPerSample - 1; low < high; low++, high--) {
                byte b = samples[low];
                samples[low] = samples[high];
                samples[high] = b;
            }
        }
    }

    /** Turns planes (RRR GGG BBB) into pixels (RGB RGB RGB). */
    static byte[] interleave(byte[] planes, PixelDescription d) {
        int width = d.bytesPerSample();
        int samplesPerPixel = d.samplesPerPixel();
        int pixels = Math.toIntExact(d.pixels());
        byte[] interleaved = new byte[pixels * samplesPerPixel * width];
        int from = 0;
        for (int s = 0; s < samplesPerPixel; s++) {
            for (int p = 0; p < pixels; p++) {
                int to = (p * samplesPerPixel + s) * width;
                for (int b = 0; b < width; b++) {
                    interleaved[to + b] = planes[from++];
                }
            }
        }
        return interleaved;
    }
}
