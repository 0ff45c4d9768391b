package org.trefoilhub.dicomweb.archive.index;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.access.policy.CareFact;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.DocumentedDate;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicomweb.archive.PatientDirectory;

/**
 * What the policy wants to know of studies, as facts for one decision; the same facts that {@link StudyFactTables} names in
 * SQL.
 *
 * <p>Thread-safe.
 */
public final class StudyFacts {
    private static final Set<FactKind> FROM_EXAM =
            Set.of(FactKind.EXAM_ITEM, FactKind.DEPARTMENT, FactKind.CATEGORY, FactKind.MODALITY, FactKind.SOURCE);

    private final JdbcClient jdbc;
    private final PatientDirectory directory;
    private final ZoneId zone;

    /**
     * Facts from the tables of schema {@code trefoil}, which must be migrated ({@link IndexMigration}, {@link FactMigration}).
     *
     * @param directory who keeps the patients
     * @param zone time zone of the hospital, for dates and times that carry none
     */
    public StudyFacts(DataSource dataSource, PatientDirectory directory, ZoneId zone) {
        this.jdbc = JdbcClient.create(dataSource);
        this.directory = directory;
        this.zone = zone;
    }

    /** What the index itself says of a study. */
    private record Row(
            long pk,
            String studyInstanceUid,
            @Nullable String patientReference,
            boolean assigned,
            String sender,
            @Nullable Instant startedAt,
            @Nullable Long resource) {}

    /** Facts of stored studies by their keys in the index; a study that is gone is left out. */
    public Map<Long, ResourceFacts> of(Collection<Long> studyPks) {
        return studyPks.isEmpty() ? Map.of() : of("st.study_pk in (:values)", Set.copyOf(studyPks));
    }

    /** Facts of a stored study; empty if there is none. */
    public Optional<ResourceFacts> of(String studyInstanceUid) {
        return of("st.study_instance_uid in (:values)", Set.of(studyInstanceUid)).values().stream()
                .findFirst();
    }

