package org.trefoilhub.dicom.pixel;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/**
 * Reads single frames of a file and decodes them, without touching the rest of its pixel data.
 *
 * <p>Memory is that of one stored and one decoded frame. Holds no open file; thread-safe.
 */
public final class FrameSource {

    private static final int[] PIXEL_TAGS = {Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData};

    private static final int[] PALETTE_TAGS = {
        Tag.RedPaletteColorLookupTableData,
        Tag.GreenPaletteColorLookupTableData,
        Tag.BluePaletteColorLookupTableData,
        Tag.SegmentedRedPaletteColorLookupTableData,
        Tag.SegmentedGreenPaletteColorLookupTableData,
        Tag.SegmentedBluePaletteColorLookupTableData
    };

    private static final int[] TABLE_SEQUENCES = {Tag.ModalityLUTSequence, Tag.VOILUTSequence};

    private static final int MAX_TABLE_BYTES = 2 * 65536;

    private final DicomFile file;
    private final FrameIndex index;
    private final DicomElement pixelData;
    private final PixelDescription description;

    private FrameSource(DicomFile file, FrameIndex index, DicomElement pixelData, PixelDescription description) {
        this.file = file;
        this.index = index;
        this.pixelData = pixelData;
        this.description = description;
    }

    /**
     * The frames of a file at positions that are known already.
     *
     * @throws DicomFormatException if the file is not an image, or one that {@link PixelDescription} cannot describe
     */
    public static FrameSource of(DicomFile file, FrameIndex index) throws DicomFormatException {
        DicomDataset dataset = file.dataset();
        for (int tag : PIXEL_TAGS) {
            DicomElement element = dataset.element(tag).orElse(null);
            if (element != null && !element.value().isEmpty()) {
                return new FrameSource(file, index, element, PixelDescription.of(dataset));
            }
        }
        throw new DicomFormatException(ErrorCode.NO_PIXEL_DATA, "the object has no pixel data");
    }

    /** As {@link #of(DicomFile, FrameIndex)}, the positions found now. */
    public static FrameSource of(DicomFile file) throws DicomFormatException {
        return of(file, FrameIndex.of(file));
    }

    /** Number of frames, at least 1. */
    public int frames() {
        return index.frames();
    }

    /** The description of the stored frames. */
    public PixelDescription description() {
        return description;
    }

