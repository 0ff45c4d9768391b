package org.trefoilhub.dicomweb.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.pixel.FrameIndex;

/** Cuts a frame out of an object by its index, wherever the pixel data lie. */
final class FrameBytes {
    private FrameBytes() {}

    /** Opens a run of bytes. */
    @FunctionalInterface
    interface Source {
        InputStream open(long offset, long lengthBytes) throws IOException;
    }

    static long length(FrameIndex index, int frame) {
        if (isShifted(index, frame)) {
            return (bits(index, frame) + 7) / 8;
        }
        return index.length(frame);
    }

    static InputStream open(FrameIndex index, int frame, Source source) throws IOException {
        if (isShifted(index, frame)) {
            FrameIndex.Region region = index.frame(frame).get(0);
            try (InputStream in = source.open(region.offset(), region.length())) {
                return new ByteArrayInputStream(shifted(in.readAllBytes(), index.bitOffset(frame), bits(index, frame)));
            }
        }
        List<InputStream> parts = new ArrayList<>();
        try {
            for (FrameIndex.Region region : index.frame(frame)) {
                parts.add(source.open(region.offset(), region.length()));
            }
        } catch (IOException | RuntimeException e) {
            for (InputStream part : parts) {
                part.close();
            }
            throw e;
        }
        return parts.size() == 1 ? parts.get(0) : new SequenceInputStream(Collections.enumeration(parts));
    }

    /** Whether the frame begins or ends inside a byte. */
    private static boolean isShifted(FrameIndex index, int frame) {
        return index.bitOffset(frame) != 0 || index.bitOffset(frame + 1) != 0;
    }

    private static long bits(FrameIndex index, int frame) {
        int unused = (8 - index.bitOffset(frame + 1)) % 8;
        return index.frame(frame).get(0).length() * 8 - index.bitOffset(frame) - unused;
    }

    /** Bits are packed from the least significant one on, DICOM PS3.5 section 8.1.1. */
    private static byte[] shifted(byte[] packed, int by, long bits) {
        byte[] frame = new byte[(int) ((bits + 7) / 8)];
        for (int i = 0; i < frame.length; i++) {
            int low = (packed[i] & 0xFF) >>> by;
            int high = i + 1 < packed.length ? (packed[i + 1] & 0xFF) << (8 - by) : 0;
            frame[i] = (byte) (low | high);
        }
        int used = (int) (bits % 8);
        if (used != 0) {
            frame[frame.length - 1] &= (byte) ((1 << used) - 1);
        }
        return frame;
    }

    /** The pixel data of a deflated object, which were read into memory. */
    static Source inMemory(DicomFile file) throws IOException {
        for (int tag : new int[] {Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData}) {
            if (file.dataset().element(tag).isPresent()
                    && file.dataset().element(tag).get().value() instanceof DicomValue.Bytes value) {
                return (offset, length) -> new ByteArrayInputStream(value.bytes(), (int) offset, (int) length);
            }
        }
        throw new IOException("the pixel data cannot be addressed");
    }
}
