package org.trefoilhub.dicom.json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.PersonName;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;

/** Writes one data set, nested ones included, as a JSON object (PS3.18 section F.2). */
final class DatasetJsonWriter {

    private static final long LARGEST_EXACT = 1L << 53;

    private final Utf8Json json;
    private final BulkDataUri bulk;
    // Tag, item number, tag, item number ... of the sequences around the present element.
    private int[] path = new int[16];
    private int depth;

    DatasetJsonWriter(Utf8Json json, BulkDataUri bulk) {
        this.json = json;
        this.bulk = bulk;
    }

    void write(DicomDataset dataset) throws IOException {
        json.octet('{');
        boolean any = false;
        boolean declare = depth == 0 && !dataset.contains(Tag.SpecificCharacterSet) && hasForeignText(dataset);
        for (DicomElement element : dataset) {
            if (Tag.element(element.tag()) == 0) {
                continue;
            }
            if (declare && Integer.compareUnsigned(element.tag(), Tag.SpecificCharacterSet) > 0) {
                any = comma(any);
                characterSet();
                declare = false;
            }
            any = comma(any);
            if (element.tag() == Tag.SpecificCharacterSet) {
                characterSet();
            } else {
                element(dataset, element);
            }
        }
        json.octet('}');
    }

    private boolean comma(boolean any) throws IOException {
        if (any) {
            json.octet(',');
        }
        return true;
    }

    private void characterSet() throws IOException {
        json.raw("\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]}");
    }

    private static boolean hasForeignText(DicomDataset dataset) {
        for (DicomElement element : dataset) {
            if (element.vr().usesCharacterSet()
                    && element.value() instanceof DicomValue.Bytes value
                    && !isAscii(value.bytes())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0 || b == 0x1B) {
                return false;
            }
        }
        return true;
    }

    private void element(DicomDataset dataset, DicomElement element) throws IOException {
        json.tag(element.tag());
        json.raw(":{\"vr\":\"");
        VR vr = element.value() instanceof DicomValue.Items ? VR.SQ : element.vr();
        json.raw(vr.name());
        json.octet('"');
        if (element.value().isEmpty()) {
            json.octet('}');
            return;
        }
        if (element.value() instanceof DicomValue.Items value) {
            items(element.tag(), value.items());
        } else if (element.value() instanceof DicomValue.Bytes value && !vr.isBinary()) {
            values(dataset, element, value.bytes());
        } else {
            binary(element);
        }
        json.octet('}');
    }

    private void items(int tag, List<DicomDataset> items) throws IOException {
        json.raw(",\"Value\":[");
        if (depth + 2 > path.length) {
            path = java.util.Arrays.copyOf(path, path.length * 2);
        }
        path[depth] = tag;
        depth += 2;
        for (int i = 0; i < items.size(); i++) {
            path[depth - 1] = i + 1;
            comma(i > 0);
            write(items.get(i));
        }
        depth -= 2;
        json.octet(']');
    }

    private void binary(DicomElement element) throws IOException {
        String uri = bulk.uri(path(element.tag()), element);
        if (uri != null) {
            json.raw(",\"BulkDataURI\":");
            json.string(uri);
        } else if (element.value() instanceof DicomValue.Bytes value) {
            json.raw(",\"InlineBinary\":");
            json.base64(value.bytes());
        }
    }

    private String path(int tag) {
        if (depth == 0) {
            return Tag.hex(tag);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i += 2) {
            text.append(Tag.hex(path[i])).append('/').append(path[i + 1]).append('/');
        }
        return text.append(Tag.hex(tag)).toString();
    }

    private void values(DicomDataset dataset, DicomElement element, byte[] bytes) throws IOException {
        VR vr = element.vr();
        if (vr.isNumber()) {
            numbers(vr, bytes);
        } else if (vr == VR.PN) {
            personNames(dataset.strings(element));
        } else if (isAscii(bytes)) {
            asciiValues(vr, bytes);
        } else {
            List<String> values = dataset.strings(element);
            if (values.isEmpty()) {
                return;
            }
            json.raw(",\"Value\":[");
            for (int i = 0; i < values.size(); i++) {
                comma(i > 0);
                if (values.get(i).isEmpty()) {
                    json.raw("null");
                } else {
                    json.string(values.get(i));
                }
            }
            json.octet(']');
        }
    }

    /** Text values straight from their bytes, without making strings of them. */
    private void asciiValues(VR vr, byte[] bytes) throws IOException {
        int end = bytes.length;
        while (end > 0 && isPadding(bytes[end - 1])) {
            end--;
        }
        if (end == 0 || onlyPaddingBefore(bytes, end, vr)) {
            return;
        }
        json.raw(",\"Value\":[");
        int start = 0;
        for (int i = 0; i <= end; i++) {
            if (i < end && (bytes[i] != '\\' || !vr.isMultiValued())) {
                continue;
            }
            comma(start > 0);
            int from = start;
            int to = i;
            while (to > from && isPadding(bytes[to - 1])) {
                to--;
            }
            if (vr.isMultiValued() && vr != VR.UC) {
                while (from < to && isPadding(bytes[from])) {
                    from++;
                }
            }
            if (from == to) {
                json.raw("null");
            } else if ((vr == VR.DS || vr == VR.IS) && isNumber(bytes, from, to)) {
                json.rawBytes(bytes, bytes[from] == '+' ? from + 1 : from, to);
            } else if (vr == VR.DS || vr == VR.IS) {
                looseNumber(bytes, from, to);
            } else {
                json.asciiString(bytes, from, to);
            }
            start = i + 1;
        }
        json.octet(']');
    }

