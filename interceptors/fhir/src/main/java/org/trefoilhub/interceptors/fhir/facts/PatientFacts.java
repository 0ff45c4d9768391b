package org.trefoilhub.interceptors.fhir.facts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.trefoilhub.access.policy.CareFact;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.FactKind;

/**
 * Facts of patients, one set for all identities that are linked to each other.
 *
 * <p>Label: the highest {@code meta.security} of HL7 v3-Confidentiality over the identities; {@code V} and {@code R}
 * count, lower ones are {@code N}, one that nobody knows counts as {@code V}. Sensitivity: the codes of v3-ActCode there.
 * Kinds of patient: the classes of the encounters that go on; without one, the class of the latest, and
 * {@code discharged} when the latest stay in hospital is over, in place of the class of that stay. Groups: those that list one of the identities.
 *
 * <p>Examined by: the departments that the orders and studies of one of the identities name themselves. What a report says
 * does not count: whoever may write one could let himself in.
 *
 * <p>A care team that is about the patient counts as an encounter without class and department, current while it is active
 * and its period is not over; its participants are Practitioners with a user name.
 *
 * <p>An encounter belongs to the department of its active location, else of its service provider; participants are
 * Practitioners with a user name. It is current when it is arrived, triaged, in progress or on leave.
 */
final class PatientFacts {

    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final Set<String> INPATIENT = Set.of("IMP", "ACUTE", "NONAC");

    private final JdbcTemplate jdbc;
    private final FactMapper mapper;
    private final String userSystem;

    PatientFacts(JdbcTemplate jdbc, FactMapper mapper, String canonical) {
        this.jdbc = jdbc;
        this.mapper = mapper;
        this.userSystem = canonical + "/sid/user";
    }

    /**
     * One person.
     *
     * @param references all identities
     */
    /** No patient has this reference. */
    private static final String NOBODY = "Patient/0";

    record Person(Set<String> references, Clearance label, Map<FactKind, Set<String>> codes, Set<CareFact> care) {}

    // ---- writing

    void addOwnCodes(Resource resource, Map<String, Set<String>> codes) {
        if (resource instanceof Patient patient) {
            codes.put("LABEL", Set.of(label(patient).name()));
            codes.put("SENSITIVITY", sensitivities(patient));
        } else if (resource.fhirType().equals("Practitioner")) {
            Set<String> users = new TreeSet<>();
            for (Base identifier : FactMapper.children(resource, "identifier")) {
                if (identifier instanceof Identifier one && userSystem.equals(one.getSystem()) && one.hasValue()) {
                    users.add(one.getValue());
                }
            }
            codes.put("USER", users);
        }
    }

    static Clearance label(Patient patient) {
        Clearance highest = Clearance.N;
        for (Coding security : patient.getMeta().getSecurity()) {
            if (CONFIDENTIALITY.equals(security.getSystem())) {
                Clearance label =
                        switch (String.valueOf(security.getCode())) {
                            case "U", "L", "M", "N" -> Clearance.N;
                            case "R" -> Clearance.R;
                            default -> Clearance.V;
                        };
                highest = highest.covers(label) ? highest : label;
            }
        }
        return highest;
    }

    private static Set<String> sensitivities(Patient patient) {
        Set<String> codes = new TreeSet<>();
        for (Coding security : patient.getMeta().getSecurity()) {
            if (ACT_CODE.equals(security.getSystem()) && security.hasCode()) {
                codes.add(security.getCode());
            }
        }
        return codes;
    }

    Set<FactStore.Edge> edges(Resource resource, String ref) {
        Set<FactStore.Edge> edges = new LinkedHashSet<>();
        if (resource instanceof Patient) {
            for (Base link : FactMapper.children(resource, "link")) {
                for (String other : mapper.references(link, "other")) {
                    if (other.startsWith("Patient/") && !other.equals(ref)) {
                        edges.add(new FactStore.Edge(ref, other, "LINK"));
                    }
                }
            }
        } else if (resource.fhirType().equals("Group")) {
            for (Base member : FactMapper.children(resource, "member")) {
                for (String entity : mapper.references(member, "entity")) {
                    boolean inactive = FactMapper.children(member, "inactive").stream()
                            .anyMatch(flag -> "true".equals(flag.primitiveValue()));
                    if (entity.startsWith("Patient/") && !inactive) {
                        edges.add(new FactStore.Edge(entity, ref, "MEMBER"));
                    }
                }
            }
        }
        return edges;
    }

