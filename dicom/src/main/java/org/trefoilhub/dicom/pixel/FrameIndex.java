package org.trefoilhub.dicom.pixel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/**
 * Where the frames of a file's pixel data lie, found without decoding any of them (PS3.5 sections 8 and A.4).
 *
 * <p>Native pixel data is cut by arithmetic. Where a frame is not a whole number of bytes (1 bit allocated), frames follow
 * each other without padding: the region of a frame then holds every byte that has a bit of it, neighbours share a byte,
 * and {@link #bitOffset} tells where the frame starts in its first byte, least significant bit first.
 *
 * <p>Encapsulated pixel data is cut by, in this order: the extended offset table, the basic offset table, one fragment per
 * frame, all fragments for a single frame, and the start markers of JPEG, JPEG-LS, JPEG 2000 and JPEG XL streams at the
 * beginning of fragments. A table that contradicts the fragments is passed over. Video has one frame here, whatever its
 * Number of Frames: the whole stream.
 *
 * <p>Immutable and thread-safe; can be kept as bytes.
 */
public final class FrameIndex {

    /** A run of bytes: offset of the first one and length. */
    public record Region(long offset, long length) {}

    private static final byte VERSION = 1;
    private static final int NATIVE = 0;
    private static final int ENCAPSULATED = 1;
    private static final long LONGEST_TABLE = 64L << 20;

    private final boolean inFile;
    private final int frames;
    // native
    private final long start;
    private final long frameBits;
    // encapsulated: frame i has the regions first[i] to first[i + 1] - 1
    private final int @Nullable [] first;
    private final long[] offsets;
    private final long[] lengths;

    private FrameIndex(boolean inFile, int frames, long start, long frameBits) {
        this.inFile = inFile;
        this.frames = frames;
        this.start = start;
        this.frameBits = frameBits;
        this.first = null;
        this.offsets = new long[0];
        this.lengths = new long[0];
    }

    private FrameIndex(boolean inFile, int[] first, long[] offsets, long[] lengths) {
        this.inFile = inFile;
        this.frames = first.length - 1;
        this.start = 0;
        this.frameBits = 0;
        this.first = first;
        this.offsets = offsets;
        this.lengths = lengths;
    }

    /**
     * Finds the frames of a file. Reads the file only if an offset table or start markers are needed that are not in memory.
     *
     * @throws DicomFormatException {@link ErrorCode#NO_PIXEL_DATA} if there is none, {@link ErrorCode#BAD_PIXEL_DATA} if it
     *     is shorter than its description says or its frames cannot be told apart
     */
    public static FrameIndex of(DicomFile file) throws DicomFormatException {
        DicomDataset dataset = file.dataset();
        for (int tag : new int[] {Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData}) {
            Optional<DicomElement> element = dataset.element(tag);
            if (element.isEmpty() || element.get().value().isEmpty()) {
                continue;
            }
            if (element.get().value() instanceof DicomValue.Fragments value) {
                return encapsulated(file, value.fragments());
            }
            if (element.get().value() instanceof DicomValue.Bulk value) {
                return uncompressed(dataset, tag, true, value.offset(), value.length());
            }
            if (element.get().value() instanceof DicomValue.Bytes value) {
                return uncompressed(dataset, tag, false, 0, value.bytes().length);
            }
        }
        throw new DicomFormatException(ErrorCode.NO_PIXEL_DATA, Tag.PixelData, -1, "no pixel data");
    }

    private static int numberOfFrames(DicomDataset dataset) {
        return Math.max(1, dataset.integer(Tag.NumberOfFrames).orElse(1));
    }