    private static boolean onlyPaddingBefore(byte[] bytes, int end, VR vr) {
        if (!vr.isMultiValued()) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            if (!isPadding(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPadding(byte b) {
        return b == ' ' || b == 0;
    }

    /** Whether the text, without a leading plus, is a number as JSON writes them. */
    private static boolean isNumber(byte[] bytes, int from, int to) {
        int i = from;
        if (bytes[i] == '-' || bytes[i] == '+') {
            i++;
        }
        int digits = i;
        while (i < to && isDigit(bytes[i])) {
            i++;
        }
        if (i == digits || (bytes[digits] == '0' && i - digits > 1)) {
            return false;
        }
        if (i < to && bytes[i] == '.') {
            int fraction = ++i;
            while (i < to && isDigit(bytes[i])) {
                i++;
            }
            if (i == fraction) {
                return false;
            }
        }
        if (i < to && (bytes[i] == 'e' || bytes[i] == 'E')) {
            i++;
            if (i < to && (bytes[i] == '-' || bytes[i] == '+')) {
                i++;
            }
            int exponent = i;
            while (i < to && isDigit(bytes[i])) {
                i++;
            }
            if (i == exponent) {
                return false;
            }
        }
        return i == to;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** A decimal that JSON writes otherwise, such as {@code .5} or {@code 007}; text if it is none. */
    private void looseNumber(byte[] bytes, int from, int to) throws IOException {
        String text = new String(bytes, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (to - from <= 32 && text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?")) {
            json.raw(new java.math.BigDecimal(text).toString());
        } else {
            json.asciiString(bytes, from, to);
        }
    }

    private void personNames(List<String> names) throws IOException {
        if (names.stream().allMatch(name -> PersonName.parse(name).isEmpty())) {
            return;
        }
        json.raw(",\"Value\":[");
        for (int i = 0; i < names.size(); i++) {
            comma(i > 0);
            PersonName name = PersonName.parse(names.get(i));
            if (name.isEmpty()) {
                json.raw("null");
                continue;
            }
            json.octet('{');
            boolean any = group(false, "\"Alphabetic\":", name.alphabetic());
            any = group(any, "\"Ideographic\":", name.ideographic());
            group(any, "\"Phonetic\":", name.phonetic());
            json.octet('}');
        }
        json.octet(']');
    }

    private boolean group(boolean any, String key, String text) throws IOException {
        if (text.isEmpty()) {
            return any;
        }
        comma(any);
        json.raw(key);
        json.string(text);
        return true;
    }

    private void numbers(VR vr, byte[] bytes) throws IOException {
        int width = vr == VR.AT ? 4 : vr.wordBytes();
        int count = bytes.length / width;
        if (count == 0) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        json.raw(",\"Value\":[");
        for (int i = 0; i < count; i++) {
            comma(i > 0);
            switch (vr) {
                case AT -> json.tag((buffer.getShort() & 0xFFFF) << 16 | buffer.getShort() & 0xFFFF);
                case US -> json.number(buffer.getShort() & 0xFFFF);
                case SS -> json.number(buffer.getShort());
                case UL -> json.number(buffer.getInt() & 0xFFFFFFFFL);
                case SL -> json.number(buffer.getInt());
                case SV -> large(buffer.getLong());
                case UV -> unsigned(buffer.getLong());
                case FL -> {
                    float value = buffer.getFloat();
                    real(value, Float.toString(value));
                }
                case FD -> {
                    double value = buffer.getDouble();
                    real(value, Double.toString(value));
                }
                default -> throw new IllegalStateException("not a number: " + vr);
            }
        }
        json.octet(']');
    }

    private void large(long value) throws IOException {
        boolean exact = value >= -LARGEST_EXACT && value <= LARGEST_EXACT;
        json.raw(exact ? Long.toString(value) : '"' + Long.toString(value) + '"');
    }

    private void unsigned(long value) throws IOException {
        boolean exact = value >= 0 && value <= LARGEST_EXACT;
        json.raw(exact ? Long.toString(value) : '"' + Long.toUnsignedString(value) + '"');
    }

    private void real(double value, String text) throws IOException {
        if (Double.isNaN(value)) {
            json.raw("\"NaN\"");
        } else if (Double.isInfinite(value)) {
            json.raw(value > 0 ? "\"inf\"" : "\"-inf\"");
        } else {
            json.raw(text);
        }
    }
}
