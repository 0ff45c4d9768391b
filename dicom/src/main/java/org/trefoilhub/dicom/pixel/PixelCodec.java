package org.trefoilhub.dicom.pixel;

import org.trefoilhub.dicom.io.DicomFormatException;

/**
 * The coding of one frame of pixel data in one transfer syntax.
 *
 * <p>A codec sees a frame and its {@link PixelDescription}, never a whole object or study.
 *
 * @see PixelCodecs
 */
public interface PixelCodec {

    /**
     * Turns one stored frame into native samples.
     *
     * <p>Implementations are thread-safe and keep no state between frames. They hold the decoded frame and their own
     * working memory on the heap, both bounded by the description, which they compare with what the coded frame says
     * of itself <em>before</em> they allocate anything.
     */
    @FunctionalInterface
    interface Decoder {

        /**
         * Decodes one frame.
         *
         * <p>The result holds {@code rows x columns} pixels from the top left corner, row by row, samples interleaved
         * by pixel (planar configuration 0), each sample in whole bytes, little endian, not yet shifted or masked to
         * bits stored. Samples of 1 bit become one byte each (0 or 1). Uncompressed {@code YBR_FULL_422} is the one
         * exception: it stays packed as {@code Y Y Cb Cr} (PS3.3 section C.7.6.3.1.2). Colours are not converted:
         * {@link #decoded} names what they are.
         *
         * @param frame the bytes of one frame as stored, fragments already joined
         * @param description the description of the data set that holds the frame
         * @throws DicomFormatException if the frame is broken, is not what the description says, or uses a feature of
         *     its coding that this decoder does not know; never with wrong pixels instead
         */
        byte[] decode(byte[] frame, PixelDescription description) throws DicomFormatException;

        /**
         * Describes what {@link #decode} returns for the same arguments: planar configuration 0, bits allocated a
         * multiple of 8, and the photometric interpretation of the decoded samples (for example {@code RGB} where the
         * data set says {@code YBR_RCT}).
         *
         * @throws DicomFormatException as {@link #decode}, as far as the head of the coded frame tells
         */
        default PixelDescription decoded(byte[] frame, PixelDescription description) throws DicomFormatException {
            return description.asDecoded();
        }
    }
}
