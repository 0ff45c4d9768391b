package org.trefoilhub.hub.app;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/**
 * Stack traces for the log that tell where something failed, not on what: the messages of exceptions are left out, but
 * for our own (which hold no patient data by rule) and for failures of the start, when there are no patients yet.
 *
 * <p>A database names the row that it refuses, a parser quotes the value that it cannot read; the log must hold neither.
 */
public final class ScrubbedStackTrace extends ThrowableProxyConverter {

    private static final String OURS = "org.trefoilhub.";
    private static final String START = "org.springframework.boot.";
    /** Causes that lie deeper are not shown; a chain may also be a circle. */
    private static final int MAX_DEPTH = 20;

    /** For logback, which makes one for each place in a pattern. */
    public ScrubbedStackTrace() {}

    @Override
    public String convert(ILoggingEvent event) {
        return event.getLoggerName().startsWith(START) ? super.convert(event) : scrubbed(event.getThrowableProxy());
    }

    private static String scrubbed(@Nullable IThrowableProxy thrown) {
        if (thrown == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        write(text, "", thrown, 0);
        return text.toString();
    }

    private static void write(StringBuilder text, String label, IThrowableProxy thrown, int depth) {
        text.append(label).append(thrown.getClassName());
        if (thrown.getClassName().startsWith(OURS) && thrown.getMessage() != null) {
            text.append(": ").append(thrown.getMessage().replaceAll("\\R", " "));
        }
        text.append(System.lineSeparator());
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        int shown = frames.length - thrown.getCommonFrames();
        for (int i = 0; i < shown; i++) {
            text.append('\t').append(frames[i].getSTEAsString()).append(System.lineSeparator());
        }
        if (depth == MAX_DEPTH) {
            return;
        }
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            write(text, "Suppressed: ", suppressed, depth + 1);
        }
        if (thrown.getCause() != null) {
            write(text, "Caused by: ", thrown.getCause(), depth + 1);
        }
    }
}
