package org.trefoilhub.connectors.hl7v2;

import java.util.ArrayList;
import java.util.List;

/**
 * One segment. Immutable. Fields, repetitions, components and subcomponents count from 1 as the standard counts them; what
 * is not there is an empty text. The HL7 null ({@code ""}) is kept, see {@link #isNull}.
 */
public final class Segment {

    /** More repetitions of one field than any message has. */
    private static final int REPETITIONS = 10_000;

    private final String name;
    private final String[] fields;
    private final Delimiters delimiters;

    Segment(String line, Delimiters delimiters) {
        this.delimiters = delimiters;
        this.fields = split(line, delimiters.field(), Integer.MAX_VALUE);
        this.name = fields[0];
    }

    /** Splits without dropping empty parts at the end; at most so many parts, the last one taking the rest. */
    private static String[] split(String text, char separator, int limit) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (parts.size() < limit - 1) {
            int next = text.indexOf(separator, from);
            if (next < 0) {
                break;
            }
            parts.add(text.substring(from, next));
            from = next + 1;
        }
        parts.add(text.substring(from));
        return parts.toArray(String[]::new);
    }

    /** Name such as {@code PID}. */
    public String name() {
        return name;
    }

    /** The field as it came, undecoded and with its delimiters. */
    public String raw(int field) {
        // MSH-1 is the separator itself, so that the text behind the first one is MSH-2.
        int index = name.equals("MSH") ? field - 1 : field;
        if (name.equals("MSH") && field == 1) {
            return String.valueOf(delimiters.field());
        }
        return index < 1 || index >= fields.length ? "" : fields[index];
    }

    /** First component of the first repetition. */
    public String value(int field) {
        return value(field, 1);
    }

    /** A component of the first repetition; its first subcomponent when it has several. */
    public String value(int field, int component) {
        return repetition(field, 1).value(component);
    }

    /** A repetition of a field; an empty one when there are not so many. */
    public Repetition repetition(int field, int number) {
        List<Repetition> all = repetitions(field);
        return number <= all.size() ? all.get(number - 1) : new Repetition("");
    }

    /** The repetitions of a field that are not empty. */
    public List<Repetition> repetitions(int field) {
        String raw = raw(field);
        List<Repetition> found = new ArrayList<>();
        for (String part : split(raw, delimiters.repetition(), REPETITIONS)) {
            if (!part.isEmpty()) {
                found.add(new Repetition(part));
            }
        }
        return found;
    }

    /** A whole field as text: its repetitions as lines, delimiters inside it kept, escapes decoded. */
    public String text(int field) {
        return Escapes.decode(raw(field).replace(delimiters.repetition(), '\n'), delimiters);
    }

    /** Whether the field says that the stored value is to be deleted. */
    public boolean isNull(int field) {
        return raw(field).equals("\"\"");
    }

    /** Name only: fields hold patient data. */
    @Override
    public String toString() {
        return "Segment[" + name + "]";
    }

    /** One repetition of a field. */
    public final class Repetition {

        private final String raw;

        Repetition(String raw) {
            this.raw = raw;
        }

        /** A component, decoded and without blanks around it; the HL7 null is an empty text. */
        public String value(int component) {
            return value(component, 1);
        }

        /** A subcomponent, decoded and without blanks around it; the HL7 null is an empty text. */
        public String value(int component, int subcomponent) {
            String found = component(component);
            if (delimiters.subcomponent() != 0) {
                String[] parts = split(found, delimiters.subcomponent(), 1_000);
                found = subcomponent <= parts.length ? parts[subcomponent - 1] : "";
            } else if (subcomponent > 1) {
                found = "";
            }
            return found.equals("\"\"") ? "" : Escapes.decode(found, delimiters).strip();
        }

        private String component(int number) {
            String[] parts = split(raw, delimiters.component(), 1_000);
            return number <= parts.length ? parts[number - 1] : "";
        }

        /** The component undecoded, for values such as base64 that hold no escapes. */
        public String undecoded(int number) {
            return component(number);
        }

        /** The whole repetition as text, delimiters kept, escapes decoded. */
        public String text() {
            return Escapes.decode(raw, delimiters);
        }

        @Override
        public String toString() {
            return "Repetition of " + name;
        }
    }
}
