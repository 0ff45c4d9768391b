package org.trefoilhub.dicomweb.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;
import org.trefoilhub.dicomweb.error.MultipartException;

/**
 * Reads a multipart body part by part as it arrives, RFC 2046 section 5.1.
 *
 * <p>Holds one buffer of 64 KiB whatever the size of a part. Strict: lines end in CRLF, the closing delimiter is required,
 * and headers, preamble and number of parts are limited. Used by one thread.
 */
public final class MultipartReader {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_PREAMBLE_BYTES = 64 << 10;
    private static final int MAX_PARTS = 100_000;

    private final InputStream in;
    private final byte[] delimiter; // CRLF, two dashes, boundary
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean ended;
    private int parts;
    private @Nullable Body body;
    private Map<String, String> headers = Map.of();

    /**
     * @param in the body; not closed
     * @param boundary as in the Content-Type
     * @throws MultipartException if the boundary is not one
     */
    public MultipartReader(InputStream in, String boundary) throws MultipartException {
        if (!boundary.matches("[0-9A-Za-z'()+_,\\-./:=? ]{0,69}[0-9A-Za-z'()+_,\\-./:=?]")) {
            throw new MultipartException(DicomwebErrorCode.BAD_MULTIPART, "the boundary is not valid");
        }
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        // the first delimiter may stand at the very start: let it find the CRLF that it wants
        buffer[0] = '\r';
        buffer[1] = '\n';
        end = 2;
    }

    /**
     * Goes to the next part, skipping what is left of the one before.
     *
     * @return false after the last part
     */
    public boolean nextPart() throws IOException {
        Body current = body;
        if (current == null) {
            current = new Body();
            body = current;
            long skipped = 0;
            byte[] sink = new byte[8192];
            int read;
            while ((read = current.read(sink, 0, sink.length)) > 0) {
                skipped += read;
                if (skipped > MAX_PREAMBLE_BYTES) {
                    throw malformed("there is no first delimiter");
                }
            }
        } else {
            current.drain();
        }
        start += delimiter.length;
        int a = next();
        int b = next();
        if (a == '-' && b == '-') {
            return false;
        }
        while (a == ' ' || a == '\t') { // padding after the boundary
            a = b;
            b = next();
        }
        if (a != '\r' || b != '\n') {
            throw malformed("a delimiter is followed by something else than the end of its line");
        }
        if (++parts > MAX_PARTS) {
            throw new MultipartException(DicomwebErrorCode.TOO_LARGE, "there are too many parts");
        }
        headers = readHeaders();
        body = new Body();
        return true;
    }

    /** Headers of the part, names in lower case. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Body of the part; ends where the part ends. Need not be read to its end. */
    public InputStream body() {
        Body current = body;
        if (current == null) {
            throw new IllegalStateException("no part yet");
        }
        return current;
    }

    private Map<String, String> readHeaders() throws IOException {
        Map<String, String> result = new LinkedHashMap<>();
        int total = 0;
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = next();
            if (++total > MAX_HEADER_BYTES) {
                throw new MultipartException(DicomwebErrorCode.TOO_LARGE, "the headers of a part are too long");
            }
            if (c != '\r') {
                if (c == '\n' || c == 0) {
                    throw malformed("a header line holds a stray control character");
                }
                line.append((char) c);
                continue;
            }
            if (next() != '\n') {
                throw malformed("a header line does not end in CRLF");
            }
            if (line.isEmpty()) {
                return result;
            }
            int colon = line.indexOf(":");
            if (colon < 1 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                throw malformed("a header line has no name");
            }
            result.put(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
            line.setLength(0);
        }
    }

    private int next() throws IOException {
        if (start == end && !fill()) {
            throw malformed("the body breaks off");
        }
        return buffer[start++] & 0xFF;
    }

    /** Reads more behind what is there; false at the end of the body. */
    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (ended || end == buffer.length) {
            return false;
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            ended = true;
            return false;
        }
        end += read;
        return true;
    }

    private static MultipartException malformed(String message) {
        return new MultipartException(DicomwebErrorCode.BAD_MULTIPART, message);
    }

    /** The bytes up to the next delimiter. */
    private final class Body extends InputStream {
        private boolean done;
        private int safe; // bytes from start that are known to be before the delimiter

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            while (safe == 0) {
                if (done) {
                    return -1;
                }
                look();
            }
            int read = Math.min(count, safe);
            System.arraycopy(buffer, start, bytes, offset, read);
            start += read;
            safe -= read;
            return read;
        }

        /** Finds the delimiter in the buffer, or how far it certainly is not. */
        private void look() throws IOException {
            int found = find();
            if (found >= 0) {
                safe = found - start;
                done = true;
                return;
            }
            int certain = end - start - (delimiter.length - 1);
            if (certain > 0) {
                safe = certain;
                return;
            }
            if (!fill()) {
                throw malformed("the body breaks off before its closing delimiter");
            }
        }

        private int find() {
            int last = end - delimiter.length;
            for (int i = start; i <= last; i++) {
                if (buffer[i] == '\r' && matches(i)) {
                    return i;
                }
            }
            return -1;
        }

        private boolean matches(int at) {
            for (int j = 1; j < delimiter.length; j++) {
                if (buffer[at + j] != delimiter[j]) {
                    return false;
                }
            }
            return true;
        }

        void drain() throws IOException {
            byte[] sink = new byte[8192];
            while (read(sink, 0, sink.length) > 0) {
                // nothing to do with it
            }
        }
    }
}