    /** Brings the persons that a resource says something about up to date. */
    void follow(Resource resource, String ref, Set<String> touched, @Nullable String patient) {
        Set<String> affected = new LinkedHashSet<>(touched);
        if (resource instanceof Patient) {
            affected.add(ref);
        } else if (resource instanceof Encounter encounter) {
            affected.addAll(careOf(encounter, ref, patient));
        } else if (resource instanceof CareTeam team) {
            affected.addAll(careOf(team, ref, patient));
        }
        refresh(affected);
    }

    void forget(Resource resource, String ref, Set<String> touched) {
        Set<String> affected = new LinkedHashSet<>(touched);
        if (resource instanceof Encounter || resource instanceof CareTeam) {
            affected.addAll(forgetCare(ref));
        }
        refresh(affected);
    }

    private Set<String> forgetCare(String ref) {
        Set<String> affected = new LinkedHashSet<>(jdbc.queryForList(
                "select patient_ref from trefoil.access_care where encounter_ref = ?", String.class, ref));
        jdbc.update("delete from trefoil.access_care_user where encounter_ref = ?", ref);
        jdbc.update("delete from trefoil.access_care where encounter_ref = ?", ref);
        return affected;
    }

    private Set<String> careOf(Encounter encounter, String ref, @Nullable String patient) {
        return replaceCare(
                ref,
                patient,
                encounter.getClass_().hasCode() ? encounter.getClass_().getCode() : "",
                department(encounter),
                isCurrent(encounter),
                encounter.getPeriod(),
                encounter.getParticipant().stream()
                        .map(Encounter.EncounterParticipantComponent::getIndividual)
                        .toList());
    }

    private Set<String> careOf(CareTeam team, String ref, @Nullable String patient) {
        Date written = team.getMeta().getLastUpdated();
        boolean over = written != null
                && team.getPeriod().hasEnd()
                && !team.getPeriod().getEnd().after(written);
        return replaceCare(
                ref,
                patient,
                "",
                "",
                team.getStatus() == CareTeam.CareTeamStatus.ACTIVE && !over,
                team.getPeriod(),
                team.getParticipant().stream()
                        .map(CareTeam.CareTeamParticipantComponent::getMember)
                        .toList());
    }

    private Set<String> replaceCare(
            String ref,
            @Nullable String patient,
            String encounterClass,
            String department,
            boolean current,
            Period period,
            List<Reference> people) {
        Set<String> affected = forgetCare(ref);
        if (patient == null) {
            return affected;
        }
        affected.add(patient);
        Instant start = period.hasStart() ? period.getStart().toInstant() : Instant.EPOCH;
        Instant end = period.hasEnd() ? period.getEnd().toInstant() : null;
        jdbc.update(
                "insert into trefoil.access_care"
                        + " (encounter_ref, patient_ref, encounter_class, department, is_current, start_at, end_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                ref,
                patient,
                encounterClass,
                department,
                current,
                FactStore.timestamp(start),
                FactStore.timestamp(end));
        Set<String> users = new TreeSet<>();
        for (Reference individual : people) {
            String person = mapper.literal(individual);
            if (person != null) {
                users.addAll(named(person, "USER"));
            }
        }
        for (String user : users) {
            jdbc.update("insert into trefoil.access_care_user (encounter_ref, user_name) values (?, ?)", ref, user);
        }
        return affected;
    }

    /** Ends the care teams whose period is over. */
    int endTeams(Instant now) {
        return jdbc.update(
                "update trefoil.access_care set is_current = false where is_current and end_at <= ?"
                        + " and encounter_ref like 'CareTeam/%'",
                FactStore.timestamp(now));
    }

