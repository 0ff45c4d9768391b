package org.trefoilhub.dicomweb.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.pixel.FrameIndex;

/**
 * An instance of a patient who is shown masked: the header is written anew without what is kept back, in the transfer syntax
 * of the object; the pixels are streamed from where they lie.
 *
 * <p>An object whose pixels or document may name the patient is withheld: asking for anything of it but its metadata is
 * refused. That is one whose {@code BurnedInAnnotation} is not {@code NO} where such annotation is usual (ultrasound,
 * secondary capture, visible light, digitised film, classes unknown), one that says {@code YES}, every video, encapsulated
 * document and raw data object.
 */
final class MaskedInstance implements StoredInstance {
    private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";

    /** Beginnings of the SOP classes in whose pixels a name is usual. */
    private static final List<String> OFTEN_ANNOTATED = List.of("3", "5", "6", "7", "12.77", "77.1");

    /** Documents, models and raw data: whatever they say, no header masks it. */
    private static final List<String> NEVER_SHOWN = List.of("66", "104");

    /** Pixel data is the last element that is sent; what follows it is padding, private, or a signature that no longer fits. */
    private static final int LAST = Tag.PixelData;

    private final StoredInstance stored;
    private final Masking masking;
    private @Nullable Header header;

    MaskedInstance(StoredInstance stored, Masking masking) {
        this.stored = stored;
        this.masking = masking;
    }

    /**
     * The written beginning of the object, and where in the stored file the rest lies.
     *
     * @param bytes everything up to the rest, preamble included
     * @param restOffset first byte of the rest in the stored file
     * @param restLength bytes, 0 when everything is in the beginning
     */
    private record Header(byte[] bytes, long restOffset, long restLength) {}

    @Override
    public String studyInstanceUid() {
        return stored.studyInstanceUid();
    }

    @Override
    public String seriesInstanceUid() {
        return stored.seriesInstanceUid();
    }

    @Override
    public String sopInstanceUid() {
        return stored.sopInstanceUid();
    }

    @Override
    public String sopClassUid() {
        return stored.sopClassUid();
    }

    @Override
    public String transferSyntaxUid() {
        return stored.transferSyntaxUid();
    }

    @Override
    public int numberOfFrames() {
        return stored.numberOfFrames();
    }

    @Override
    public boolean withheld() throws IOException {
        String sopClass = sopClassUid();
        if (isOneOf(NEVER_SHOWN, sopClass)
                || TransferSyntax.ofUnknown(transferSyntaxUid()).isVideo()) {
            return true;
        }
        if (numberOfFrames() < 1) {
            return false;
        }
        DicomDataset dataset = stored.open().dataset();
        String burnedIn = dataset.string(Tag.BurnedInAnnotation);
        if (burnedIn != null) {
            return !burnedIn.equals("NO");
        }
        String conversion = dataset.string(Tag.ConversionType);
        return !sopClass.startsWith(STORAGE) || isOneOf(OFTEN_ANNOTATED, sopClass) || conversion != null;
    }

    private static boolean isOneOf(List<String> classes, String sopClass) {
        return classes.stream()
                .map(STORAGE::concat)
                .anyMatch(one -> sopClass.equals(one) || sopClass.startsWith(one + "."));
    }

    @Override
    public long lengthBytes() {
        Header written = header();
        return written.bytes().length + written.restLength();
    }

    @Override
    public String entityTag() {
        return stored.entityTag() + "-m" + masking.ordinal();
    }

    @Override
    public InputStream openObject() throws IOException {
        return openObject(0, lengthBytes());
    }

    @Override
    public InputStream openObject(long offset, long lengthBytes) throws IOException {
        requireShown();
        Header written = header();
        int start = written.bytes().length;
        if (offset >= start) {
            return stored.openObject(written.restOffset() + offset - start, lengthBytes);
        }
        int inHeader = (int) Math.min(start - offset, lengthBytes);
        InputStream first = new ByteArrayInputStream(written.bytes(), (int) offset, inHeader);
        return inHeader == lengthBytes
                ? first
                : new SequenceInputStream(first, stored.openObject(written.restOffset(), lengthBytes - inHeader));
    }

    private synchronized Header header() {
        Header written = header;
        if (written == null) {
            try {
                written = write(stored.open());
            } catch (IOException e) {
                throw new UncheckedIOException("the object cannot be read", e);
            }
            header = written;
        }
        return written;
    }

    private Header write(DicomFile file) throws IOException {
        DicomDataset masked = DatasetMask.apply(masking, file.dataset());
        DicomDataset.Builder beginning = DicomDataset.builder();
        DicomElement last = null;
        for (DicomElement element : masked) {
            if (Integer.compareUnsigned(element.tag(), LAST) < 0) {
                beginning.put(element);
            } else if (element.tag() == LAST) {
                last = element;
            }
        }
        Header rest = last == null ? null : rest(file, last.value());
        if (last != null && rest == null) {
            beginning.put(last);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        DicomWriter.writeFile(out, file.fileMeta(), beginning.build(), file.path());
        return rest == null
                ? new Header(out.toByteArray(), 0, 0)
                : new Header(out.toByteArray(), rest.restOffset(), rest.restLength());
    }

    /** The element of the pixels as it lies in the file, or null when it does not lie there as it is sent. */
    private static @Nullable Header rest(DicomFile file, DicomValue pixels) {
        TransferSyntax syntax = file.transferSyntax();
        if (syntax.deflated()) {
            return null;
        }
        int elementHeader = syntax.explicitVr() ? 12 : 8;
        if (pixels instanceof DicomValue.Bulk bulk) {
            return new Header(new byte[0], bulk.offset() - elementHeader, elementHeader + even(bulk.length()));
        }
        if (pixels instanceof DicomValue.Fragments fragments
                && !fragments.isEmpty()
                && fragments.fragments().stream().allMatch(fragment -> fragment.offset() > 0)) {
            DicomValue.Fragment first = fragments.fragments().get(0);
            DicomValue.Fragment end =
                    fragments.fragments().get(fragments.fragments().size() - 1);
            long from = first.offset() - 8 - elementHeader;
            // the delimiter of the sequence of fragments is the last
            return new Header(new byte[0], from, end.offset() + even(end.length()) + 8 - from);
        }
        return null;
    }

    private static long even(long length) {
        return length + (length & 1);
    }

    /** Positions in the stored file, which is not what {@link #openObject()} opens. */
    @Override
    public FrameIndex frameIndex() {
        return stored.frameIndex();
    }

    @Override
    public long frameLengthBytes(int frame) {
        return stored.frameLengthBytes(frame);
    }

    @Override
    public InputStream openFrame(int frame) throws IOException {
        requireShown();
        return stored.openFrame(frame);
    }

    @Override
    public String frameMediaType() {
        return stored.frameMediaType();
    }

    @Override
    public DicomFile open() throws IOException {
        requireShown();
        DicomFile file = stored.open();
        return new DicomFile(
                file.path(),
                file.fileMeta(),
                DatasetMask.apply(masking, file.dataset()),
                file.transferSyntax(),
                file.datasetOffset(),
                file.warnings());
    }

    @Override
    public Optional<BulkData> bulkData(String path) throws IOException {
        requireShown();
        Optional<BulkData> value = stored.bulkData(path);
        // only what is left of the masked data set, and of that no text: it would have to be searched for the name
        return value.isPresent()
                        && BlobInstance.find(open().dataset(), path).isPresent()
                        && !value.get().vr().isText()
                ? value
                : Optional.empty();
    }
}
