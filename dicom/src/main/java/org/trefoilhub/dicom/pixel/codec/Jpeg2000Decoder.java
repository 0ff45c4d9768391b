package org.trefoilhub.dicom.pixel.codec;

import java.util.Optional;
import javax.imageio.spi.ImageReaderSpi;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * JPEG 2000 part 1, reversible and irreversible, by the reader of a library on the class path.
 *
 * <p>A JP2 wrapper around the codestream is taken off. Part 2 extensions and HTJ2K (part 15) are refused, as are
 * components that differ in depth or are subsampled.
 *
 * <p>Colour: where the codestream undoes a component transform, samples are {@code RGB} ({@code YBR_RCT} and
 * {@code YBR_ICT} of the data set name that transform); otherwise they are what the data set says. Reversible streams
 * decode exactly. Irreversible ones agree with other decoders to 1 grey level, which ISO/IEC 15444-4 allows; after the
 * irreversible colour transform the library's samples lie up to 1 above those of OpenJPEG.
 *
 * <p>The sign of the decoded samples is that of the codestream where it stores as many bits as the data set says and
 * calls them signed; an unsigned codestream under a data set that says signed holds the bits of two's complement.
 *
 * <p>Specification: PS3.5 sections 8.2.4 and A.4.4.
 */
public final class Jpeg2000Decoder implements PixelCodec.Decoder {

    /** The library holds every sample as an int, several times. */
    private static final long MAX_SAMPLES = 64L << 20;

    private final ImageReaderSpi reader;

    private Jpeg2000Decoder(ImageReaderSpi reader) {
        this.reader = reader;
    }

    /** A decoder, or empty if no reader of JPEG 2000 is on the class path. */
    public static Optional<PixelCodec.Decoder> find() {
        ImageReaderSpi reader = ImageReaders.find("jpeg2000", false);
        return reader == null ? Optional.empty() : Optional.of(new Jpeg2000Decoder(reader));
    }

    @Override
    public byte[] decode(byte[] frame, PixelDescription d) throws DicomFormatException {
        Samples.checkSize(d);
        if (d.pixels() * d.samplesPerPixel() > MAX_SAMPLES) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA, "JPEG 2000 frame has more than " + MAX_SAMPLES + " samples");
        }
        byte[] codestream = Jpeg2000Header.codestream(frame);
        Jpeg2000Header header = Jpeg2000Header.read(codestream);
        header.check(d);
        if (header.precision() > 16) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA,
                    "JPEG 2000 frame has samples of " + header.precision() + " bits, at most 16 can be decoded");
        }
        return JpegDecoder.samples(ImageReaders.read(reader, Jpeg2000Header.withAllTileParts(codestream)), d);
    }

    @Override
    public PixelDescription decoded(byte[] frame, PixelDescription d) throws DicomFormatException {
        Jpeg2000Header header = Jpeg2000Header.read(Jpeg2000Header.codestream(frame));
        header.check(d);
        String photometric = d.photometricInterpretation();
        if (d.samplesPerPixel() == 3
                && (header.componentTransform() || photometric.equals("YBR_RCT") || photometric.equals("YBR_ICT"))) {
            photometric = "RGB";
        }
        return d.asDecoded(photometric, d.signed() || header.signed());
    }
}
