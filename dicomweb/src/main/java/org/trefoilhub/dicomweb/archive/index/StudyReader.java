package org.trefoilhub.dicomweb.archive.index;

import static org.trefoilhub.dicomweb.archive.index.IndexRows.INSTANCE_COLUMNS;
import static org.trefoilhub.dicomweb.archive.index.IndexRows.INSTANCE_TABLES;
import static org.trefoilhub.dicomweb.archive.index.IndexRows.ORDER;
import static org.trefoilhub.dicomweb.archive.index.IndexRows.chunk;
import static org.trefoilhub.dicomweb.archive.index.IndexRows.instance;
import static org.trefoilhub.dicomweb.archive.index.IndexRows.masking;
import static org.trefoilhub.dicomweb.archive.index.IndexRows.parse;
import static org.trefoilhub.dicomweb.archive.index.IndexRows.where;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.access.sql.SqlCondition;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicomweb.archive.DatasetMask;
import org.trefoilhub.dicomweb.archive.Masking;
import org.trefoilhub.dicomweb.archive.QidoQuery;
import org.trefoilhub.dicomweb.archive.QueryLevel;
import org.trefoilhub.dicomweb.archive.StudySummary;

/**
 * The reading side of the index: what is in sight, and nothing else.
 *
 * <p>Thread-safe.
 */
public final class StudyReader {
    private final JdbcClient jdbc;

    /** A reader of the tables of schema {@code trefoil}, which must be migrated ({@link IndexMigration}, {@link FactMigration}). */
    public StudyReader(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** One instance in sight. */
    public Optional<InstanceRow> find(String study, String series, String sopInstance, Sight sight) {
        return instances(study, series, sopInstance, sight).stream().findFirst();
    }

    /** Instances of a study or series in sight, in order of series and instance number. */
    public List<InstanceRow> list(String study, @Nullable String series, Sight sight) {
        return instances(study, series, null, sight);
    }

    private List<InstanceRow> instances(
            String study, @Nullable String series, @Nullable String sopInstance, Sight sight) {
        SqlCondition where = where(study, series, sopInstance, sight.visible());
        SqlCondition masking = sight.masking();
        return jdbc.sql("select " + INSTANCE_COLUMNS + ", " + masking.sql() + " as masking" + INSTANCE_TABLES
                        + " where " + where.sql() + ORDER)
                .params(both(masking, where))
                .query((rs, n) -> instance(rs, masking(rs)))
                .list();
    }

    /** Prepared metadata with the base of their URIs, in order of series and instance number. */
    public record MetadataRow(MetadataChunk chunk, String base, long instancePk) {}

    /**
     * Version of a study, series or instance.
     *
     * @param number changes whenever the metadata do
     * @param masking what is kept back from who asked
     */
    public record Version(long number, Masking masking) {}

    /** Version of a study, series or instance in sight. */
    public Optional<Version> version(String study, @Nullable String series, @Nullable String sopInstance, Sight sight) {
        SqlCondition where = where(study, series, sopInstance, sight.visible());
        SqlCondition masking = sight.masking();
        String number;
        String tables;
        if (sopInstance != null) {
            number = "i.instance_pk";
            tables = INSTANCE_TABLES;
        } else if (series != null) {
            number = "se.version";
            tables = " from trefoil.series se join trefoil.study st on st.study_pk = se.study_pk";
        } else {
            number = "st.version";
            tables = " from trefoil.study st";
        }
        return jdbc.sql("select " + number + " as version, " + masking.sql() + " as masking" + tables + " where "
                        + where.sql())
                .params(both(masking, where))
                .query((rs, n) -> new Version(rs.getLong("version"), masking(rs)))
                .optional();
    }

    /** Metadata of a study, series or instance in sight, as stored: nothing is masked yet. */
    public List<MetadataRow> metadata(
            String study, @Nullable String series, @Nullable String sopInstance, Sight sight) {
        SqlCondition where = where(study, series, sopInstance, sight.visible());
        return jdbc.sql("select i.metadata, i.metadata_crc, i.metadata_length, i.metadata_base, i.instance_pk"
                        + INSTANCE_TABLES + " where " + where.sql() + ORDER)
                .params(where.parameters())
                .query((rs, n) -> new MetadataRow(chunk(rs), rs.getString("metadata_base"), rs.getLong("instance_pk")))
                .list();
    }

    // ---- search -----------------------------------------------------------------------------------------------------

    /** Rows of a search and the keys that could not be used. */
    public record Found(List<SearchRow> rows, boolean more, List<List<Integer>> ignoredKeys) {}

    /** Searches what is in sight; see {@link org.trefoilhub.dicomweb.archive.ArchiveSession#search}. */
    public Found search(QueryLevel level, QidoQuery query, Sight sight) {
        List<SqlCondition> conditions = new ArrayList<>();
        conditions.add(sight.visible());
        List<List<Integer>> ignored = new ArrayList<>();
        Map<List<Integer>, String> dateTimes = new HashMap<>();
        for (QidoQuery.Match match : query.matches()) {
            Optional<SearchKey> key = SearchKey.of(match.path());
            if (key.isEmpty()) {
                ignored.add(match.path());
                continue;
            }
            dateTimes.put(match.path(), match.value());
            match.path().forEach(tag -> conditions.add(sight.findableBy(tag)));
            conditions.add(
                    atLevel(level, key.get().level(), key.get().condition(match.value(), query.fuzzyMatching())));
        }
        combineDateTime(level, dateTimes, conditions);
        SqlCondition where = SqlCondition.and(conditions);
        SqlCondition masking = sight.masking();
        List<Object> parameters = both(masking, where);
        parameters.add(query.limit() + 1);
        parameters.add(query.offset());
        List<SearchRow> rows = jdbc.sql(
                        select(level, masking.sql()) + " where " + where.sql() + order(level) + " limit ? offset ?")
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
            conditions.add(atLevel(level, keyLevel, SqlCondition.and(both)));
        }
    }

