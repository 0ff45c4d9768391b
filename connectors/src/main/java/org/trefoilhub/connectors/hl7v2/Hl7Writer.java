package org.trefoilhub.connectors.hl7v2;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds a message segment by segment, with the usual delimiters. Not thread-safe.
 *
 * <p>Values are escaped; fields left out are empty.
 */
public final class Hl7Writer {

    private static final DateTimeFormatter TS = DateTimeFormatter.ofPattern("uuuuMMddHHmmssXX", Locale.ROOT);

    private final StringBuilder message = new StringBuilder();

    /** A moment as TS with zone, to the second. */
    public static String timestamp(Instant instant, ZoneId zone) {
        return TS.format(instant.atZone(zone));
    }

    /** Begins a segment; MSH gets its delimiters. */
    public Fields segment(String name) {
        return new Fields(name);
    }

    /** The message, each segment ended by CR. */
    public String text() {
        return message.toString();
    }

    /** The fields of one segment, by number. */
    public final class Fields {

        private final String name;
        private final TreeMap<Integer, String> values = new TreeMap<>();

        private Fields(String name) {
            this.name = name;
        }

        /** Sets a field of components; null and blank ones are empty. */
        public Fields set(int field, @Nullable String... components) {
            StringBuilder value = new StringBuilder();
            for (String component : components) {
                value.append(component == null ? "" : Escapes.encode(component)).append('^');
            }
            int end = value.length();
            while (end > 0 && value.charAt(end - 1) == '^') {
                end--;
            }
            values.put(field, value.substring(0, end));
            return this;
        }

        /** Ends the segment. */
        public Hl7Writer end() {
            boolean header = name.equals("MSH");
            message.append(name);
            int last = values.isEmpty() ? 0 : values.lastKey();
            if (header) {
                message.append("|^~\\&");
            }
            for (int i = header ? 3 : 1; i <= last; i++) {
                message.append('|').append(values.getOrDefault(i, ""));
            }
            message.append('\r');
            return Hl7Writer.this;
        }
    }
}