    /**
     * Reads one frame as it is stored: fragments joined, single bits shifted to the start of the first byte, bytes of
     * big-endian 16-bit words in the order of samples of 8 bits or 1 bit.
     *
     * @param frameNumber from 1 to {@link #frames()}
     * @throws DicomFormatException if the frame is longer than a decoder may hold
     */
    public byte[] stored(int frameNumber) throws IOException {
        long length = index.length(frameNumber);
        if (length > PixelDescription.MAX_FRAME_BYTES) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA,
                    "stored frame has " + length + " bytes, the limit is " + PixelDescription.MAX_FRAME_BYTES);
        }
        if (pixelData.value() instanceof DicomValue.Bulk bulk) {
            FrameIndex.Region region = index.frame(frameNumber).get(0);
            boolean words = bulk.bigEndian() && pixelData.vr() == VR.OW && description.bitsAllocated() <= 8;
            byte[] bytes = words ? wordSwapped(bulk, region) : read(region.offset(), (int) region.length());
            return shifted(bytes, index.bitOffset(frameNumber));
        }
        if (pixelData.value() instanceof DicomValue.Bytes value) {
            FrameIndex.Region region = index.frame(frameNumber).get(0);
            int from = Math.toIntExact(region.offset());
            return shifted(
                    Arrays.copyOfRange(value.bytes(), from, from + (int) region.length()),
                    index.bitOffset(frameNumber));
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream((int) length);
        for (FrameIndex.Region region : index.frame(frameNumber)) {
            joined.writeBytes(index.isInFile() ? read(region.offset(), (int) region.length()) : inMemory(region));
        }
        return joined.toByteArray();
    }

    /**
     * Reads one frame and decodes it.
     *
     * @param frameNumber from 1 to {@link #frames()}
     * @throws DicomFormatException if no decoder knows the transfer syntax, or the frame is broken
     */
    public DecodedFrame decoded(int frameNumber) throws IOException {
        PixelCodec.Decoder decoder = PixelCodecs.decoder(file.transferSyntax())
                .orElseThrow(() -> new DicomFormatException(
                        ErrorCode.UNSUPPORTED_PIXEL_DATA,
                        "pixels in transfer syntax " + file.transferSyntax().name() + " cannot be decoded here"));
        byte[] stored = stored(frameNumber);
        PixelDescription decoded = decoder.decoded(stored, description);
        return new DecodedFrame(decoder.decode(stored, description), decoded);
    }

    /**
     * The data set with the lookup tables that {@link FrameRenderer} may need read into memory.
     *
     * @throws DicomFormatException if a table is longer than any may be
     */
    public DicomDataset datasetForRendering() throws IOException {
        DicomDataset.Builder builder = null;
        for (int tag : PALETTE_TAGS) {
            DicomElement loaded = loaded(file.dataset(), tag);
            if (loaded != null) {
                builder = builder == null ? file.dataset().toBuilder() : builder;
                builder.put(loaded);
            }
        }
        for (int tag : TABLE_SEQUENCES) {
            for (DicomDataset item : file.dataset().items(tag)) {
                DicomElement loaded = loaded(item, Tag.LUTData);
                if (loaded != null) {
                    builder = builder == null ? file.dataset().toBuilder() : builder;
                    builder.putItems(tag, item.toBuilder().put(loaded).build());
                    break;
                }
            }
        }
        return builder == null ? file.dataset() : builder.build();
    }

    private @Nullable DicomElement loaded(DicomDataset dataset, int tag) throws IOException {
        DicomElement element = dataset.element(tag).orElse(null);
        if (element == null || !(element.value() instanceof DicomValue.Bulk bulk)) {
            return null;
        }
        if (bulk.length() > MAX_TABLE_BYTES) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA, tag, bulk.offset(), "lookup table is longer than any may be");
        }
        byte[] bytes = read(bulk.offset(), (int) bulk.length());
        if (bulk.bigEndian() && element.vr() != VR.OB) {
            swapWords(bytes);
        }
        return new DicomElement(tag, element.vr(), new DicomValue.Bytes(bytes));
    }

    private byte[] inMemory(FrameIndex.Region region) {
        long position = 0;
        List<DicomValue.Fragment> fragments = ((DicomValue.Fragments) pixelData.value()).fragments();
        for (DicomValue.Fragment fragment : fragments.subList(1, fragments.size())) {
            byte[] bytes = fragment.bytes();
            if (position + 8 == region.offset() && bytes != null) {
                return bytes;
            }
            position += 8 + fragment.length();
        }
        throw new IllegalStateException("the frame index is not that of this data set");
    }

    /** Bytes of a region of a value of 16-bit big-endian words, in the order in which samples of 8 bits follow. */
    private byte[] wordSwapped(DicomValue.Bulk value, FrameIndex.Region region) throws IOException {
        long from = (region.offset() - value.offset()) & ~1L;
        long to = Math.min(value.length(), (region.offset() + region.length() - value.offset() + 1) & ~1L);
        byte[] words = read(value.offset() + from, (int) (to - from));
        swapWords(words);
        int skip = (int) (region.offset() - value.offset() - from);
        return Arrays.copyOfRange(words, skip, skip + (int) region.length());
    }

    private static void swapWords(byte[] bytes) {
        for (int i = 0; i + 1 < bytes.length; i += 2) {
            byte b = bytes[i];
            bytes[i] = bytes[i + 1];
            bytes[i + 1] = b;
        }
    }

    private static byte[] shifted(byte[] bytes, int bits) {
        if (bits == 0) {
            return bytes;
        }
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            int next = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
            result[i] = (byte) ((bytes[i] & 0xff) >> bits | next << 8 - bits);
        }
        return result;
    }

    private byte[] read(long offset, int length) throws IOException {
        if (file.path() == null) {
            throw new IllegalStateException("the data set did not come from a file");
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new EOFException("the file ends inside its pixel data");
                }
            }
        }
        return buffer.array();
    }
}
