package org.trefoilhub.dicom.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/**
 * Writes DICOM files (PS3.10 section 7) and data sets (PS3.5 section 7) in any transfer syntax.
 *
 * <p>Values go out byte for byte as they are held, but for byte order and padding to even length; regions are streamed from
 * the source file through a small buffer. Sequences and items are written with undefined length. Group lengths are
 * dropped, but for those of groups 0000 and 0002, which are computed. Pixel data is not transcoded: it must fit the syntax.
 * Streams are neither closed nor flushed beyond what writing needs. Thread-safe; it keeps no state.
 */
public final class DicomWriter {

    /** UID that names this implementation in file meta information and associations. */
    public static final String IMPLEMENTATION_CLASS_UID = "2.25.13657226836445049554973175442361546723";

    /** Name of this implementation, at most 16 characters. */
    public static final String IMPLEMENTATION_VERSION_NAME = "TREFOIL_0_1";

    private static final int ITEM = 0xFFFEE000;
    private static final int ITEM_DELIMITER = 0xFFFEE00D;
    private static final int SEQUENCE_DELIMITER = 0xFFFEE0DD;
    private static final int UNDEFINED = -1;

    private DicomWriter() {}

    /**
     * Writes a file: preamble of zeros, file meta information with its length computed, data set in the transfer syntax
     * that the meta information names.
     *
     * @param bulkSource the file that regions of the data set lie in; null if there are none
     * @throws IllegalArgumentException if the meta information names no known transfer syntax, or a region has no source
     */
    public static void writeFile(
            OutputStream out, DicomDataset fileMeta, DicomDataset dataset, @Nullable Path bulkSource)
            throws IOException {
        String uid = fileMeta.string(Tag.TransferSyntaxUID);
        if (uid == null) {
            throw new IllegalArgumentException("file meta information without a transfer syntax");
        }
        writeFileMeta(out, fileMeta);
        writeDataset(out, dataset, TransferSyntax.ofUnknown(uid), bulkSource);
    }

    /**
     * Writes what precedes the data set of a file: preamble of zeros, prefix, file meta information with its length computed
     * (PS3.10 section 7.1). An encoded data set can follow as it is.
     */
    public static void writeFileMeta(OutputStream out, DicomDataset fileMeta) throws IOException {
        out.write(new byte[128]);
        out.write("DICM".getBytes(StandardCharsets.US_ASCII));
        try (Output output = new Output(out, null, true, false)) {
            output.groupWithLength(fileMeta, 0x0002);
        }
    }