    private Map<Long, ResourceFacts> of(String condition, Set<?> values) {
        List<Row> rows = jdbc.sql("select st.study_pk, st.study_instance_uid, st.sender, st.started_at, "
                        + StudyFactTables.INSTANCE.patient() + " as patient_ref, case when "
                        + StudyFactTables.ASSIGNED.sql() + " then 1 else 0 end as assigned, "
                        + StudyFactTables.RESOURCE + " as res_pid from trefoil.study st where " + condition)
                .param("values", values)
                .query((rs, n) -> row(rs))
                .list();
        Map<Long, Set<String>> modalities =
                StudyReader.modalities(jdbc, rows.stream().map(Row::pk).toList());
        Map<String, ResourceFacts> patients = patients(rows.stream()
                .map(Row::patientReference)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        Map<Long, ResourceFacts> projected = projected(
                rows.stream().map(Row::resource).filter(Objects::nonNull).collect(Collectors.toSet()));
        Map<Long, ResourceFacts> result = new HashMap<>();
        for (Row row : rows) {
            ResourceFacts facts = row.patientReference() == null
                    ? nobody()
                    : patients.getOrDefault(row.patientReference(), ResourceFacts.of(ResourceKind.IMAGING_STUDY));
            Set<String> here = modalities.getOrDefault(row.pk(), Set.of());
            facts = facts.withId(row.studyInstanceUid())
                    .withCodes(FactKind.MODALITY, here)
                    .withCodes(FactKind.SOURCE, Set.of(row.sender()))
                    .withCodes(FactKind.AUTHOR, Set.of())
                    .withCodes(FactKind.DATA_TYPE, dataTypes(row.assigned(), here))
                    .withDate(new DocumentedDate(row.startedAt(), row.startedAt()));
            ResourceFacts exam = row.resource() == null ? null : projected.get(row.resource());
            result.put(row.pk(), exam == null ? facts : withExam(facts, exam));
        }
        return result;
    }

    /**
     * Facts of an object that is about to be stored: its own, and those of the study it would join.
     *
     * <p>A study that is not projected yet belongs to no exam so far.
     */
    public ResourceFacts of(DicomDataset object, String sender) {
        ResourceFacts own = own(object, sender);
        Optional<ResourceFacts> joined = of(Objects.requireNonNull(own.id()));
        return joined.isPresent() ? joining(own, joined.get()) : own;
    }

    /** Facts of an object that is about to be stored as if it were the first of its study. */
    public ResourceFacts own(DicomDataset object, String sender) {
        Optional<PatientKey> key = PatientKey.of(object, sender, directory);
        Optional<String> patient = key.flatMap(this::patient);
        ResourceFacts facts = patient.isEmpty()
                ? nobody()
                : patients(Set.of(patient.get()))
                        .getOrDefault(patient.get(), ResourceFacts.of(ResourceKind.IMAGING_STUDY));
        String modality = object.string(Tag.Modality);
        Set<String> modalities = modality == null ? Set.of() : Set.of(modality);
        facts = facts.withId(Objects.requireNonNull(object.string(Tag.StudyInstanceUID)))
                .withCodes(FactKind.MODALITY, modalities)
                .withCodes(FactKind.SOURCE, Set.of(sender))
                .withCodes(FactKind.AUTHOR, Set.of())
                .withCodes(FactKind.DATA_TYPE, dataTypes(key.isPresent(), modalities))
                .withExams(Set.of())
                .withDate(StudyStart.of(object, zone));
        for (FactKind kind : StudyFactTables.PROJECTED) {
            facts = facts.withCodes(kind, Set.of());
        }
        return facts;
    }

    private static Set<String> dataTypes(boolean assigned, Set<String> modalities) {
        Set<String> types = new HashSet<>();
        types.add(assigned ? StudyFactTables.IMAGE : StudyFactTables.UNASSIGNED);
        if (modalities.stream().anyMatch(StudyFactTables.WAVEFORMS::contains)) {
            types.add(StudyFactTables.WAVEFORM);
        }
        return types;
    }

    private Optional<String> patient(PatientKey key) {
        List<Optional<String>> known = jdbc.sql(
                        "select patient_ref from trefoil.patient where issuer = ? and patient_id = ?")
                .params(key.issuer(), key.patientId())
                .query((rs, n) -> Optional.ofNullable(rs.getString("patient_ref")))
                .list();
        return known.isEmpty() ? directory.find(key.issuer(), key.patientId()) : known.get(0);
    }

    /** About no patient, as far as patients go. */
    private static ResourceFacts nobody() {
        ResourceFacts facts = ResourceFacts.of(ResourceKind.IMAGING_STUDY)
                .withPatients(Set.of())
                .withLabel(Clearance.N)
                .withCare(Set.of());
        for (FactKind kind : FactKind.values()) {
            if (kind.ofPatient()) {
                facts = facts.withCodes(kind, Set.of());
            }
        }
        return facts;
    }

    private static Row row(ResultSet rs) throws SQLException {
        long resource = rs.getLong("res_pid");
        boolean projected = !rs.wasNull();
        return new Row(
                rs.getLong("study_pk"),
                rs.getString("study_instance_uid"),
                rs.getString("patient_ref"),
                rs.getInt("assigned") == 1,
                rs.getString("sender"),
                instant(rs, "started_at"),
                projected ? resource : null);
    }

    private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        OffsetDateTime value = rs.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    // ---- facts of patients ------------------------------------------------------------------------------------------

    /** Facts of patients by reference; one without a row in the policy's tables is left out, which makes it unknown. */
    private Map<String, ResourceFacts> patients(Set<String> references) {
        Map<String, ResourceFacts> result = new HashMap<>();
        if (references.isEmpty()) {
            return result;
        }
        Map<String, Set<String>> identities = new HashMap<>();
        Map<String, Map<FactKind, Set<String>>> codes = new HashMap<>();
        Map<String, Clearance> labels = new HashMap<>();
        jdbc.sql("select p.patient_ref, p.label as kind, linked.patient_ref as code from trefoil.access_patient p"
                        + " join trefoil.access_patient linked on linked.person_key = p.person_key"
                        + " where p.patient_ref in (:references)"
                        + " union all select patient_ref, kind, code from trefoil.access_patient_code"
                        + " where patient_ref in (:references)")
                .param("references", references)
                .query(rs -> {
                    String reference = rs.getString("patient_ref");
                    String kind = rs.getString("kind");
                    if (kind.length() == 1) {
                        labels.put(reference, Clearance.valueOf(kind));
                        identities
                                .computeIfAbsent(reference, r -> new HashSet<>())
                                .add(rs.getString("code"));
                    } else {
                        codes.computeIfAbsent(reference, r -> new EnumMap<>(FactKind.class))
                                .computeIfAbsent(FactKind.valueOf(kind), k -> new HashSet<>())
                                .add(rs.getString("code"));
                    }
                });
        Map<String, Set<CareFact>> care = care(references);
        identities.forEach((reference, linked) -> {
            ResourceFacts facts = nobody().withPatients(linked)
                    .withLabel(Objects.requireNonNull(labels.get(reference)))
                    .withCare(care.getOrDefault(reference, Set.of()));
            for (Map.Entry<FactKind, Set<String>> entry :
                    codes.getOrDefault(reference, Map.of()).entrySet()) {
                facts = facts.withCodes(entry.getKey(), entry.getValue());
            }
            result.put(reference, facts);
        });
        return result;
    }

    private Map<String, Set<CareFact>> care(Set<String> references) {
        record Encounter(String patient, String reference) {}
        Map<Encounter, CareFact> encounters = new HashMap<>();
        jdbc.sql("select p.patient_ref, c.encounter_ref, c.encounter_class, c.department, c.is_current, c.start_at,"
                        + " c.end_at, u.user_name from trefoil.access_patient p"
                        + " join trefoil.access_patient linked on linked.person_key = p.person_key"
                        + " join trefoil.access_care c on c.patient_ref = linked.patient_ref"
                        + " left join trefoil.access_care_user u on u.encounter_ref = c.encounter_ref"
                        + " where p.patient_ref in (:references)")
                .param("references", references)
                .query(rs -> {
                    CareFact fact = care(rs);
                    encounters.merge(
                            new Encounter(rs.getString("patient_ref"), rs.getString("encounter_ref")),
                            fact,
                            StudyFacts::together);
                });
        Map<String, Set<CareFact>> result = new HashMap<>();
        encounters.forEach((encounter, fact) -> result.computeIfAbsent(encounter.patient(), r -> new HashSet<>())
                .add(fact));
        return result;
    }

    private static CareFact care(ResultSet rs) throws SQLException {
        String user = rs.getString("user_name");
        Instant start = instant(rs, "start_at");
        String department = rs.getString("department");
        return new CareFact(
                rs.getString("encounter_class"),
                department.isEmpty() ? null : department,
                user == null ? Set.of() : Set.of(user),
                start == null ? Instant.MIN : start, // began before every day that could be asked for
                instant(rs, "end_at"),
                rs.getBoolean("is_current"));
    }

    private static CareFact together(CareFact one, CareFact other) {
        return new CareFact(
                one.encounterClass(),
                one.department(),
                union(one.users(), other.users()),
                one.start(),
                one.end(),
                one.current());
    }

    // ---- facts of exams ---------------------------------------------------------------------------------------------

    private Map<Long, ResourceFacts> projected(Set<Long> resources) {
        Map<Long, ResourceFacts> result = new HashMap<>();
        if (resources.isEmpty()) {
            return result;
        }
        for (long resource : resources) {
            ResourceFacts none = ResourceFacts.of(ResourceKind.IMAGING_STUDY).withExams(Set.of());
            for (FactKind kind : FROM_EXAM) {
                none = none.withCodes(kind, Set.of());
            }
            result.put(resource, none);
        }
        jdbc.sql("select res_pid, kind, code from trefoil.access_code where res_pid in (:resources)"
                        + " and kind in (:kinds) union all select res_pid, '', exam_ref from trefoil.access_exam"
                        + " where res_pid in (:resources)")
                .param("resources", resources)
                .param("kinds", FROM_EXAM.stream().map(FactKind::name).toList())
                .query(rs -> {
                    String kind = rs.getString("kind");
                    Set<String> code = Set.of(rs.getString("code"));
                    result.computeIfPresent(
                            rs.getLong("res_pid"),
                            (pid, facts) -> kind.isEmpty()
                                    ? facts.withExams(union(facts.exams(), code))
                                    : facts.withCodes(
                                            FactKind.valueOf(kind),
                                            union(facts.codes().get(FactKind.valueOf(kind)), code)));
                });
        return result;
    }

    /** What the ImagingStudy says comes to what is known here. */
    private static ResourceFacts withExam(ResourceFacts facts, ResourceFacts exam) {
        ResourceFacts result = facts.withExams(Objects.requireNonNull(exam.exams()));
        for (FactKind kind : FROM_EXAM) {
            result = result.withCodes(
                    kind, union(facts.codes().get(kind), exam.codes().get(kind)));
        }
        return result;
    }

    /** The object may not be less than the study is: patients and exams of both count. */
    private static ResourceFacts joining(ResourceFacts object, ResourceFacts study) {
        ResourceFacts result = object;
        if (study.exams() != null) {
            result = withExam(result, study);
        }
        Clearance label = study.label();
        Set<String> patients = study.patients();
        Set<CareFact> care = study.care();
        if (label == null || patients == null || care == null || result.label() == null) {
            // nobody knows the patient of the one or the other
            return new ResourceFacts(
                    result.kind(), result.id(), null, null, result.codes(), result.exams(), null, result.date());
        }
        result = result.withPatients(union(result.patients(), patients))
                .withLabel(label.covers(result.label()) ? label : result.label())
                .withCare(union(result.care(), care));
        for (FactKind kind : FactKind.values()) {
            if (kind.ofPatient()) {
                result = result.withCodes(
                        kind, union(result.codes().get(kind), study.codes().get(kind)));
            }
        }
        return result;
    }

    private static <T> Set<T> union(@Nullable Set<T> one, @Nullable Set<T> other) {
        Set<T> both = new HashSet<>();
        if (one != null) {
            both.addAll(one);
        }
        if (other != null) {
            both.addAll(other);
        }
        return both;
    }
}
