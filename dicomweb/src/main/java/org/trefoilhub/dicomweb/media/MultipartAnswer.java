package org.trefoilhub.dicomweb.media;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Writes a {@code multipart/related} answer whose parts are streamed and whose length is known beforehand.
 *
 * <p>Thread-safe.
 */
public final class MultipartAnswer {
    private MultipartAnswer() {}

    /** Opens the bytes of a part. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /**
     * One part.
     *
     * @param contentType with parameters
     * @param location URL of what the part holds
     */
    public record Part(String contentType, String location, long lengthBytes, Source source) {}

    /**
     * Writes the whole answer.
     *
     * @param type media type of the parts, for the {@code type} parameter
     * @param headOnly whether only the headers are wanted
     */
    public static void write(HttpServletResponse response, String type, List<Part> parts, boolean headOnly)
            throws IOException {
        String boundary = "trefoil-" + UUID.randomUUID();
        byte[] closing = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        long length = closing.length;
        boolean first = true;
        for (Part part : parts) {
            length += header(boundary, part, first).length + part.lengthBytes();
            first = false;
        }
        response.setContentType("multipart/related; type=\"" + type + "\"; boundary=" + boundary);
        response.setContentLengthLong(length);
        if (headOnly) {
            return;
        }
        OutputStream out = response.getOutputStream();
        first = true;
        for (Part part : parts) {
            out.write(header(boundary, part, first));
            first = false;
            try (InputStream in = part.source().open()) {
                in.transferTo(out);
            }
        }
        out.write(closing);
    }

    private static byte[] header(String boundary, Part part, boolean first) {
        return ((first ? "--" : "\r\n--") + boundary + "\r\nContent-Type: " + part.contentType()
                        + "\r\nContent-Location: " + part.location() + "\r\nContent-Length: " + part.lengthBytes()
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
