package org.trefoilhub.dicom.pixel.codec;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Optional;
import javax.imageio.spi.ImageReaderSpi;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * JPEG of ISO/IEC 10918-1: baseline and extended sequential of 8 bits by the reader of the JDK, extended sequential of
 * 12 bits and lossless (process 14, every selection value) by this library.
 *
 * <p>The stream decides which of these, not the transfer syntax: streams of a neighbouring process under the wrong name
 * occur. Progressive, hierarchical and arithmetic coding are refused.
 *
 * <p>Colour: samples come as they are coded, chroma widened to full size. They are {@code RGB} if the data set or the
 * stream (component identifiers {@code RGB}, Adobe segment without transform) says so, else {@code YBR_FULL}. A stream
 * with JFIF segment, Adobe transform or subsampled chroma under a data set that says {@code RGB} is {@code YBR_FULL}:
 * such a stream cannot hold RGB. Lossless streams carry what the data set says.
 *
 * <p>Specification: PS3.5 sections 8.2.1 and A.4.1, PS3.3 section C.7.6.3.1.2.
 */
public final class JpegDecoder implements PixelCodec.Decoder {

    private static final int LOSSLESS = 3;

    private final ImageReaderSpi baseline;

    private JpegDecoder(ImageReaderSpi baseline) {
        this.baseline = baseline;
    }

    /** A decoder, or empty if this JDK has no JPEG reader. */
    public static Optional<PixelCodec.Decoder> find() {
        ImageReaderSpi baseline = ImageReaders.find("jpeg", true);
        return baseline == null ? Optional.empty() : Optional.of(new JpegDecoder(baseline));
    }

    @Override
    public byte[] decode(byte[] frame, PixelDescription d) throws DicomFormatException {
        Samples.checkSize(d);
        JpegHeader header = JpegHeader.read(frame);
        header.check(d);
        return switch (header.process()) {
            case 0, 1 -> sequential(frame, header, d);
            case LOSSLESS -> new JpegScans(frame, header, d).decode();
            default ->
                throw new DicomFormatException(
                        ErrorCode.UNSUPPORTED_PIXEL_DATA,
                        "JPEG process of SOF" + header.process() + " cannot be decoded");
        };
    }

    private byte[] sequential(byte[] frame, JpegHeader header, PixelDescription d) throws DicomFormatException {
        if (header.precision() == 8) {
            return samples(ImageReaders.read(baseline, frame), d);
        }
        if (header.precision() == 12 && header.process() == 1) {
            return new JpegScans(frame, header, d).decode();
        }
        throw new DicomFormatException(
                ErrorCode.UNSUPPORTED_PIXEL_DATA,
                "JPEG frame has samples of " + header.precision() + " bits, expected 8 or 12");
    }

    @Override
    public PixelDescription decoded(byte[] frame, PixelDescription d) throws DicomFormatException {
        JpegHeader header = JpegHeader.read(frame);
        header.check(d);
        if (d.samplesPerPixel() != 3 || header.process() == LOSSLESS) {
            return d.asDecoded(lossless(d.photometricInterpretation()));
        }
        return d.asDecoded(isRgb(header, d) ? "RGB" : "YBR_FULL");
    }

    /** A lossless stream has full chroma, whatever the name in the data set. */
    private static String lossless(String photometricInterpretation) {
        return photometricInterpretation.equals("YBR_FULL_422") ? "YBR_FULL" : photometricInterpretation;
    }

    private static boolean isRgb(JpegHeader header, PixelDescription d) {
        if (header.lettersRgb() || header.adobeTransform() == 0 && !header.chromaSubsampled()) {
            return true;
        }
        return d.photometricInterpretation().equals("RGB")
                && !header.jfif()
                && !header.chromaSubsampled()
                && header.adobeTransform() < 1;
    }

    /** Copies a raster into little-endian samples of the width that the description allocates. */
    static byte[] samples(Raster raster, PixelDescription d) throws DicomFormatException {
        int bands = d.samplesPerPixel();
        if (raster.getWidth() != d.columns() || raster.getHeight() != d.rows() || raster.getNumBands() != bands) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "coded frame decodes to " + raster.getHeight() + " rows, " + raster.getWidth() + " columns and "
                            + raster.getNumBands() + " components");
        }
        int bytes = d.bytesPerSample();
        int rowSamples = d.columns() * bands;
        byte[] samples = new byte[d.rows() * rowSamples * bytes];
        if (bytes == 1 && copied(raster, rowSamples, samples)) {
            return samples;
        }
        int[] row = new int[rowSamples];
        int to = 0;
        for (int y = 0; y < d.rows(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, d.columns(), 1, row);
            for (int i = 0; i < rowSamples; i++) {
                int value = row[i];
                for (int b = 0; b < bytes; b++) {
                    samples[to++] = (byte) (value >> Math.min(31, 8 * b));
                }
            }
        }
        return samples;
    }

    /** The quick way for rasters whose bytes already lie as wanted. */
    private static boolean copied(Raster raster, int rowSamples, byte[] samples) {
        if (raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && model.getScanlineStride() == rowSamples
                && model.getPixelStride() == raster.getNumBands()
                && buffer.getNumBanks() == 1
                && buffer.getOffset() == 0
                && buffer.getData().length >= samples.length
                && raster.getSampleModelTranslateX() == 0
                && raster.getSampleModelTranslateY() == 0
                && inOrder(model.getBandOffsets())) {
            System.arraycopy(buffer.getData(), 0, samples, 0, samples.length);
            return true;
        }
        return false;
    }

    private static boolean inOrder(int[] offsets) {
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] != i) {
                return false;
            }
        }
        return true;
    }
}
