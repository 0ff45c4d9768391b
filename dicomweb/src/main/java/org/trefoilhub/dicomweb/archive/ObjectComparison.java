package org.trefoilhub.dicomweb.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.pixel.FrameIndex;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelCodecs;
import org.trefoilhub.dicom.pixel.PixelDescription;
import org.trefoilhub.dicomweb.media.LimitedInputStream;

/**
 * Whether two objects are the same: same attributes and same decoded pixels, in whatever transfer syntax, character set
 * or length encoding.
 *
 * <p>Left out are the file meta information, group lengths, padding, and what an encoding says of itself. Pixels that
 * cannot be decoded are only equal if their bytes are. One frame of each object is in memory at a time.
 */
final class ObjectComparison {
    private static final int BUFFER_BYTES = 1 << 16;

    private static final Set<Integer> PIXELS = Set.of(Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData);

    private static final Set<Integer> NOT_COMPARED = Set.of(
            Tag.SpecificCharacterSet,
            Tag.InstanceCoercionDateTime,
            Tag.ExtendedOffsetTable,
            Tag.ExtendedOffsetTableLengths,
            Tag.DataSetTrailingPadding);

    /** What an encoder may change without changing the image. */
    private static final Set<Integer> OF_THE_ENCODING = Set.of(
            Tag.PhotometricInterpretation,
            Tag.PlanarConfiguration,
            Tag.LossyImageCompression,
            Tag.LossyImageCompressionRatio,
            Tag.LossyImageCompressionMethod);

    private ObjectComparison() {}

    /**
     * Compares two objects that lie in files.
     *
     * @throws IOException if a file cannot be read
     */
    static boolean equal(DicomFile first, DicomFile second) throws IOException {
        boolean sameSyntax = first.transferSyntax().equals(second.transferSyntax());
        if (sameSyntax && sameBytes(tail(first), tail(second))) {
            return true;
        }
        return sameAttributes(first, first.dataset(), second, second.dataset(), sameSyntax)
                && samePixels(first, second, sameSyntax);
    }

