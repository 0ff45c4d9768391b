package org.trefoilhub.dicom.json;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.PersonName;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.dict.DataDictionary;
import org.trefoilhub.dicom.encoding.SpecificCharacterSet;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/** Reads data sets from JSON objects (PS3.18 section F.2); nesting is bounded, unknown members are refused. */
final class DatasetJsonReader {

    static final int MAX_DEPTH = 64;
    private static final int LONGEST_DECIMAL = 16;

    /** A number as it was written, since a decimal string keeps its digits. */
    private record NumberText(String text) {}

    private final JsonTokens json;
    private final BulkDataSource bulk;

    DatasetJsonReader(JsonTokens json, BulkDataSource bulk) {
        this.json = json;
        this.bulk = bulk;
    }

    DicomDataset dataset() throws IOException {
        json.expect('{');
        return members(null, SpecificCharacterSet.UNDECLARED, 0);
    }

    /** The rest of an object whose brace, and perhaps first key, have been read. */
    private DicomDataset members(@Nullable String firstKey, SpecificCharacterSet inherited, int depth)
            throws IOException {
        if (depth > MAX_DEPTH) {
            throw new DicomFormatException(ErrorCode.NESTED_TOO_DEEP, "sequences nested deeper than " + MAX_DEPTH);
        }
        DicomDataset.Builder builder = DicomDataset.builder(inherited);
        if (firstKey == null && json.accept('}')) {
            return builder.build();
        }
        String key = firstKey == null ? json.string() : firstKey;
        while (true) {
            json.expect(':');
            int tag = tag(key);
            if (builder.contains(tag)) {
                throw json.bad("element " + Tag.format(tag) + " more than once");
            }
            element(builder, tag, depth);
            if (!json.accept(',')) {
                json.expect('}');
                return builder.build();
            }
            key = json.string();
        }
    }

    private int tag(String key) throws DicomFormatException {
        boolean hex = key.length() == 8;
        for (int i = 0; i < key.length() && hex; i++) {
            hex = key.charAt(i) < 0x80 && Character.digit(key.charAt(i), 16) >= 0;
        }
        if (!hex) {
            throw json.bad("expected a tag of eight hexadecimal digits");
        }
        return Integer.parseUnsignedInt(key, 16);
    }

    private void element(DicomDataset.Builder builder, int tag, int depth) throws IOException {
        json.expect('{');
        VR vr = null;
        List<@Nullable Object> values = null;
        String inline = null;
        String uri = null;
        boolean more = !json.accept('}');
        while (more) {
            String key = json.string();
            json.expect(':');
            switch (key) {
                case "vr" -> {
                    vr = VR.of(json.string());
                    if (vr == null) {
                        throw json.bad("unknown value representation of " + Tag.format(tag));
                    }
                }
                case "Value" -> values = values(builder.characterSet(), depth);
                case "InlineBinary" -> inline = json.string();
                case "BulkDataURI" -> uri = json.string();
                default -> throw json.bad("unexpected member of element " + Tag.format(tag));
            }
            more = json.accept(',');
            if (!more) {
                json.expect('}');
            }
        }
        int forms = (values == null ? 0 : 1) + (inline == null ? 0 : 1) + (uri == null ? 0 : 1);
        if (forms > 1) {
            throw json.bad("more than one form of value for " + Tag.format(tag));
        }
        VR known = vr != null ? vr : DataDictionary.vr(tag);
        if (Tag.element(tag) == 0) {
            return; // group lengths have no meaning here
        }
        if (uri != null) {
            builder.put(new DicomElement(tag, known, bulk.value(uri, tag, known)));
        } else if (inline != null) {
            builder.putBytes(tag, known, decode(inline, tag));
        } else {
            put(builder, tag, known, values == null ? List.of() : values);
        }
    }

