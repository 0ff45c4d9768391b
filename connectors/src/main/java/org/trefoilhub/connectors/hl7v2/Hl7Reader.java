package org.trefoilhub.connectors.hl7v2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

/**
 * Bytes to message.
 *
 * <p>Takes CR, LF and CR LF as ends of segments. Time and memory grow with the length of the message alone. Whatever the
 * bytes are, the outcome is a message or an {@link IngestException}.
 */
public final class Hl7Reader {

    /** More segments than any message has. */
    private static final int SEGMENTS = 100_000;

    private Hl7Reader() {}

    /**
     * The header alone, for finding out who sends; read as ASCII, other characters are not to be trusted.
     *
     * @throws IngestException with {@link IngestErrorCode#NOT_HL7} when there is none
     */
    public static Segment header(byte[] bytes) {
        int start = start(bytes);
        int end = start;
        while (end < bytes.length && bytes[end] != '\r' && bytes[end] != '\n') {
            end++;
        }
        String line = new String(bytes, start, Math.min(end - start, 100_000), StandardCharsets.ISO_8859_1);
        if (line.length() < 8 || !line.startsWith("MSH")) {
            throw new IngestException(IngestErrorCode.NOT_HL7, "expected a message to begin with MSH");
        }
        return new Segment(line, Delimiters.of(line));
    }

    private static int start(byte[] bytes) {
        int start = 0;
        boolean mark =
                bytes.length > 2 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        if (mark) {
            start = 3;
        }
        while (start < bytes.length && (bytes[start] == '\r' || bytes[start] == '\n' || bytes[start] == ' ')) {
            start++;
        }
        return start;
    }

    /**
     * Reads one message.
     *
     * @param bytes the message without its frame
     * @param charset name of the source's character set, for messages whose MSH-18 is empty; null = guessed
     * @return the message
     * @throws IngestException with {@link IngestErrorCode#NOT_HL7}, {@link IngestErrorCode#CHARSET}, {@link
     *     IngestErrorCode#TOO_LARGE} or {@link IngestErrorCode#SEVERAL_MESSAGES}
     */
    public static Hl7Message read(byte[] bytes, @Nullable String charset) {
        Segment header = header(bytes);
        String text = Hl7Charset.decode(bytes, header.value(18), charset);
        Delimiters delimiters = Delimiters.of(text.substring(text.indexOf("MSH")));
        List<Segment> segments = new ArrayList<>();
        int from = text.indexOf("MSH");
        while (from < text.length()) {
            int end = from;
            while (end < text.length() && text.charAt(end) != '\r' && text.charAt(end) != '\n') {
                end++;
            }
            if (end > from) {
                add(segments, text.substring(from, end), delimiters);
            }
            from = end + 1;
        }
        return new Hl7Message(segments);
    }

    private static void add(List<Segment> segments, String line, Delimiters delimiters) {
        if (line.isBlank()) {
            return;
        }
        String name = line.length() < 3 ? line : line.substring(0, 3);
        boolean named = name.length() == 3
                && name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
                && (line.length() == 3 || line.charAt(3) == delimiters.field());
        if (!named) {
            throw new IngestException(
                    IngestErrorCode.NOT_HL7,
                    "expected the name of a segment at the beginning of line " + (segments.size() + 1));
        }
        if (name.equals("MSH") && !segments.isEmpty()) {
            throw new IngestException(IngestErrorCode.SEVERAL_MESSAGES, "expected one message in a frame");
        }
        if (segments.size() == SEGMENTS) {
            throw new IngestException(
                    IngestErrorCode.TOO_LARGE, "expected no more than " + SEGMENTS + " segments in a message");
        }
        segments.add(new Segment(line, delimiters));
    }
}
