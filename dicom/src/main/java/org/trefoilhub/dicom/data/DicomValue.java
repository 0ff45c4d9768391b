package org.trefoilhub.dicom.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The value of a data element, in one of four shapes.
 *
 * <p>Bytes in memory are little-endian whatever the byte order of the file. Values are immutable by convention: arrays
 * are shared, not copied, and must not be modified. {@code toString} shows sizes, never contents.
 */
public sealed interface DicomValue {

    /** Whether there is no byte, item or fragment at all. */
    boolean isEmpty();

    /** A value in memory, padding included; little-endian. */
    record Bytes(byte[] bytes) implements DicomValue {
        @Override
        public boolean isEmpty() {
            return bytes.length == 0;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "[" + bytes.length + " bytes]";
        }
    }

    /**
     * A value that stays in the source file.
     *
     * @param offset of the first byte of the value, from the start of the file
     * @param length in bytes
     * @param bigEndian whether the words in the file are big-endian
     */
    record Bulk(long offset, long length, boolean bigEndian) implements DicomValue {
        @Override
        public boolean isEmpty() {
            return length == 0;
        }

        @Override
        public String toString() {
            return "[" + length + " bytes in file]";
        }
    }

    /** The items of a sequence, in order. */
    record Items(List<DicomDataset> items) implements DicomValue {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public boolean isEmpty() {
            return items.isEmpty();
        }

        @Override
        public String toString() {
            return "[" + items.size() + " items]";
        }
    }

    /**
     * Encapsulated pixel data (PS3.5 section A.4). Fragment 0 is the basic offset table, empty or not; it is always
     * there.
     */
    record Fragments(List<Fragment> fragments) implements DicomValue {
        public Fragments {
            fragments = List.copyOf(fragments);
        }

        @Override
        public boolean isEmpty() {
            return fragments.isEmpty();
        }

        @Override
        public String toString() {
            return "[" + fragments.size() + " fragments]";
        }
    }

    /**
     * One fragment of encapsulated pixel data.
     *
     * @param offset of the first byte of the fragment's value, from the start of the file; meaningless if the fragment
     *     was never in a file
     * @param length in bytes
     * @param bytes the contents, or null if they are only in the file
     */
    record Fragment(long offset, long length, byte @Nullable [] bytes) {

        /** A fragment that is in memory only. */
        public static Fragment of(byte[] bytes) {
            return new Fragment(-1, bytes.length, bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Fragment that
                    && offset == that.offset
                    && length == that.length
                    && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Objects.hash(offset, length, Arrays.hashCode(bytes));
        }

        @Override
        public String toString() {
            return "[" + length + " bytes" + (bytes == null ? " in file]" : "]");
        }
    }
}