    /**
     * Writes a data set without meta information. If it has elements of group 0000 (a DIMSE command set), their length is
     * computed and comes first.
     *
     * @param bulkSource the file that regions of the data set lie in; null if there are none
     * @throws IllegalArgumentException if a region has no source
     */
    public static void writeDataset(
            OutputStream out, DicomDataset dataset, TransferSyntax syntax, @Nullable Path bulkSource)
            throws IOException {
        if (!syntax.deflated()) {
            write(out, dataset, syntax, bulkSource);
            return;
        }
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            DeflaterOutputStream deflating = new DeflaterOutputStream(out, deflater, 8 << 10);
            write(deflating, dataset, syntax, bulkSource);
            deflating.finish();
        } finally {
            deflater.end();
        }
    }

    private static void write(OutputStream out, DicomDataset dataset, TransferSyntax syntax, @Nullable Path bulkSource)
            throws IOException {
        try (Output output = new Output(out, bulkSource, syntax.explicitVr(), syntax.bigEndian())) {
            boolean command = false;
            for (DicomElement element : dataset) {
                command |= Tag.group(element.tag()) == 0;
            }
            if (command) {
                output.groupWithLength(dataset, 0x0000);
            }
            for (DicomElement element : dataset) {
                if (Tag.group(element.tag()) != 0) {
                    output.element(element);
                }
            }
        }
    }

    /** File meta information for an instance, without its group length, which is computed when written. */
    public static DicomDataset fileMeta(String sopClassUid, String sopInstanceUid, TransferSyntax syntax) {
        return DicomDataset.builder()
                .putBytes(Tag.FileMetaInformationVersion, VR.OB, new byte[] {0, 1})
                .put(Tag.MediaStorageSOPClassUID, VR.UI, sopClassUid)
                .put(Tag.MediaStorageSOPInstanceUID, VR.UI, sopInstanceUid)
                .put(Tag.TransferSyntaxUID, VR.UI, syntax.uid())
                .put(Tag.ImplementationClassUID, VR.UI, IMPLEMENTATION_CLASS_UID)
                .put(Tag.ImplementationVersionName, VR.SH, IMPLEMENTATION_VERSION_NAME)
                .build();
    }

    /** Where bytes go, through a buffer of its own; closing flushes it and closes the source, not the stream. */
    private static final class Output implements AutoCloseable {
        private final OutputStream out;
        private final @Nullable Path bulkSource;
        private final boolean explicit;
        private final boolean bigEndian;
        private final byte[] buffer = new byte[32 << 10];
        private int size;
        private @Nullable FileChannel channel;

        Output(OutputStream out, @Nullable Path bulkSource, boolean explicit, boolean bigEndian) {
            this.out = out;
            this.bulkSource = bulkSource;
            this.explicit = explicit;
            this.bigEndian = bigEndian;
        }

        @Override
        public void close() throws IOException {
            try {
                flush();
            } finally {
                if (channel != null) {
                    channel.close();
                }
            }
        }

        private void flush() throws IOException {
            out.write(buffer, 0, size);
            size = 0;
        }

        void groupWithLength(DicomDataset dataset, int group) throws IOException {
            long length = 0;
            for (DicomElement element : dataset) {
                if (Tag.group(element.tag()) == group && Tag.element(element.tag()) != 0) {
                    length += headerLength(element.vr()) + even(valueLength(element));
                }
            }
            header(group << 16, VR.UL, 4);
            integer((int) length);
            for (DicomElement element : dataset) {
                if (Tag.group(element.tag()) == group) {
                    element(element);
                }
            }
        }

        private int headerLength(VR vr) {
            return explicit && vr.hasLongLength() ? 12 : 8;
        }

        private static long valueLength(DicomElement element) {
            if (element.value() instanceof DicomValue.Bytes value) {
                return value.bytes().length;
            }
            throw new IllegalArgumentException("only plain values are allowed at " + Tag.format(element.tag()));
        }

        private static long even(long length) {
            return length + (length & 1);
        }

        void element(DicomElement element) throws IOException {
            if (Tag.element(element.tag()) == 0) {
                return;
            }
            if (element.value() instanceof DicomValue.Bytes value) {
                plain(element, value.bytes());
            } else if (element.value() instanceof DicomValue.Bulk value) {
                region(element, value);
            } else if (element.value() instanceof DicomValue.Items value) {
                items(element, value.items());
            } else if (element.value() instanceof DicomValue.Fragments value) {
                fragments(element, value.fragments());
            }
        }

        private void plain(DicomElement element, byte[] bytes) throws IOException {
            VR vr = fitting(element.vr(), bytes.length);
            header(element.tag(), vr, (int) even(bytes.length));
            if (bigEndian && element.vr().wordBytes() > 1) {
                byte[] swapped = bytes.clone();
                DatasetParser.swap(swapped, element.vr().wordBytes());
                bytes(swapped);
            } else {
                bytes(bytes);
            }
            if ((bytes.length & 1) != 0) {
                octet(element.vr().padding());
            }
        }

        /** A value too long for the 16-bit length of its representation is written as UN (PS3.5 section 6.2.2). */
        private VR fitting(VR vr, long length) {
            return explicit && !vr.hasLongLength() && length > 0xFFFE ? VR.UN : vr;
        }

        private void region(DicomElement element, DicomValue.Bulk value) throws IOException {
            if (even(value.length()) >= 0xFFFFFFFFL) {
                throw new IllegalArgumentException("value too long at " + Tag.format(element.tag()));
            }
            VR vr = fitting(element.vr(), value.length());
            header(element.tag(), vr, (int) even(value.length()));
            int word = bigEndian != value.bigEndian() ? element.vr().wordBytes() : 1;
            copy(value.offset(), value.length(), word);
            if ((value.length() & 1) != 0) {
                octet(element.vr().padding());
            }
        }

        private void items(DicomElement element, List<DicomDataset> items) throws IOException {
            if (element.vr() == VR.UN && (explicit || bigEndian)) {
                // PS3.5 section 6.2.2: what is inside UN is implicit VR little endian.
                header(element.tag(), VR.UN, UNDEFINED);
                flush();
                Output inner = new Output(out, bulkSource, false, false);
                try (inner) {
                    inner.itemsInside(items);
                    inner.delimiter(SEQUENCE_DELIMITER, 0, false);
                }
                return;
            }
            header(element.tag(), VR.SQ, UNDEFINED);
            itemsInside(items);
            delimiter(SEQUENCE_DELIMITER, 0, bigEndian);
        }

        private void itemsInside(List<DicomDataset> items) throws IOException {
            for (DicomDataset item : items) {
                delimiter(ITEM, UNDEFINED, bigEndian);
                for (DicomElement element : item) {
                    element(element);
                }
                delimiter(ITEM_DELIMITER, 0, bigEndian);
            }
        }

        private void fragments(DicomElement element, List<DicomValue.Fragment> fragments) throws IOException {
            header(element.tag(), element.vr(), UNDEFINED);
            for (DicomValue.Fragment fragment : fragments) {
                delimiter(ITEM, (int) even(fragment.length()), bigEndian);
                byte[] bytes = fragment.bytes();
                if (bytes != null) {
                    bytes(bytes);
                } else {
                    copy(fragment.offset(), fragment.length(), 1);
                }
                if ((fragment.length() & 1) != 0) {
                    octet((byte) 0);
                }
            }
            delimiter(SEQUENCE_DELIMITER, 0, bigEndian);
        }

        private void header(int tag, VR vr, int length) throws IOException {
            tag(tag, bigEndian);
            if (!explicit) {
                integer(length);
                return;
            }
            octet((byte) vr.name().charAt(0));
            octet((byte) vr.name().charAt(1));
            if (vr.hasLongLength()) {
                octet((byte) 0);
                octet((byte) 0);
                integer(length);
            } else {
                octet((byte) (bigEndian ? length >>> 8 : length));
                octet((byte) (bigEndian ? length : length >>> 8));
            }
        }

        private void delimiter(int tag, int length, boolean big) throws IOException {
            tag(tag, big);
            integer(length);
        }

        private void tag(int tag, boolean big) throws IOException {
            int group = Tag.group(tag);
            int element = Tag.element(tag);
            octet((byte) (big ? group >>> 8 : group));
            octet((byte) (big ? group : group >>> 8));
            octet((byte) (big ? element >>> 8 : element));
            octet((byte) (big ? element : element >>> 8));
        }

        private void integer(int value) throws IOException {
            for (int i = 0; i < 4; i++) {
                octet((byte) (value >>> 8 * (bigEndian ? 3 - i : i)));
            }
        }

        private void octet(byte b) throws IOException {
            if (size == buffer.length) {
                flush();
            }
            buffer[size++] = b;
        }

        private void bytes(byte[] bytes) throws IOException {
            if (bytes.length > buffer.length - size) {
                flush();
            }
            if (bytes.length > buffer.length) {
                out.write(bytes);
                return;
            }
            System.arraycopy(bytes, 0, buffer, size, bytes.length);
            size += bytes.length;
        }

        private void copy(long offset, long length, int word) throws IOException {
            FileChannel from = channel();
            flush();
            byte[] window = new byte[(int) Math.min(64 << 10, Math.max(length, 8))];
            long done = 0;
            while (done < length) {
                int want = (int) Math.min(window.length, length - done);
                ByteBuffer into = ByteBuffer.wrap(window, 0, want);
                while (into.hasRemaining()) {
                    if (from.read(into, offset + done + into.position()) < 0) {
                        throw new DicomFormatException(
                                ErrorCode.TRUNCATED, -1, offset, "source file ends inside a value");
                    }
                }
                if (word > 1) {
                    // INVARIANT: windows but the last are a multiple of every word size
                    byte[] part = want == window.length ? window : java.util.Arrays.copyOf(window, want);
                    DatasetParser.swap(part, word);
                    out.write(part, 0, want);
                } else {
                    out.write(window, 0, want);
                }
                done += want;
            }
        }

        private FileChannel channel() throws IOException {
            if (channel == null) {
                if (bulkSource == null) {
                    throw new IllegalArgumentException("a value lies in a file that was not given");
                }
                channel = FileChannel.open(bulkSource, StandardOpenOption.READ);
            }
            return Objects.requireNonNull(channel);
        }
    }
}
