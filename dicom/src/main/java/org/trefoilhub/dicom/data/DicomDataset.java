package org.trefoilhub.dicom.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.encoding.SpecificCharacterSet;

/**
 * A data set, or an item of a sequence: data elements ordered by unsigned tag, each tag at most once (PS3.5 section 7.1).
 *
 * <p>Immutable and thread-safe. The typed getters decode a value when asked; they answer null, empty or an empty list
 * when the element is absent, empty, in the file only, or not what was asked for, and never throw on bad content.
 * Items of sequences know the character set they inherit. {@code toString} shows tags and sizes, never values.
 */
public final class DicomDataset implements Iterable<DicomElement> {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    /** The data set without elements. */
    public static final DicomDataset EMPTY = new DicomDataset(new DicomElement[0], SpecificCharacterSet.UNDECLARED);

    // INVARIANT: ascending by unsigned tag, no tag twice
    private final DicomElement[] elements;
    private final SpecificCharacterSet characterSet;

    private DicomDataset(DicomElement[] elements, SpecificCharacterSet characterSet) {
        this.elements = elements;
        this.characterSet = characterSet;
    }

    /** A builder without elements. */
    public static Builder builder() {
        return new Builder(SpecificCharacterSet.UNDECLARED);
    }

    /** A builder without elements for an item inside a data set of that character set. */
    public static Builder builder(SpecificCharacterSet inherited) {
        return new Builder(inherited);
    }

    /** A builder that starts from these elements. */
    public Builder toBuilder() {
        Builder builder = new Builder(characterSet);
        for (DicomElement element : elements) {
            builder.put(element);
        }
        return builder;
    }

    /** The element of a tag. */
    public Optional<DicomElement> element(int tag) {
        return Optional.ofNullable(find(tag));
    }

