package org.trefoilhub.dicomweb.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.net.Association;
import org.trefoilhub.dicom.net.AssociationRequest;
import org.trefoilhub.dicom.net.DimseStatus;
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
 * Kills the archive's process again and again while it stores by STOW and by C-STORE: every object that either door
 * acknowledged is there afterwards, byte for byte, nothing is visible that is only half there, the feed has no gap, and the
 * next start needs no help and takes away what the kills left behind.
 *
 * <p>Each life answers for the objects of the life before it; the last one for all.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
abstract class AbstractCrashContract {
    private static final Logger LOG = LoggerFactory.getLogger(AbstractCrashContract.class);
    private static final int KILLS = Integer.getInteger("crash.kills", 20);
    private static final int SENDERS_PER_DOOR = 2;
    private static final int STORM_MILLISECONDS = 800;
    private static final String WHOLE_STUDY = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    private static SharedClasses classes;

    private final String user;

    @TempDir
    Path folder;

    private final Map<String, StormObject> sent = new ConcurrentHashMap<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger counter = new AtomicInteger();

    AbstractCrashContract(String user) {
        this.user = user;
    }

    /** JDBC URL of an empty database that outlives the archive's process. */
    protected abstract String database(Path folder);

    /** One life without a kill, at every door that the others use, so that they find their classes ready. */
    @BeforeAll
    static void shareClasses(@TempDir Path folder) throws Exception {
        if (classes != null) {
            return;
        }
        classes = SharedClasses.ofThisJvm();
        try (ArchiveProcess archive =
                ArchiveProcess.startAndShare(classes, ArchiveServer.h2(folder), "sa", folder.resolve("blobs"))) {
            StormObject first = new StormObject(1, 1, Door.DICOMWEB_STOW);
            StormObject second = new StormObject(2, 1, Door.DIMSE);
            DicomwebClient client = client(archive);
            assertThat(client.store("/studies", first.file()).statusCode()).isEqualTo(200);
            try (Association association = associate(archive)) {
                assertThat(store(association, second)).isEqualTo(DimseStatus.SUCCESS);
            }
            assertThat(client.get("/studies/" + first.study(), WHOLE_STUDY).statusCode())
                    .isEqualTo(200);
            archive.end();
        }
    }

