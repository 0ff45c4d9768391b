package org.trefoilhub.connectors.hl7v2;

import org.jspecify.annotations.Nullable;

/**
 * Escape sequences in both directions.
 *
 * <p>Spec: HL7 v2.5.1 sections 2.7.1 to 2.7.6. A sequence that is not known stays as it came, so that nothing is lost.
 */
final class Escapes {

    /** A sequence is short; what runs longer is a stray escape character. */
    private static final int LONGEST = 400;

    private Escapes() {}

    static String decode(String text, Delimiters delimiters) {
        char escape = delimiters.escape();
        if (escape == 0 || text.indexOf(escape) < 0) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length());
        int from = 0;
        while (from < text.length()) {
            int begin = text.indexOf(escape, from);
            int end = begin < 0 ? -1 : text.indexOf(escape, begin + 1);
            if (end < 0 || end - begin > LONGEST) {
                if (begin < 0 || end < 0) {
                    decoded.append(text, from, text.length());
                    break;
                }
                decoded.append(text, from, begin + 1);
                from = begin + 1;
                continue;
            }
            decoded.append(text, from, begin);
            String meaning = meaning(text.substring(begin + 1, end), delimiters);
            if (meaning == null) {
                decoded.append(text, begin, end);
                from = end;
                if (end == text.length() - 1) {
                    decoded.append(escape);
                    from = text.length();
                } else if (text.indexOf(escape, end + 1) < 0) {
                    decoded.append(text, end, text.length());
                    from = text.length();
                }
            } else {
                decoded.append(meaning);
                from = end + 1;
            }
        }
        return decoded.toString();
    }

    private static @Nullable String meaning(String sequence, Delimiters delimiters) {
        switch (sequence) {
            case "F":
                return String.valueOf(delimiters.field());
            case "S":
                return String.valueOf(delimiters.component());
            case "R":
                return String.valueOf(delimiters.repetition());
            case "E":
                return String.valueOf(delimiters.escape());
            case "T":
                return delimiters.subcomponent() == 0 ? "&" : String.valueOf(delimiters.subcomponent());
            case "H", "N", ".fi", ".nf":
                return "";
            case ".br", ".ce":
                return "\n";
            default:
                break;
        }
        if (sequence.startsWith(".sp")
                || sequence.startsWith(".in")
                || sequence.startsWith(".ti")
                || sequence.startsWith(".sk")) {
            return sequence.startsWith(".sp") ? "\n" : " ";
        }
        return sequence.startsWith("X") ? hexadecimal(sequence.substring(1)) : null;
    }

    private static @Nullable String hexadecimal(String digits) {
        if (digits.isEmpty() || digits.length() % 2 != 0 || !digits.matches("[0-9A-Fa-f]+")) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digits.length(); i += 2) {
            int value = Integer.parseInt(digits.substring(i, i + 2), 16);
            // Bytes of other character sets cannot be told here: only control characters and ASCII are taken.
            if (value > 0x7E) {
                return null;
            }
            text.append(value == 0x0D ? '\n' : (char) value);
        }
        return text.toString();
    }

    /** Text as a component: delimiters escaped, line ends as {@code \.br\}, other control characters left out. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '|' -> encoded.append("\\F\\");
                case '^' -> encoded.append("\\S\\");
                case '~' -> encoded.append("\\R\\");
                case '\\' -> encoded.append("\\E\\");
                case '&' -> encoded.append("\\T\\");
                case '\n' -> encoded.append("\\.br\\");
                case '\r' -> {
                    if (i + 1 == text.length() || text.charAt(i + 1) != '\n') {
                        encoded.append("\\.br\\");
                    }
                }
                default -> {
                    if (c >= ' ' || c == '\t') {
                        encoded.append(c);
                    }
                }
            }
        }
        return encoded.toString();
    }
}
