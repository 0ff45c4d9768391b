package org.trefoilhub.dicomweb.archive.index;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.sql.SqlCondition;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.PersonName;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.json.BulkDataUri;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.dicomweb.archive.FeedEntry;
import org.trefoilhub.dicomweb.archive.Masking;
import org.trefoilhub.dicomweb.archive.PatientDirectory;
import org.trefoilhub.dicomweb.archive.blob.Blob;
import org.trefoilhub.dicomweb.archive.blob.BlobId;

/**
 * The archive's tables.
 *
 * <p>Writes are serialised by a row lock on the head of the feed, so two stores of one study never race for its rows, and
 * feed numbers become visible in order. Threads that write at the same time share a transaction. Thread-safe.
 */
public final class StudyIndex {
    private static final int NAME_LENGTH = 1024;
    static final int TEXT_LENGTH = 256;

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final ZoneId zone;
    private final PatientDirectory directory;
    private final GroupCommit<BlobId, Long> begins = new GroupCommit<>(this::beginAll);
    private final GroupCommit<Commit, Committed> commits = new GroupCommit<>(this::commitAll);
    private final List<Runnable> growthListeners = new CopyOnWriteArrayList<>();

    private record Commit(long watermark, IndexEntry entry, Blob blob) {}

    /**
     * An index over the tables of schema {@code trefoil}, which must be migrated ({@link IndexMigration}).
     *
     * @param zone time zone of the hospital, for dates and times that carry none
     * @param directory who keeps the patients
     */
    public StudyIndex(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            Clock clock,
            ZoneId zone,
            PatientDirectory directory) {
        this.jdbc = JdbcClient.create(dataSource);
        this.template = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.clock = clock;
        this.zone = zone;
        this.directory = directory;
    }

    // ---- store ------------------------------------------------------------------------------------------------------

    /**
     * Announces that a blob is about to be written.
     *
     * @return the watermark: its number, later the instance's
     */
    public long begin(BlobId blobId) {
        return begins.submit(blobId);
    }

    private List<Long> beginAll(List<BlobId> blobIds) {
        return inTransaction(() -> {
            List<Long> watermarks = new ArrayList<>();
            for (BlobId blobId : blobIds) {
                watermarks.add(insertReturningKey(
                        "insert into trefoil.ingest (blob_id, begun_at) values (?, ?)",
                        "watermark",
                        blobId.value(),
                        now()));
            }
            return watermarks;
        });
    }

    /** Makes an instance visible, or tells why not; the ingest stays open when not {@link Committed#VISIBLE}. */
    public Committed commit(long watermark, IndexEntry entry, Blob blob) {
        return commits.submit(new Commit(watermark, entry, blob));
    }

