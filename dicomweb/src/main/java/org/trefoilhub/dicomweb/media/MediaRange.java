package org.trefoilhub.dicomweb.media;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * A media type or range with its parameters, RFC 9110 section 8.3.1 and 12.5.1.
 *
 * <p>Tolerated beside the standard: an unquoted parameter value that holds a slash, as in {@code
 * type=application/dicom}, which DICOMweb clients send.
 *
 * @param type lower case, without parameters: {@code type/subtype}
 * @param parameters names in lower case; values as sent, without quotes
 * @param quality 0 to 1
 */
public record MediaRange(String type, Map<String, String> parameters, double quality) {
    private static final int MAX_LENGTH = 8 << 10;

    public MediaRange {
        parameters = Map.copyOf(parameters);
    }

    /** A parameter, or null. */
    public @Nullable String parameter(String name) {
        return parameters.get(name);
    }

    /** Whether this range covers a type, wildcards counted. */
    public boolean covers(String mediaType) {
        return type.equals("*/*")
                || type.equals(mediaType)
                || type.endsWith("/*") && mediaType.startsWith(type.substring(0, type.length() - 1));
    }

    /**
     * Parses a comma-separated list.
     *
     * @throws ArchiveException BAD_REQUEST if it is not one
     */
    public static List<MediaRange> parseList(String header) {
        if (header.length() > MAX_LENGTH) {
            throw malformed();
        }
        List<MediaRange> ranges = new ArrayList<>();
        Scanner scanner = new Scanner(header);
        do {
            scanner.skipSpace();
            if (scanner.atEnd() || scanner.peek() == ',') {
                continue; // empty list elements are allowed
            }
            ranges.add(range(scanner));
        } while (scanner.take(','));
        if (!scanner.atEnd()) {
            throw malformed();
        }
        return ranges;
    }

    /** Parses one media type, as in Content-Type. */
    public static MediaRange parse(String header) {
        List<MediaRange> ranges = parseList(header);
        if (ranges.size() != 1) {
            throw malformed();
        }
        return ranges.get(0);
    }

    private static MediaRange range(Scanner scanner) {
        String type = scanner.token() + require(scanner, '/') + scanner.token();
        Map<String, String> parameters = new LinkedHashMap<>();
        double quality = 1;
        scanner.skipSpace();
        while (scanner.take(';')) {
            scanner.skipSpace();
            if (scanner.atEnd() || scanner.peek() == ';' || scanner.peek() == ',') {
                continue; // an empty parameter is allowed
            }
            String name = scanner.token().toLowerCase(Locale.ROOT);
            require(scanner, '=');
            String value = scanner.value();
            if (name.equals("q")) {
                quality = quality(value);
            } else if (parameters.putIfAbsent(name, value) != null) {
                throw malformed();
            }
            scanner.skipSpace();
        }
        return new MediaRange(type.toLowerCase(Locale.ROOT), parameters, quality);
    }

    private static double quality(String value) {
        if (!value.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?")) {
            throw malformed();
        }
        return Double.parseDouble(value);
    }

    private static String require(Scanner scanner, char c) {
        if (!scanner.take(c)) {
            throw malformed();
        }
        return String.valueOf(c);
    }

    private static ArchiveException malformed() {
        return new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected media types with parameters");
    }

    private static final class Scanner {
        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        boolean atEnd() {
            return at >= text.length();
        }

        char peek() {
            return text.charAt(at);
        }

        void skipSpace() {
            while (!atEnd() && (peek() == ' ' || peek() == '\t')) {
                at++;
            }
        }

        boolean take(char c) {
            if (!atEnd() && peek() == c) {
                at++;
                return true;
            }
            return false;
        }

        String token() {
            int start = at;
            while (!atEnd() && isTokenChar(peek())) {
                at++;
            }
            if (at == start) {
                throw malformed();
            }
            return text.substring(start, at);
        }

        String value() {
            if (take('"')) {
                StringBuilder value = new StringBuilder();
                while (!atEnd() && peek() != '"') {
                    if (peek() == '\\') {
                        at++;
                        if (atEnd()) {
                            throw malformed();
                        }
                    }
                    value.append(peek());
                    at++;
                }
                if (!take('"')) {
                    throw malformed();
                }
                return value.toString();
            }
            int start = at;
            while (!atEnd() && (isTokenChar(peek()) || peek() == '/')) {
                at++;
            }
            if (at == start) {
                throw malformed();
            }
            return text.substring(start, at);
        }

        private static boolean isTokenChar(char c) {
            return c > ' ' && c < 127 && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
        }
    }
}
