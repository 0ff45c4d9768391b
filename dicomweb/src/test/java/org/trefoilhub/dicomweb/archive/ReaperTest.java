package org.trefoilhub.dicomweb.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.dicomweb.archive.blob.Blob;
import org.trefoilhub.dicomweb.archive.blob.BlobId;
import org.trefoilhub.dicomweb.archive.blob.BlobStore;
import org.trefoilhub.dicomweb.archive.blob.FileSystemBlobStore;
import org.trefoilhub.dicomweb.archive.blob.Spool;
import org.trefoilhub.dicomweb.archive.index.Committed;
import org.trefoilhub.dicomweb.archive.index.IndexEntry;
import org.trefoilhub.dicomweb.archive.index.IndexMigration;
import org.trefoilhub.dicomweb.archive.index.MetadataChunk;
import org.trefoilhub.dicomweb.archive.index.StudyIndex;
import org.trefoilhub.dicomweb.fixture.FakePatients;
import org.trefoilhub.dicomweb.fixture.TestObjects;

class ReaperTest {
    private static final Duration GRACE = Duration.ofHours(6);
    private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
    private static final Instant AT_THE_LIMIT = NOW.minus(GRACE);
    private static final Instant TOO_OLD = AT_THE_LIMIT.minusMillis(1);

    @TempDir
    Path root;

