package org.trefoilhub.hub.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

class ScrubbedStackTraceTest {

    @Test
    void shouldTellWhereButNotOnWhat() {
        IllegalStateException thrown = new IllegalStateException("row (李雷)", new IOException("reading P0001"));
        thrown.addSuppressed(new IOException("closing P0001"));
        assertThat(text("org.hibernate.Session", thrown))
                .contains("java.lang.IllegalStateException")
                .contains("Caused by: java.io.IOException")
                .contains("Suppressed: java.io.IOException")
                .contains("at " + ScrubbedStackTraceTest.class.getName() + ".shouldTellWhereButNotOnWhat")
                .doesNotContain("李雷", "P0001");
    }

    @Test
    void shouldKeepOurOwnMessagesAndThoseOfTheStart() {
        ArchiveException ours = new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected a UID");
        assertThat(text("org.trefoilhub.x", ours)).contains("ArchiveException: expected a UID");
        assertThat(text("org.springframework.boot.SpringApplication", new IllegalStateException("no port")))
                .contains("no port");
    }

    @Test
    void shouldWriteNothingWithoutAnException() {
        assertThat(text("org.trefoilhub.x", null)).isEmpty();
    }

    private static String text(String logger, Throwable thrown) {
        ScrubbedStackTrace scrubbed = new ScrubbedStackTrace();
        LoggerContext context = new LoggerContext();
        scrubbed.setContext(context);
        scrubbed.start();
        return scrubbed.convert(new LoggingEvent("x", context.getLogger(logger), Level.ERROR, "m", thrown, null));
    }
}
