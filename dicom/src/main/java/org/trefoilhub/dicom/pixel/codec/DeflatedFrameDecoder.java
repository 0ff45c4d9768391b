package org.trefoilhub.dicom.pixel.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * Deflated Image Frame Compression: each frame a raw DEFLATE stream of an uncompressed little-endian frame.
 *
 * <p>Inflates no more than the description of the frame allows, whatever the stream would yield.
 *
 * <p>Specification: PS3.5 section A.4.13, RFC 1951.
 */
public final class DeflatedFrameDecoder implements PixelCodec.Decoder {

    private final NativeDecoder nativeDecoder = new NativeDecoder(false);

    @Override
    public byte[] decode(byte[] frame, PixelDescription d) throws DicomFormatException {
        Samples.checkSize(d);
        byte[] inflated = new byte[Math.toIntExact(d.nativeFrameBytes())];
        int length = 0;
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(frame);
            while (length < inflated.length) {
                int n = inflater.inflate(inflated, length, inflated.length - length);
                if (n == 0 && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
                    break;
                }
                length += n;
            }
        } catch (DataFormatException e) {
            DicomFormatException refused =
                    new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "deflated frame is not a DEFLATE stream");
            refused.initCause(e);
            throw refused;
        } finally {
            inflater.end();
        }
        return nativeDecoder.decode(length == inflated.length ? inflated : Arrays.copyOf(inflated, length), d);
    }
}