    private List<Committed> commitAll(List<Commit> batch) {
        return inTransaction(() -> {
            long sequence = lockFeed();
            Timestamp now = now();
            List<Committed> results = new ArrayList<>();
            Map<String, StudyState> studies = new HashMap<>();
            Set<String> taken = new HashSet<>();
            List<Object[]> instances = new ArrayList<>();
            List<Object[]> feed = new ArrayList<>();
            for (Commit commit : batch) {
                IndexEntry entry = commit.entry();
                if (taken.contains(entry.sopInstanceUid()) || exists(entry.sopInstanceUid())) {
                    results.add(Committed.DUPLICATE);
                    continue;
                }
                if (jdbc.sql("delete from trefoil.ingest where watermark = ?")
                                .param(commit.watermark())
                                .update()
                        == 0) {
                    results.add(Committed.SWEPT);
                    continue;
                }
                taken.add(entry.sopInstanceUid());
                sequence++;
                StudyState study = studies.computeIfAbsent(entry.studyInstanceUid(), uid -> study(entry, now));
                SeriesState series =
                        study.series.computeIfAbsent(entry.seriesInstanceUid(), uid -> series(study, entry, now));
                study.newInstances++;
                series.newInstances++;
                study.version = sequence;
                series.version = sequence;
                instances.add(instanceRow(commit, study.pk, series.pk, now));
                feed.add(feedRow(
                        sequence,
                        FeedEntry.Action.CREATED,
                        entry.studyInstanceUid(),
                        entry.seriesInstanceUid(),
                        entry.sopInstanceUid(),
                        now));
                results.add(Committed.VISIBLE);
            }
            template.batchUpdate(
                    "insert into trefoil.instance (instance_pk, study_pk, series_pk, sop_instance_uid, sop_class_uid,"
                            + " instance_number, transfer_syntax_uid, number_of_frames, content_date, content_time,"
                            + " blob_id, length_bytes, sha256, frame_index, metadata, metadata_crc, metadata_length,"
                            + " metadata_base, sender, created_at)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    instances);
            for (StudyState study : studies.values()) {
                jdbc.sql("update trefoil.study set number_of_series = number_of_series + ?,"
                                + " number_of_instances = number_of_instances + ?, version = ? where study_pk = ?")
                        .params(study.newSeries, study.newInstances, study.version, study.pk)
                        .update();
                for (SeriesState series : study.series.values()) {
                    jdbc.sql("update trefoil.series set number_of_instances = number_of_instances + ?, version = ?"
                                    + " where series_pk = ?")
                            .params(series.newInstances, series.version, series.pk)
                            .update();
                }
            }
            appendFeed(feed, sequence);
            return results;
        });
    }

    private static final class StudyState {
        final long pk;
        final Map<String, SeriesState> series = new HashMap<>();
        int newSeries;
        int newInstances;
        long version;

        StudyState(long pk) {
            this.pk = pk;
        }
    }

    private static final class SeriesState {
        final long pk;
        int newInstances;
        long version;

        SeriesState(long pk) {
            this.pk = pk;
        }
    }

    private boolean exists(String sopInstanceUid) {
        return jdbc.sql("select 1 from trefoil.instance where sop_instance_uid = ?")
                .param(sopInstanceUid)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    private StudyState study(IndexEntry entry, Timestamp now) {
        Optional<Long> known = jdbc.sql("select study_pk from trefoil.study where study_instance_uid = ?")
                .param(entry.studyInstanceUid())
                .query(Long.class)
                .optional();
        if (known.isPresent()) {
            return new StudyState(known.get());
        }
        DicomDataset dataset = entry.dataset();
        String patientId = text(dataset, Tag.PatientID, TEXT_LENGTH);
        String issuer = text(dataset, Tag.IssuerOfPatientID, TEXT_LENGTH);
        PersonName patientName = dataset.personName(Tag.PatientName);
        PersonName referring = dataset.personName(Tag.ReferringPhysicianName);
        Instant began = StudyStart.of(dataset, zone).from();
        long pk = insertReturningKey(
                "insert into trefoil.study (patient_pk, study_instance_uid, patient_name, patient_id, issuer,"
                        + " patient_sex, patient_birth_date, study_date, study_time, accession_number, study_id,"
                        + " study_description, referring_physician_name, sender, started_at, number_of_series,"
                        + " number_of_instances, version, attributes, created_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?)",
                "study_pk",
                PatientKey.of(dataset, entry.sender(), directory)
                        .map(this::patient)
                        .orElse(null),
                entry.studyInstanceUid(),
                cut(NameMatching.fold(patientName), NAME_LENGTH),
                patientId,
                issuer,
                text(dataset, Tag.PatientSex, 16),
                date(dataset, Tag.PatientBirthDate),
                date(dataset, Tag.StudyDate),
                time(dataset, Tag.StudyTime),
                text(dataset, Tag.AccessionNumber, TEXT_LENGTH),
                text(dataset, Tag.StudyID, TEXT_LENGTH),
                text(dataset, Tag.StudyDescription, NAME_LENGTH),
                cut(NameMatching.fold(referring), NAME_LENGTH),
                cut(entry.sender(), 64),
                began == null ? null : began.atOffset(ZoneOffset.UTC),
                json(LevelAttributes.studyPart(dataset)),
                now);
        List<Object[]> words = new ArrayList<>();
        wordRows(words, pk, "P", patientName);
        wordRows(words, pk, "R", referring);
        template.batchUpdate("insert into trefoil.study_name_word (study_pk, role, word) values (?, ?, ?)", words);
        return new StudyState(pk);
    }

    private static void wordRows(List<Object[]> rows, long studyPk, String role, @Nullable PersonName name) {
        Set<String> words = new LinkedHashSet<>();
        NameMatching.words(name).stream().limit(32).forEach(word -> words.add(cut(word, TEXT_LENGTH)));
        words.forEach(word -> rows.add(new Object[] {studyPk, role, word}));
    }

    private long patient(PatientKey key) {
        return jdbc.sql("select patient_pk from trefoil.patient where issuer = ? and patient_id = ?")
                .params(key.issuer(), key.patientId())
                .query(Long.class)
                .optional()
                .orElseGet(() -> insertReturningKey(
                        "insert into trefoil.patient (issuer, patient_id, patient_ref) values (?, ?, ?)",
                        "patient_pk",
                        key.issuer(),
                        key.patientId(),
                        directory.find(key.issuer(), key.patientId()).orElse(null)));
    }

    private SeriesState series(StudyState study, IndexEntry entry, Timestamp now) {
        Optional<Long> known = jdbc.sql(
                        "select series_pk from trefoil.series where study_pk = ? and series_instance_uid = ?")
                .params(study.pk, entry.seriesInstanceUid())
                .query(Long.class)
                .optional();
        if (known.isPresent()) {
            return new SeriesState(known.get());
        }
        DicomDataset dataset = entry.dataset();
        List<DicomDataset> requests = dataset.items(Tag.RequestAttributesSequence);
        long pk = insertReturningKey(
                "insert into trefoil.series (study_pk, series_instance_uid, modality, series_number,"
                        + " series_description, body_part_examined, laterality, series_date, series_time,"
                        + " step_start_date, step_start_time, station_name, institution_name, scheduled_step_ids,"
                        + " requested_procedure_ids, request_accession_numbers, number_of_instances, version,"
                        + " attributes, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
                "series_pk",
                study.pk,
                entry.seriesInstanceUid(),
                text(dataset, Tag.Modality, 64),
                integer(dataset, Tag.SeriesNumber),
                text(dataset, Tag.SeriesDescription, NAME_LENGTH),
                text(dataset, Tag.BodyPartExamined, TEXT_LENGTH),
                text(dataset, Tag.Laterality, 16),
                date(dataset, Tag.SeriesDate),
                time(dataset, Tag.SeriesTime),
                date(dataset, Tag.PerformedProcedureStepStartDate),
                time(dataset, Tag.PerformedProcedureStepStartTime),
                text(dataset, Tag.StationName, TEXT_LENGTH),
                text(dataset, Tag.InstitutionName, NAME_LENGTH),
                barred(requests, Tag.ScheduledProcedureStepID),
                barred(requests, Tag.RequestedProcedureID),
                barred(requests, Tag.AccessionNumber),
                json(LevelAttributes.seriesPart(dataset)),
                now);
        study.newSeries++;
        return new SeriesState(pk);
    }

    private static Object[] instanceRow(Commit commit, long studyPk, long seriesPk, Timestamp now) {
        IndexEntry entry = commit.entry();
        return new Object[] {
            commit.watermark(),
            studyPk,
            seriesPk,
            entry.sopInstanceUid(),
            entry.sopClassUid(),
            integer(entry.dataset(), Tag.InstanceNumber),
            entry.transferSyntaxUid(),
            entry.numberOfFrames(),
            date(entry.dataset(), Tag.ContentDate),
            time(entry.dataset(), Tag.ContentTime),
            commit.blob().id().value(),
            commit.blob().lengthBytes(),
            commit.blob().sha256(),
            entry.frameIndex(),
            entry.metadata().deflated(),
            entry.metadata().crc32(),
            entry.metadata().length(),
            entry.metadataBase(),
            cut(entry.sender(), 64),
            now
        };
    }

    /** Forgets an ingest whose blob is gone or about to be deleted. */
    public void abort(long watermark) {
        jdbc.sql("delete from trefoil.ingest where watermark = ?")
                .param(watermark)
                .update();
    }

    /** Turns an ingest into a quarantined object. */
    public void quarantine(
            long watermark,
            Blob blob,
            String code,
            String reason,
            @Nullable String studyInstanceUid,
            @Nullable String sopInstanceUid,
            String sender) {
        inTransaction(() -> {
            abort(watermark);
            return jdbc.sql("insert into trefoil.quarantine (quarantine_pk, blob_id, code, reason, study_instance_uid,"
                            + " sop_instance_uid, sender, length_bytes, sha256, created_at)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .params(
                            watermark,
                            blob.id().value(),
                            code,
                            cut(reason, 1024),
                            cut(Objects.requireNonNullElse(studyInstanceUid, ""), 64),
                            cut(Objects.requireNonNullElse(sopInstanceUid, ""), 64),
                            cut(sender, 64),
                            blob.lengthBytes(),
                            blob.sha256(),
                            now())
                    .update();
        });
    }

    /** Whether the very same bytes wait in quarantine already, so that a sender's retries do not pile up. */
    public boolean isQuarantined(String sopInstanceUid, String sha256) {
        return !jdbc.sql("select 1 from trefoil.quarantine where sop_instance_uid = ? and sha256 = ?")
                .params(cut(sopInstanceUid, 64), sha256)
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    /** The visible instance with a SOP Instance UID, whatever its study. Not filtered: for duplicate detection only. */
    public Optional<InstanceRow> findAny(String sopInstanceUid) {
        return jdbc.sql("select " + IndexRows.INSTANCE_COLUMNS + IndexRows.INSTANCE_TABLES
                        + " where i.sop_instance_uid = ?")
                .param(sopInstanceUid)
                .query((rs, n) -> IndexRows.instance(rs, Masking.NONE))
                .optional();
    }

    // ---- delete -----------------------------------------------------------------------------------------------------

    /** Makes instances inside the scope invisible; see {@link org.trefoilhub.dicomweb.archive.ArchiveSession#delete}. */
    public int delete(
            String study, @Nullable String series, @Nullable String sopInstance, AccessScope scope, String deletedBy) {
        SqlCondition where =
                IndexRows.where(study, series, sopInstance, Sight.clear(scope).visible());
        return inTransaction(() -> {
            long sequence = lockFeed();
            Timestamp now = now();
            List<InstanceRow> doomed = jdbc.sql("select " + IndexRows.INSTANCE_COLUMNS + IndexRows.INSTANCE_TABLES
                            + " where " + where.sql() + IndexRows.ORDER)
                    .params(where.parameters())
                    .query((rs, n) -> IndexRows.instance(rs, Masking.NONE))
                    .list();
            if (doomed.isEmpty()) {
                return 0;
            }
            List<Object[]> kept = new ArrayList<>();
            List<Object[]> feed = new ArrayList<>();
            List<Object[]> keys = new ArrayList<>();
            for (InstanceRow row : doomed) {
                sequence++;
                keys.add(new Object[] {row.instancePk()});
                kept.add(new Object[] {
                    row.instancePk(),
                    row.studyInstanceUid(),
                    row.seriesInstanceUid(),
                    row.sopInstanceUid(),
                    row.blobId().value(),
                    row.lengthBytes(),
                    row.sha256(),
                    cut(deletedBy, TEXT_LENGTH),
                    now
                });
                feed.add(feedRow(
                        sequence,
                        FeedEntry.Action.DELETED,
                        row.studyInstanceUid(),
                        row.seriesInstanceUid(),
                        row.sopInstanceUid(),
                        now));
            }
            template.batchUpdate(
                    "insert into trefoil.deleted_instance (instance_pk, study_instance_uid, series_instance_uid,"
                            + " sop_instance_uid, blob_id, length_bytes, sha256, deleted_by, deleted_at)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    kept);
            template.batchUpdate("delete from trefoil.instance where instance_pk = ?", keys);
            recount(study, sequence);
            appendFeed(feed, sequence);
            return doomed.size();
        });
    }

    private void recount(String studyInstanceUid, long version) {
        long studyPk = jdbc.sql("select study_pk from trefoil.study where study_instance_uid = ?")
                .param(studyInstanceUid)
                .query(Long.class)
                .single();
        jdbc.sql("delete from trefoil.series where study_pk = ? and not exists"
                        + " (select 1 from trefoil.instance i where i.series_pk = trefoil.series.series_pk)")
                .param(studyPk)
                .update();
        jdbc.sql("update trefoil.series set version = ?, number_of_instances ="
                        + " (select count(*) from trefoil.instance i where i.series_pk = trefoil.series.series_pk)"
                        + " where study_pk = ?")
                .params(version, studyPk)
                .update();
        int series = jdbc.sql("select count(*) from trefoil.series where study_pk = ?")
                .param(studyPk)
                .query(Integer.class)
                .single();
        if (series == 0) {
            jdbc.sql("delete from trefoil.study where study_pk = ?")
                    .param(studyPk)
                    .update();
        } else {
            jdbc.sql("update trefoil.study set version = ?, number_of_series = ?, number_of_instances ="
                            + " (select count(*) from trefoil.instance i where i.study_pk = trefoil.study.study_pk)"
                            + " where study_pk = ?")
                    .params(version, series, studyPk)
                    .update();
        }
    }

    // ---- sweep ------------------------------------------------------------------------------------------------------

    /** An ingest that was begun and never committed. */
    public record StaleIngest(long watermark, BlobId blobId) {}

    /** Ingests begun before an instant. */
    public List<StaleIngest> staleIngests(Instant before) {
        return jdbc.sql(
                        "select watermark, blob_id from trefoil.ingest where begun_at < ? order by watermark limit 1000")
                .param(before.atOffset(ZoneOffset.UTC))
                .query((rs, n) -> new StaleIngest(rs.getLong("watermark"), new BlobId(rs.getString("blob_id"))))
                .list();
    }

    /** Takes an ingest out of the race: afterwards its commit can only fail. */
    public boolean expire(StaleIngest ingest) {
        return jdbc.sql("delete from trefoil.ingest where watermark = ?")
                        .param(ingest.watermark())
                        .update()
                > 0;
    }

    /** Which of these blobs any table refers to. */
    public Set<BlobId> referenced(Collection<BlobId> blobIds) {
        Set<String> values = blobIds.stream().map(BlobId::value).collect(Collectors.toSet());
        Set<BlobId> result = new HashSet<>();
        if (values.isEmpty()) {
            return result;
        }
        for (String table : List.of("ingest", "instance", "deleted_instance", "quarantine")) {
            jdbc.sql("select blob_id from trefoil." + table + " where blob_id in (:ids)")
                    .param("ids", values)
                    .query(rs -> {
                        result.add(new BlobId(rs.getString("blob_id")));
                    });
        }
        return result;
    }

    // ---- feed -------------------------------------------------------------------------------------------------------

    /** Entries of the feed, see {@link org.trefoilhub.dicomweb.archive.ChangeFeed#read}. */
    public List<FeedEntry> feed(long after, int limit) {
        return jdbc.sql("select sequence_number, action, study_instance_uid, series_instance_uid, sop_instance_uid,"
                        + " changed_at from trefoil.feed where sequence_number > ? order by sequence_number limit ?")
                .params(after, limit)
                .query((rs, n) -> new FeedEntry(
                        rs.getLong("sequence_number"),
                        FeedEntry.Action.valueOf(rs.getString("action")),
                        rs.getString("study_instance_uid"),
                        rs.getString("series_instance_uid"),
                        rs.getString("sop_instance_uid"),
                        rs.getTimestamp("changed_at").toInstant()))
                .list();
    }

    /** Last sequence number of the feed, 0 when it is empty. */
    public long lastSequence() {
        return jdbc.sql("select last_sequence from trefoil.feed_head where id = 1")
                .query(Long.class)
                .single();
    }

    /** Calls the listener after each commit of this process that made the feed longer. */
    public void onGrowth(Runnable listener) {
        growthListeners.add(listener);
    }

    private long lockFeed() {
        return jdbc.sql("select last_sequence from trefoil.feed_head where id = 1 for update")
                .query(Long.class)
                .single();
    }

    private void appendFeed(List<Object[]> rows, long last) {
        if (rows.isEmpty()) {
            return;
        }
        template.batchUpdate(
                "insert into trefoil.feed (sequence_number, action, study_instance_uid, series_instance_uid,"
                        + " sop_instance_uid, changed_at) values (?, ?, ?, ?, ?, ?)",
                rows);
        jdbc.sql("update trefoil.feed_head set last_sequence = ? where id = 1")
                .param(last)
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                growthListeners.forEach(Runnable::run);
            }
        });
    }

    private static Object[] feedRow(
            long sequence, FeedEntry.Action action, String study, String series, String sopInstance, Timestamp now) {
        return new Object[] {sequence, action.name(), study, series, sopInstance, now};
    }

    // ---- small things -----------------------------------------------------------------------------------------------

    private <T> T inTransaction(java.util.function.Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    private long insertReturningKey(String sql, String keyColumn, @Nullable Object... parameters) {
        KeyHolder keys = new GeneratedKeyHolder();
        JdbcClient.StatementSpec statement = jdbc.sql(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement = statement.param(i + 1, parameters[i]);
        }
        statement.update(keys, keyColumn);
        return Objects.requireNonNull(keys.getKey()).longValue();
    }

    private static byte[] json(DicomDataset dataset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            DicomJson.write(dataset, out, BulkDataUri.INLINE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static String text(DicomDataset dataset, int tag, int length) {
        return cut(Objects.requireNonNullElse(dataset.string(tag), ""), length);
    }

    /** At most so many characters, none of them a control character (PostgreSQL refuses NUL). */
    static String cut(String text, int length) {
        String clean = text.chars().anyMatch(c -> c < ' ') ? text.replaceAll("[\\x00-\\x1F]", " ") : text;
        if (clean.length() <= length) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(length - 1)) ? length - 1 : length;
        return clean.substring(0, end);
    }

    /** YYYYMMDD, also from the old form YYYY.MM.DD; else empty. */
    static String date(DicomDataset dataset, int tag) {
        String digits = Objects.requireNonNullElse(dataset.string(tag), "")
                .replace(".", "")
                .replace("-", "");
        return digits.length() == 8 && digits.chars().allMatch(c -> c >= '0' && c <= '9') ? digits : "";
    }

    /** HHMMSS.FFFFFF, missing digits zero; else empty. */
    static String time(DicomDataset dataset, int tag) {
        String digits = Objects.requireNonNullElse(dataset.string(tag), "")
                .replace(":", "")
                .replace(".", "");
        if (digits.length() < 2 || digits.length() > 12 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return "";
        }
        String filled = digits + "0".repeat(12 - digits.length());
        return filled.substring(0, 6) + "." + filled.substring(6);
    }

    static @Nullable Integer integer(DicomDataset dataset, int tag) {
        OptionalInt value = dataset.integer(tag);
        return value.isPresent() ? value.getAsInt() : null;
    }

    private static String barred(List<DicomDataset> items, int tag) {
        Function<DicomDataset, String> value = item -> text(item, tag, 64).replace('|', ' ');
        String joined =
                items.stream().map(value).filter(v -> !v.isEmpty()).limit(15).collect(Collectors.joining("|"));
        return joined.isEmpty() ? "" : "|" + joined + "|";
    }
}