    private byte[] decode(String base64, int tag) throws DicomFormatException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            DicomFormatException bad = json.bad("bad base64 for " + Tag.format(tag));
            bad.initCause(e);
            throw bad;
        }
    }

    /** Strings, numbers as their text, nulls, person names and items, whichever they are. */
    private List<@Nullable Object> values(SpecificCharacterSet characterSet, int depth) throws IOException {
        List<@Nullable Object> values = new ArrayList<>(1);
        json.expect('[');
        if (json.accept(']')) {
            return values;
        }
        do {
            switch (json.peek()) {
                case '"' -> values.add(json.string());
                case 'n' -> {
                    json.literal("null");
                    values.add(null);
                }
                case '{' -> values.add(object(characterSet, depth));
                default -> values.add(new NumberText(json.number()));
            }
        } while (json.accept(','));
        json.expect(']');
        return values;
    }

    private Object object(SpecificCharacterSet characterSet, int depth) throws IOException {
        json.expect('{');
        if (json.accept('}')) {
            return DicomDataset.EMPTY;
        }
        String key = json.string();
        if (!isNameGroup(key)) {
            return members(key, characterSet, depth + 1);
        }
        String[] groups = {"", "", ""};
        while (true) {
            json.expect(':');
            String text = "";
            if (json.peek() == 'n') {
                json.literal("null");
            } else {
                text = json.string();
            }
            switch (key) {
                case "Alphabetic" -> groups[0] = text;
                case "Ideographic" -> groups[1] = text;
                case "Phonetic" -> groups[2] = text;
                default -> throw json.bad("unexpected member of a person name");
            }
            if (!json.accept(',')) {
                json.expect('}');
                return new PersonName(groups[0], groups[1], groups[2]);
            }
            key = json.string();
        }
    }

    private static boolean isNameGroup(String key) {
        return key.equals("Alphabetic") || key.equals("Ideographic") || key.equals("Phonetic");
    }

    private void put(DicomDataset.Builder builder, int tag, VR vr, List<@Nullable Object> values) throws IOException {
        if (vr == VR.SQ) {
            List<DicomDataset> items = new ArrayList<>(values.size());
            for (Object value : values) {
                if (value != null && !(value instanceof DicomDataset)) {
                    throw json.bad("expected items for " + Tag.format(tag));
                }
                items.add(value == null ? DicomDataset.EMPTY : (DicomDataset) value);
            }
            builder.putItems(tag, items);
            return;
        }
        if (vr.isBinary()) {
            if (!values.isEmpty()) {
                throw json.bad("expected binary for " + Tag.format(tag));
            }
            builder.put(new DicomElement(tag, vr, new DicomValue.Bytes(new byte[0])));
            return;
        }
        if (values.stream().allMatch(Objects::isNull) && vr.isNumber()) {
            builder.put(new DicomElement(tag, vr, new DicomValue.Bytes(new byte[0])));
            return;
        }
        String[] texts = new String[values.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(values.get(i), tag, vr);
        }
        try {
            builder.put(tag, vr, texts);
        } catch (IllegalArgumentException e) {
            DicomFormatException bad = json.bad("value does not fit " + vr + " of " + Tag.format(tag));
            bad.initCause(e);
            throw bad;
        }
    }

    private String text(@Nullable Object value, int tag, VR vr) throws DicomFormatException {
        if (value == null || value == DicomDataset.EMPTY) {
            return "";
        }
        if (value instanceof PersonName name && vr == VR.PN) {
            return name.toString();
        }
        if (value instanceof String text) {
            return switch (text) {
                case "inf" -> vr == VR.FD || vr == VR.FL ? "Infinity" : text;
                case "-inf" -> vr == VR.FD || vr == VR.FL ? "-Infinity" : text;
                default -> text;
            };
        }
        if (value instanceof NumberText number) {
            return number(number.text(), vr);
        }
        throw json.bad("unexpected object in " + Tag.format(tag));
    }

    private String number(String text, VR vr) throws DicomFormatException {
        if (vr == VR.FL || vr == VR.FD || (vr == VR.DS && text.length() <= LONGEST_DECIMAL)) {
            return text;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            DicomFormatException bad = json.bad("number out of range");
            bad.initCause(e);
            throw bad;
        }
        if (vr == VR.DS) {
            return decimal(number);
        }
        if (Math.abs((long) number.scale()) > 40 || number.precision() > 40) {
            throw json.bad("number out of range");
        }
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        return plain.scale() > 0 ? text : plain.toBigInteger().toString();
    }

    /** At most 16 characters (PS3.5 section 6.2), with as many digits as fit. */
    private static String decimal(BigDecimal number) {
        String text = number.toString();
        for (int digits = LONGEST_DECIMAL; text.length() > LONGEST_DECIMAL && digits > 0; digits--) {
            text = number.round(new MathContext(digits)).toString();
        }
        return text;
    }
}