    private static boolean sameAttributes(
            DicomFile firstFile, DicomDataset first, DicomFile secondFile, DicomDataset second, boolean sameSyntax)
            throws IOException {
        Set<Integer> tags = new TreeSet<>();
        first.forEach(element -> tags.add(element.tag()));
        second.forEach(element -> tags.add(element.tag()));
        for (int tag : tags) {
            if ((tag & 0xFFFF) == 0
                    || PIXELS.contains(tag)
                    || NOT_COMPARED.contains(tag)
                    || !sameSyntax && OF_THE_ENCODING.contains(tag)) {
                continue;
            }
            Optional<DicomElement> a = first.element(tag);
            Optional<DicomElement> b = second.element(tag);
            if (a.isEmpty() || b.isEmpty()) {
                return false;
            }
            if (!sameValue(firstFile, first, a.get(), secondFile, second, b.get(), sameSyntax)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameValue(
            DicomFile firstFile,
            DicomDataset first,
            DicomElement a,
            DicomFile secondFile,
            DicomDataset second,
            DicomElement b,
            boolean sameSyntax)
            throws IOException {
        if (a.value() instanceof DicomValue.Items x && b.value() instanceof DicomValue.Items y) {
            List<DicomDataset> ours = x.items();
            List<DicomDataset> theirs = y.items();
            if (ours.size() != theirs.size()) {
                return false;
            }
            for (int i = 0; i < ours.size(); i++) {
                if (!sameAttributes(firstFile, ours.get(i), secondFile, theirs.get(i), sameSyntax)) {
                    return false;
                }
            }
            return true;
        }
        if (a.value().isEmpty() && b.value().isEmpty()) {
            return true;
        }
        if (a.value() instanceof DicomValue.Bytes x && b.value() instanceof DicomValue.Bytes y) {
            return Arrays.equals(x.bytes(), y.bytes())
                    || a.vr() == b.vr()
                            && a.vr() != VR.UN
                            && isText(a.vr())
                            && first.strings(a).equals(second.strings(b));
        }
        InputStream ours = open(firstFile, a);
        InputStream theirs = open(secondFile, b);
        return ours != null && theirs != null && sameBytes(ours, theirs);
    }

    private static boolean isText(VR vr) {
        return switch (vr) {
            case AE, AS, CS, DA, DS, DT, IS, LO, LT, PN, SH, ST, TM, UC, UI, UR, UT -> true;
            default -> false;
        };
    }

    // ---- pixels -----------------------------------------------------------------------------------------------------

    private static boolean samePixels(DicomFile first, DicomFile second, boolean sameSyntax) throws IOException {
        for (int tag : PIXELS) {
            if (first.dataset().contains(tag) != second.dataset().contains(tag)) {
                return false;
            }
        }
        if (PIXELS.stream().noneMatch(first.dataset()::contains)) {
            return true;
        }
        FrameIndex ours;
        FrameIndex theirs;
        try {
            ours = FrameIndex.of(first);
            theirs = FrameIndex.of(second);
        } catch (DicomFormatException e) {
            return sameSyntax && sameRawPixels(first, second);
        }
        if (ours.frames() != theirs.frames()) {
            return false;
        }
        for (int frame = 1; frame <= ours.frames(); frame++) {
            if (!sameFrame(first, ours, second, theirs, frame, sameSyntax)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameFrame(
            DicomFile first, FrameIndex ours, DicomFile second, FrameIndex theirs, int frame, boolean sameSyntax)
            throws IOException {
        byte[] a = frame(first, ours, frame);
        byte[] b = frame(second, theirs, frame);
        if (sameSyntax && Arrays.equals(a, b)) {
            return true;
        }
        Optional<PixelCodec.Decoder> ourDecoder = PixelCodecs.decoder(first.transferSyntax());
        Optional<PixelCodec.Decoder> theirDecoder = PixelCodecs.decoder(second.transferSyntax());
        if (ourDecoder.isEmpty() || theirDecoder.isEmpty()) {
            return false;
        }
        try {
            PixelDescription ourImage = PixelDescription.of(first.dataset());
            PixelDescription theirImage = PixelDescription.of(second.dataset());
            return ourDecoder
                            .get()
                            .decoded(a, ourImage)
                            .equals(theirDecoder.get().decoded(b, theirImage))
                    && Arrays.equals(
                            ourDecoder.get().decode(a, ourImage),
                            theirDecoder.get().decode(b, theirImage));
        } catch (DicomFormatException e) {
            return false;
        }
    }

    private static byte[] frame(DicomFile file, FrameIndex index, int frame) throws IOException {
        FrameBytes.Source source =
                index.isInFile() ? (offset, length) -> range(path(file), offset, length) : FrameBytes.inMemory(file);
        try (InputStream in = FrameBytes.open(index, frame, source)) {
            return in.readAllBytes();
        }
    }

    private static boolean sameRawPixels(DicomFile first, DicomFile second) throws IOException {
        for (int tag : PIXELS) {
            Optional<DicomElement> a = first.dataset().element(tag);
            Optional<DicomElement> b = second.dataset().element(tag);
            if (a.isPresent() && b.isPresent()) {
                InputStream ours = open(first, a.get());
                InputStream theirs = open(second, b.get());
                if (ours == null || theirs == null || !sameBytes(ours, theirs)) {
                    return false;
                }
            }
        }
        return true;
    }

    // ---- bytes ------------------------------------------------------------------------------------------------------

    private static Path path(DicomFile file) {
        return Objects.requireNonNull(file.path());
    }

    private static InputStream tail(DicomFile file) throws IOException {
        FileChannel channel = FileChannel.open(path(file), StandardOpenOption.READ);
        channel.position(file.datasetOffset());
        return Channels.newInputStream(channel);
    }

    private static InputStream range(Path path, long offset, long length) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        channel.position(offset);
        return new LimitedInputStream(Channels.newInputStream(channel), length);
    }

    /** The value as a stream of little-endian bytes; null for fragments, which have no bytes of their own. */
    private static @Nullable InputStream open(DicomFile file, DicomElement element) throws IOException {
        if (element.value() instanceof DicomValue.Bytes value) {
            return new ByteArrayInputStream(value.bytes());
        }
        if (element.value() instanceof DicomValue.Bulk value) {
            InputStream in = range(path(file), value.offset(), value.length());
            int word = value.bigEndian() ? BlobInstance.wordBytes(element.vr()) : 1;
            return word == 1 ? in : new SwappedInputStream(new java.io.BufferedInputStream(in, BUFFER_BYTES), word);
        }
        return null;
    }

    private static boolean sameBytes(InputStream first, InputStream second) throws IOException {
        byte[] a = new byte[BUFFER_BYTES];
        byte[] b = new byte[BUFFER_BYTES];
        try (first;
                second) {
            while (true) {
                int x = first.readNBytes(a, 0, a.length);
                int y = second.readNBytes(b, 0, b.length);
                if (x != y || !Arrays.equals(a, 0, x, b, 0, y)) {
                    return false;
                }
                if (x == 0) {
                    return true;
                }
            }
        }
    }
}
