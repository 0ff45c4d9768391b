package org.trefoilhub.dicomweb.archive;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicom.pixel.FrameIndex;
import org.trefoilhub.dicomweb.archive.blob.BlobStore;
import org.trefoilhub.dicomweb.archive.index.InstanceRow;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;
import org.trefoilhub.dicomweb.media.LimitedInputStream;

/** An instance whose object lies in the blob store. */
final class BlobInstance implements StoredInstance {
    private static final int PREAMBLE_BYTES = 128;

    private final InstanceRow row;
    private final BlobStore blobs;
    private final ReadOptions readOptions;
    private @Nullable FrameIndex frames;

    BlobInstance(InstanceRow row, BlobStore blobs, ReadOptions readOptions) {
        this.row = row;
        this.blobs = blobs;
        this.readOptions = readOptions;
    }

    @Override
    public String studyInstanceUid() {
        return row.studyInstanceUid();
    }

    @Override
    public String seriesInstanceUid() {
        return row.seriesInstanceUid();
    }

    @Override
    public String sopInstanceUid() {
        return row.sopInstanceUid();
    }

    @Override
    public String sopClassUid() {
        return row.sopClassUid();
    }

    @Override
    public String transferSyntaxUid() {
        return row.transferSyntaxUid();
    }

    @Override
    public int numberOfFrames() {
        return row.numberOfFrames();
    }

    @Override
    public long lengthBytes() {
        return row.lengthBytes();
    }

    @Override
    public String entityTag() {
        return row.sha256().substring(0, 32);
    }

    @Override
    public boolean withheld() {
        return false;
    }

    @Override
    public InputStream openObject() throws IOException {
        return openObject(0, row.lengthBytes());
    }

    @Override
    public InputStream openObject(long offset, long lengthBytes) throws IOException {
        if (offset >= PREAMBLE_BYTES) {
            return blobs.openRange(row.blobId(), offset, lengthBytes);
        }
        int zeros = (int) Math.min(PREAMBLE_BYTES - offset, lengthBytes);
        InputStream preamble = new ByteArrayInputStream(new byte[zeros]);
        if (zeros == lengthBytes) {
            return preamble;
        }
        return new SequenceInputStream(preamble, blobs.openRange(row.blobId(), PREAMBLE_BYTES, lengthBytes - zeros));
    }

    @Override
    public synchronized FrameIndex frameIndex() {
        FrameIndex index = frames;
        if (index == null) {
            byte[] bytes = row.frameIndex();
            if (bytes == null) {
                throw new ArchiveException(DicomwebErrorCode.NOT_FOUND, "the instance has no frames");
            }
            try {
                index = FrameIndex.fromBytes(bytes);
            } catch (DicomFormatException e) {
                throw new IllegalStateException("the frame index in the database is damaged", e);
            }
            frames = index;
        }
        return index;
    }

    @Override
    public long frameLengthBytes(int frame) {
        return FrameBytes.length(frameIndex(), frame);
    }

    @Override
    public InputStream openFrame(int frame) throws IOException {
        FrameIndex index = frameIndex();
        FrameBytes.Source source = index.isInFile()
                ? (offset, length) -> blobs.openRange(row.blobId(), offset, length)
                : FrameBytes.inMemory(open());
        return FrameBytes.open(index, frame, source);
    }

    @Override
    public String frameMediaType() {
        return FrameMediaTypes.of(row.transferSyntaxUid());
    }

    @Override
    public DicomFile open() throws IOException {
        return DicomReader.read(blobs.localFile(row.blobId()), readOptions);
    }

    @Override
    public Optional<BulkData> bulkData(String path) throws IOException {
        return find(open().dataset(), path).flatMap(found -> bulk(found.element(), found.owner()));
    }

    /** An element and the data set or item that it stands in. */
    record Found(DicomElement element, DicomDataset owner) {}

