package org.trefoilhub.dicomweb.retrieve;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/** What all retrievals share: validators, ranges, headers. */
final class Retrieval {
    private static final Set<Action> INTENTS =
            Set.of(Action.VIEW, Action.PRINT, Action.DOWNLOAD, Action.EXPORT, Action.SHARE);

    private Retrieval() {}

    /** Opens a part of a representation. */
    @FunctionalInterface
    interface Source {
        InputStream open(long offset, long lengthBytes) throws IOException;
    }

    static ArchiveException notFound() {
        return new ArchiveException(DicomwebErrorCode.NOT_FOUND, "there is no such study, series, instance or frame");
    }

    /**
     * Makes sure that what the request means to do with a study that may be viewed is permitted too.
     *
     * <p>It says so by {@code action=print|download|export|share}, or it is a browser that opens the address as a page of its
     * own (Fetch Metadata: {@code Sec-Fetch-Mode: navigate}, {@code Sec-Fetch-Dest: document}), from where it is printed or
     * kept. Everything else is viewing.
     *
     * @param asPage what opening the address as a page means
     * @throws org.trefoilhub.access.policy.AccessDeniedException if the policy does not permit it
     */
    static void requireIntent(
            ArchiveSession session, HttpServletRequest request, String studyInstanceUid, Action asPage) {
        String named = request.getParameter("action");
        Action intent = Action.VIEW;
        if (named != null) {
            intent = Action.ofCode(named)
                    .filter(INTENTS::contains)
                    .orElseThrow(() -> new ArchiveException(
                            DicomwebErrorCode.BAD_REQUEST,
                            "expected view, print, download, export or share as action"));
        } else if ("navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && "document".equals(request.getHeader("Sec-Fetch-Dest"))) {
            intent = asPage;
        }
        if (intent != Action.VIEW) {
            session.require(intent, studyInstanceUid);
        }
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
        if (response.getHeader("Vary") == null) {
            response.setHeader("Vary", "Accept, Authorization, Cookie");
        }
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
