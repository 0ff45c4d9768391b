package org.trefoilhub.dicom.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.dict.DataDictionary;
import org.trefoilhub.dicom.encoding.SpecificCharacterSet;

/**
 * Turns bytes into elements (PS3.5 section 7). One instance reads one input and counts its memory and elements.
 *
 * <p>Recursion goes as deep as sequences nest, which {@link ReadOptions#maxDepth} bounds. No length field is believed
 * before it is compared with what contains it.
 */
final class DatasetParser {

    private static final int ITEM = 0xFFFEE000;
    private static final int ITEM_DELIMITER = 0xFFFEE00D;
    private static final int SEQUENCE_DELIMITER = 0xFFFEE0DD;
    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final long LONGEST_OFFSET_TABLE = 4L << 20;
    private static final int MOST_WARNINGS = 50;

    /** How elements are written here; sequences inside UN switch to implicit little endian. */
    private record Form(boolean explicit, boolean bigEndian) {
        private static final Form IMPLICIT = new Form(false, false);
    }

    /**
     * Where a level of elements ends.
     *
     * @param end no byte of this level lies at or behind it
     * @param delimited whether an item delimiter is expected before
     * @param depth 0 for the top level
     */
    private record Level(
            long end, boolean delimited, int depth, SpecificCharacterSet characterSet, boolean signedPixels) {}

    private final ByteSource source;
    private final ReadOptions options;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final boolean regions;
    private long memory;
    private int elements;

