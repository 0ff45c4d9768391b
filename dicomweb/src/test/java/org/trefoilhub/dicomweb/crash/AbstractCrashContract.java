package org.trefoilhub.dicomweb.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.archive.ChangeFeed;
import org.trefoilhub.dicomweb.archive.FeedEntry;
import org.trefoilhub.dicomweb.archive.QidoQuery;
import org.trefoilhub.dicomweb.archive.QueryLevel;
import org.trefoilhub.dicomweb.archive.StoredInstance;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;
import org.trefoilhub.dicomweb.fixture.DicomwebClient;
import org.trefoilhub.dicomweb.fixture.TestObjects;

/**
 * Kills the archive's process again and again while it stores: every object that it acknowledged is there afterwards, byte
 * for byte, nothing else is half there, and the feed has no gap.
 */
abstract class AbstractCrashContract {
    private static final Logger LOG = LoggerFactory.getLogger(AbstractCrashContract.class);
    private static final int KILLS = Integer.getInteger("trefoil.crash.kills", 20);
    private static final int STORM_THREADS = 3;

    @TempDir
    Path folder;

    private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger counter = new AtomicInteger();

    protected abstract String jdbcUrl(Path folder);

    protected abstract String user();

    @Test
    void shouldKeepEveryAcknowledgedInstanceThroughTwentyKills() throws Exception {
        Random random = new Random(20);
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = startChild();
            try {
                int port = awaitStart(child);
                int before = acknowledged.size();
                AtomicBoolean running = new AtomicBoolean(true);
                List<Thread> storm = new ArrayList<>();
                for (int t = 0; t < STORM_THREADS; t++) {
                    Thread thread = new Thread(() -> store(port, running), "storm-" + t);
                    thread.start();
                    storm.add(thread);
                }
                awaitAcknowledgements(before + STORM_THREADS);
                Thread.sleep(random.nextInt(300));
                child.destroyForcibly(); // SIGKILL
                assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
                running.set(false);
                for (Thread thread : storm) {
                    thread.join(TimeUnit.SECONDS.toMillis(70));
                }
                LOG.info("kill {}: {} acknowledged", kill + 1, acknowledged.size() - before);
            } finally {
                child.destroyForcibly();
            }
        }
        assertThat(acknowledged).as("the storm must have stored something").hasSizeGreaterThan(KILLS);
        check();
    }

    /** The first answers of a cold process take their time: a kill before them would prove little. */
    private void awaitAcknowledgements(int wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (acknowledged.size() < wanted && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
    }

    private void store(int port, AtomicBoolean running) {
        DicomwebClient client = new DicomwebClient("http://127.0.0.1:" + port + "/dicom-web", "conformance");
        while (running.get()) {
            int n = counter.incrementAndGet();
            String instance = "2.25.3" + n;
            byte[] file = TestObjects.file(TestObjects.ct("2.25.1" + n % 7, "2.25.2" + n % 21, instance, n)
                    .build());
            try {
                HttpResponse<byte[]> response = client.store("/studies", file);
                if (response.statusCode() == 200) {
                    acknowledged.put(instance, file);
                }
            } catch (IOException e) {
                return; // the process is gone: this object was not acknowledged
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void check() throws IOException {
        try (ArchiveServer server = ArchiveServer.start(
                jdbcUrl(folder), user(), folder.resolve("blobs"), 0, -1, Map.of("trefoil.archive.grace", "1ms"))) {
            ArchiveSession session =
                    server.bean(Archive.class).as(Subject.device("conformance", Clearance.N), Door.DICOMWEB_WADO);
            for (Map.Entry<String, byte[]> entry : acknowledged.entrySet()) {
                int n = Integer.parseInt(entry.getKey().substring("2.25.3".length()));
                StoredInstance instance = session.instance("2.25.1" + n % 7, "2.25.2" + n % 21, entry.getKey())
                        .orElseThrow(() -> new AssertionError("acknowledged and lost: " + entry.getKey()));
                assertThat(instance.openObject().readAllBytes()).isEqualTo(entry.getValue());
            }
            // everything visible is whole, whether it was acknowledged or not
            int visible = 0;
            for (int study = 0; study < 7; study++) {
                for (StoredInstance instance : session.instances("2.25.1" + study, null)) {
                    int n = Integer.parseInt(instance.sopInstanceUid().substring("2.25.3".length()));
                    byte[] expected = TestObjects.file(
                            TestObjects.ct("2.25.1" + n % 7, "2.25.2" + n % 21, instance.sopInstanceUid(), n)
                                    .build());
                    assertThat(instance.openObject().readAllBytes()).isEqualTo(expected);
                    visible++;
                }
                int counted = session
                        .search(
                                QueryLevel.STUDY,
                                new QidoQuery(
                                        List.of(new QidoQuery.Match(List.of(Tag.StudyInstanceUID), "2.25.1" + study)),
                                        Set.of(),
                                        false,
                                        false,
                                        1,
                                        0))
                        .rows()
                        .stream()
                        .mapToInt(AbstractCrashContract::instances)
                        .sum();
                assertThat(counted)
                        .isEqualTo(session.instances("2.25.1" + study, null).size());
            }
            ChangeFeed feed = server.bean(ChangeFeed.class);
            List<FeedEntry> entries = feed.read(0, Integer.MAX_VALUE);
            assertThat(entries).hasSize(visible);
            for (int i = 0; i < entries.size(); i++) {
                assertThat(entries.get(i).sequence()).isEqualTo(i + 1L);
            }
            LOG.info("{} acknowledged, {} visible", acknowledged.size(), visible);
        }
    }

    private static int instances(DicomDataset row) {
        return row.integer(Tag.NumberOfStudyRelatedInstances).orElse(-1);
    }

    private Process startChild() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ArchiveServer.class.getName(),
                        jdbcUrl(folder),
                        user(),
                        folder.resolve("blobs").toString(),
                        "0",
                        "-1")
                .redirectErrorStream(true)
                .start();
    }

    private static int awaitStart(Process child) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        String line;
        while ((line = out.readLine()) != null) {
            if (line.startsWith("STARTED ")) {
                Thread drain = new Thread(() -> {
                    try {
                        while (out.readLine() != null) {
                            // the child must never block on a full pipe
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                drain.setDaemon(true);
                drain.setUncaughtExceptionHandler((thread, e) -> LOG.debug("the pipe of the child broke", e));
                drain.start();
                return Integer.parseInt(line.substring("STARTED ".length()));
            }
            said.append(line).append('\n');
        }
        throw new IOException("the archive did not start:\n" + said);
    }
}