    private static boolean isCurrent(Encounter encounter) {
        Encounter.EncounterStatus status = encounter.getStatus();
        return status == Encounter.EncounterStatus.ARRIVED
                || status == Encounter.EncounterStatus.TRIAGED
                || status == Encounter.EncounterStatus.INPROGRESS
                || status == Encounter.EncounterStatus.ONLEAVE;
    }

    private String department(Encounter encounter) {
        for (Encounter.EncounterLocationComponent where : encounter.getLocation()) {
            String place = mapper.literal(where.getLocation());
            if (place != null && where.getStatus() == Encounter.EncounterLocationStatus.ACTIVE) {
                List<String> codes = named(place, "DEPARTMENT");
                if (!codes.isEmpty()) {
                    return codes.get(0);
                }
            }
        }
        String provider = mapper.literal(encounter.getServiceProvider());
        List<String> codes = provider == null ? List.of() : named(provider, "DEPARTMENT");
        return codes.isEmpty() ? "" : codes.get(0);
    }

    private List<String> named(String ref, String kind) {
        return jdbc.queryForList(
                "select o.code from trefoil.access_own o join trefoil.access_resource r on r.res_pid = o.res_pid"
                        + " where r.res_type = ? and r.res_id = ? and o.kind = ? order by o.code",
                String.class,
                FactMapper.typeOf(ref),
                ref.substring(ref.indexOf('/') + 1),
                kind);
    }

    /** Writes the rows of all persons that these identities belong to. */
    private void refresh(Set<String> patients) {
        Set<String> done = new HashSet<>();
        for (String patient : patients) {
            if (!done.contains(patient)) {
                Set<String> identities = identities(patient);
                done.addAll(identities);
                refreshPerson(identities);
            }
        }
    }

