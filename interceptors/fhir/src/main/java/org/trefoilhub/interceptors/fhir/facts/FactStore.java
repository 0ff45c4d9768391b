package org.trefoilhub.interceptors.fhir.facts;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Subscription;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.DocumentedDate;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;

/**
 * The tables of facts: written when resources are, read when the policy is asked.
 *
 * <p>Uses the connection of the transaction it is called in. Thread-safe.
 */
public final class FactStore implements FactSource {

    private static final int CHUNK = 500;
    private static final Set<String> EXAMS = Set.of("ServiceRequest", "ImagingStudy", "DiagnosticReport");
    private static final Set<FactKind> OF_EXAM = Set.of(FactKind.EXAM_ITEM, FactKind.DEPARTMENT, FactKind.MODALITY);
    /** Kind of the stored fact that tells whose a file of an export or a subscription is. */
    private static final String OWNER = "OWNER";

    private static final String CLIENT_SYSTEM = "https://trefoil-hub.org/fhir/sid/client";
    private static final String UNASSIGNED = "image-unassigned";

    private final JdbcTemplate jdbc;
    private final FactMapper mapper;
    private final PatientFacts patients;
    private final FactWrites writes = new FactWrites();

    /**
     * The tables of one hub.
     *
     * @param dataSource database that holds schema {@code trefoil}
     * @param canonical base of our systems, without trailing slash
     * @param fhirBase base address of the FHIR door, without trailing slash
     * @param zone zone of the hospital, for partial dates
     */
    public FactStore(DataSource dataSource, String canonical, String fhirBase, ZoneId zone) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.mapper = new FactMapper(canonical, fhirBase, zone);
        this.patients = new PatientFacts(jdbc, mapper, canonical);
    }

    /**
     * Ends the care teams whose period is over, which no write tells of.
     *
     * @param now the present
     * @return how many ended
     */
    public int endCareTeams(Instant now) {
        AtomicInteger ended = new AtomicInteger();
        writes.during(() -> ended.set(patients.endTeams(now)));
        return ended.get();
    }

    @Override
    public OptionalLong quiet() {
        return writes.quiet();
    }

    // ---- writing

    /**
     * Stores the facts of a resource as it is now, and what follows for others.
     *
     * @param pid key of the resource in the FHIR store
     * @param resource the resource with its id
     */
    void write(long pid, Resource resource) {
        writes.during(() -> replace(pid, resource));
    }

    private void replace(long pid, Resource resource) {
        String ref = reference(resource);
        OwnFacts own = mapper.map(resource);
        Given given = given(own);
        String before = PatientFacts.makesExaminer(resource) ? patientOf(pid) : null;
        upsert(pid, resource, own, given.patient());
        Map<String, Set<String>> codes = ownCodes(own, given);
        patients.addOwnCodes(resource, codes);
        addOwner(resource, codes);
        boolean changed = replaceOwn(pid, codes);
        Changes changes = replaceEdges(pid, edges(resource, ref, own));
        changes.members().add(ref);
        recompute(changes.members());
        if (PatientFacts.makesExaminer(resource) && (changed || !java.util.Objects.equals(before, given.patient()))) {
            Stream.of(before, given.patient())
                    .filter(java.util.Objects::nonNull)
                    .forEach(changes.patients()::add);
        }
        patients.follow(resource, ref, changes.patients(), given.patient());
    }

    /** Keeps the row of a deleted resource, so that a hidden one stays hidden, and takes back what it said of others. */
    void delete(long pid, Resource resource) {
        writes.during(() -> takeBack(pid, resource));
    }

    private void takeBack(long pid, Resource resource) {
        jdbc.update("update trefoil.access_resource set study_uid = null where res_pid = ?", pid);
        Changes changes = replaceEdges(pid, Set.of());
        recompute(changes.members());
        patients.forget(resource, reference(resource), changes.patients());
    }

    /** A file of a Bulk Data export names the client that made it, and so does a subscription. */
    private static void addOwner(Resource resource, Map<String, Set<String>> codes) {
        if (resource instanceof Subscription) {
            resource.getMeta().getTag().stream()
                    .filter(tag -> CLIENT_SYSTEM.equals(tag.getSystem()) && tag.hasCode())
                    .findFirst()
                    .ifPresent(tag -> codes.put(OWNER, new TreeSet<>(Set.of(tag.getCode()))));
        }
        if (resource instanceof Binary file) {
            Identifier owner = file.getSecurityContext().getIdentifier();
            if (CLIENT_SYSTEM.equals(owner.getSystem()) && owner.hasValue()) {
                codes.put(OWNER, new TreeSet<>(Set.of(owner.getValue())));
            }
        }
    }

    /**
     * The client that made a file of an export or a subscription.
     *
     * @param type {@code Binary} or {@code Subscription}
     * @param id its id
     * @return the client, or empty when it has none or does not exist
     */
    public Optional<String> owner(String type, String id) {
        return jdbc
                .queryForList(
                        "select o.code from trefoil.access_own o join trefoil.access_resource r on r.res_pid = o.res_pid"
                                + " where r.res_type = ? and r.res_id = ? and o.kind = ?",
                        String.class,
                        type,
                        id,
                        OWNER)
                .stream()
                .findFirst();
    }

    private void upsert(long pid, Resource resource, OwnFacts own, @Nullable String patient) {
        Object from = timestamp(own.date().from());
        Object until = timestamp(own.date().until());
        int rows = jdbc.update(
                "update trefoil.access_resource set patient_ref = ?, study_uid = ?, from_at = ?, until_at = ?"
                        + " where res_pid = ?",
                patient,
                own.studyUid(),
                from,
                until,
                pid);
        if (rows == 0) {
            jdbc.update(
                    "insert into trefoil.access_resource"
                            + " (res_pid, res_type, res_id, patient_ref, study_uid, from_at, until_at)"
                            + " values (?, ?, ?, ?, ?, ?, ?)",
                    pid,
                    resource.fhirType(),
                    resource.getIdElement().getIdPart(),
                    patient,
                    own.studyUid(),
                    from,
                    until);
        }
    }

    /** What other resources give to one before any chain is followed. */
    private record Given(@Nullable String patient, Set<String> departments, boolean unassigned) {}

    private Given given(OwnFacts own) {
        String patient = own.patient();
        boolean unassigned = false;
        if (patient == null && !own.inherits().isEmpty()) {
            for (Row row : rows(own.inherits()).values()) {
                if (row.patient() != null) {
                    patient = row.patient();
                    break;
                }
                unassigned |= codes(Set.of(row.pid()))
                        .getOrDefault(row.pid(), Map.of())
                        .getOrDefault(FactKind.DATA_TYPE, Set.of())
                        .contains(UNASSIGNED);
            }
        }
        Set<String> departments = new TreeSet<>();
        if (!own.departments().isEmpty()) {
            Set<Long> places = rows(own.departments()).values().stream()
                    .map(Row::pid)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            own("DEPARTMENT", places).values().forEach(departments::addAll);
        }
        return new Given(patient, departments, patient == null && unassigned);
    }

    private static Map<String, Set<String>> ownCodes(OwnFacts own, Given given) {
        Map<String, Set<String>> codes = new TreeMap<>();
        own.codes().forEach((kind, values) -> codes.put(kind.name(), new TreeSet<>(values)));
        codes.computeIfAbsent("DEPARTMENT", kind -> new TreeSet<>()).addAll(given.departments());
        if (given.unassigned()) {
            codes.computeIfAbsent("DATA_TYPE", kind -> new TreeSet<>()).add(UNASSIGNED);
        }
        return codes;
    }

    /** What a Patient resource itself says of its level; ordinary when nothing is stored. */
    PatientLevel level(long pid) {
        Set<String> sensitivities =
                new TreeSet<>(own("SENSITIVITY", Set.of(pid)).getOrDefault(pid, Set.of()));
        Clearance label = Clearance.N;
        for (String name : own("LABEL", Set.of(pid)).getOrDefault(pid, Set.of())) {
            Clearance one = Clearance.valueOf(name);
            label = label.covers(one) ? label : one;
        }
        return new PatientLevel(label, sensitivities);
    }

    private @Nullable String patientOf(long pid) {
        return jdbc
                .queryForList(
                        "select patient_ref from trefoil.access_resource where res_pid = ? and patient_ref is not null",
                        String.class,
                        pid)
                .stream()
                .findFirst()
                .orElse(null);
    }

    private boolean replaceOwn(long pid, Map<String, Set<String>> codes) {
        Map<String, Set<String>> stored = new TreeMap<>();
        jdbc.query(
                "select kind, code from trefoil.access_own where res_pid = ?",
                row -> {
                    stored.computeIfAbsent(row.getString(1), kind -> new TreeSet<>())
                            .add(row.getString(2));
                },
                pid);
        Map<String, Set<String>> wanted = new TreeMap<>(codes);
        wanted.values().removeIf(Set::isEmpty);
        if (stored.equals(wanted)) {
            return false;
        }
        jdbc.update("delete from trefoil.access_own where res_pid = ?", pid);
        List<Object[]> rows = new ArrayList<>();
        wanted.forEach((kind, values) -> values.forEach(code -> rows.add(new Object[] {pid, kind, cut(code)})));
        jdbc.batchUpdate("insert into trefoil.access_own (res_pid, kind, code) values (?, ?, ?)", rows);
        return true;
    }

    /** One line of {@code access_edge} without its author. */
    record Edge(String member, String source, String what) {}

    private Set<Edge> edges(Resource resource, String ref, OwnFacts own) {
        Set<Edge> edges = new LinkedHashSet<>();
        own.exams().forEach(exam -> edges.add(new Edge(ref, exam, "EXAM")));
        for (String result : own.results()) {
            edges.add(new Edge(result, ref, "EXAM"));
            if (result.startsWith("ImagingStudy/")) {
                edges.add(new Edge(ref, result, "MODALITY"));
            }
        }
        if (resource.fhirType().equals("Binary") || resource.fhirType().equals("Provenance")) {
            own.inherits().forEach(source -> edges.add(new Edge(ref, source, "EXAM")));
        }
        edges.addAll(patients.edges(resource, ref));
        return edges;
    }

    /** For whom something changed: members of exams, and identities of patients. */
    private record Changes(Set<String> members, Set<String> patients) {
        void add(Edge edge) {
            switch (edge.what()) {
                case "LINK" -> {
                    patients.add(edge.member());
                    patients.add(edge.source());
                }
                case "MEMBER" -> patients.add(edge.member());
                default -> {
                    members.add(edge.member());
                    // Its order has one more, or one less, in its exam.
                    members.add(edge.source());
                }
            }
        }
    }

    /** Replaces what a resource says of others. */
    private Changes replaceEdges(long pid, Set<Edge> wanted) {
        Set<Edge> stored = new HashSet<>(jdbc.query(
                "select member_ref, source_ref, what from trefoil.access_edge where stated_by = ?",
                (row, number) -> new Edge(row.getString(1), row.getString(2), row.getString(3)),
                pid));
        Changes changed = new Changes(new LinkedHashSet<>(), new LinkedHashSet<>());
        List<Object[]> gone = new ArrayList<>();
        List<Object[]> come = new ArrayList<>();
        for (Edge edge : stored) {
            if (!wanted.contains(edge)) {
                changed.add(edge);
                gone.add(new Object[] {pid, edge.member(), edge.source(), edge.what()});
            }
        }
        for (Edge edge : wanted) {
            if (!stored.contains(edge)) {
                changed.add(edge);
                come.add(new Object[] {pid, edge.member(), edge.source(), edge.what()});
            }
        }
        if (!gone.isEmpty()) {
            jdbc.batchUpdate(
                    "delete from trefoil.access_edge"
                            + " where stated_by = ? and member_ref = ? and source_ref = ? and what = ?",
                    gone);
        }
        if (!come.isEmpty()) {
            jdbc.batchUpdate(
                    "insert into trefoil.access_edge (stated_by, member_ref, source_ref, what) values (?, ?, ?, ?)",
                    come);
        }
        return changed;
    }

    /** Brings the codes and exams of some resources, and of those that take from them, up to date. */
    private void recompute(Set<String> start) {
        ArrayDeque<String> queue = new ArrayDeque<>(start);
        Map<String, Integer> visits = new HashMap<>();
        while (!queue.isEmpty()) {
            String ref = queue.poll();
            // A circle of references ends here: sets only grow within one walk.
            if (visits.merge(ref, 1, Integer::sum) > 8) {
                continue;
            }
            Row row = rows(Set.of(ref)).get(ref);
            if (row != null && recompute(ref, row.pid())) {
                queue.addAll(jdbc.queryForList(
                        "select distinct member_ref from trefoil.access_edge"
                                + " where source_ref = ? and what in ('EXAM', 'MODALITY')",
                        String.class,
                        ref));
            }
        }
    }

    private boolean recompute(String ref, long pid) {
        Taken taken = taken(ref, pid);
        Map<FactKind, Set<String>> codes = new EnumMap<>(FactKind.class);
        jdbc.query(
                "select kind, code from trefoil.access_own where res_pid = ?",
                row -> {
                    String code = row.getString(2);
                    resourceKind(row.getString(1)).ifPresent(kind -> add(codes, kind, code));
                },
                pid);
        merge(codes, taken.codes());
        Set<String> exams = new TreeSet<>(taken.exams());
        if (EXAMS.contains(FactMapper.typeOf(ref))) {
            exams.add(ref);
        }
        exams.addAll(together(ref, exams));
        Map<FactKind, Set<String>> storedCodes = codes(Set.of(pid)).getOrDefault(pid, Map.of());
        Set<String> storedExams = exams(Set.of(pid)).getOrDefault(pid, Set.of());
        boolean changed = false;
        if (!codes.equals(storedCodes)) {
            changed = true;
            jdbc.update("delete from trefoil.access_code where res_pid = ?", pid);
            List<Object[]> rows = new ArrayList<>();
            codes.forEach((kind, values) -> values.forEach(code -> rows.add(new Object[] {pid, kind.name(), code})));
            jdbc.batchUpdate("insert into trefoil.access_code (res_pid, kind, code) values (?, ?, ?)", rows);
        }
        if (!exams.equals(storedExams)) {
            changed = true;
            jdbc.update("delete from trefoil.access_exam where res_pid = ?", pid);
            List<Object[]> rows = new ArrayList<>();
            exams.forEach(exam -> rows.add(new Object[] {pid, exam}));
            jdbc.batchUpdate("insert into trefoil.access_exam (res_pid, exam_ref) values (?, ?)", rows);
        }
        return changed;
    }

    /** The studies and reports of the orders that a resource belongs to, and those of a report or study that names none. */
    private Set<String> together(String ref, Set<String> exams) {
        Set<String> found = new TreeSet<>();
        List<Object> orders = new ArrayList<>(exams.stream()
                .filter(exam -> FactMapper.typeOf(exam).equals("ServiceRequest"))
                .toList());
        if (!orders.isEmpty()) {
            found.addAll(jdbc.queryForList(
                    "select distinct member_ref from trefoil.access_edge where what = 'EXAM' and source_ref in "
                            + marks(orders),
                    String.class,
                    orders.toArray()));
        }
        if (FactMapper.typeOf(ref).equals("DiagnosticReport")) {
            found.addAll(jdbc.queryForList(
                    "select distinct source_ref from trefoil.access_edge where what = 'MODALITY' and member_ref = ?",
                    String.class,
                    ref));
        } else if (FactMapper.typeOf(ref).equals("ImagingStudy")) {
            found.addAll(jdbc.queryForList(
                    "select distinct source_ref from trefoil.access_edge where what = 'EXAM' and member_ref = ?",
                    String.class,
                    ref));
        }
        found.removeIf(exam -> !EXAMS.contains(FactMapper.typeOf(exam)));
        return found;
    }

    /** What a resource takes from its exam. */
    private record Taken(Map<FactKind, Set<String>> codes, Set<String> exams) {}

    private Taken taken(String ref, long pid) {
        Set<String> named = new LinkedHashSet<>();
        Set<String> namedByOthers = new LinkedHashSet<>();
        Set<String> images = new LinkedHashSet<>();
        jdbc.query(
                "select stated_by, source_ref, what from trefoil.access_edge"
                        + " where member_ref = ? and what in ('EXAM', 'MODALITY')",
                row -> {
                    if (row.getString(3).equals("MODALITY")) {
                        images.add(row.getString(2));
                    } else {
                        (row.getLong(1) == pid ? named : namedByOthers).add(row.getString(2));
                    }
                },
                ref);
        // What names no order itself takes that of the reports that name it.
        return taken(named.isEmpty() ? namedByOthers : named, images);
    }

    private Taken taken(Set<String> sources, Set<String> images) {
        Map<FactKind, Set<String>> codes = new EnumMap<>(FactKind.class);
        Set<String> exams = new TreeSet<>();
        Set<String> all = new LinkedHashSet<>(sources);
        all.addAll(images);
        if (all.isEmpty()) {
            return new Taken(codes, exams);
        }
        Map<String, Row> rows = rows(all);
        Set<Long> pids = rows.values().stream().map(Row::pid).collect(Collectors.toSet());
        Map<Long, Map<FactKind, Set<String>>> theirCodes = codes(pids);
        Map<Long, Set<String>> theirExams = exams(pids);
        for (String source : sources) {
            if (EXAMS.contains(FactMapper.typeOf(source))) {
                exams.add(source);
            }
            Row row = rows.get(source);
            if (row != null) {
                exams.addAll(theirExams.getOrDefault(row.pid(), Set.of()));
                theirCodes.getOrDefault(row.pid(), Map.of()).forEach((kind, values) -> {
                    if (OF_EXAM.contains(kind)) {
                        values.forEach(value -> add(codes, kind, value));
                    }
                });
            }
        }
        for (String image : images) {
            Row row = rows.get(image);
            if (row != null) {
                theirCodes
                        .getOrDefault(row.pid(), Map.of())
                        .getOrDefault(FactKind.MODALITY, Set.of())
                        .forEach(value -> add(codes, FactKind.MODALITY, value));
            }
        }
        return new Taken(codes, exams);
    }

    // ---- reading

    @Override
    public Map<String, ResourceFacts> load(Collection<String> references) {
        Map<String, ResourceFacts> found = new HashMap<>();
        List<String> all = references.stream().distinct().toList();
        for (int i = 0; i < all.size(); i += CHUNK) {
            loadChunk(all.subList(i, Math.min(i + CHUNK, all.size())), found);
        }
        return found;
    }

    /** Something absent takes as many statements as something hidden: one for each type and one for the patients. */
    private void loadChunk(List<String> references, Map<String, ResourceFacts> found) {
        Map<String, List<String>> ids = new TreeMap<>();
        for (String reference : references) {
            int slash = reference.indexOf('/');
            ids.computeIfAbsent(reference.substring(0, slash), type -> new ArrayList<>())
                    .add(reference.substring(slash + 1));
        }
        Map<String, Stored> stored = new HashMap<>();
        ids.forEach((type, values) -> loadType(type, values, stored));
        Map<String, PatientFacts.Person> persons = patients.load(stored.values().stream()
                .map(row -> row.patient)
                .filter(java.util.Objects::nonNull)
                .collect(Collectors.toSet()));
        stored.forEach((ref, row) -> {
            if (row.exists) {
                found.put(
                        ref,
                        facts(
                                FactMapper.typeOf(ref),
                                ref.substring(ref.indexOf('/') + 1),
                                row.patient,
                                row.patient == null ? null : persons.get(row.patient),
                                row.codes,
                                row.exams,
                                row.date));
            }
        });
    }

    /** What is stored of one resource, put together from the rows of several tables. */
    private static final class Stored {
        private boolean exists;
        private @Nullable String patient;
        private DocumentedDate date = DocumentedDate.NONE;
        private final Map<FactKind, Set<String>> codes = new EnumMap<>(FactKind.class);
        private final Set<String> exams = new TreeSet<>();
    }

    private void loadType(String type, List<String> ids, Map<String, Stored> stored) {
        String of = " where r.res_type = ? and r.res_id in " + marks(ids);
        List<Object> once = new ArrayList<>();
        once.add(type);
        once.addAll(ids);
        List<Object> parameters = new ArrayList<>(once);
        parameters.addAll(once);
        parameters.addAll(once);
        jdbc.query(
                "select 0, r.res_id, r.patient_ref, cast(null as varchar(256)), r.from_at, r.until_at"
                        + " from trefoil.access_resource r" + of
                        + " union all select 1, r.res_id, c.kind, c.code, null, null from trefoil.access_resource r"
                        + " join trefoil.access_code c on c.res_pid = r.res_pid" + of
                        + " union all select 2, r.res_id, x.exam_ref, null, null, null from trefoil.access_resource r"
                        + " join trefoil.access_exam x on x.res_pid = r.res_pid" + of,
                row -> {
                    Stored one = stored.computeIfAbsent(type + "/" + row.getString(2), ref -> new Stored());
                    switch (row.getInt(1)) {
                        case 0 -> {
                            one.exists = true;
                            one.patient = row.getString(3);
                            one.date = new DocumentedDate(
                                    instant(row.getObject(5, OffsetDateTime.class)),
                                    instant(row.getObject(6, OffsetDateTime.class)));
                        }
                        case 1 -> add(one.codes, FactKind.valueOf(row.getString(3)), row.getString(4));
                        default -> one.exams.add(row.getString(3));
                    }
                },
                parameters.toArray());
    }

    private static ResourceFacts facts(
            String type,
            @Nullable String id,
            @Nullable String patient,
            PatientFacts.@Nullable Person person,
            Map<FactKind, Set<String>> codes,
            Set<String> exams,
            DocumentedDate date) {
        // Its patient may have no row: then nothing that depends on the patient is known.
        boolean unknown = patient != null && person == null;
        Map<FactKind, Set<String>> all = new EnumMap<>(FactKind.class);
        for (FactKind kind : FactKind.values()) {
            if (!unknown || !kind.ofPatient()) {
                all.put(kind, Set.of());
            }
        }
        if (person != null) {
            all.putAll(person.codes());
        }
        all.putAll(codes);
        return new ResourceFacts(
                new ResourceKind(type),
                id,
                unknown ? null : person == null ? Set.of() : person.references(),
                unknown ? null : person == null ? Clearance.N : person.label(),
                all,
                exams,
                unknown ? null : person == null ? Set.of() : person.care(),
                date);
    }

    @Override
    public ResourceFacts preview(Resource resource) {
        OwnFacts own = mapper.map(resource);
        Given given = given(own);
        Map<FactKind, Set<String>> codes = new EnumMap<>(FactKind.class);
        ownCodes(own, given).forEach((kind, values) -> resourceKind(kind)
                .ifPresent(known -> values.forEach(value -> add(codes, known, value))));
        Taken taken = taken(own.exams(), Set.of());
        merge(codes, taken.codes());
        String patient = given.patient();
        PatientFacts.Person person = patient == null
                ? null
                : resource.fhirType().equals("Patient")
                        ? patients.preview(resource)
                        : patients.load(Set.of(patient)).get(patient);
        return facts(resource.fhirType(), null, patient, person, codes, taken.exams(), own.date());
    }

    /** Resource row. */
    private record Row(long pid, @Nullable String patient, DocumentedDate date) {}

    private Map<String, Row> rows(Collection<String> references) {
        Map<String, List<String>> ids = new TreeMap<>();
        for (String reference : references) {
            int slash = reference.indexOf('/');
            ids.computeIfAbsent(reference.substring(0, slash), type -> new ArrayList<>())
                    .add(reference.substring(slash + 1));
        }
        Map<String, Row> rows = new HashMap<>();
        ids.forEach((type, values) -> {
            List<Object> parameters = new ArrayList<>();
            parameters.add(type);
            parameters.addAll(values);
            jdbc.query(
                    "select res_pid, res_id, patient_ref, from_at, until_at from trefoil.access_resource"
                            + " where res_type = ? and res_id in " + marks(values),
                    row -> {
                        rows.put(
                                type + "/" + row.getString(2),
                                new Row(
                                        row.getLong(1),
                                        row.getString(3),
                                        new DocumentedDate(
                                                instant(row.getObject(4, OffsetDateTime.class)),
                                                instant(row.getObject(5, OffsetDateTime.class)))));
                    },
                    parameters.toArray());
        });
        return rows;
    }

    private Map<Long, Map<FactKind, Set<String>>> codes(Collection<Long> pids) {
        Map<Long, Map<FactKind, Set<String>>> codes = new HashMap<>();
        if (!pids.isEmpty()) {
            jdbc.query(
                    "select res_pid, kind, code from trefoil.access_code where res_pid in " + marks(pids),
                    row -> {
                        add(
                                codes.computeIfAbsent(row.getLong(1), pid -> new EnumMap<>(FactKind.class)),
                                FactKind.valueOf(row.getString(2)),
                                row.getString(3));
                    },
                    pids.toArray());
        }
        return codes;
    }

    private Map<Long, Set<String>> exams(Collection<Long> pids) {
        Map<Long, Set<String>> exams = new HashMap<>();
        if (!pids.isEmpty()) {
            jdbc.query(
                    "select res_pid, exam_ref from trefoil.access_exam where res_pid in " + marks(pids),
                    row -> {
                        exams.computeIfAbsent(row.getLong(1), pid -> new TreeSet<>())
                                .add(row.getString(2));
                    },
                    pids.toArray());
        }
        return exams;
    }

    private Map<Long, Set<String>> own(String kind, Collection<Long> pids) {
        Map<Long, Set<String>> codes = new HashMap<>();
        if (!pids.isEmpty()) {
            List<Object> parameters = new ArrayList<>();
            parameters.add(kind);
            parameters.addAll(pids);
            jdbc.query(
                    "select res_pid, code from trefoil.access_own where kind = ? and res_pid in " + marks(pids),
                    row -> {
                        codes.computeIfAbsent(row.getLong(1), pid -> new TreeSet<>())
                                .add(row.getString(2));
                    },
                    parameters.toArray());
        }
        return codes;
    }

    // ---- small things

    static String reference(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }

    static String marks(Collection<?> values) {
        return "(" + "?, ".repeat(values.size() - 1) + "?)";
    }

    static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    static String cut(String code) {
        return code.length() > 256 ? code.substring(0, 256) : code;
    }

    static void add(Map<FactKind, Set<String>> codes, FactKind kind, String code) {
        codes.computeIfAbsent(kind, any -> new TreeSet<>()).add(code);
    }

    private static void merge(Map<FactKind, Set<String>> codes, Map<FactKind, Set<String>> more) {
        more.forEach((kind, values) -> values.forEach(value -> add(codes, kind, value)));
    }

    /** The kind of a stored code when resources carry it; labels and names are not. */
    private static java.util.Optional<FactKind> resourceKind(String stored) {
        for (FactKind kind : FactKind.values()) {
            if (kind.name().equals(stored) && !kind.ofPatient()) {
                return java.util.Optional.of(kind);
            }
        }
        return java.util.Optional.empty();
    }
}
