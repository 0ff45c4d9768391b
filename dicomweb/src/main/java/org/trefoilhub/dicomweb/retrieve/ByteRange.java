package org.trefoilhub.dicomweb.retrieve;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a resource in bytes (RFC 9110 section 14).
 *
 * @param offset first byte, or -1 if the range that was asked for lies outside
 * @param length bytes
 */
record ByteRange(long offset, long length) {

    private static final Pattern SINGLE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

    static ByteRange whole(long total) {
        return new ByteRange(0, total);
    }

    /**
     * Reads a Range header. What is not one single range of bytes does not count: the whole is sent, as the RFC allows.
     */
    static ByteRange parse(@Nullable String header, long total) {
        Matcher matcher = header == null ? null : SINGLE.matcher(header);
        if (matcher == null || !matcher.matches()) {
            return whole(total);
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            if (last.isEmpty()) {
                return whole(total);
            }
            long suffix = Math.min(total, Long.parseLong(last));
            return suffix == 0 ? new ByteRange(-1, 0) : new ByteRange(total - suffix, suffix);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? total - 1 : Math.min(total - 1, Long.parseLong(last));
        if (!last.isEmpty() && Long.parseLong(last) < from) {
            return whole(total);
        }
        return from >= total ? new ByteRange(-1, 0) : new ByteRange(from, to - from + 1);
    }

    boolean isUnsatisfiable() {
        return offset < 0;
    }

    boolean isPart(long total) {
        return length != total;
    }
}