    private static FrameIndex uncompressed(DicomDataset dataset, int tag, boolean inFile, long start, long length)
            throws DicomFormatException {
        long bits = tag == Tag.FloatPixelData
                ? 32
                : tag == Tag.DoubleFloatPixelData
                        ? 64
                        : dataset.integer(Tag.BitsAllocated).orElse(0);
        long rows = dataset.integer(Tag.Rows).orElse(0);
        long columns = dataset.integer(Tag.Columns).orElse(0);
        long samples = dataset.integer(Tag.SamplesPerPixel).orElse(1);
        int frames = numberOfFrames(dataset);
        if (bits < 1 || bits > 64 || rows < 1 || columns < 1 || samples < 1 || samples > 4) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, tag, start, "pixel data whose size is not described");
        }
        String photometric = dataset.string(Tag.PhotometricInterpretation);
        long pixels = rows * columns;
        long frameBits = pixels * samples * bits;
        if (samples == 3 && photometric != null) {
            // Subsampled chroma, two or one and a half samples per pixel on average (PS3.3 section C.7.6.3.1.2).
            if (photometric.equals("YBR_FULL_422") || photometric.equals("YBR_PARTIAL_422")) {
                frameBits = pixels * 2 * bits;
            } else if (photometric.equals("YBR_PARTIAL_420")) {
                frameBits = pixels * 3 / 2 * bits;
            }
            // Seen in the field: the name kept after decompression, all three samples there.
            if (frameBits < pixels * 3 * bits && length / frames >= pixels * 3 * bits / 8) {
                frameBits = pixels * 3 * bits;
            }
        }
        // INVARIANT: frameBits < 2^32 * 4 * 64 = 2^40, so the product below stays in 64 bits signed after the check
        if (frames > (length * 8) / frameBits) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    tag,
                    start,
                    "pixel data of " + length + " bytes, shorter than its " + frames + " frames");
        }
        return new FrameIndex(inFile, frames, start, frameBits);
    }

    private static FrameIndex encapsulated(DicomFile file, List<DicomValue.Fragment> all) throws DicomFormatException {
        List<DicomValue.Fragment> fragments = all.subList(1, all.size());
        DicomDataset dataset = file.dataset();
        int frames = file.transferSyntax().isVideo() ? 1 : numberOfFrames(dataset);
        if (fragments.isEmpty()) {
            throw new DicomFormatException(ErrorCode.NO_PIXEL_DATA, Tag.PixelData, -1, "no fragment of pixel data");
        }
        boolean inFile = file.path() != null && fragments.get(0).offset() >= 0;
        int count = fragments.size();
        long[] offsets = new long[count];
        long[] lengths = new long[count];
        // Offsets of item tags from the first one behind the basic offset table, as tables count them.
        long[] relative = new long[count];
        long position = 0;
        for (int i = 0; i < count; i++) {
            DicomValue.Fragment fragment = fragments.get(i);
            relative[i] = position;
            offsets[i] = inFile ? fragment.offset() : position + 8;
            lengths[i] = fragment.length();
            position += 8 + fragment.length();
        }
        int[] first = null;
        if (frames > 1) {
            first = byExtendedOffsetTable(file, frames, relative, lengths);
            if (first == null) {
                first = byBasicOffsetTable(file, all.get(0), frames, relative);
            }
        }
        if (first == null && frames == count) {
            first = new int[frames + 1];
            for (int i = 0; i <= frames; i++) {
                first[i] = i;
            }
        }
        if (first == null && frames == 1) {
            first = new int[] {0, count};
            trim(file, lengths);
        }
        if (first == null && frames < count) {
            first = byStartMarkers(file, fragments, frames);
        }
        if (first == null) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    Tag.PixelData,
                    fragments.get(0).offset(),
                    frames + " frames cannot be told apart in " + count + " fragments");
        }
        return new FrameIndex(inFile, first, offsets, lengths);
    }

    /** The only frame in the only fragment: the extended table, if there, tells its length without padding. */
    private static void trim(DicomFile file, long[] lengths) throws DicomFormatException {
        long[] tableLengths = longs(file, Tag.ExtendedOffsetTableLengths);
        if (lengths.length == 1 && tableLengths.length == 1 && isPadded(tableLengths[0], lengths[0])) {
            lengths[0] = tableLengths[0];
        }
    }

    private static boolean isPadded(long frame, long fragment) {
        return frame > 0 && (frame == fragment || frame == fragment - 1);
    }

    /** The 64-bit values of an element, which lies in the file if it is long; none if it is no such table. */
    private static long[] longs(DicomFile file, int tag) throws DicomFormatException {
        byte[] bytes = file.dataset().bytes(tag);
        Optional<DicomElement> element = file.dataset().element(tag);
        if (bytes == null
                && element.isPresent()
                && element.get().value() instanceof DicomValue.Bulk bulk
                && bulk.length() <= LONGEST_TABLE) {
            bytes = bytes(file, new DicomValue.Fragment(bulk.offset(), bulk.length(), null), (int) bulk.length());
        }
        if (bytes == null || bytes.length % 8 != 0) {
            return new long[0];
        }
        long[] values = new long[bytes.length / 8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
        return values;
    }

    private static int @Nullable [] byExtendedOffsetTable(DicomFile file, int frames, long[] relative, long[] lengths)
            throws DicomFormatException {
        long[] table = longs(file, Tag.ExtendedOffsetTable);
        if (table.length != frames) {
            return null;
        }
        int[] first = starts(table, relative);
        long[] tableLengths = longs(file, Tag.ExtendedOffsetTableLengths);
        if (first != null && tableLengths.length == frames && relative.length == frames) {
            for (int i = 0; i < frames; i++) {
                if (isPadded(tableLengths[i], lengths[i])) {
                    lengths[i] = tableLengths[i];
                }
            }
        }
        return first;
    }

    private static int @Nullable [] byBasicOffsetTable(
            DicomFile file, DicomValue.Fragment table, int frames, long[] relative) throws DicomFormatException {
        if (table.length() != frames * 4L) {
            return null;
        }
        ByteBuffer buffer =
                ByteBuffer.wrap(bytes(file, table, (int) table.length())).order(ByteOrder.LITTLE_ENDIAN);
        long[] values = new long[frames];
        for (int i = 0; i < frames; i++) {
            values[i] = buffer.getInt() & 0xFFFFFFFFL;
        }
        return starts(values, relative);
    }

    /** For each offset the fragment that starts there; null if one of them is not the start of a later fragment. */
    private static int @Nullable [] starts(long[] table, long[] relative) {
        int[] first = new int[table.length + 1];
        int at = 0;
        for (int i = 0; i < table.length; i++) {
            at = Arrays.binarySearch(relative, at, relative.length, table[i]);
            if (at < 0 || (i == 0 && at != 0) || (i > 0 && at <= first[i - 1])) {
                return null;
            }
            first[i] = at;
        }
        first[table.length] = relative.length;
        return first;
    }

    private static int @Nullable [] byStartMarkers(DicomFile file, List<DicomValue.Fragment> fragments, int frames)
            throws DicomFormatException {
        int[] first = new int[frames + 1];
        int found = 0;
        try (Heads heads = new Heads(file)) {
            for (int i = 0; i < fragments.size(); i++) {
                if (isStart(heads.of(fragments.get(i)))) {
                    if (found == frames) {
                        return null;
                    }
                    first[found++] = i;
                }
            }
        } catch (DicomFormatException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(e);
        }
        first[frames] = fragments.size();
        return found == frames && first[0] == 0 ? first : null;
    }

    private static boolean isStart(byte[] head) {
        if (head.length < 4) {
            return false;
        }
        int word = (head[0] & 0xFF) << 24 | (head[1] & 0xFF) << 16 | (head[2] & 0xFF) << 8 | head[3] & 0xFF;
        return word >>> 8 == 0xFFD8FF // JPEG, JPEG-LS: start of image and the next marker
                || word == 0xFF4FFF51 // JPEG 2000: start of codestream, image size
                || word >>> 16 == 0xFF0A // JPEG XL codestream
                || word == 0x0000000C; // JPEG 2000 or JPEG XL in a box
    }

    /** Reads the beginnings of fragments, from memory or from the file, which is opened at most once. */
    private static final class Heads implements AutoCloseable {
        private final DicomFile file;
        private @Nullable FileChannel channel;

        Heads(DicomFile file) {
            this.file = file;
        }

        byte[] of(DicomValue.Fragment fragment) throws IOException {
            byte[] bytes = fragment.bytes();
            if (bytes != null) {
                return Arrays.copyOf(bytes, Math.min(4, bytes.length));
            }
            return read(fragment.offset(), (int) Math.min(4, fragment.length()));
        }

        byte[] read(long offset, int length) throws IOException {
            FileChannel from = channel;
            if (from == null) {
                if (file.path() == null) {
                    throw new IllegalStateException("a fragment without bytes and without file");
                }
                from = FileChannel.open(file.path(), StandardOpenOption.READ);
                channel = from;
            }
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (from.read(buffer, offset + buffer.position()) < 0) {
                    throw new DicomFormatException(
                            ErrorCode.TRUNCATED, Tag.PixelData, offset, "file ends inside a fragment");
                }
            }
            return buffer.array();
        }

        @Override
        public void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }

    private static byte[] bytes(DicomFile file, DicomValue.Fragment fragment, int length) throws DicomFormatException {
        byte[] bytes = fragment.bytes();
        if (bytes != null) {
            return bytes;
        }
        try (Heads heads = new Heads(file)) {
            return heads.read(fragment.offset(), length);
        } catch (DicomFormatException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static DicomFormatException unreadable(IOException cause) {
        DicomFormatException e =
                new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, Tag.PixelData, -1, "pixel data cannot be read");
        e.initCause(cause);
        return e;
    }

    /** Number of frames, at least 1. */
    public int frames() {
        return frames;
    }

    /**
     * Whether offsets count from the start of the file. If not (deflated files), they count from the first byte of the pixel
     * data value in memory; for encapsulated values, from the item tag of the first fragment behind the offset table.
     */
    public boolean isInFile() {
        return inFile;
    }

    /**
     * The regions whose bytes, joined, are the frame; one for native pixel data.
     *
     * @param frameNumber 1 to {@link #frames()}
     * @throws IndexOutOfBoundsException if there is no such frame
     */
    public List<Region> frame(int frameNumber) {
        if (frameNumber < 1 || frameNumber > frames) {
            throw new IndexOutOfBoundsException("frame " + frameNumber + " of " + frames);
        }
        if (first == null) {
            long from = (frameNumber - 1) * frameBits;
            long to = from + frameBits;
            return List.of(new Region(start + from / 8, (to + 7) / 8 - from / 8));
        }
        List<Region> regions = new ArrayList<>(first[frameNumber] - first[frameNumber - 1]);
        for (int i = first[frameNumber - 1]; i < first[frameNumber]; i++) {
            regions.add(new Region(offsets[i], lengths[i]));
        }
        return regions;
    }

    /** Bit of the first byte of its region where a frame starts, 0 to 7; 0 but for frames of odd bits. */
    public int bitOffset(int frameNumber) {
        return first == null ? (int) ((frameNumber - 1) * frameBits % 8) : 0;
    }

    /** Number of bytes of a frame's regions together. */
    public long length(int frameNumber) {
        long length = 0;
        for (Region region : frame(frameNumber)) {
            length += region.length();
        }
        return length;
    }

    /** A form to be kept; see {@link #fromBytes}. About 4 bytes a fragment, 30 in all for native pixel data. */
    public byte[] toBytes() {
        VarLongs out = new VarLongs();
        out.write(VERSION);
        out.write((first == null ? NATIVE : ENCAPSULATED) << 1 | (inFile ? 1 : 0));
        out.write(frames);
        if (first == null) {
            out.write(start);
            out.write(frameBits);
            return out.toByteArray();
        }
        out.write(offsets.length);
        long at = 0;
        for (int i = 0; i < offsets.length; i++) {
            out.write(offsets[i] - at);
            out.write(lengths[i]);
            at = offsets[i] + lengths[i];
        }
        for (int i = 0; i < frames; i++) {
            out.write(first[i + 1] - first[i]);
        }
        return out.toByteArray();
    }

    /**
     * Reads what {@link #toBytes} has written.
     *
     * @throws DicomFormatException {@link ErrorCode#BAD_OFFSET_TABLE} if the bytes are anything else
     */
    public static FrameIndex fromBytes(byte[] bytes) throws DicomFormatException {
        VarLongs in = new VarLongs(bytes);
        int version = in.readInt(VERSION);
        int kind = in.readInt(ENCAPSULATED << 1 | 1);
        int frames = in.readInt(Integer.MAX_VALUE);
        boolean inFile = (kind & 1) != 0;
        if (version != VERSION || frames < 1) {
            throw VarLongs.bad();
        }
        if (kind >> 1 == NATIVE) {
            return new FrameIndex(inFile, frames, in.readLong(), in.readLong());
        }
        int count = in.readInt(bytes.length);
        if (frames > count) {
            throw VarLongs.bad();
        }
        long[] offsets = new long[count];
        long[] lengths = new long[count];
        long at = 0;
        for (int i = 0; i < count; i++) {
            offsets[i] = at + in.readLong();
            lengths[i] = in.readLong();
            at = offsets[i] + lengths[i];
        }
        int[] first = new int[frames + 1];
        for (int i = 0; i < frames; i++) {
            first[i + 1] = first[i] + in.readInt(count - first[i]);
        }
        if (first[frames] != count) {
            throw VarLongs.bad();
        }
        return new FrameIndex(inFile, first, offsets, lengths);
    }
}