    @Test
    void shouldKeepEveryAcknowledgedInstanceThroughTwentyKills() throws Exception {
        String jdbcUrl = database(folder);
        Random random = new Random(20);
        for (int life = 1; life <= KILLS; life++) {
            long start = System.nanoTime();
            try (ArchiveProcess archive = ArchiveProcess.start(classes, jdbcUrl, user, blobs())) {
                long up = System.nanoTime();
                checkLife(archive, life - 1);
                long checked = System.nanoTime();
                List<Thread> senders = storm(archive, life);
                awaitBothDoors(life, senders);
                Thread.sleep(random.nextInt(STORM_MILLISECONDS));
                archive.kill();
                for (Thread sender : senders) {
                    sender.join(TimeUnit.SECONDS.toMillis(70));
                }
                assertThat(archive.errors()).isEmpty();
                LOG.info(
                        "kill {}: {} acknowledged by STOW, {} by C-STORE; start {} ms, check {} ms, storm {} ms",
                        life,
                        acknowledged(life, Door.DICOMWEB_STOW),
                        acknowledged(life, Door.DIMSE),
                        TimeUnit.NANOSECONDS.toMillis(up - start),
                        TimeUnit.NANOSECONDS.toMillis(checked - up),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - checked));
            }
        }
        assertThat(refusals).isEmpty();
        checkAll(jdbcUrl);
    }

    private Path blobs() {
        return folder.resolve("blobs");
    }

    // ---- storm ------------------------------------------------------------------------------------------------------

    private List<Thread> storm(ArchiveProcess archive, int life) {
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS_PER_DOOR; i++) {
            senders.add(new Thread(() -> sendStow(archive, life), "stow-" + i));
            senders.add(new Thread(() -> sendDimse(archive, life), "c-store-" + i));
        }
        senders.forEach(Thread::start);
        return senders;
    }

    private StormObject next(int life, Door door) {
        StormObject object = new StormObject(counter.incrementAndGet(), life, door);
        sent.put(object.instance(), object);
        return object;
    }

    private void sendStow(ArchiveProcess archive, int life) {
        DicomwebClient client = client(archive);
        try {
            while (true) {
                StormObject object = next(life, Door.DICOMWEB_STOW);
                HttpResponse<byte[]> response = client.store("/studies", object.file());
                if (response.statusCode() == 200) {
                    acknowledged.add(object.instance());
                } else {
                    refusals.add(object + " answered " + response.statusCode());
                }
            }
        } catch (IOException e) {
            broke(archive, e); // the object on its way was not acknowledged
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendDimse(ArchiveProcess archive, int life) {
        try (Association association = associate(archive)) {
            while (true) {
                StormObject object = next(life, Door.DIMSE);
                DimseStatus status = store(association, object);
                if (status.equals(DimseStatus.SUCCESS)) {
                    acknowledged.add(object.instance());
                } else {
                    refusals.add(object + " answered " + status);
                }
            }
        } catch (IOException e) {
            broke(archive, e);
        }
    }

    private static DicomwebClient client(ArchiveProcess archive) {
        return new DicomwebClient(archive.dicomwebUrl(), "conformance");
    }

    private static Association associate(ArchiveProcess archive) throws IOException {
        return Association.open(AssociationRequest.builder("CONFORMANCE", "TREFOIL", archive.dimseAddress())
                .propose(TestObjects.CT_IMAGE_STORAGE, StormObject.SYNTAX)
                .build());
    }

    private static DimseStatus store(Association association, StormObject object) throws IOException {
        return association.store(
                TestObjects.CT_IMAGE_STORAGE,
                object.instance(),
                StormObject.SYNTAX,
                new ByteArrayInputStream(object.datasetBytes()));
    }

    /** Only the kill may end a connection. */
    private void broke(ArchiveProcess archive, IOException e) {
        if (!archive.killed()) {
            LOG.warn("a sender lost its connection", e);
            refusals.add("the connection broke before the kill: " + e.getMessage());
        }
    }

    /** The first answers of a cold process take their time: a kill before them would prove little. */
    private void awaitBothDoors(int life, List<Thread> senders) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (acknowledged(life, Door.DICOMWEB_STOW) == 0 || acknowledged(life, Door.DIMSE) == 0) {
            assertThat(System.nanoTime()).as("both doors must answer in time").isLessThan(deadline);
            assertThat(senders).as("senders: %s", refusals).allMatch(Thread::isAlive);
            Thread.sleep(10);
        }
    }

    private long acknowledged(int life, Door door) {
        return acknowledged.stream()
                .map(sent::get)
                .filter(object -> object.life() == life && object.door() == door)
                .count();
    }

    // ---- afterwards -------------------------------------------------------------------------------------------------

    /** What the new process shows of the study that only the life before stored into. */
    private void checkLife(ArchiveProcess archive, int life) throws IOException, InterruptedException {
        if (life == 0) {
            return;
        }
        String study = StormObject.studyOf(life);
        Set<String> wanted = acknowledgedOf(study);
        HttpResponse<byte[]> response = client(archive).get("/studies/" + study, WHOLE_STUDY);
        if (response.statusCode() == 404) {
            assertThat(wanted).isEmpty();
            return;
        }
        assertThat(response.statusCode()).isEqualTo(200);
        Set<String> visible = new HashSet<>();
        for (DicomwebClient.Part part : DicomwebClient.parts(response)) {
            String location = part.headers().get("content-location");
            String instance = location.substring(location.lastIndexOf('/') + 1);
            sent.get(instance).assertWhole(part.body());
            visible.add(instance);
        }
        assertThat(visible).as("acknowledged in life %s", life).containsAll(wanted);
    }

    private Set<String> acknowledgedOf(String study) {
        return acknowledged.stream()
                .filter(instance -> sent.get(instance).study().equals(study))
                .collect(Collectors.toSet());
    }

    private void checkAll(String jdbcUrl) throws Exception {
        assertThat(count(
                        jdbcUrl,
                        "select count(*) from trefoil.ingest g join trefoil.instance i on i.blob_id = g.blob_id or"
                                + " i.instance_pk = g.watermark"))
                .as("instances that are visible and pending at once")
                .isZero();
        LOG.info(
                "{} kills left {} pending rows, {} spools, {} blobs for {} instances",
                KILLS,
                count(jdbcUrl, "select count(*) from trefoil.ingest"),
                files("spool"),
                files("blobs"),
                count(jdbcUrl, "select count(*) from trefoil.instance"));
        try (ArchiveServer server = ArchiveServer.start(
                jdbcUrl,
                user,
                blobs(),
                0,
                -1,
                Map.of("trefoil.archive.grace", "1ms", "trefoil.archive.sweep-interval", "100ms"))) {
            long visible = count(jdbcUrl, "select count(*) from trefoil.instance");
            awaitSweep(jdbcUrl, visible);
            checkInstances(server, visible);
            List<FeedEntry> entries = server.bean(ChangeFeed.class).read(0, Integer.MAX_VALUE);
            assertThat(entries).hasSize((int) visible);
            for (int i = 0; i < entries.size(); i++) {
                assertThat(entries.get(i).sequence()).isEqualTo(i + 1L);
            }
            LOG.info(
                    "{} acknowledged by STOW, {} by C-STORE, {} visible after {} kills",
                    acknowledged(Door.DICOMWEB_STOW),
                    acknowledged(Door.DIMSE),
                    visible,
                    KILLS);
        }
    }

    private long acknowledged(Door door) {
        return acknowledged.stream()
                .filter(instance -> sent.get(instance).door() == door)
                .count();
    }

    /** What the kills left half done goes, and nothing else. */
    private void awaitSweep(String jdbcUrl, long visible) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (count(jdbcUrl, "select count(*) from trefoil.ingest") > 0
                || files("spool") > 0
                || files("blobs") > visible) {
            assertThat(System.nanoTime()).as("the sweep must end").isLessThan(deadline);
            Thread.sleep(50);
        }
        assertThat(files("blobs")).isEqualTo(visible);
    }

    /** Everything visible is whole, whether it was acknowledged or not, and all that was acknowledged is visible. */
    private void checkInstances(ArchiveServer server, long visible) throws IOException {
        ArchiveSession session =
                server.bean(Archive.class).as(Subject.device("conformance", Clearance.N), Door.DICOMWEB_WADO);
        Map<String, Set<String>> seen = new HashMap<>();
        Set<String> studies = sent.values().stream().map(StormObject::study).collect(Collectors.toSet());
        for (String study : studies) {
            Set<String> instances = new HashSet<>();
            for (StoredInstance instance : session.instances(study, null)) {
                StormObject object = sent.get(instance.sopInstanceUid());
                assertThat(instance.studyInstanceUid()).isEqualTo(object.study());
                assertThat(instance.seriesInstanceUid()).isEqualTo(object.series());
                object.assertWhole(instance.openObject().readAllBytes());
                instances.add(instance.sopInstanceUid());
            }
            assertThat(instances).as("study %s", study).containsAll(acknowledgedOf(study));
            assertThat(counted(session, study)).as("study %s", study).isEqualTo(instances.size());
            seen.put(study, instances);
        }
        assertThat(seen.values().stream().mapToLong(Set::size).sum()).isEqualTo(visible);
    }

    /** NumberOfStudyRelatedInstances as a search tells it, 0 if it does not find the study. */
    private static int counted(ArchiveSession session, String study) {
        QidoQuery query = new QidoQuery(
                List.of(new QidoQuery.Match(List.of(Tag.StudyInstanceUID), study)), Set.of(), false, false, 1, 0);
        return session.search(QueryLevel.STUDY, query).rows().stream()
                .mapToInt(row -> row.integer(Tag.NumberOfStudyRelatedInstances).orElseThrow())
                .sum();
    }

    private long count(String jdbcUrl, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, user, "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    private long files(String below) throws IOException {
        try (Stream<Path> walk = Files.walk(blobs().resolve(below))) {
            return walk.filter(Files::isRegularFile).count();
        }
    }
}
