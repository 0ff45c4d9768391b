package org.trefoilhub.dicom.pixel.codec;

import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * Uncompressed frames: puts samples into little-endian order, interleaves planes, unpacks single bits.
 *
 * <p>Samples of 16, 24, 32 and 64 bits of a big-endian frame are swapped as whole samples. Samples of 8 bits and 1 bit
 * are taken in the order of the bytes: who reads them from a value of VR OW in a big-endian file swaps its 16-bit words
 * first, because a frame may begin in the middle of a word. Frames of 1 bit begin at the lowest bit of their first byte.
 *
 * <p>Specification: PS3.5 sections 8.1.1 and 8.2, PS3.3 section C.7.6.3.
 */
public final class NativeDecoder implements PixelCodec.Decoder {

    private final boolean bigEndian;

    public NativeDecoder(boolean bigEndian) {
        this.bigEndian = bigEndian;
    }

    @Override
    public byte[] decode(byte[] frame, PixelDescription d) throws DicomFormatException {
        Samples.checkSize(d);
        // Some writers keep the name YBR_FULL_422 after decompression, with all three samples of each pixel there.
        boolean whole = d.chromaHalved() && frame.length >= d.decodedFrameBytes();
        long expected = whole ? d.decodedFrameBytes() : d.nativeFrameBytes();
        if (frame.length < expected) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "frame has " + frame.length + " bytes, expected " + expected + ": pixel data is cut short");
        }
        if (d.bitsAllocated() == 1) {
            return Samples.unpackBits(frame, Math.toIntExact(d.pixels() * d.samplesPerPixel()));
        }
        byte[] samples = new byte[(int) expected];
        System.arraycopy(frame, 0, samples, 0, samples.length);
        if (bigEndian && d.bytesPerSample() > 1) {
            Samples.swap(samples, d.bytesPerSample());
        }
        if (d.planarConfiguration() == 1 && d.samplesPerPixel() > 1 && (whole || !d.chromaHalved())) {
            return Samples.interleave(samples, d);
        }
        return samples;
    }
}
