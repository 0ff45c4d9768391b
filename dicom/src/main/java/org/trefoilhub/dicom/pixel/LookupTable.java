package org.trefoilhub.dicom.pixel;

import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/**
 * A lookup table of a data set: Modality LUT, VOI LUT or one colour of a palette.
 *
 * @param first the input that maps to the first entry; inputs below map to it too, inputs above the last to the last
 * @param entries the outputs, unsigned
 * @param bits bits of an output, 8 to 16
 */
record LookupTable(int first, int[] entries, int bits) {

    private static final int MAX_ENTRIES = 65536;

    /**
     * Reads a table from its descriptor and its data.
     *
     * @param signed whether the inputs are signed, which an ambiguous VR of the descriptor does not tell
     * @return null if descriptor or data is absent
     * @throws DicomFormatException if the data is shorter than the descriptor says
     */
    static @Nullable LookupTable read(
            DicomDataset dataset, int descriptorTag, int dataTag, int segmentedDataTag, boolean signed)
            throws DicomFormatException {
        int[] descriptor = dataset.integers(descriptorTag);
        if (descriptor.length < 3) {
            return null;
        }
        int count = descriptor[0] & 0xffff;
        if (count == 0) {
            count = MAX_ENTRIES;
        }
        int first = signed ? (short) descriptor[1] : descriptor[1];
        int bits = Math.max(8, Math.min(16, descriptor[2] & 0xffff));
        byte[] data = bytes(dataset, dataTag);
        int[] entries;
        if (data != null) {
            entries = plain(data, count);
        } else if (segmentedDataTag != 0 && (data = bytes(dataset, segmentedDataTag)) != null) {
            entries = segmented(data, count, bits);
        } else {
            return null;
        }
        int max = 0;
        for (int entry : entries) {
            max = Math.max(max, entry);
        }
        if (max >= 1 << bits) {
            bits = 16;
        } else if (bits == 16 && max < 256 && segmentedDataTag != 0) {
            // Palettes that declare 16 bits and fill 8 are a known fault; scaled by 16 bits they would all be black.
            bits = 8;
        }
        return new LookupTable(first, entries, bits);
    }

    int map(double input) {
        long index = Math.round(input) - first;
        return entries[(int) Math.max(0, Math.min(entries.length - 1L, index))];
    }

    int max() {
        return (1 << bits) - 1;
    }

    private static byte @Nullable [] bytes(DicomDataset dataset, int tag) throws DicomFormatException {
        DicomElement element = dataset.element(tag).orElse(null);
        if (element == null || element.value().isEmpty()) {
            return null;
        }
        if (element.value() instanceof DicomValue.Bytes value) {
            return value.bytes();
        }
        throw new DicomFormatException(
                ErrorCode.UNSUPPORTED_PIXEL_DATA, "lookup table is too long to be held in memory");
    }

    /** Entries of 16 bits, or of 8 bits packed two to a word where the data is too short for 16. */
    private static int[] plain(byte[] data, int count) throws DicomFormatException {
        int[] entries = new int[count];
        if (data.length >= 2 * count) {
            for (int i = 0; i < count; i++) {
                entries[i] = u16(data, i);
            }
        } else if (data.length >= count) {
            for (int i = 0; i < count; i++) {
                entries[i] = data[i] & 0xff;
            }
        } else {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "lookup table has " + data.length + " bytes of data, its descriptor says " + count + " entries");
        }
        return entries;
    }

    /** Expands discrete, linear and indirect segments (PS3.3 section C.7.9.2). */
    private static int[] segmented(byte[] data, int count, int bits) throws DicomFormatException {
        boolean wide = bits > 8;
        int words = wide ? data.length / 2 : data.length;
        int[] in = new int[words];
        for (int i = 0; i < words; i++) {
            in[i] = wide ? u16(data, i) : data[i] & 0xff;
        }
        int[] out = new int[count];
        int written = expand(in, 0, words, Integer.MAX_VALUE, out, 0, wide, true);
        if (written < count) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "segmented palette yields " + written + " entries, its descriptor says " + count);
        }
        return out;
    }

    private static int expand(
            int[] in, int from, int end, int segments, int[] out, int written, boolean wide, boolean indirectAllowed)
            throws DicomFormatException {
        int at = from;
        int to = written;
        for (int s = 0; s < segments && at + 1 < end && to < out.length; s++) {
            int opcode = in[at];
            int length = in[at + 1];
            at += 2;
            if (opcode == 0) {
                for (int i = 0; i < length && at < end && to < out.length; i++) {
                    out[to++] = in[at++];
                }
            } else if (opcode == 1 && at < end && to > 0) {
                int start = out[to - 1];
                int target = in[at++];
                for (int i = 1; i <= length && to < out.length; i++) {
                    out[to++] = start + Math.round((target - start) * (float) i / length);
                }
            } else if (opcode == 2 && indirectAllowed && at + (wide ? 1 : 3) < end) {
                int offset = wide
                        ? in[at] | in[at + 1] << 16
                        : in[at] | in[at + 1] << 8 | in[at + 2] << 16 | in[at + 3] << 24;
                at += wide ? 2 : 4;
                if (offset < 0 || offset >= end) {
                    throw new DicomFormatException(
                            ErrorCode.BAD_PIXEL_DATA, "indirect segment of the palette points outside its data");
                }
                to = expand(in, offset, end, length, out, to, wide, false);
            } else {
                throw new DicomFormatException(
                        ErrorCode.BAD_PIXEL_DATA, "segment of the palette has an unknown or misplaced operation code");
            }
        }
        return to;
    }

    private static int u16(byte[] data, int index) {
        return data[2 * index] & 0xff | (data[2 * index + 1] & 0xff) << 8;
    }
}