    private final SettableClock clock = new SettableClock();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Reaper.class);
    private JdbcConnectionPool database;
    private BlobStore blobs;
    private StudyIndex index;

    @BeforeEach
    void open() throws IOException {
        database = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
        IndexMigration.flyway(database, ZoneOffset.UTC).migrate();
        index = new StudyIndex(
                database, new DataSourceTransactionManager(database), clock, ZoneOffset.UTC, new FakePatients());
        blobs = new FileSystemBlobStore(root);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        database.dispose();
    }

    @Test
    void shouldSweepAnIngestThatWasNeverCommittedOnceItIsTooOld() throws IOException {
        BlobId old = begunWithBlob(TOO_OLD);
        BlobId young = begunWithBlob(AT_THE_LIMIT);
        BlobId oldWithoutBlob = blobs.newId();
        clock.instant = TOO_OLD;
        long watermark = index.begin(oldWithoutBlob);

        assertThat(sweep()).isEqualTo(new Reaper.Swept(0, 2, 0));

        assertThat(file(old)).doesNotExist();
        assertThat(file(young)).exists();
        assertThat(index.referenced(Set.of(old, young, oldWithoutBlob))).containsExactly(young);
        assertThat(log.list).allMatch(event -> event.getLevel() == Level.WARN).hasSize(2);
        assertThat(log.list.get(0).getFormattedMessage()).endsWith("that was never committed, with its blob");
        assertThat(log.list.get(1).getFormattedMessage())
                .isEqualTo("swept ingest " + watermark + " that was never committed");
        assertThat(sweep()).isEqualTo(new Reaper.Swept(0, 0, 0));
    }

    @Test
    void shouldSweepABlobThatNothingRefersToOnceItIsTooOld() throws IOException {
        BlobId old = blob(TOO_OLD).id();
        BlobId young = blob(AT_THE_LIMIT).id();

        assertThat(sweep()).isEqualTo(new Reaper.Swept(0, 0, 1));

        assertThat(file(old)).doesNotExist();
        assertThat(file(young)).exists();
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("swept blob " + old + " that nothing refers to");
    }

    @Test
    void shouldKeepOldBlobsThatAnythingRefersTo() throws IOException {
        clock.instant = TOO_OLD;
        Blob visible = blob(TOO_OLD);
        assertThat(index.commit(index.begin(visible.id()), entry("2.25.1"), visible))
                .isEqualTo(Committed.VISIBLE);
        Blob deleted = blob(TOO_OLD);
        assertThat(index.commit(index.begin(deleted.id()), entry("2.25.2"), deleted))
                .isEqualTo(Committed.VISIBLE);
        assertThat(index.delete("2.25.2.1", null, null, new AccessScope.All(), "test"))
                .isEqualTo(1);
        Blob quarantined = blob(TOO_OLD);
        index.quarantine(
                index.begin(quarantined.id()), quarantined, "TREFOIL-DWB-0013", "a reason", null, "2.25.3", "test");
        clock.instant = AT_THE_LIMIT;
        Blob pending = blob(TOO_OLD); // its file is old, its ingest is not
        long watermark = index.begin(pending.id());

        assertThat(sweep()).isEqualTo(new Reaper.Swept(0, 0, 0));

        for (Blob blob : new Blob[] {visible, deleted, quarantined, pending}) {
            assertThat(file(blob.id())).exists();
        }
        assertThat(index.commit(watermark, entry("2.25.4"), pending)).isEqualTo(Committed.VISIBLE);
        assertThat(log.list).isEmpty();
    }

    @Test
    void shouldSweepSpoolsOfUploadsThatBrokeOff() throws IOException {
        Spool old = spool(TOO_OLD);
        Spool young = spool(AT_THE_LIMIT);

        assertThat(sweep()).isEqualTo(new Reaper.Swept(1, 0, 0));

        assertThat(old.file()).doesNotExist();
        assertThat(young.file()).exists();
        assertThat(log.list).hasSize(1);
    }

    @Test
    void shouldSweepMoreThanOneBatch() throws IOException {
        Path folder = file(blob(TOO_OLD).id()).getParent();
        String start = folder.getFileName().toString();
        for (int i = 0; i < 1001; i++) {
            Path orphan = folder.resolve(start + String.format("%029d", i) + ".dcm");
            Files.setLastModifiedTime(Files.createFile(orphan), FileTime.from(TOO_OLD));
        }
        assertThat(sweep()).isEqualTo(new Reaper.Swept(0, 0, 1002));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldSweepByItselfWhileItRuns() throws IOException {
        BlobId old = begunWithBlob(TOO_OLD);
        clock.instant = NOW;
        Reaper reaper = new Reaper(blobs, index, clock, GRACE, Duration.ofMillis(20));
        reaper.start();
        try {
            assertThat(reaper.isRunning()).isTrue();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> index.referenced(Set.of(old)).isEmpty() && !Files.exists(file(old)));
        } finally {
            reaper.stop();
        }
        assertThat(reaper.isRunning()).isFalse();
    }

    private Reaper.Swept sweep() throws IOException {
        clock.instant = NOW;
        return new Reaper(blobs, index, clock, GRACE, Duration.ofMinutes(10)).sweep();
    }

    /** A store that was killed between its blob and its commit. */
    private BlobId begunWithBlob(Instant instant) throws IOException {
        Blob blob = blob(instant);
        clock.instant = instant;
        assertThat(index.begin(blob.id())).isPositive();
        return blob.id();
    }

    private Blob blob(Instant modified) throws IOException {
        try (Spool spool = spool(modified)) {
            return blobs.put(blobs.newId(), spool);
        }
    }

    private Spool spool(Instant modified) throws IOException {
        Spool spool = blobs.spool();
        try (OutputStream out = spool.out()) {
            out.write(1);
        }
        Files.setLastModifiedTime(spool.file(), FileTime.from(modified));
        return spool;
    }

    private Path file(BlobId id) {
        return root.resolve("blobs").resolve(id.value().substring(0, 3)).resolve(id.value() + ".dcm");
    }

    private static IndexEntry entry(String uid) {
        return new IndexEntry(
                TestObjects.ct(uid + ".1", uid + ".2", uid, 1).build(),
                uid + ".1",
                uid + ".2",
                uid,
                TestObjects.CT_IMAGE_STORAGE,
                "1.2.840.10008.1.2.1",
                1,
                new byte[] {1},
                MetadataChunk.of("{}".getBytes(StandardCharsets.UTF_8)),
                "http://localhost:8080/dicom-web",
                "test");
    }

    private static final class SettableClock extends Clock {
        private volatile Instant instant = NOW;

        @Override
        public Instant instant() {
            return instant;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("nobody asks for a zone");
        }
    }
}
