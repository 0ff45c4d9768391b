package org.trefoilhub.dicomweb.archive.index;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
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
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.PersonName;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.json.BulkDataUri;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.dicomweb.archive.FeedEntry;
import org.trefoilhub.dicomweb.archive.QidoQuery;
import org.trefoilhub.dicomweb.archive.QueryLevel;
import org.trefoilhub.dicomweb.archive.StudySummary;
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
    private static final int TEXT_LENGTH = 256;

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final GroupCommit<BlobId, Long> begins = new GroupCommit<>(this::beginAll);
    private final GroupCommit<Commit, Committed> commits = new GroupCommit<>(this::commitAll);

    private record Commit(long watermark, IndexEntry entry, Blob blob) {}

    /** An index over the tables of schema {@code trefoil}, which must be migrated ({@link IndexMigration}). */
    public StudyIndex(DataSource dataSource, PlatformTransactionManager transactions, Clock clock) {
        this.jdbc = JdbcClient.create(dataSource);
        this.template = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.clock = clock;
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
        long pk = insertReturningKey(
                "insert into trefoil.study (patient_pk, study_instance_uid, patient_name, patient_id, issuer,"
                        + " patient_sex, patient_birth_date, study_date, study_time, accession_number, study_id,"
                        + " study_description, referring_physician_name, sender, number_of_series,"
                        + " number_of_instances, version, attributes, created_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?)",
                "study_pk",
                patientId.isEmpty() ? null : patient(issuer, patientId),
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

    private long patient(String issuer, String patientId) {
        return jdbc.sql("select patient_pk from trefoil.patient where issuer = ? and patient_id = ?")
                .params(issuer, patientId)
                .query(Long.class)
                .optional()
                .orElseGet(() -> insertReturningKey(
                        "insert into trefoil.patient (issuer, patient_id) values (?, ?)",
                        "patient_pk",
                        issuer,
                        patientId));
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

    // ---- read -------------------------------------------------------------------------------------------------------

    private static final String INSTANCE_COLUMNS = "i.instance_pk, st.study_instance_uid, se.series_instance_uid,"
            + " i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.number_of_frames, i.blob_id,"
            + " i.length_bytes, i.sha256, i.frame_index";

    private static final String INSTANCE_TABLES = " from trefoil.instance i"
            + " join trefoil.series se on se.series_pk = i.series_pk"
            + " join trefoil.study st on st.study_pk = i.study_pk";

    /** The visible instance with a SOP Instance UID, whatever its study. Not filtered: for duplicate detection only. */
    public Optional<InstanceRow> findAny(String sopInstanceUid) {
        return jdbc.sql("select " + INSTANCE_COLUMNS + INSTANCE_TABLES + " where i.sop_instance_uid = ?")
                .param(sopInstanceUid)
                .query((rs, n) -> instance(rs))
                .optional();
    }

    /** One instance inside the scope. */
    public Optional<InstanceRow> find(String study, String series, String sopInstance, AccessScope scope) {
        SqlCondition scoped = scope.accept(ScopeTranslator.INSTANCE);
        return jdbc.sql("select " + INSTANCE_COLUMNS + INSTANCE_TABLES + " where i.sop_instance_uid = ?"
                        + " and se.series_instance_uid = ? and st.study_instance_uid = ? and " + scoped.sql())
                .params(with(List.of(sopInstance, series, study), scoped))
                .query((rs, n) -> instance(rs))
                .optional();
    }

    /** Instances of a study or series inside the scope, in order of series and instance number. */
    public List<InstanceRow> list(String study, @Nullable String series, AccessScope scope) {
        SqlCondition where = where(study, series, null, scope);
        return jdbc.sql("select " + INSTANCE_COLUMNS + INSTANCE_TABLES + " where " + where.sql() + ORDER)
                .params(where.parameters())
                .query((rs, n) -> instance(rs))
                .list();
    }

    private static final String ORDER =
            " order by se.series_number, se.series_instance_uid, i.instance_number, i.sop_instance_uid";

    /** Prepared metadata with the base of their URIs, in order of series and instance number. */
    public record MetadataRow(MetadataChunk chunk, String base, long instancePk) {}

    /** Version of a study, series or instance inside the scope: a number that changes whenever its metadata do. */
    public Optional<Long> version(
            String study, @Nullable String series, @Nullable String sopInstance, AccessScope scope) {
        SqlCondition where = where(study, series, sopInstance, scope);
        String select;
        if (sopInstance != null) {
            select = "select i.instance_pk" + INSTANCE_TABLES;
        } else if (series != null) {
            select = "select se.version from trefoil.series se join trefoil.study st on st.study_pk = se.study_pk";
        } else {
            select = "select st.version from trefoil.study st";
        }
        return jdbc.sql(select + " where " + where.sql())
                .params(where.parameters())
                .query(Long.class)
                .optional();
    }

    /** Metadata of a study, series or instance inside the scope. */
    public List<MetadataRow> metadata(
            String study, @Nullable String series, @Nullable String sopInstance, AccessScope scope) {
        SqlCondition where = where(study, series, sopInstance, scope);
        return jdbc.sql("select i.metadata, i.metadata_crc, i.metadata_length, i.metadata_base, i.instance_pk"
                        + INSTANCE_TABLES + " where " + where.sql() + ORDER)
                .params(where.parameters())
                .query((rs, n) -> new MetadataRow(chunk(rs), rs.getString("metadata_base"), rs.getLong("instance_pk")))
                .list();
    }

    /** The scope's condition and the UIDs'. */
    private static SqlCondition where(
            String study, @Nullable String series, @Nullable String sopInstance, AccessScope scope) {
        List<SqlCondition> conditions = new ArrayList<>();
        conditions.add(SqlCondition.of("st.study_instance_uid = ?", study));
        if (series != null) {
            conditions.add(SqlCondition.of("se.series_instance_uid = ?", series));
        }
        if (sopInstance != null) {
            conditions.add(SqlCondition.of("i.sop_instance_uid = ?", sopInstance));
        }
        conditions.add(scope.accept(ScopeTranslator.INSTANCE));
        return SqlCondition.join("and", conditions);
    }

    private static InstanceRow instance(ResultSet rs) throws SQLException {
        return new InstanceRow(
                rs.getLong("instance_pk"),
                rs.getString("study_instance_uid"),
                rs.getString("series_instance_uid"),
                rs.getString("sop_instance_uid"),
                rs.getString("sop_class_uid"),
                rs.getString("transfer_syntax_uid"),
                rs.getInt("number_of_frames"),
                new BlobId(rs.getString("blob_id")),
                rs.getLong("length_bytes"),
                rs.getString("sha256"),
                rs.getBytes("frame_index"));
    }

    private static MetadataChunk chunk(ResultSet rs) throws SQLException {
        return new MetadataChunk(rs.getBytes("metadata"), rs.getLong("metadata_crc"), rs.getInt("metadata_length"));
    }

    // ---- search -----------------------------------------------------------------------------------------------------

    /** Rows of a search and the keys that could not be used. */
    public record Found(List<SearchRow> rows, boolean more, List<List<Integer>> ignoredKeys) {}

    /** Searches inside the scope; see {@link org.trefoilhub.dicomweb.archive.ArchiveSession#search}. */
    public Found search(QueryLevel level, QidoQuery query, AccessScope scope) {
        List<SqlCondition> conditions = new ArrayList<>();
        conditions.add(scope.accept(ScopeTranslator.INSTANCE));
        List<List<Integer>> ignored = new ArrayList<>();
        Map<List<Integer>, String> dateTimes = new HashMap<>();
        for (QidoQuery.Match match : query.matches()) {
            Optional<SearchKey> key = SearchKey.of(match.path());
            if (key.isEmpty()) {
                ignored.add(match.path());
                continue;
            }
            dateTimes.put(match.path(), match.value());
            conditions.add(
                    atLevel(level, key.get().level(), key.get().condition(match.value(), query.fuzzyMatching())));
        }
        combineDateTime(level, dateTimes, conditions);
        SqlCondition where = SqlCondition.join("and", conditions);
        List<Object> parameters = new ArrayList<>(where.parameters());
        parameters.add(query.limit() + 1);
        parameters.add(query.offset());
        List<SearchRow> rows = jdbc.sql(select(level) + " where " + where.sql() + order(level) + " limit ? offset ?")
                .params(parameters)
                .query((rs, n) -> searchRow(level, rs))
                .list();
        boolean more = rows.size() > query.limit();
        return new Found(more ? rows.subList(0, query.limit()) : rows, more, ignored);
    }

    /** A condition on a lower level than the one searched holds if anything below satisfies it. */
    private static SqlCondition atLevel(QueryLevel searched, QueryLevel key, SqlCondition condition) {
        if (key.compareTo(searched) <= 0) {
            return condition;
        }
        String exists =
                switch (key) {
                    case SERIES -> "exists (select 1 from trefoil.series se where se.study_pk = st.study_pk and ";
                    case INSTANCE ->
                        searched == QueryLevel.STUDY
                                ? "exists (select 1 from trefoil.instance i where i.study_pk = st.study_pk and "
                                : "exists (select 1 from trefoil.instance i where i.series_pk = se.series_pk and ";
                    case STUDY -> throw new IllegalStateException("no level is above study");
                };
        return condition.wrap(exists, ")");
    }

    /** PS3.18 section 8.3.4.1.1: ranges of a date and its time are matched together, as one range of moments. */
    private static void combineDateTime(
            QueryLevel level, Map<List<Integer>, String> values, List<SqlCondition> conditions) {
        combine(
                level,
                values,
                conditions,
                QueryLevel.STUDY,
                "st.study_date",
                "st.study_time",
                Tag.StudyDate,
                Tag.StudyTime);
        combine(
                level,
                values,
                conditions,
                QueryLevel.SERIES,
                "se.step_start_date",
                "se.step_start_time",
                Tag.PerformedProcedureStepStartDate,
                Tag.PerformedProcedureStepStartTime);
    }

    private static void combine(
            QueryLevel level,
            Map<List<Integer>, String> values,
            List<SqlCondition> conditions,
            QueryLevel keyLevel,
            String dateColumn,
            String timeColumn,
            int dateTag,
            int timeTag) {
        String date = values.get(List.of(dateTag));
        String time = values.get(List.of(timeTag));
        if (date == null || time == null || date.indexOf('-') < 0 || time.indexOf('-') < 0) {
            return;
        }
        SqlCondition separate = atLevel(
                level, keyLevel, SearchKey.of(List.of(timeTag)).orElseThrow().condition(time, false));
        conditions.remove(separate);
        String[] dates = date.split("-", -1);
        String[] times = time.split("-", -1);
        String moment = dateColumn + " || " + timeColumn;
        List<SqlCondition> both = new ArrayList<>();
        if (!dates[0].isBlank() && !times[0].isBlank()) {
            both.add(SqlCondition.of(
                    moment + " >= ?", SearchKey.lowDate(dates[0].strip()) + SearchKey.lowTime(times[0].strip())));
        }
        if (!dates[1].isBlank() && !times[1].isBlank()) {
            both.add(SqlCondition.of(
                    moment + " <= ?", SearchKey.highDate(dates[1].strip()) + SearchKey.highTime(times[1].strip())));
        }
        if (!both.isEmpty()) {
            conditions.add(atLevel(level, keyLevel, SqlCondition.join("and", both)));
        }
    }

    private static String select(QueryLevel level) {
        String study = "select st.study_pk, st.study_instance_uid, st.attributes as study_attributes,"
                + " st.number_of_series as study_series, st.number_of_instances as study_instances";
        String series = ", se.series_instance_uid, se.attributes as series_attributes,"
                + " se.number_of_instances as series_instances";
        String instance = ", i.sop_instance_uid, i.transfer_syntax_uid, i.metadata, i.metadata_crc, i.metadata_length";
        return switch (level) {
            case STUDY -> study + " from trefoil.study st";
            case SERIES ->
                study + series + " from trefoil.series se join trefoil.study st on st.study_pk = se.study_pk";
            case INSTANCE -> study + series + instance + INSTANCE_TABLES;
        };
    }

    private static String order(QueryLevel level) {
        String study = " order by st.study_date desc, st.study_time desc, st.study_instance_uid";
        return switch (level) {
            case STUDY -> study;
            case SERIES -> study + ", se.series_number, se.series_instance_uid";
            case INSTANCE ->
                study + ", se.series_number, se.series_instance_uid, i.instance_number, i.sop_instance_uid";
        };
    }

    private static SearchRow searchRow(QueryLevel level, ResultSet rs) throws SQLException {
        DicomDataset.Builder attributes = parse(rs.getBytes("study_attributes")).toBuilder();
        if (level != QueryLevel.STUDY) {
            parse(rs.getBytes("series_attributes")).forEach(attributes::put);
        }
        if (level == QueryLevel.INSTANCE) {
            byte[] json;
            try {
                json = chunk(rs).inflate();
            } catch (IOException e) {
                throw new UncheckedIOException("metadata in the index is damaged", e);
            }
            parse(json).forEach(attributes::put);
        }
        return new SearchRow(
                attributes.build(),
                rs.getLong("study_pk"),
                rs.getString("study_instance_uid"),
                level == QueryLevel.STUDY ? null : rs.getString("series_instance_uid"),
                level == QueryLevel.INSTANCE ? rs.getString("sop_instance_uid") : null,
                level == QueryLevel.INSTANCE ? rs.getString("transfer_syntax_uid") : null,
                rs.getInt("study_series"),
                rs.getInt("study_instances"),
                level == QueryLevel.STUDY ? 0 : rs.getInt("series_instances"));
    }

    /** Distinct modalities of studies, in alphabetical order. */
    public Map<Long, Set<String>> modalities(Collection<Long> studyPks) {
        return below(
                "select study_pk, modality as item from trefoil.series where study_pk in (:pks) and modality <> ''",
                studyPks);
    }

    /** Distinct SOP classes of studies. */
    public Map<Long, Set<String>> sopClasses(Collection<Long> studyPks) {
        return below(
                "select distinct study_pk, sop_class_uid as item from trefoil.instance where study_pk in (:pks)",
                studyPks);
    }

    private Map<Long, Set<String>> below(String sql, Collection<Long> studyPks) {
        Map<Long, Set<String>> result = new HashMap<>();
        if (!studyPks.isEmpty()) {
            jdbc.sql(sql).param("pks", Set.copyOf(studyPks)).query(rs -> {
                result.computeIfAbsent(rs.getLong("study_pk"), pk -> new TreeSet<>())
                        .add(rs.getString("item"));
            });
        }
        return result;
    }

    /** Summary of a study inside the scope. */
    public Optional<StudySummary> summary(String studyInstanceUid, AccessScope scope) {
        SqlCondition where = where(studyInstanceUid, null, null, scope);
        record Line(
                DicomDataset study,
                DicomDataset series,
                String sender,
                String seriesUid,
                StudySummary.Instance instance) {}
        // attributes repeat on every line, so each is parsed once
        Map<String, DicomDataset> parsed = new HashMap<>();
        List<Line> lines = jdbc.sql("select st.sender, se.series_pk, se.series_instance_uid, i.sop_instance_uid,"
                        + " i.sop_class_uid, i.instance_number, i.number_of_frames,"
                        + " st.attributes as study_attributes, se.attributes as series_attributes" + INSTANCE_TABLES
                        + " where " + where.sql() + ORDER)
                .params(where.parameters())
                .query((rs, n) -> {
                    DicomDataset study = parsed.get("");
                    if (study == null) {
                        study = parse(rs.getBytes("study_attributes"));
                        parsed.put("", study);
                    }
                    String seriesUid = rs.getString("series_instance_uid");
                    DicomDataset series = parsed.get(seriesUid);
                    if (series == null) {
                        series = parse(rs.getBytes("series_attributes"));
                        parsed.put(seriesUid, series);
                    }
                    int number = rs.getInt("instance_number");
                    Integer instanceNumber = rs.wasNull() ? null : number;
                    return new Line(
                            study,
                            series,
                            rs.getString("sender"),
                            seriesUid,
                            new StudySummary.Instance(
                                    rs.getString("sop_instance_uid"),
                                    rs.getString("sop_class_uid"),
                                    instanceNumber,
                                    rs.getInt("number_of_frames")));
                })
                .list();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Map<String, List<Line>> bySeries =
                lines.stream().collect(Collectors.groupingBy(Line::seriesUid, LinkedHashMap::new, Collectors.toList()));
        List<StudySummary.Series> series = new ArrayList<>();
        Set<String> modalities = new TreeSet<>();
        bySeries.forEach((uid, ofSeries) -> {
            DicomDataset attributes = ofSeries.get(0).series();
            String modality = attributes.string(Tag.Modality);
            if (modality != null) {
                modalities.add(modality);
            }
            series.add(new StudySummary.Series(
                    uid,
                    integer(attributes, Tag.SeriesNumber),
                    modality,
                    attributes.string(Tag.SeriesDescription),
                    attributes.string(Tag.BodyPartExamined),
                    attributes.string(Tag.Laterality),
                    attributes.string(Tag.SeriesDate),
                    attributes.string(Tag.SeriesTime),
                    ofSeries.stream().map(Line::instance).toList()));
        });
        DicomDataset study = lines.get(0).study();
        return Optional.of(new StudySummary(
                studyInstanceUid,
                study.personName(Tag.PatientName),
                study.string(Tag.PatientID),
                study.string(Tag.IssuerOfPatientID),
                study.string(Tag.PatientSex),
                study.string(Tag.PatientBirthDate),
                study.string(Tag.AccessionNumber),
                study.string(Tag.StudyID),
                study.string(Tag.StudyDescription),
                study.string(Tag.StudyDate),
                study.string(Tag.StudyTime),
                study.string(Tag.TimezoneOffsetFromUTC),
                study.personName(Tag.ReferringPhysicianName),
                lines.get(0).sender(),
                List.copyOf(modalities),
                series.size(),
                lines.size(),
                series));
    }

    // ---- delete -----------------------------------------------------------------------------------------------------

    /** Makes instances inside the scope invisible; see {@link org.trefoilhub.dicomweb.archive.ArchiveSession#delete}. */
    public int delete(
            String study, @Nullable String series, @Nullable String sopInstance, AccessScope scope, String deletedBy) {
        SqlCondition where = where(study, series, sopInstance, scope);
        return inTransaction(() -> {
            long sequence = lockFeed();
            Timestamp now = now();
            List<InstanceRow> doomed = jdbc.sql(
                            "select " + INSTANCE_COLUMNS + INSTANCE_TABLES + " where " + where.sql() + ORDER)
                    .params(where.parameters())
                    .query((rs, n) -> instance(rs))
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

    private static List<Object> with(List<Object> first, SqlCondition then) {
        List<Object> all = new ArrayList<>(first);
        all.addAll(then.parameters());
        return all;
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

    /** Values that are only referred to come out as empty regions: searches do not return them. */
    private static DicomDataset parse(byte[] json) {
        try {
            return DicomJson.readAll(new ByteArrayInputStream(json), (uri, tag, vr) -> new DicomValue.Bulk(0, 0, false))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("attributes in the index are damaged", e);
        }
    }

    private static String text(DicomDataset dataset, int tag, int length) {
        return cut(Objects.requireNonNullElse(dataset.string(tag), ""), length);
    }

    /** At most so many characters, none of them a control character (PostgreSQL refuses NUL). */
    private static String cut(String text, int length) {
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

    private static @Nullable Integer integer(DicomDataset dataset, int tag) {
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
