package org.trefoilhub.dicomweb.archive.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.CareFact;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.DocumentedDate;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Verdict;
import org.trefoilhub.access.sql.FactTables;
import org.trefoilhub.access.sql.ScopeSql;
import org.trefoilhub.access.sql.SqlCondition;
import org.trefoilhub.dicomweb.fixture.FakePatients;

/**
 * The rows that real SQL finds for random scopes are those that the scope contains by their facts, at the archive's tables
 * and at those of FHIR resources.
 */
class ScopeSqlPropertyTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T16:00:00Z");
    private static final int STUDIES = 60;
    private static final int PATIENTS = 14;

    private static final Map<FactKind, List<String>> WORDS = Map.of(
            FactKind.SOURCE, List.of("MODALITY1", "UIS", "RIS"),
            FactKind.DEPARTMENT, List.of("radiology", "ultrasound"),
            FactKind.MODALITY, List.of("CT", "US", "ECG"),
            FactKind.EXAM_ITEM, List.of("CT-CHEST", "US-ECHO"),
            FactKind.DATA_TYPE, List.of("image", "image-unassigned", "waveform"),
            FactKind.CATEGORY, List.of("http://example.org|x"),
            FactKind.SENSITIVITY, List.of("HIV", "PSY"),
            FactKind.PATIENT_TYPE, List.of("IMP", "AMB", "check-up"),
            FactKind.EXAMINED_BY, List.of("radiology", "endoscopy"),
            FactKind.GROUP, List.of("Group/1", "Group/2"));

    private static JdbcConnectionPool database;
    private static JdbcClient jdbc;

    /** What the tables were filled with: facts by the key of the study, which is the key of its ImagingStudy too. */
    private static final Map<Long, ResourceFacts> studies = new HashMap<>();

    private static final Map<Long, ResourceFacts> resources = new HashMap<>();

    @BeforeContainer
    static void fill() {
        database = JdbcConnectionPool.create("jdbc:h2:mem:scope-sql;DB_CLOSE_DELAY=-1", "sa", "");
        IndexMigration.flyway(database, ZoneOffset.UTC).migrate();
        FactMigration.flyway(database).migrate();
        jdbc = JdbcClient.create(database);
        Random random = new Random(20);
        Map<String, ResourceFacts> patients = new HashMap<>();
        Map<Integer, List<Integer>> persons = new HashMap<>();
        for (int i = 0; i < PATIENTS; i++) {
            persons.computeIfAbsent(random.nextInt(PATIENTS * 2 / 3), p -> new ArrayList<>())
                    .add(i);
        }
        persons.forEach((person, identities) -> person(random, person, identities, patients));
        for (long pk = 1; pk <= STUDIES; pk++) {
            study(random, pk, patients);
        }
    }

    @AfterContainer
    static void close() {
        database.dispose();
    }

    // ---- data -------------------------------------------------------------------------------------------------------

    private static void person(
            Random random, int person, List<Integer> identities, Map<String, ResourceFacts> patients) {
        Clearance label = pick(random, Clearance.values());
        Map<FactKind, Set<String>> codes = new HashMap<>();
        for (FactKind kind : FactKind.values()) {
            if (kind.ofPatient()) {
                codes.put(kind, some(random, WORDS.get(kind)));
            }
        }
        Set<CareFact> care = new HashSet<>();
        for (int identity : identities) {
            String reference = "Patient/" + identity;
            jdbc.sql("insert into trefoil.access_patient values (?, ?, ?)")
                    .params(reference, "person" + person, label.name())
                    .update();
            jdbc.sql("insert into trefoil.patient (patient_pk, issuer, patient_id, patient_ref) values (?, '', ?, ?)")
                    .params(identity, "P" + identity, reference)
                    .update();
            codes.forEach((kind, values) ->
                    values.forEach(value -> jdbc.sql("insert into trefoil.access_patient_code values (?, ?, ?)")
                            .params(reference, kind.name(), value)
                            .update()));
            for (int n = random.nextInt(3); n > 0; n--) {
                care.add(encounter(random, reference, "Encounter/" + identity + "-" + n));
            }
        }
        ResourceFacts facts = ResourceFacts.complete(ResourceKind.IMAGING_STUDY)
                .withLabel(label)
                .withPatients(new HashSet<>(
                        identities.stream().map(id -> "Patient/" + id).toList()))
                .withCare(care);
        for (Map.Entry<FactKind, Set<String>> entry : codes.entrySet()) {
            facts = facts.withCodes(entry.getKey(), entry.getValue());
        }
        for (int identity : identities) {
            patients.put("Patient/" + identity, facts);
        }
    }

    private static CareFact encounter(Random random, String patient, String reference) {
        CareFact fact = new CareFact(
                pick(random, "IMP", "AMB", "EMER"),
                pick(random, "W1", "W2", null),
                some(random, List.of("ward-doctor", "ward-nurse")),
                moment(random),
                null,
                random.nextBoolean());
        String department = fact.department();
        jdbc.sql("insert into trefoil.access_care values (?, ?, ?, ?, ?, ?, null)")
                .params(
                        reference,
                        patient,
                        fact.encounterClass(),
                        department == null ? "" : department,
                        fact.current(),
                        fact.start().atOffset(ZoneOffset.UTC))
                .update();
        fact.users().forEach(user -> jdbc.sql("insert into trefoil.access_care_user values (?, ?)")
                .params(reference, user)
                .update());
        return fact;
    }

    private static void study(Random random, long pk, Map<String, ResourceFacts> patients) {
        int identity = random.nextInt(PATIENTS + 3);
        boolean assigned = identity < PATIENTS;
        boolean projected = random.nextInt(6) > 0;
        boolean assignedByHand = !assigned && projected && random.nextBoolean();
        String patient = assigned ? "Patient/" + identity : assignedByHand ? "Patient/0" : null;
        Instant began = random.nextInt(5) == 0 ? null : moment(random);
        String sender = pick(random, "MODALITY1", "UIS");
        String uid = "2.25." + pk;
        jdbc.sql("insert into trefoil.study (study_pk, patient_pk, study_instance_uid, patient_name, patient_id,"
                        + " issuer, patient_sex, patient_birth_date, study_date, study_time, accession_number, study_id,"
                        + " study_description, referring_physician_name, sender, number_of_series,"
                        + " number_of_instances, version, attributes, created_at, started_at)"
                        + " values (?, ?, ?, '', '', '', '', '', '', '', '', '', '', '', ?, 0, 0, 0, ?, now(), ?)")
                .params(pk, assigned ? identity : null, uid, sender, new byte[0], time(began))
                .update();
        ResourceFacts facts =
                patient == null ? ResourceFacts.complete(ResourceKind.IMAGING_STUDY) : patients.get(patient);
        Set<String> modalities = some(random, WORDS.get(FactKind.MODALITY));
        modalities.forEach(modality -> jdbc.sql("insert into trefoil.series (study_pk, series_instance_uid, modality,"
                        + " series_description, body_part_examined, laterality, series_date, series_time,"
                        + " step_start_date, step_start_time, station_name, institution_name, scheduled_step_ids,"
                        + " requested_procedure_ids, request_accession_numbers, number_of_instances, version,"
                        + " attributes, created_at)"
                        + " values (?, ?, ?, '', '', '', '', '', '', '', '', '', '', '', '', 0, 0, ?, now())")
                .params(pk, uid + "." + WORDS.get(FactKind.MODALITY).indexOf(modality), modality, new byte[0])
                .update());
        facts = facts.withId(uid)
                .withDate(new DocumentedDate(began, began))
                .withCodes(FactKind.MODALITY, modalities)
                .withCodes(FactKind.SOURCE, Set.of(sender))
                .withCodes(FactKind.AUTHOR, Set.of())
                .withCodes(FactKind.DATA_TYPE, dataTypes(patient, modalities));
        if (!projected) {
            Map<FactKind, Set<String>> codes = new HashMap<>(facts.codes());
            codes.remove(FactKind.EXAM_ITEM);
            codes.remove(FactKind.DEPARTMENT);
            codes.remove(FactKind.CATEGORY);
            studies.put(
                    pk,
                    new ResourceFacts(
                            facts.kind(),
                            facts.id(),
                            facts.patients(),
                            facts.label(),
                            codes,
                            null,
                            facts.care(),
                            facts.date()));
            return;
        }
        // the order is of one more modality than came, and from somewhere
        Set<String> ordered = new HashSet<>(modalities);
        ordered.add("NM");
        facts = facts.withCodes(FactKind.MODALITY, ordered)
                .withCodes(FactKind.SOURCE, Set.of(sender, "RIS"))
                .withCodes(FactKind.CATEGORY, some(random, WORDS.get(FactKind.CATEGORY)))
                .withCodes(FactKind.EXAM_ITEM, some(random, WORDS.get(FactKind.EXAM_ITEM)))
                .withCodes(FactKind.DEPARTMENT, some(random, WORDS.get(FactKind.DEPARTMENT)))
                .withExams(some(random, List.of("ServiceRequest/1", "ServiceRequest/2", "ImagingStudy/" + pk)));
        jdbc.sql("insert into trefoil.access_resource values (?, 'ImagingStudy', ?, ?, ?, ?, ?)")
                .params(pk, "" + pk, patient, uid, time(began), time(began))
                .update();
        facts.codes().forEach((kind, values) -> {
            if (!kind.ofPatient()) {
                values.forEach(value -> jdbc.sql("insert into trefoil.access_code values (?, ?, ?)")
                        .params(pk, kind.name(), value)
                        .update());
            }
        });
        facts.exams().forEach(exam -> jdbc.sql("insert into trefoil.access_exam values (?, ?)")
                .params(pk, exam)
                .update());
        studies.put(pk, facts);
        resources.put(pk, facts);
    }

    private static Set<String> dataTypes(@Nullable String patient, Set<String> modalities) {
        Set<String> types = new HashSet<>(Set.of(patient == null ? "image-unassigned" : "image"));
        if (modalities.contains("ECG")) {
            types.add("waveform");
        }
        return types;
    }

    private static Instant moment(Random random) {
        return MIDNIGHT.plusSeconds(21_600L * (random.nextInt(9) - 4));
    }

    private static java.time.@Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    private static Set<String> some(Random random, List<String> values) {
        Set<String> result = new TreeSet<>();
        for (int n = random.nextInt(values.size() + 1); n > 0; n--) {
            result.add(values.get(random.nextInt(values.size())));
        }
        return result;
    }

    // ---- scopes -----------------------------------------------------------------------------------------------------

    private static AccessScope scope(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return atom(random);
        }
        return switch (random.nextInt(3)) {
            case 0 -> new AccessScope.Not(scope(random, depth - 1));
            case 1 -> new AccessScope.AnyOf(List.of(scope(random, depth - 1), scope(random, depth - 1)));
            default -> new AccessScope.AllOf(List.of(scope(random, depth - 1), scope(random, depth - 1)));
        };
    }

    private static AccessScope atom(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> new AccessScope.Label(pick(random, Clearance.values()));
            case 1 ->
                new AccessScope.Compartment(Set.of(
                        "Patient/" + random.nextInt(PATIENTS), "Patient/" + (PATIENTS + random.nextInt(PATIENTS))));
            case 2 ->
                new AccessScope.DataPeriod(
                        random.nextBoolean() ? moment(random) : null, random.nextBoolean() ? moment(random) : null);
            case 3 ->
                new AccessScope.Exam(
                        Set.of("ServiceRequest/" + (1 + random.nextInt(3)), "ImagingStudy/" + random.nextInt(STUDIES)));
            case 4 ->
                new AccessScope.Care(
                        some(random, List.of("IMP", "AMB")),
                        some(random, List.of("W1", "W2")),
                        random.nextBoolean() ? "ward-doctor" : null,
                        random.nextBoolean(),
                        random.nextBoolean() ? moment(random) : null,
                        random.nextBoolean() ? moment(random) : null);
            case 5 -> random.nextBoolean() ? new AccessScope.All() : new AccessScope.None("nothing in this test");
            default -> {
                // Reports have authors, studies have none.
                FactKind kind = pick(random, WORDS.keySet().stream().sorted().toArray(FactKind[]::new));
                yield new AccessScope.Coded(
                        kind, Set.of(pick(random, WORDS.get(kind).toArray(String[]::new))));
            }
        };
    }

    // ---- properties -------------------------------------------------------------------------------------------------

    @Property(tries = 600)
    void shouldFindTheStudiesThatTheScopeContains(@ForAll long seed) {
        AccessScope scope = scope(new Random(seed), 4);
        if (scope instanceof AccessScope.None) {
            return;
        }
        Set<Long> found = found("select st.study_pk from trefoil.study st where ", scope, StudyFactTables.INSTANCE);
        studies.forEach((pk, facts) -> {
            if (facts.exams() != null) {
                assertThat(found.contains(pk)).as("%s %s", scope, pk).isEqualTo(contains(scope, facts));
            } else if (found.contains(pk)) {
                // not projected yet: shown only where nothing that is missing could matter
                assertThat(scope.contains(facts)).as("%s %s", scope, pk).isEqualTo(Verdict.YES);
            }
        });
    }

    @Property(tries = 200)
    void shouldFindTheResourcesThatTheScopeContains(@ForAll long seed) {
        AccessScope scope = scope(new Random(seed), 4);
        if (scope instanceof AccessScope.None) {
            return;
        }
        Set<Long> found =
                found("select ar.res_pid from trefoil.access_resource ar where ", scope, FactTables.ofResources("ar"));
        resources.forEach((pk, facts) ->
                assertThat(found.contains(pk)).as("%s %s", scope, pk).isEqualTo(contains(scope, facts)));
    }

    /** What a door owes a scope for: every study but those that are known to lie outside. */
    @Property(tries = 200)
    void shouldFindTheStudiesThatTheScopePossiblyContains(@ForAll long seed) {
        AccessScope scope = scope(new Random(seed), 4);
        SqlCondition condition = ScopeSql.possibly(scope, StudyFactTables.INSTANCE);
        Set<Long> found = new HashSet<>(jdbc.sql("select st.study_pk from trefoil.study st where " + condition.sql())
                .params(condition.parameters())
                .query(Long.class)
                .list());
        studies.forEach((pk, facts) -> {
            Verdict verdict = scope.contains(facts);
            if (facts.exams() != null || !found.contains(pk)) {
                assertThat(found.contains(pk)).as("%s %s", scope, pk).isEqualTo(verdict != Verdict.NO);
            }
        });
    }

    @Property(tries = 1)
    void shouldLoadTheFactsThatTheTablesHold() {
        assertThat(new StudyFacts(database, new FakePatients(), ZoneOffset.UTC).of(studies.keySet()))
                .isEqualTo(studies);
    }

    private static boolean contains(AccessScope scope, ResourceFacts facts) {
        Verdict verdict = scope.contains(facts);
        assertThat(verdict).isNotEqualTo(Verdict.UNKNOWN);
        return verdict == Verdict.YES;
    }

    private static Set<Long> found(String select, AccessScope scope, FactTables tables) {
        SqlCondition condition = ScopeSql.translate(scope, tables);
        return new HashSet<>(jdbc.sql(select + condition.sql())
                .params(condition.parameters())
                .query(Long.class)
                .list());
    }
}