    private static String select(QueryLevel level, String masking) {
        String study = "select st.study_pk, st.study_instance_uid, st.attributes as study_attributes,"
                + " st.number_of_series as study_series, st.number_of_instances as study_instances, " + masking
                + " as masking";
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
                DatasetMask.apply(masking(rs), attributes.build()),
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
        return modalities(jdbc, studyPks);
    }

    static Map<Long, Set<String>> modalities(JdbcClient jdbc, Collection<Long> studyPks) {
        return below(
                jdbc,
                "select study_pk, modality as item from trefoil.series where study_pk in (:pks) and modality <> ''",
                studyPks);
    }

    /** Distinct SOP classes of studies. */
    public Map<Long, Set<String>> sopClasses(Collection<Long> studyPks) {
        return below(
                jdbc,
                "select distinct study_pk, sop_class_uid as item from trefoil.instance where study_pk in (:pks)",
                studyPks);
    }

    private static Map<Long, Set<String>> below(JdbcClient jdbc, String sql, Collection<Long> studyPks) {
        Map<Long, Set<String>> result = new HashMap<>();
        if (!studyPks.isEmpty()) {
            jdbc.sql(sql).param("pks", Set.copyOf(studyPks)).query(rs -> {
                result.computeIfAbsent(rs.getLong("study_pk"), pk -> new TreeSet<>())
                        .add(rs.getString("item"));
            });
        }
        return result;
    }

    /** Summary of a study in sight. */
    public Optional<StudySummary> summary(String studyInstanceUid, Sight sight) {
        SqlCondition where = where(studyInstanceUid, null, null, sight.visible());
        SqlCondition masking = sight.masking();
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
                        + " st.attributes as study_attributes, se.attributes as series_attributes, " + masking.sql()
                        + " as masking" + INSTANCE_TABLES + " where " + where.sql() + ORDER)
                .params(both(masking, where))
                .query((rs, n) -> {
                    DicomDataset study = parsed.get("");
                    if (study == null) {
                        study = DatasetMask.apply(masking(rs), parse(rs.getBytes("study_attributes")));
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
                    StudyIndex.integer(attributes, Tag.SeriesNumber),
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

    /** Parameters of what is selected, then those of the condition. */
    private static List<Object> both(SqlCondition selected, SqlCondition where) {
        List<Object> all = new ArrayList<>(selected.parameters());
        all.addAll(where.parameters());
        return all;
    }
}