    DatasetParser(ByteSource source, ReadOptions options) {
        this.source = source;
        this.options = options;
        this.regions = source.isFile();
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    void warn(String text) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(text);
        }
    }

    /** Reads the elements of the top level up to the given offset, or up to the stop tag. */
    DicomDataset parse(boolean explicit, boolean bigEndian, long end) throws IOException {
        return parse(
                new Form(explicit, bigEndian),
                new Level(end, false, 0, SpecificCharacterSet.undeclared(options.fallbackCharset()), false));
    }

    /** Reads elements as long as they are of group 0002. */
    DicomDataset parseFileMeta(long end) throws IOException {
        boolean explicit = source.has(8) && VR.of(source.unsignedByte(4), source.unsignedByte(5)) != null;
        Form form = new Form(explicit, false);
        if (!explicit) {
            warn("file meta information is in implicit VR");
        }
        Level level = new Level(end, false, 1, SpecificCharacterSet.UNDECLARED, false);
        DicomDataset.Builder builder = DicomDataset.builder();
        while (source.position() < end && source.has(8) && source.unsignedShort(0, false) == 0x0002) {
            DicomElement element = element(form, level, builder);
            builder.put(element);
        }
        return builder.build();
    }

    private DicomDataset parse(Form form, Level start) throws IOException {
        Level level = start;
        boolean top = level.depth() == 0;
        DicomDataset.Builder builder = DicomDataset.builder(level.characterSet());
        int last = 0;
        boolean any = false;
        boolean inOrder = true;
        while (true) {
            if (!level.delimited() && (source.position() >= level.end() || (top && !source.has(1)))) {
                break;
            }
            long offset = source.position();
            if (!source.has(8) || level.end() - offset < 8) {
                if (top && (behindPixels(last, any) || onlyZeros())) {
                    warn("trailing bytes behind the last element");
                    break;
                }
                throw truncated(any ? last : -1, offset);
            }
            int tag = source.unsignedShort(0, form.bigEndian()) << 16 | source.unsignedShort(2, form.bigEndian());
            if (Tag.group(tag) == 0xFFFE) {
                if (endsLevel(tag, level, offset)) {
                    break;
                }
                continue;
            }
            if (top && options.stopTag() != -1 && Integer.compareUnsigned(tag, options.stopTag()) >= 0) {
                break;
            }
            boolean ascending = !any || Integer.compareUnsigned(tag, last) > 0;
            boolean behindPixels = top && behindPixels(last, any);
            if (top && any && (!ascending && behindPixels || tag == 0)) {
                warn("trailing bytes behind the last element");
                break;
            }
            if (!ascending && inOrder) {
                inOrder = false;
                warn("elements out of order");
            }
            DicomElement element;
            try {
                element = element(form, level, builder);
            } catch (DicomFormatException e) {
                if (behindPixels && e.offset() == offset) {
                    warn("trailing bytes behind the last element");
                    break;
                }
                throw e;
            }
            if (!ascending && builder.contains(tag)) {
                warn("element " + Tag.format(tag) + " more than once, first one kept");
                continue;
            }
            builder.put(element);
            if (tag == Tag.SpecificCharacterSet || tag == Tag.PixelRepresentation) {
                DicomDataset soFar = tag == Tag.SpecificCharacterSet ? builder.build() : DicomDataset.EMPTY;
                level = new Level(
                        level.end(),
                        level.delimited(),
                        level.depth(),
                        tag == Tag.SpecificCharacterSet ? soFar.characterSet() : level.characterSet(),
                        tag == Tag.PixelRepresentation ? isOne(element) : level.signedPixels());
                if (!level.characterSet().isRecognised()) {
                    warn("unknown character set");
                }
            }
            if (ascending) {
                last = tag;
                any = true;
            }
        }
        return builder.build();
    }

    private static boolean behindPixels(int last, boolean any) {
        return any && Integer.compareUnsigned(last, Tag.PixelData) >= 0;
    }

    /** Whether less than an element header is left and all of it is zero. */
    private boolean onlyZeros() throws IOException {
        int left = 0;
        while (left < 8 && source.has(left + 1)) {
            if (source.unsignedByte(left++) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOne(DicomElement element) {
        return element.value() instanceof DicomValue.Bytes value && value.bytes().length >= 1 && value.bytes()[0] == 1;
    }

    /** Handles a delimiter in the place of an element. */
    private boolean endsLevel(int tag, Level level, long offset) throws IOException {
        if (tag == ITEM_DELIMITER) {
            source.skip(8);
            if (!level.delimited()) {
                warn("stray item delimiter");
            }
            return level.delimited();
        }
        if (tag == SEQUENCE_DELIMITER) {
            if (level.delimited()) {
                warn("item without delimiter");
                return true;
            }
            if (level.depth() == 0) {
                source.skip(8);
                warn("stray sequence delimiter");
                return false;
            }
        }
        long length = source.integer(4, false) & 0xFFFFFFFFL;
        if (tag == ITEM && level.depth() == 0 && length <= level.end() - offset - 8) {
            warn("item outside a sequence, skipped");
            if (source.skip(8 + length)) {
                return false;
            }
        }
        throw new DicomFormatException(
                ErrorCode.UNEXPECTED_DELIMITER, tag, offset, "item or delimiter where an element is expected");
    }

    private DicomElement element(Form form, Level level, DicomDataset.Builder builder) throws IOException {
        long offset = source.position();
        int tag = source.unsignedShort(0, form.bigEndian()) << 16 | source.unsignedShort(2, form.bigEndian());
        count(tag, offset);
        VR vr;
        long length;
        if (form.explicit()) {
            int first = source.unsignedByte(4);
            int second = source.unsignedByte(5);
            VR written = VR.of(first, second);
            if (written == null) {
                return elementWithoutKnownVr(form, level, tag, offset, first, second);
            }
            vr = written;
            if (vr.hasLongLength()) {
                if (!source.has(12)) {
                    throw truncated(tag, offset);
                }
                length = source.integer(8, form.bigEndian()) & 0xFFFFFFFFL;
                source.skip(12);
            } else {
                length = source.unsignedShort(6, form.bigEndian());
                source.skip(8);
            }
        } else {
            vr = implicitVr(tag, level);
            length = source.integer(4, form.bigEndian()) & 0xFFFFFFFFL;
            source.skip(8);
        }
        return value(form, level, tag, vr, length, offset);
    }

    private static VR implicitVr(int tag, Level level) {
        if (level.signedPixels() && DataDictionary.followsPixelRepresentation(tag)) {
            return VR.SS;
        }
        return DataDictionary.vr(tag);
    }

    /** An explicit element whose representation is no known one: future, blank, or written in implicit form. */
    private DicomElement elementWithoutKnownVr(Form form, Level level, int tag, long offset, int first, int second)
            throws IOException {
        boolean letters = first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
        long room = level.end() - offset;
        int length16 = source.unsignedShort(6, form.bigEndian());
        long asImplicit = source.integer(4, form.bigEndian()) & 0xFFFFFFFFL;
        if (letters) {
            warn("unknown representation at " + Tag.format(tag) + ", taken as UN");
            if (length16 == 0 && source.has(12)) {
                // PS3.5 section 7.1.2: representations added to the standard have 32-bit lengths.
                long length = source.integer(8, form.bigEndian()) & 0xFFFFFFFFL;
                if (length == UNDEFINED || length <= room - 12) {
                    source.skip(12);
                    return value(form, level, tag, VR.UN, length, offset);
                }
            }
            source.skip(8);
            return value(form, level, tag, VR.UN, length16, offset);
        }
        VR vr = implicitVr(tag, level);
        boolean known = vr != VR.UN;
        if (!headerAt(8 + length16) && headerAt(6)) {
            // Seen in the field: nothing but the tag and two blanks.
            warn("element " + Tag.format(tag) + " without representation and length");
            source.skip(6);
            return new DicomElement(tag, vr, new DicomValue.Bytes(new byte[0]));
        }
        if (known && (asImplicit <= room - 8 || asImplicit == UNDEFINED && vr == VR.SQ)) {
            warn("element " + Tag.format(tag) + " in implicit form");
            source.skip(8);
            return value(form, level, tag, vr, asImplicit, offset);
        }
        if (!vr.hasLongLength() && known && length16 <= room - 8) {
            warn("element " + Tag.format(tag) + " without representation");
            source.skip(8);
            return value(form, level, tag, vr, length16, offset);
        }
        throw new DicomFormatException(
                ErrorCode.BAD_ELEMENT, tag, offset, "element header without a value representation");
    }

    /** Whether an explicit element header, or the end, may be so many bytes ahead. */
    private boolean headerAt(int ahead) throws IOException {
        if (ahead > ByteSource.LARGEST_WINDOW - 8) {
            return true; // too far to look
        }
        return source.has(ahead + 8)
                ? VR.of(source.unsignedByte(ahead + 4), source.unsignedByte(ahead + 5)) != null
                : source.has(ahead) && !source.has(ahead + 1);
    }

    private DicomElement value(Form form, Level level, int tag, VR vr, long length, long offset) throws IOException {
        if (length == UNDEFINED) {
            return undefinedLength(form, level, tag, vr, offset);
        }
        boolean topPixels = level.depth() == 0 && isPixelData(tag);
        long room = Math.min(level.end(), source.size()) - source.position();
        if (length > room) {
            if (level.end() < source.size() || level.depth() > 1) {
                throw new DicomFormatException(
                        ErrorCode.LENGTH_EXCEEDS_CONTAINER, tag, offset, "value longer than what contains it");
            }
            if (!topPixels || !options.acceptTruncatedPixelData()) {
                throw truncated(tag, offset);
            }
            warn("pixel data truncated");
            length = room;
        }
        if (vr == VR.SQ) {
            return new DicomElement(tag, vr, items(form, level, tag, source.position() + length, false));
        }
        if ((length & 1) != 0) {
            warn("odd length at " + Tag.format(tag));
        }
        if (regions && (topPixels || length > options.bulkThresholdBytes())) {
            DicomValue.Bulk bulk =
                    new DicomValue.Bulk(source.position(), length, form.bigEndian() && swapBytes(vr) > 1);
            source.seek(source.position() + length);
            return new DicomElement(tag, vr, bulk);
        }
        byte[] bytes = bytes(tag, length, offset);
        if (form.bigEndian()) {
            swap(bytes, swapBytes(vr));
        }
        if (vr == VR.UN && !Tag.isPrivate(tag)) {
            return resolved(level, tag, bytes);
        }
        if (vr.usesCharacterSet() && level.characterSet().wouldGuess(bytes)) {
            warn("text in another character set than declared, guessed");
        }
        return new DicomElement(tag, vr, new DicomValue.Bytes(bytes));
    }

    private static int swapBytes(VR vr) {
        return vr == VR.AT ? 2 : vr.wordBytes();
    }

    /** A standard element that somebody wrote as UN gets its real representation (PS3.5 section 6.2.2, note). */
    private DicomElement resolved(Level level, int tag, byte[] bytes) throws IOException {
        VR vr = implicitVr(tag, level);
        if (vr == VR.SQ) {
            DatasetParser inner = new DatasetParser(ByteSource.of(bytes), options);
            inner.elements = elements;
            try {
                DicomValue value = inner.items(
                        Form.IMPLICIT,
                        new Level(bytes.length, false, level.depth(), level.characterSet(), level.signedPixels()),
                        tag,
                        bytes.length,
                        false);
                elements = inner.elements;
                return new DicomElement(tag, VR.SQ, value);
            } catch (DicomFormatException e) {
                if (e.code() == ErrorCode.NESTED_TOO_DEEP || e.code() == ErrorCode.TOO_MANY_ELEMENTS) {
                    throw e;
                }
                warn("sequence written as UN cannot be read, kept as bytes at " + Tag.format(tag));
                return new DicomElement(tag, VR.UN, new DicomValue.Bytes(bytes));
            }
        }
        boolean fits = !vr.isNumber() || bytes.length % (vr == VR.AT ? 4 : vr.wordBytes()) == 0;
        return new DicomElement(tag, fits ? vr : VR.UN, new DicomValue.Bytes(bytes));
    }

    private DicomElement undefinedLength(Form form, Level level, int tag, VR vr, long offset) throws IOException {
        if (vr == VR.SQ) {
            return new DicomElement(tag, vr, items(form, level, tag, level.end(), true));
        }
        if (vr == VR.UN && tag != Tag.PixelData) {
            // PS3.5 section 6.2.2: the contents are a sequence in implicit VR little endian.
            return new DicomElement(tag, VR.UN, items(Form.IMPLICIT, level, tag, level.end(), true));
        }
        if (vr == VR.OB || vr == VR.OW || tag == Tag.PixelData) {
            VR written = tag == Tag.PixelData && vr == VR.OW ? VR.OB : vr;
            return new DicomElement(tag, written, fragments(form, level, tag, offset));
        }
        throw new DicomFormatException(
                ErrorCode.BAD_UNDEFINED_LENGTH, tag, offset, "undefined length for a " + vr + " value");
    }

    private DicomValue items(Form form, Level level, int sequence, long end, boolean delimited) throws IOException {
        if (level.depth() >= options.maxDepth()) {
            throw new DicomFormatException(
                    ErrorCode.NESTED_TOO_DEEP,
                    sequence,
                    source.position(),
                    "sequences nested deeper than " + options.maxDepth());
        }
        List<DicomDataset> items = new ArrayList<>(1);
        while (delimited || source.position() < end) {
            long offset = source.position();
            if (!source.has(8) || end - offset < 8) {
                throw truncated(sequence, offset);
            }
            int tag = source.unsignedShort(0, form.bigEndian()) << 16 | source.unsignedShort(2, form.bigEndian());
            long length = source.integer(4, form.bigEndian()) & 0xFFFFFFFFL;
            if (tag == SEQUENCE_DELIMITER) {
                source.skip(8);
                if (!delimited) {
                    warn("stray sequence delimiter");
                    continue;
                }
                break;
            }
            if (tag != ITEM) {
                throw new DicomFormatException(
                        ErrorCode.UNEXPECTED_DELIMITER, tag, offset, "no item where a sequence needs one");
            }
            count(sequence, offset);
            source.skip(8);
            boolean open = length == UNDEFINED;
            if (!open && length > Math.min(end, source.size()) - source.position()) {
                if (delimited) {
                    throw truncated(sequence, offset);
                }
                // The length of the sequence has been checked, so it is the item's that is wrong.
                warn("item longer than its sequence at " + Tag.format(sequence));
                length = end - source.position();
            }
            items.add(parse(
                    form,
                    new Level(
                            open ? end : source.position() + length,
                            open,
                            level.depth() + 1,
                            level.characterSet(),
                            level.signedPixels())));
        }
        return new DicomValue.Items(items);
    }

    private DicomValue fragments(Form form, Level level, int sequence, long start) throws IOException {
        List<DicomValue.Fragment> fragments = new ArrayList<>(2);
        boolean accept = options.acceptTruncatedPixelData() && level.depth() == 0;
        while (true) {
            long offset = source.position();
            if (level.depth() == 0 && fragments.size() > 1 && !source.has(1)) {
                warn("encapsulated pixel data without its end");
                break;
            }
            if (!source.has(8) || level.end() - offset < 8) {
                if (accept) {
                    warn("pixel data truncated");
                    break;
                }
                throw truncated(sequence, offset);
            }
            int tag = source.unsignedShort(0, form.bigEndian()) << 16 | source.unsignedShort(2, form.bigEndian());
            long length = source.integer(4, form.bigEndian()) & 0xFFFFFFFFL;
            source.skip(8);
            if (tag == SEQUENCE_DELIMITER) {
                break;
            }
            if (tag != ITEM || length == UNDEFINED) {
                throw new DicomFormatException(
                        ErrorCode.UNEXPECTED_DELIMITER, sequence, offset, "no fragment where pixel data needs one");
            }
            count(sequence, offset);
            long room = Math.min(level.end(), source.size()) - source.position();
            if (length > room) {
                if (!accept) {
                    throw truncated(sequence, offset);
                }
                warn("pixel data truncated");
                length = room;
            }
            if ((length & 1) != 0) {
                warn("odd length of a fragment");
            }
            long at = source.position();
            boolean table = fragments.isEmpty() && length <= LONGEST_OFFSET_TABLE;
            if (regions && !table) {
                source.seek(at + length);
                fragments.add(new DicomValue.Fragment(at, length, null));
            } else {
                fragments.add(new DicomValue.Fragment(regions ? at : -1, length, bytes(sequence, length, offset)));
            }
        }
        if (fragments.isEmpty()) {
            warn("encapsulated pixel data without offset table item");
            fragments.add(DicomValue.Fragment.of(new byte[0]));
        }
        return new DicomValue.Fragments(fragments);
    }

    private byte[] bytes(int tag, long length, long offset) throws IOException {
        if (length > options.maxElementBytes()) {
            throw new DicomFormatException(
                    ErrorCode.ELEMENT_TOO_LONG,
                    tag,
                    offset,
                    "value of " + length + " bytes, at most " + options.maxElementBytes() + " are held in memory");
        }
        memory += length;
        if (memory > options.maxMemoryBytes()) {
            throw new DicomFormatException(
                    ErrorCode.ELEMENT_TOO_LONG,
                    tag,
                    offset,
                    "values of more than " + options.maxMemoryBytes() + " bytes together");
        }
        byte[] bytes = source.readBytes((int) length);
        if (bytes == ByteSource.EMPTY_AT_END) {
            throw truncated(tag, offset);
        }
        return bytes;
    }

    private void count(int tag, long offset) throws DicomFormatException {
        if (++elements > options.maxElements()) {
            throw new DicomFormatException(
                    ErrorCode.TOO_MANY_ELEMENTS,
                    tag,
                    offset,
                    "more than " + options.maxElements() + " elements, items and fragments");
        }
    }

    private static DicomFormatException truncated(int tag, long offset) {
        return new DicomFormatException(ErrorCode.TRUNCATED, tag, offset, "input ends inside an element");
    }

    private static boolean isPixelData(int tag) {
        return tag == Tag.PixelData || tag == Tag.FloatPixelData || tag == Tag.DoubleFloatPixelData;
    }

    /** Reverses the bytes of each word in place; a rest shorter than a word stays. */
    static void swap(byte[] bytes, int wordBytes) {
        if (wordBytes < 2) {
            return;
        }
        for (int start = 0; start + wordBytes <= bytes.length; start += wordBytes) {
            for (int low = start, high = start + wordBytes - 1; low < high; low++, high--) {
                byte b = bytes[low];
                bytes[low] = bytes[high];
                bytes[high] = b;
            }
        }
    }
}