    /** The element of a path as {@link StoredInstance#bulkData} takes it. */
    static Optional<Found> find(DicomDataset top, String path) {
        DicomDataset dataset = top;
        String[] steps = path.split("/");
        if (steps.length % 2 == 0) {
            return Optional.empty();
        }
        for (int i = 0; i + 1 < steps.length; i += 2) {
            List<DicomDataset> items = dataset.items(tag(steps[i]));
            int item = steps[i + 1].matches("[1-9][0-9]{0,8}") ? Integer.parseInt(steps[i + 1]) : 0;
            if (item < 1 || item > items.size()) {
                return Optional.empty();
            }
            dataset = items.get(item - 1);
        }
        DicomDataset owner = dataset;
        return dataset.element(tag(steps[steps.length - 1])).map(element -> new Found(element, owner));
    }

    private static int tag(String hex) {
        if (!hex.matches("[0-9A-Fa-f]{8}")) {
            throw new ArchiveException(DicomwebErrorCode.NOT_FOUND, "expected a tag of eight hexadecimal digits");
        }
        return Integer.parseUnsignedInt(hex, 16);
    }

    private Optional<BulkData> bulk(DicomElement element, DicomDataset owner) {
        String mediaType = "application/octet-stream";
        long length = -1;
        if (element.tag() == Tag.EncapsulatedDocument) {
            String declared = owner.string(Tag.MIMETypeOfEncapsulatedDocument);
            if (declared != null && declared.matches("[A-Za-z0-9][A-Za-z0-9.+-]*/[A-Za-z0-9][A-Za-z0-9.+-]*")) {
                mediaType = declared;
            }
            length = owner.decimal(Tag.EncapsulatedDocumentLength).isPresent()
                    ? (long) owner.decimal(Tag.EncapsulatedDocumentLength).getAsDouble()
                    : -1;
        }
        if (element.value() instanceof DicomValue.Bytes value) {
            return Optional.of(
                    new Value(element, mediaType, cut(length, value.bytes().length), value.bytes(), 0, false));
        }
        if (element.value() instanceof DicomValue.Bulk value) {
            return Optional.of(new Value(
                    element, mediaType, cut(length, value.length()), null, value.offset(), value.bigEndian()));
        }
        return Optional.empty();
    }

    /** The declared length leaves out the padding; it counts only if it leaves out no more than that. */
    private static long cut(long declared, long actual) {
        return declared == actual - 1 ? declared : actual;
    }

    private final class Value implements BulkData {
        private final DicomElement element;
        private final String mediaType;
        private final long length;
        private final byte @Nullable [] bytes;
        private final long position;
        private final int wordBytes;

        Value(
                DicomElement element,
                String mediaType,
                long length,
                byte @Nullable [] bytes,
                long position,
                boolean bigEndian) {
            this.element = element;
            this.mediaType = mediaType;
            this.length = length;
            this.bytes = bytes;
            this.position = position;
            this.wordBytes = bigEndian ? wordBytes(element.vr()) : 1;
        }

        @Override
        public int tag() {
            return element.tag();
        }

        @Override
        public VR vr() {
            return element.vr();
        }

        @Override
        public long lengthBytes() {
            return length;
        }

        @Override
        public InputStream open(long offset, long lengthBytes) throws IOException {
            if (offset < 0 || lengthBytes < 0 || offset > length - lengthBytes) {
                throw new EOFException("the range is outside the value");
            }
            if (bytes != null) {
                return new ByteArrayInputStream(bytes, (int) offset, (int) lengthBytes);
            }
            if (wordBytes == 1) {
                return blobs.openRange(row.blobId(), position + offset, lengthBytes);
            }
            long first = offset / wordBytes * wordBytes;
            InputStream swapped =
                    new SwappedInputStream(blobs.openRange(row.blobId(), position + first, length - first), wordBytes);
            swapped.skipNBytes(offset - first);
            return new LimitedInputStream(swapped, lengthBytes);
        }

        @Override
        public String mediaType() {
            return mediaType;
        }
    }

    static int wordBytes(VR vr) {
        return switch (vr) {
            case OW, US, SS, AT -> 2;
            case OF, OL, FL, SL, UL -> 4;
            case OD, OV, FD, SV, UV -> 8;
            default -> 1;
        };
    }
}
