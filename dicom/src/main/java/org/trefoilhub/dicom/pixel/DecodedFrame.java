package org.trefoilhub.dicom.pixel;

/**
 * One frame in native form.
 *
 * @param samples as {@link PixelCodec.Decoder#decode} returns them; shared, not to be modified
 * @param description what they are
 */
public record DecodedFrame(byte[] samples, PixelDescription description) {
    @Override
    public String toString() {
        return "DecodedFrame[" + samples.length + " bytes, " + description + "]";
    }
}