    /** All identities that a chain of links leads to, in whatever direction they were written. */
    private Set<String> identities(String start) {
        Set<String> found = new TreeSet<>();
        ArrayDeque<String> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            String next = queue.poll();
            if (found.add(next)) {
                queue.addAll(jdbc.queryForList(
                        "select source_ref from trefoil.access_edge where member_ref = ? and what = 'LINK'"
                                + " union select member_ref from trefoil.access_edge"
                                + " where source_ref = ? and what = 'LINK'",
                        String.class,
                        next,
                        next));
            }
        }
        return found;
    }

    private void refreshPerson(Set<String> identities) {
        String key = identities.iterator().next();
        Clearance label = Clearance.N;
        Set<String> stored = new TreeSet<>();
        Map<String, Set<String>> codes = new TreeMap<>();
        List<Object> ids = new ArrayList<>(identities.stream()
                .map(ref -> ref.substring(ref.indexOf('/') + 1))
                .toList());
        Set<String> labels = new TreeSet<>();
        jdbc.query(
                "select r.res_id, o.kind, o.code from trefoil.access_resource r"
                        + " left join trefoil.access_own o on o.res_pid = r.res_pid and o.kind in ('LABEL', 'SENSITIVITY')"
                        + " where r.res_type = 'Patient' and r.res_id in " + FactStore.marks(ids),
                row -> {
                    stored.add("Patient/" + row.getString(1));
                    if ("LABEL".equals(row.getString(2))) {
                        labels.add(row.getString(3));
                    } else if (row.getString(2) != null) {
                        codes.computeIfAbsent("SENSITIVITY", kind -> new TreeSet<>())
                                .add(row.getString(3));
                    }
                },
                ids.toArray());
        for (String name : labels) {
            Clearance one = Clearance.valueOf(name);
            label = label.covers(one) ? label : one;
        }
        Set<String> groups = new TreeSet<>(jdbc.queryForList(
                "select distinct source_ref from trefoil.access_edge where what = 'MEMBER' and member_ref in "
                        + FactStore.marks(identities),
                String.class,
                identities.toArray()));
        codes.put("GROUP", groups);
        codes.put(
                "PATIENT_TYPE",
                types(care(identities).values().stream()
                        .flatMap(Collection::stream)
                        .filter(care -> !care.encounterClass().isEmpty())
                        .toList()));
        codes.put("EXAMINED_BY", examiners(identities));
        for (String ref : stored) {
            int rows = jdbc.update(
                    "update trefoil.access_patient set person_key = ?, label = ? where patient_ref = ?",
                    key,
                    label.name(),
                    ref);
            if (rows == 0) {
                jdbc.update(
                        "insert into trefoil.access_patient (patient_ref, person_key, label) values (?, ?, ?)",
                        ref,
                        key,
                        label.name());
            }
            jdbc.update("delete from trefoil.access_patient_code where patient_ref = ?", ref);
            List<Object[]> lines = new ArrayList<>();
            codes.forEach((kind, values) -> values.forEach(code -> lines.add(new Object[] {ref, kind, code})));
            if (!lines.isEmpty()) {
                jdbc.batchUpdate(
                        "insert into trefoil.access_patient_code (patient_ref, kind, code) values (?, ?, ?)", lines);
            }
        }
    }

    /** Whether a resource tells who examines its patient. */
    static boolean makesExaminer(Resource resource) {
        return resource instanceof ServiceRequest || resource instanceof ImagingStudy;
    }

    private Set<String> examiners(Set<String> identities) {
        return new TreeSet<>(jdbc.queryForList(
                "select distinct o.code from trefoil.access_resource r join trefoil.access_own o on o.res_pid = r.res_pid"
                        + " and o.kind = 'DEPARTMENT' where r.res_type in ('ServiceRequest', 'ImagingStudy')"
                        + " and r.patient_ref in " + FactStore.marks(identities),
                String.class,
                identities.toArray()));
    }

    private static Set<String> types(List<CareFact> care) {
        Set<String> types = new TreeSet<>();
        care.stream().filter(CareFact::current).forEach(one -> types.add(one.encounterClass()));
        if (types.isEmpty()) {
            care.stream()
                    .max(Comparator.comparing(CareFact::start))
                    .filter(latest -> !INPATIENT.contains(latest.encounterClass()) || latest.end() == null)
                    .ifPresent(latest -> types.add(latest.encounterClass()));
            care.stream()
                    .filter(one -> INPATIENT.contains(one.encounterClass()))
                    .max(Comparator.comparing(CareFact::start))
                    .filter(stay -> stay.end() != null)
                    .ifPresent(stay -> types.add("discharged"));
        }
        types.remove("");
        return types;
    }

    // ---- reading

    /** Takes the same statement whether any of the patients exists or not. */
    Map<String, Person> load(Set<String> wanted) {
        Set<String> patients = wanted.isEmpty() ? Set.of(NOBODY) : wanted;
        Map<String, Set<String>> identities = new HashMap<>();
        Map<String, Clearance> labels = new HashMap<>();
        Map<String, Map<FactKind, Set<String>>> codes = new HashMap<>();
        Map<String, Stays> care = new HashMap<>();
        String marks = FactStore.marks(patients);
        List<Object> parameters = new ArrayList<>(patients);
        parameters.addAll(patients);
        parameters.addAll(patients);
        jdbc.query(
                "select 0, p.patient_ref, p.label, q.patient_ref, cast(null as varchar(128)), cast(null as boolean),"
                        + " cast(null as timestamp with time zone), cast(null as timestamp with time zone),"
                        + " cast(null as varchar(256)) from trefoil.access_patient p"
                        + " join trefoil.access_patient q on q.person_key = p.person_key where p.patient_ref in "
                        + marks
                        + " union all select 1, patient_ref, kind, code, null, null, null, null, null"
                        + " from trefoil.access_patient_code where patient_ref in " + marks
                        + " union all select 2, p.patient_ref, c.encounter_ref, c.encounter_class, c.department,"
                        + " c.is_current, c.start_at, c.end_at, u.user_name from trefoil.access_patient p"
                        + " join trefoil.access_patient q on q.person_key = p.person_key"
                        + " join trefoil.access_care c on c.patient_ref = q.patient_ref"
                        + " left join trefoil.access_care_user u on u.encounter_ref = c.encounter_ref"
                        + " where p.patient_ref in " + marks,
                row -> {
                    String ref = row.getString(2);
                    switch (row.getInt(1)) {
                        case 0 -> {
                            labels.put(ref, Clearance.valueOf(row.getString(3)));
                            identities
                                    .computeIfAbsent(ref, one -> new TreeSet<>())
                                    .add(row.getString(4));
                        }
                        case 1 ->
                            FactStore.add(
                                    codes.computeIfAbsent(ref, one -> new EnumMap<>(FactKind.class)),
                                    FactKind.valueOf(row.getString(3)),
                                    row.getString(4));
                        default -> care.computeIfAbsent(ref, one -> new Stays()).add(row, 3);
                    }
                },
                parameters.toArray());
        Map<String, Person> persons = new HashMap<>();
        identities.forEach((ref, others) -> {
            Stays stays = care.get(ref);
            persons.put(
                    ref,
                    new Person(
                            others,
                            labels.get(ref),
                            codes.getOrDefault(ref, Map.of()),
                            stays == null ? Set.of() : stays.facts()));
        });
        return persons;
    }

    /** What a Patient that is not stored yet, or not stored like this, would be. */
    Person preview(Resource resource) {
        Patient patient = (Patient) resource;
        Set<String> references = new TreeSet<>();
        Clearance label = label(patient);
        Map<FactKind, Set<String>> codes = new EnumMap<>(FactKind.class);
        codes.put(FactKind.SENSITIVITY, sensitivities(patient));
        Set<CareFact> care = new HashSet<>();
        Set<String> linked = new TreeSet<>();
        if (patient.getIdElement().hasIdPart()) {
            String ref = FactStore.reference(patient);
            references.add(ref);
            linked.add(ref);
        }
        edges(patient, "Patient/").forEach(edge -> linked.add(edge.source()));
        for (Person other : load(linked).values()) {
            references.addAll(other.references());
            label = label.covers(other.label()) ? label : other.label();
            other.codes().forEach((kind, values) -> values.forEach(value -> FactStore.add(codes, kind, value)));
            care.addAll(other.care());
        }
        return new Person(references, label, codes, care);
    }

    /** Encounters, put together from one row for each of their users. */
    private static final class Stays {
        private record Stay(
                String encounterClass,
                @Nullable String department,
                boolean current,
                Instant start,
                @Nullable Instant end) {}

        private final Map<String, Stay> stays = new HashMap<>();
        private final Map<String, Set<String>> users = new HashMap<>();

        /** Adds a row with encounter, class, department, whether it is current, start, end and user from a column on. */
        void add(ResultSet row, int at) throws SQLException {
            String encounter = row.getString(at);
            String department = row.getString(at + 2);
            OffsetDateTime start = row.getObject(at + 4, OffsetDateTime.class);
            stays.put(
                    encounter,
                    new Stay(
                            row.getString(at + 1),
                            department.isEmpty() ? null : department,
                            row.getBoolean(at + 3),
                            start == null ? Instant.EPOCH : start.toInstant(),
                            FactStore.instant(row.getObject(at + 5, OffsetDateTime.class))));
            String user = row.getString(at + 6);
            if (user != null) {
                users.computeIfAbsent(encounter, ref -> new TreeSet<>()).add(user);
            }
        }

        Set<CareFact> facts() {
            Set<CareFact> facts = new HashSet<>();
            stays.forEach((ref, stay) -> facts.add(new CareFact(
                    stay.encounterClass(),
                    stay.department(),
                    users.getOrDefault(ref, Set.of()),
                    stay.start(),
                    stay.end(),
                    stay.current())));
            return facts;
        }
    }

    private Map<String, Set<CareFact>> care(Set<String> patients) {
        Map<String, Stays> stays = new HashMap<>();
        jdbc.query(
                "select c.patient_ref, c.encounter_ref, c.encounter_class, c.department, c.is_current, c.start_at,"
                        + " c.end_at, u.user_name from trefoil.access_care c left join trefoil.access_care_user u"
                        + " on u.encounter_ref = c.encounter_ref where c.patient_ref in "
                        + FactStore.marks(patients),
                row -> {
                    stays.computeIfAbsent(row.getString(1), patient -> new Stays())
                            .add(row, 2);
                },
                patients.toArray());
        Map<String, Set<CareFact>> care = new HashMap<>();
        stays.forEach((patient, all) -> care.put(patient, all.facts()));
        return care;
    }
}
