package org.trefoilhub.dicomweb.archive.index.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.dicomweb.archive.FeedEntry;
import org.trefoilhub.dicomweb.archive.blob.Blob;
import org.trefoilhub.dicomweb.archive.blob.BlobId;
import org.trefoilhub.dicomweb.archive.index.Committed;
import org.trefoilhub.dicomweb.archive.index.FactMigration;
import org.trefoilhub.dicomweb.archive.index.IndexEntry;
import org.trefoilhub.dicomweb.archive.index.IndexMigration;
import org.trefoilhub.dicomweb.archive.index.MetadataChunk;
import org.trefoilhub.dicomweb.archive.index.Sight;
import org.trefoilhub.dicomweb.archive.index.StudyIndex;
import org.trefoilhub.dicomweb.archive.index.StudyReader;
import org.trefoilhub.dicomweb.fixture.FakePatients;
import org.trefoilhub.dicomweb.fixture.TestObjects;

/** What the index promises on every database. */
public abstract class AbstractStudyIndexContract {
    private static final Random RANDOM = new Random(11);
    private static final AccessScope ALL = new AccessScope.All();
    private static final Sight CLEAR = Sight.clear(ALL);

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private StudyIndex index;
    private StudyReader reader;

    protected abstract DataSource dataSource();

    @BeforeEach
    void open() {
        DataSource dataSource = dataSource();
        IndexMigration.flyway(dataSource, ZONE).migrate();
        FactMigration.flyway(dataSource).migrate();
        index = new StudyIndex(
                dataSource, new DataSourceTransactionManager(dataSource), Clock.systemUTC(), ZONE, new FakePatients());
        reader = new StudyReader(dataSource);
    }

    @Test
    void shouldShowAnInstanceOnlyAfterTheCommit() {
        String uid = uid();
        BlobId blob = blobId();
        long watermark = index.begin(blob);
        assertThat(index.findAny(uid)).isEmpty();
        assertThat(index.referenced(Set.of(blob))).containsExactly(blob);
        assertThat(index.commit(watermark, entry(uid), blob(blob))).isEqualTo(Committed.VISIBLE);
        assertThat(index.findAny(uid))
                .hasValueSatisfying(row -> assertThat(row.blobId()).isEqualTo(blob));
        assertThat(reader.list(uid + ".1", null, CLEAR)).hasSize(1);
        assertThat(reader.summary(uid + ".1", CLEAR)).hasValueSatisfying(study -> {
            assertThat(study.patientId()).isEqualTo("P0001");
            assertThat(study.modalities()).containsExactly("CT");
            assertThat(study.numberOfInstances()).isEqualTo(1);
            assertThat(study.toString()).doesNotContain("P0001");
        });
    }

    @Test
    void shouldRefuseTheSecondOfTwoWithOneUid() {
        String uid = uid();
        BlobId first = blobId();
        BlobId second = blobId();
        long one = index.begin(first);
        long two = index.begin(second);
        assertThat(index.commit(one, entry(uid), blob(first))).isEqualTo(Committed.VISIBLE);
        assertThat(index.commit(two, entry(uid), blob(second))).isEqualTo(Committed.DUPLICATE);
        index.quarantine(two, blob(second), "TREFOIL-DWB-0013", "a reason", null, uid, "test");
        assertThat(index.isQuarantined(uid, blob(second).sha256())).isTrue();
        assertThat(index.referenced(Set.of(first, second))).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void shouldNotCommitWhatWasSwept() {
        String uid = uid();
        BlobId blob = blobId();
        long watermark = index.begin(blob);
        assertThat(index.staleIngests(Instant.EPOCH)).isEmpty();
        StudyIndex.StaleIngest stale = index.staleIngests(Instant.now().plusSeconds(60)).stream()
                .filter(ingest -> ingest.watermark() == watermark)
                .findFirst()
                .orElseThrow();
        assertThat(index.expire(stale)).isTrue();
        assertThat(index.commit(watermark, entry(uid), blob(blob))).isEqualTo(Committed.SWEPT);
        assertThat(index.findAny(uid)).isEmpty();
        assertThat(index.referenced(Set.of(blob))).isEmpty();
    }

    @Test
    void shouldNumberTheFeedWithoutGapsWhoeverWrites() throws Exception {
        long before = index.lastSequence();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            List<String> uids = List.of(uid(), uid(), uid(), uid(), uid());
            threads.add(new Thread(() -> uids.forEach(uid -> {
                BlobId blob = blobId();
                index.commit(index.begin(blob), entry(uid), blob(blob));
            })));
        }
        threads.forEach(Thread::start);
        long seen = before;
        while (threads.stream().anyMatch(Thread::isAlive) || index.lastSequence() > seen) {
            for (FeedEntry entry : index.feed(seen, 3)) {
                assertThat(entry.sequence()).isEqualTo(seen + 1); // a reader beside the writers misses none
                seen++;
            }
        }
        assertThat(seen - before).isEqualTo(30);
    }

    @Test
    void shouldForgetAStudyWithItsLastInstance() {
        String uid = uid();
        BlobId blob = blobId();
        index.commit(index.begin(blob), entry(uid), blob(blob));
        assertThat(index.delete(uid + ".1", null, null, ALL, "test")).isEqualTo(1);
        assertThat(reader.version(uid + ".1", null, null, CLEAR)).isEmpty();
        assertThat(index.referenced(Set.of(blob))).containsExactly(blob); // kept for the retention rules
    }

    private static String uid() {
        synchronized (RANDOM) {
            return "2.25." + (1_000_000_000L + RANDOM.nextInt(1_000_000_000));
        }
    }

    private static BlobId blobId() {
        byte[] bytes = new byte[16];
        synchronized (RANDOM) {
            RANDOM.nextBytes(bytes);
        }
        return new BlobId(HexFormat.of().formatHex(bytes));
    }

    private static Blob blob(BlobId id) {
        return new Blob(id, 1000, id.value() + id.value());
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
}