    private @Nullable DicomElement find(int tag) {
        int low = 0;
        int high = elements.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(elements[middle].tag(), tag);
            if (order == 0) {
                return elements[middle];
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** Whether the element is present, with or without a value. */
    public boolean contains(int tag) {
        return find(tag) != null;
    }

    /** Whether the element is present and has a value. */
    public boolean containsValue(int tag) {
        DicomElement element = find(tag);
        return element != null && !element.value().isEmpty();
    }

    /** Number of elements of this level. */
    public int size() {
        return elements.length;
    }

    /** Whether there are no elements. */
    public boolean isEmpty() {
        return elements.length == 0;
    }

    /** The character set that text of this level is in: its own, or the inherited one. */
    public SpecificCharacterSet characterSet() {
        return characterSet;
    }

    /** The bytes of a value, padding included, or null if it is absent or not in memory. Not to be modified. */
    public byte @Nullable [] bytes(int tag) {
        DicomElement element = find(tag);
        return element != null && element.value() instanceof DicomValue.Bytes value ? value.bytes() : null;
    }

    /** The first value as text, without padding; null if there is none. Numbers are formatted. */
    public @Nullable String string(int tag) {
        List<String> all = strings(tag);
        for (String value : all) {
            return value.isEmpty() ? null : value;
        }
        return null;
    }

    /** All values as text, without padding; an empty value among others is the empty string. */
    public List<String> strings(int tag) {
        DicomElement element = find(tag);
        return element == null ? List.of() : strings(element, characterSet);
    }

    /** All values of an element as text, as {@link #strings(int)}. */
    public List<String> strings(DicomElement element) {
        return strings(element, characterSet);
    }

    private static List<String> strings(DicomElement element, SpecificCharacterSet characterSet) {
        if (!(element.value() instanceof DicomValue.Bytes value) || value.isEmpty()) {
            return List.of();
        }
        byte[] bytes = value.bytes();
        VR vr = element.vr();
        if (vr.isNumber()) {
            int count = bytes.length / (vr == VR.AT ? 4 : vr.wordBytes());
            List<String> values = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                values.add(formatNumber(vr, bytes, i));
            }
            return values;
        }
        if (vr == VR.SQ || (vr.isBinary() && vr != VR.UN)) {
            return List.of();
        }
        String text = characterSet.decode(bytes, vr == VR.PN);
        if (!vr.isMultiValued() && vr != VR.UN) {
            String single = stripEnd(text, vr);
            return single.isEmpty() ? List.of() : List.of(single);
        }
        if (text.indexOf('\\') < 0) {
            String single = trim(text, vr);
            return single.isEmpty() ? List.of() : List.of(single);
        }
        List<String> values = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '\\') {
                values.add(trim(text.substring(start, i), vr));
                start = i + 1;
            }
        }
        return values;
    }

    private static String trim(String text, VR vr) {
        int start = 0;
        int end = stripEnd(text, vr).length();
        if (vr != VR.UC) {
            while (start < end && isPadding(text.charAt(start))) {
                start++;
            }
        }
        return text.substring(start, end);
    }

    private static String stripEnd(String text, VR vr) {
        int end = text.length();
        while (end > 0 && isPadding(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    private static boolean isPadding(char c) {
        return c == ' ' || c == 0;
    }

    private static String formatNumber(VR vr, byte[] bytes, int index) {
        return switch (vr) {
            case AT ->
                Tag.hex(((short) SHORT.get(bytes, index * 4) & 0xFFFF) << 16
                        | (short) SHORT.get(bytes, index * 4 + 2) & 0xFFFF);
            case US -> Integer.toString((short) SHORT.get(bytes, index * 2) & 0xFFFF);
            case SS -> Integer.toString((short) SHORT.get(bytes, index * 2));
            case UL -> Integer.toUnsignedString((int) INT.get(bytes, index * 4));
            case SL -> Integer.toString((int) INT.get(bytes, index * 4));
            case UV -> Long.toUnsignedString((long) LONG.get(bytes, index * 8));
            case SV -> Long.toString((long) LONG.get(bytes, index * 8));
            case FL -> Float.toString((float) FLOAT.get(bytes, index * 4));
            case FD -> Double.toString((double) DOUBLE.get(bytes, index * 8));
            default -> throw new IllegalStateException("not a number: " + vr);
        };
    }

    /** The first value as an integer; empty if there is none or it is none. A UL above 2^31-1 is empty. */
    public OptionalInt integer(int tag) {
        int[] values = integers(tag, 1);
        return values.length == 0 ? OptionalInt.empty() : OptionalInt.of(values[0]);
    }

    /** The values as integers; an empty array if there are none or one of them is not an integer of 32 bits. */
    public int[] integers(int tag) {
        return integers(tag, Integer.MAX_VALUE);
    }

    private int[] integers(int tag, int limit) {
        double[] values = decimals(tag, limit);
        int[] integers = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            integers[i] = (int) values[i];
            if (integers[i] != values[i]) {
                return new int[0];
            }
        }
        return integers;
    }

    /** The first value as a number; empty if there is none or it is none. */
    public OptionalDouble decimal(int tag) {
        double[] values = decimals(tag, 1);
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
    }

    /** The values as numbers; an empty array if there are none or one of them is not a number. AT counts as none. */
    public double[] decimals(int tag) {
        return decimals(tag, Integer.MAX_VALUE);
    }

    private double[] decimals(int tag, int limit) {
        DicomElement element = find(tag);
        if (element == null || !(element.value() instanceof DicomValue.Bytes value)) {
            return new double[0];
        }
        byte[] bytes = value.bytes();
        VR vr = element.vr();
        if (vr.isText() || vr == VR.UN) {
            List<String> texts = strings(element);
            double[] values = new double[Math.min(limit, texts.size())];
            for (int i = 0; i < values.length; i++) {
                Double parsed = parseDecimal(texts.get(i));
                if (parsed == null) {
                    return new double[0];
                }
                values[i] = parsed;
            }
            return values;
        }
        int width = vr.wordBytes();
        if (vr == VR.AT || vr == VR.SQ || vr == VR.OB) {
            return new double[0];
        }
        double[] values = new double[Math.min(limit, bytes.length / width)];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(vr, bytes, i);
        }
        return values;
    }

    private static double number(VR vr, byte[] bytes, int index) {
        return switch (vr) {
            case US, OW -> (short) SHORT.get(bytes, index * 2) & 0xFFFF;
            case SS -> (short) SHORT.get(bytes, index * 2);
            case UL, OL -> Integer.toUnsignedLong((int) INT.get(bytes, index * 4));
            case SL -> (int) INT.get(bytes, index * 4);
            case UV, OV -> unsigned((long) LONG.get(bytes, index * 8));
            case SV -> (long) LONG.get(bytes, index * 8);
            case FL, OF -> (float) FLOAT.get(bytes, index * 4);
            case FD, OD -> (double) DOUBLE.get(bytes, index * 8);
            default -> throw new IllegalStateException("not a number: " + vr);
        };
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }

    private static @Nullable Double parseDecimal(String text) {
        if (text.isEmpty() || text.length() > 64) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E') {
                return null;
            }
        }
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null; // the answer: not a number
        }
    }

    /** The items of a sequence; empty if the element is absent or not a sequence. */
    public List<DicomDataset> items(int tag) {
        DicomElement element = find(tag);
        return element != null && element.value() instanceof DicomValue.Items value ? value.items() : List.of();
    }

    /** The first value as a person name; null if there is none. */
    public @Nullable PersonName personName(int tag) {
        String value = string(tag);
        return value == null ? null : PersonName.parse(value);
    }

    /**
     * The tag of a private element as this data set numbers it (PS3.5 section 7.8.1).
     *
     * @param creator value of the private creator element
     * @param group odd group number
     * @param element low byte of the element number, 0 to 0xFF
     * @return the tag, or -1, which no element has, if the creator has reserved no block in this data set
     */
    public int privateTag(String creator, int group, int element) {
        for (int block = 0x10; block <= 0xFF; block++) {
            int creatorTag = group << 16 | block;
            if (creator.equals(string(creatorTag))) {
                return group << 16 | block << 8 | element;
            }
        }
        return -1;
    }

    /** The creator of a private element, or null if the element is not private or nobody reserved its block. */
    public @Nullable String privateCreator(int tag) {
        if (!Tag.isPrivate(tag) || Tag.element(tag) < 0x1000) {
            return null;
        }
        return string((tag & 0xFFFF0000) | (Tag.element(tag) >>> 8));
    }

    /** The same data set, its items too, with all text in UTF-8 and Specific Character Set ISO_IR 192. */
    public DicomDataset toUtf8() {
        return recode(this, true);
    }

    private static DicomDataset recode(DicomDataset dataset, boolean declare) {
        DicomElement[] recoded = new DicomElement[dataset.elements.length];
        boolean text = false;
        for (int i = 0; i < recoded.length; i++) {
            DicomElement element = dataset.elements[i];
            recoded[i] = element;
            if (element.value() instanceof DicomValue.Items items) {
                List<DicomDataset> changed = new ArrayList<>(items.items().size());
                for (DicomDataset item : items.items()) {
                    changed.add(recode(item, false));
                }
                recoded[i] = new DicomElement(element.tag(), element.vr(), new DicomValue.Items(changed));
            } else if (element.vr().usesCharacterSet()
                    && element.value() instanceof DicomValue.Bytes value
                    && !isAscii(value.bytes())) {
                String decoded = dataset.characterSet.decode(value.bytes(), element.vr() == VR.PN);
                recoded[i] = new DicomElement(
                        element.tag(),
                        element.vr(),
                        new DicomValue.Bytes(
                                padded(SpecificCharacterSet.ISO_IR_192.encode(decoded, false), element.vr())));
                text = true;
            }
        }
        List<DicomElement> list = new ArrayList<>(Arrays.asList(recoded));
        list.removeIf(element -> element.tag() == Tag.SpecificCharacterSet);
        if (declare || text || dataset.contains(Tag.SpecificCharacterSet)) {
            int at = 0;
            while (at < list.size() && Integer.compareUnsigned(list.get(at).tag(), Tag.SpecificCharacterSet) < 0) {
                at++;
            }
            list.add(
                    at,
                    new DicomElement(
                            Tag.SpecificCharacterSet, VR.CS, new DicomValue.Bytes("ISO_IR 192".getBytes(ISO_8859_1))));
        }
        return new DicomDataset(list.toArray(DicomElement[]::new), SpecificCharacterSet.ISO_IR_192);
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0 || b == 0x1B) {
                return false;
            }
        }
        return true;
    }

    private static byte[] padded(byte[] bytes, VR vr) {
        if (bytes.length % 2 == 0) {
            return bytes;
        }
        byte[] even = Arrays.copyOf(bytes, bytes.length + 1);
        even[bytes.length] = vr.padding();
        return even;
    }

    @Override
    public Iterator<DicomElement> iterator() {
        return Arrays.asList(elements).iterator();
    }

    /** Whether both have the same elements with the same bytes. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DicomDataset that && Arrays.equals(elements, that.elements);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(elements);
    }

    @Override
    public String toString() {
        return "DicomDataset" + Arrays.toString(elements);
    }

    /**
     * Collects elements for a data set. Text is encoded when the data set is built, in its Specific Character Set; text
     * that this set cannot express turns the whole data set to ISO_IR 192. Not thread-safe.
     */
    public static final class Builder {
        // INVARIANT: elements[0..size) ascend by unsigned tag
        private DicomElement[] elements = new DicomElement[8];
        private int size;
        private final TreeMap<Integer, String> texts = new TreeMap<>(Integer::compareUnsigned);
        private final SpecificCharacterSet inherited;

        private Builder(SpecificCharacterSet inherited) {
            this.inherited = inherited;
        }

        /** Puts an element in the place of any of the same tag. */
        public Builder put(DicomElement element) {
            texts.remove(element.tag());
            place(element);
            return this;
        }

        private void place(DicomElement element) {
            int at = indexOf(element.tag());
            if (at >= 0) {
                elements[at] = element;
                return;
            }
            if (size == elements.length) {
                elements = Arrays.copyOf(elements, size * 2);
            }
            int to = -at - 1;
            System.arraycopy(elements, to, elements, to + 1, size - to);
            elements[to] = element;
            size++;
        }

        /** The index of a tag, or -(where it belongs) - 1. */
        private int indexOf(int tag) {
            int low = 0;
            int high = size - 1;
            if (size > 0 && Integer.compareUnsigned(elements[high].tag(), tag) < 0) {
                return -size - 1;
            }
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = Integer.compareUnsigned(elements[middle].tag(), tag);
                if (order == 0) {
                    return middle;
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return -low - 1;
        }

        /**
         * Puts text values; none makes the element empty. Numbers in decimal form are accepted for the binary number
         * representations.
         *
         * @throws IllegalArgumentException if the representation is not one of text or number, or a number is none
         */
        public Builder put(int tag, VR vr, String... values) {
            if (vr.isNumber()) {
                return put(new DicomElement(tag, vr, new DicomValue.Bytes(numbers(vr, values))));
            }
            if (!vr.isText() && vr != VR.UN) {
                throw new IllegalArgumentException("text for " + Tag.format(tag) + " " + vr);
            }
            String text = String.join("\\", values);
            put(new DicomElement(tag, vr, new DicomValue.Bytes(padded(text.getBytes(ISO_8859_1), vr))));
            if (!isPlain(text)) {
                texts.put(tag, text); // encoded when the character set is known
            }
            return this;
        }

        private static boolean isPlain(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) >= 0x80) {
                    return false;
                }
            }
            return true;
        }

        private static byte[] numbers(VR vr, String[] values) {
            int width = vr == VR.AT ? 4 : vr.wordBytes();
            ByteBuffer buffer = ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
            for (String value : values) {
                switch (vr) {
                    case AT -> {
                        int tag = Integer.parseUnsignedInt(value, 16);
                        buffer.putShort((short) (tag >>> 16)).putShort((short) tag);
                    }
                    case US -> buffer.putShort((short) ranged(value, 0, 0xFFFF));
                    case SS -> buffer.putShort((short) ranged(value, Short.MIN_VALUE, Short.MAX_VALUE));
                    case UL -> buffer.putInt((int) ranged(value, 0, 0xFFFFFFFFL));
                    case SL -> buffer.putInt((int) ranged(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
                    case UV -> buffer.putLong(Long.parseUnsignedLong(value));
                    case SV -> buffer.putLong(Long.parseLong(value));
                    case FL -> buffer.putFloat(Float.parseFloat(value));
                    case FD -> buffer.putDouble(Double.parseDouble(value));
                    default -> throw new IllegalArgumentException("not a number representation: " + vr);
                }
            }
            return buffer.array();
        }

        private static long ranged(String value, long low, long high) {
            long number = Long.parseLong(value);
            if (number < low || number > high) {
                throw new IllegalArgumentException("number out of range");
            }
            return number;
        }

        /** Puts integers, binary or in decimal form as the representation asks; AT takes tags. */
        public Builder putInts(int tag, VR vr, int... values) {
            String[] texts = new String[values.length];
            for (int i = 0; i < values.length; i++) {
                texts[i] = vr == VR.AT
                        ? Tag.hex(values[i])
                        : vr == VR.UL ? Integer.toUnsignedString(values[i]) : Integer.toString(values[i]);
            }
            return put(tag, vr, texts);
        }

        /** Puts numbers, binary or in decimal form (at most 16 characters, PS3.5 section 6.2) as asked. */
        public Builder putDecimals(int tag, VR vr, double... values) {
            String[] texts = new String[values.length];
            for (int i = 0; i < values.length; i++) {
                texts[i] = vr == VR.FD || vr == VR.FL ? Double.toString(values[i]) : decimalString(values[i]);
            }
            return put(tag, vr, texts);
        }

        private static String decimalString(double value) {
            if (value == Math.rint(value) && Math.abs(value) < 1e15) {
                return Long.toString((long) value);
            }
            String text = Double.toString(value);
            for (int precision = 15; text.length() > 16 && precision > 0; precision--) {
                text = new java.math.BigDecimal(value)
                        .round(new java.math.MathContext(precision))
                        .stripTrailingZeros()
                        .toString();
            }
            return text;
        }

        /** Puts bytes as they are, padded to even length; little-endian if the representation has words. */
        public Builder putBytes(int tag, VR vr, byte[] bytes) {
            return put(new DicomElement(tag, vr, new DicomValue.Bytes(padded(bytes, vr))));
        }

        /** Puts a sequence. */
        public Builder putItems(int tag, List<DicomDataset> items) {
            return put(new DicomElement(tag, VR.SQ, new DicomValue.Items(items)));
        }

        /** Puts a sequence of the given items. */
        public Builder putItems(int tag, DicomDataset... items) {
            return putItems(tag, List.of(items));
        }

        /** Removes the element of a tag, if there is one. */
        public Builder remove(int tag) {
            texts.remove(tag);
            int at = indexOf(tag);
            if (at >= 0) {
                System.arraycopy(elements, at + 1, elements, at, size - at - 1);
                size--;
            }
            return this;
        }

        /** Whether the tag has been put. */
        public boolean contains(int tag) {
            return indexOf(tag) >= 0;
        }

        /** The data set of the elements put so far; the builder may be used on. */
        public DicomDataset build() {
            SpecificCharacterSet characterSet = characterSet();
            for (String text : texts.values()) {
                if (!characterSet.canEncode(text)) {
                    characterSet = turnToUtf8(characterSet);
                    break;
                }
            }
            for (var entry : texts.entrySet()) {
                VR vr = elements[indexOf(entry.getKey())].vr();
                byte[] bytes = characterSet.encode(entry.getValue(), vr == VR.PN);
                place(new DicomElement(entry.getKey(), vr, new DicomValue.Bytes(padded(bytes, vr))));
            }
            return of(Arrays.copyOf(elements, size), characterSet);
        }

        private SpecificCharacterSet turnToUtf8(SpecificCharacterSet characterSet) {
            Builder encoded = new Builder(characterSet);
            for (int i = 0; i < size; i++) {
                if (!texts.containsKey(elements[i].tag())) {
                    encoded.place(elements[i]);
                }
            }
            DicomDataset before = of(Arrays.copyOf(encoded.elements, encoded.size), characterSet);
            recode(before, true).forEach(this::place);
            return SpecificCharacterSet.ISO_IR_192;
        }

        /** The character set that text is in so far: the one put, or the inherited one. */
        public SpecificCharacterSet characterSet() {
            int at = indexOf(Tag.SpecificCharacterSet);
            return at < 0 ? inherited : inherited.withTerms(strings(elements[at], SpecificCharacterSet.UNDECLARED));
        }

        // INVARIANT: the array is not used by anyone else afterwards
        private static DicomDataset of(DicomElement[] elements, SpecificCharacterSet characterSet) {
            for (int i = 0; i < elements.length; i++) {
                elements[i] = inheriting(elements[i], characterSet);
            }
            return new DicomDataset(elements, characterSet);
        }

        private static DicomElement inheriting(DicomElement element, SpecificCharacterSet characterSet) {
            if (!(element.value() instanceof DicomValue.Items items)) {
                return element;
            }
            boolean same = true;
            for (DicomDataset item : items.items()) {
                same &= item.contains(Tag.SpecificCharacterSet) || item.characterSet.equals(characterSet);
            }
            if (same) {
                return element;
            }
            List<DicomDataset> changed = new ArrayList<>(items.items().size());
            for (DicomDataset item : items.items()) {
                changed.add(
                        item.contains(Tag.SpecificCharacterSet) || item.characterSet.equals(characterSet)
                                ? item
                                : of(item.elements.clone(), characterSet));
            }
            return new DicomElement(element.tag(), element.vr(), new DicomValue.Items(changed));
        }
    }
}
