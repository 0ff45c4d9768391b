package org.trefoilhub.dicom.pixel;

import java.util.OptionalInt;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/**
 * The shape of the pixels of an object: the Image Pixel module (PS3.3 section C.7.6.3) without the pixels.
 *
 * @param rows rows of a frame, 1 to 65535
 * @param columns columns of a frame, 1 to 65535
 * @param samplesPerPixel 1 for grey and palette images, 3 for colour
 * @param bitsAllocated bits of a sample in the stored form: 1 or a multiple of 8 up to 64
 * @param bitsStored bits of a sample that carry its value, 1 to {@code bitsAllocated}
 * @param highBit position of the highest of these bits, {@code bitsStored - 1} to {@code bitsAllocated - 1}
 * @param signed whether samples are two's complement
 * @param photometricInterpretation the colour model, as in (0028,0004), trimmed; never empty
 * @param planarConfiguration 0 if samples are interleaved by pixel, 1 if by plane
 * @param numberOfFrames frames of the object, at least 1
 * @param floatingPoint whether samples are IEEE 754 numbers of 32 or 64 bits (Float and Double Float Pixel Data)
 */
public record PixelDescription(
        int rows,
        int columns,
        int samplesPerPixel,
        int bitsAllocated,
        int bitsStored,
        int highBit,
        boolean signed,
        String photometricInterpretation,
        int planarConfiguration,
        int numberOfFrames,
        boolean floatingPoint) {

    /** The longest decoded frame that any decoder produces, in bytes: 256 MiB. */
    public static final long MAX_FRAME_BYTES = 256L << 20;

    public PixelDescription {
        if (rows < 1 || rows > 65535 || columns < 1 || columns > 65535) {
            throw new IllegalArgumentException("rows and columns must be 1 to 65535");
        }
        if (samplesPerPixel < 1 || samplesPerPixel > 4) {
            throw new IllegalArgumentException("samples per pixel must be 1 to 4");
        }
        if (bitsAllocated != 1 && (bitsAllocated % 8 != 0 || bitsAllocated < 8 || bitsAllocated > 64)) {
            throw new IllegalArgumentException("bits allocated must be 1 or a multiple of 8 up to 64");
        }
        if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
            throw new IllegalArgumentException("bits stored and high bit must lie within bits allocated");
        }
        if (numberOfFrames < 1) {
            throw new IllegalArgumentException("number of frames must be at least 1");
        }
    }

    /**
     * Reads the description from a data set.
     *
     * <p>Absent or impossible values of less weight are repaired as their defaults: bits stored and high bit (as bits
     * allocated), number of frames (1), planar configuration (0), photometric interpretation ({@code MONOCHROME2} or
     * {@code RGB} by samples per pixel).
     *
     * @throws DicomFormatException if the data set is not an image (no rows or columns) or its sizes are outside what
     *     this record holds (for example 12 bits allocated, retired)
     */
    public static PixelDescription of(DicomDataset dataset) throws DicomFormatException {
        int rows = dataset.integer(Tag.Rows).orElse(0);
        int columns = dataset.integer(Tag.Columns).orElse(0);
        if (rows < 1 || columns < 1 || rows > 65535 || columns > 65535) {
            throw new DicomFormatException(
                    ErrorCode.NO_PIXEL_DATA, "object has no rows and columns, so it is not an image");
        }
        int samples = dataset.integer(Tag.SamplesPerPixel).orElse(1);
        if (samples < 1 || samples > 4) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA, "samples per pixel is " + samples + ", expected 1 to 4");
        }
        boolean floatPixels = dataset.contains(Tag.FloatPixelData);
        boolean doublePixels = dataset.contains(Tag.DoubleFloatPixelData);
        OptionalInt allocated = dataset.integer(Tag.BitsAllocated);
        int bitsAllocated = doublePixels ? 64 : floatPixels ? 32 : allocated.orElse(0);
        if (bitsAllocated != 1 && (bitsAllocated % 8 != 0 || bitsAllocated < 8 || bitsAllocated > 64)) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA,
                    "bits allocated is " + bitsAllocated + ", expected 1 or a multiple of 8 up to 64");
        }
        int bitsStored = dataset.integer(Tag.BitsStored).orElse(bitsAllocated);
        if (bitsStored < 1 || bitsStored > bitsAllocated || floatPixels || doublePixels) {
            bitsStored = bitsAllocated;
        }
        int highBit = dataset.integer(Tag.HighBit).orElse(bitsStored - 1);
        if (highBit < bitsStored - 1 || highBit >= bitsAllocated) {
            highBit = bitsStored - 1;
        }
        String photometric = dataset.string(Tag.PhotometricInterpretation);
        if (photometric == null || photometric.isBlank()) {
            photometric = samples == 1 ? "MONOCHROME2" : "RGB";
        }
        return new PixelDescription(
                rows,
                columns,
                samples,
                bitsAllocated,
                bitsStored,
                highBit,
                dataset.integer(Tag.PixelRepresentation).orElse(0) == 1,
                photometric.strip(),
                dataset.integer(Tag.PlanarConfiguration).orElse(0) == 1 ? 1 : 0,
                Math.max(1, dataset.integer(Tag.NumberOfFrames).orElse(1)),
                floatPixels || doublePixels);
    }

    /** Pixels of a frame. */
    public long pixels() {
        return (long) rows * columns;
    }

    /** Bytes of one sample in decoded form: 1 for 1 bit allocated. */
    public int bytesPerSample() {
        return Math.max(1, bitsAllocated / 8);
    }

    /**
     * Whether an uncompressed frame of this description has its chroma halved horizontally ({@code YBR_FULL_422},
     * {@code YBR_PARTIAL_422}), two samples a pixel on average.
     */
    public boolean chromaHalved() {
        return samplesPerPixel == 3
                && bitsAllocated == 8
                && (photometricInterpretation.equals("YBR_FULL_422")
                        || photometricInterpretation.equals("YBR_PARTIAL_422"));
    }

    /** Bits of one uncompressed frame in the stored form; frames of 1 bit follow each other without padding. */
    public long nativeFrameBits() {
        long samples = pixels() * (chromaHalved() ? 2 : samplesPerPixel);
        return samples * bitsAllocated;
    }

    /** Bytes of one uncompressed frame in the stored form, rounded up. */
    public long nativeFrameBytes() {
        return (nativeFrameBits() + 7) / 8;
    }

    /** Bytes of one decoded frame with full chroma. */
    public long decodedFrameBytes() {
        return pixels() * samplesPerPixel * bytesPerSample();
    }

    /** This description after decoding: planar configuration 0, 1 bit allocated widened to 8. */
    public PixelDescription asDecoded() {
        return with(photometricInterpretation, signed);
    }

    /** This description after decoding into another colour model. */
    public PixelDescription asDecoded(String decodedPhotometricInterpretation) {
        return with(decodedPhotometricInterpretation, signed);
    }

    /** This description after decoding, with the sign that the coded frame declares. */
    public PixelDescription asDecoded(String decodedPhotometricInterpretation, boolean decodedSigned) {
        return with(decodedPhotometricInterpretation, decodedSigned);
    }

    private PixelDescription with(String photometric, boolean newSigned) {
        return new PixelDescription(
                rows,
                columns,
                samplesPerPixel,
                bitsAllocated == 1 ? 8 : bitsAllocated,
                bitsStored,
                highBit,
                newSigned,
                photometric,
                0,
                numberOfFrames,
                floatingPoint);
    }
}
