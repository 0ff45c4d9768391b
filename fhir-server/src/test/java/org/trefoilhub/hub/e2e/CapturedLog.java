package org.trefoilhub.hub.e2e;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What the running hub writes to its log, as it writes it: the same encoder, stack traces included. */
final class CapturedLog implements AutoCloseable {

    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final List<Runnable> detach = new ArrayList<>();

    /** Begins with what is logged from now on, by every logger that has an appender; the hub must have started. */
    CapturedLog() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        for (Logger logger : context.getLoggerList()) {
            List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
            for (Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders(); all.hasNext(); ) {
                appenders.add(all.next());
            }
            for (Appender<ILoggingEvent> appender : appenders) {
                if (appender instanceof OutputStreamAppender<ILoggingEvent> written) {
                    Capture capture = new Capture(Objects.requireNonNull(written.getEncoder()));
                    capture.setContext(context);
                    capture.start();
                    logger.addAppender(capture);
                    detach.add(() -> logger.detachAppender(capture));
                }
            }
        }
        if (detach.isEmpty()) {
            throw new IllegalStateException("nothing writes a log here");
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        detach.forEach(Runnable::run);
    }

    private final class Capture extends AppenderBase<ILoggingEvent> {
        private final Encoder<ILoggingEvent> encoder;

        Capture(Encoder<ILoggingEvent> encoder) {
            this.encoder = encoder;
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
        }
    }
}
