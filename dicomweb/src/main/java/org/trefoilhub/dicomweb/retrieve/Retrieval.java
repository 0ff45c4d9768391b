package org.trefoilhub.dicomweb.retrieve;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/** What all retrievals share: validators, ranges, headers. */
final class Retrieval {
    private Retrieval() {}

    /** Opens a part of a representation. */
    @FunctionalInterface
    interface Source {
        InputStream open(long offset, long lengthBytes) throws IOException;
    }

    static ArchiveException notFound() {
        return new ArchiveException(DicomwebErrorCode.NOT_FOUND, "there is no such study, series, instance or frame");
    }

    static boolean isHead(HttpServletRequest request) {
        return request.getMethod().equals("HEAD");
    }

    /**
     * Sets the validators and tells whether the client has the representation already (then 304 is set).
     *
     * @param entityTag strong, without quotes
     */
    static boolean notModified(HttpServletRequest request, HttpServletResponse response, String entityTag) {
        String quoted = '"' + entityTag + '"';
        response.setHeader("ETag", quoted);
        // what a user may see can change with the next policy: ask again each time, and never share
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        String known = request.getHeader("If-None-Match");
        if (known == null) {
            return false;
        }
        for (String one : known.split(",")) {
            String candidate = one.strip();
            if (candidate.equals("*") || candidate.replaceFirst("^W/", "").equals(quoted)) {
                response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                return true;
            }
        }
        return false;
    }

    /** Writes a single part, in whole or the range asked for. */
    static void write(
            HttpServletRequest request,
            HttpServletResponse response,
            String contentType,
            long lengthBytes,
            Source source)
            throws IOException {
        response.setContentType(contentType);
        response.setHeader("Accept-Ranges", "bytes");
        String condition = request.getHeader("If-Range");
        boolean whole = condition != null && !condition.equals(response.getHeader("ETag"));
        ByteRange part =
                whole ? ByteRange.whole(lengthBytes) : ByteRange.parse(request.getHeader("Range"), lengthBytes);
        if (part.isUnsatisfiable()) {
            response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
            response.setHeader("Content-Range", "bytes */" + lengthBytes);
            return;
        }
        // a range that happens to be the whole is still answered as the range that was asked for
        if (part.isPart(lengthBytes) || !whole && isRange(request)) {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader(
                    "Content-Range",
                    "bytes " + part.offset() + "-" + (part.offset() + part.length() - 1) + "/" + lengthBytes);
        }
        response.setContentLengthLong(part.length());
        if (!isHead(request)) {
            try (InputStream in = source.open(part.offset(), part.length())) {
                in.transferTo(response.getOutputStream());
            }
        }
    }

    private static boolean isRange(HttpServletRequest request) {
        String header = request.getHeader("Range");
        return header != null && header.matches("bytes=\\s*(\\d+-\\d*|-\\d+)\\s*");
    }
}
