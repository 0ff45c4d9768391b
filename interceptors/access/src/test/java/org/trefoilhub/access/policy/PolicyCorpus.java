package org.trefoilhub.access.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the policy corpus, whose files and fields {@code corpus/policy/README.md} describes; unknown fields are errors.
 *
 * <p>A door that runs the corpus makes the patients and resources of {@link #world()}, and for each case puts
 * {@link Case#set} in force, asks as {@link Case#subject()} does, and compares.
 */
public final class PolicyCorpus {

    /** Zone of the hospital, which the sets mean unless they name another. */
    public static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** Words that the policies of the corpus may use. */
    public static final Vocabulary VOCABULARY = Vocabulary.hospital(Set.of(
            "Patient",
            "Observation",
            "ImagingStudy",
            "DiagnosticReport",
            "ServiceRequest",
            "Task",
            "Consent",
            "Device"));

    private PolicyCorpus() {}

    /** The hospital of all cases. */
    public record World(Map<String, PatientText> patients, Map<String, ResourceText> resources) {

        /** Everything about a resource. */
        public ResourceFacts facts(String name) {
            ResourceText text = Objects.requireNonNull(resources.get(name), name);
            ResourceFacts facts = ResourceFacts.complete(new ResourceKind(text.type))
                    .withId(name)
                    .withExams(Set.copyOf(all(text.exams)));
            for (Map.Entry<String, List<String>> code :
                    (text.codes == null ? Map.<String, List<String>>of() : text.codes).entrySet()) {
                facts = facts.withCodes(kind(code.getKey()), Set.copyOf(code.getValue()));
            }
            if (text.date != null) {
                facts = facts.withDate(instant(text.date));
            }
            if (text.patient == null) {
                return facts;
            }
            PatientText patient = Objects.requireNonNull(patients.get(text.patient), text.patient);
            return facts.withPatients(Set.copyOf(patient.references))
                    .withLabel(patient.label)
                    .withCodes(FactKind.SENSITIVITY, Set.copyOf(patient.sensitivities))
                    .withCodes(FactKind.PATIENT_TYPE, Set.copyOf(patient.patientTypes))
                    .withCodes(FactKind.GROUP, Set.copyOf(patient.groups))
                    .withCodes(FactKind.EXAMINED_BY, examiners(text.patient))
                    .withCare(patient.care.stream().map(CareText::fact).collect(Collectors.toSet()));
        }

        /** The departments of the orders and studies of a patient. */
        private Set<String> examiners(String patient) {
            return resources.values().stream()
                    .filter(resource -> patient.equals(resource.patient))
                    .filter(resource -> Set.of("ServiceRequest", "ImagingStudy").contains(resource.type))
                    .map(resource -> resource.codes == null ? null : resource.codes.get("department"))
                    .filter(Objects::nonNull)
                    .flatMap(List::stream)
                    .collect(Collectors.toSet());
        }
    }

    /** A person under all references; the first is the one that resources refer to. */
    public record PatientText(
            List<String> references,
            Clearance label,
            List<String> sensitivities,
            List<String> patientTypes,
            List<String> groups,
            List<CareText> care) {}

    /** An encounter. */
    public record CareText(
            String encounterClass,
            String department,
            Set<String> users,
            String start,
            @Nullable String end,
            boolean current) {

        CareFact fact() {
            return new CareFact(
                    encounterClass, department, users, instant(start), end == null ? null : instant(end), current);
        }
    }

    /** A resource; codes by kind of fact in lower case with hyphens, none where a kind is missing. */
    public record ResourceText(
            String type,
            @Nullable String patient,
            @Nullable String date,
            @Nullable List<String> exams,
            @Nullable Map<String, List<String>> codes) {}

    /** A policy set. */
    public record SetText(boolean labelGate, @Nullable String zone, List<PolicyText> policies) {

        /** The policies in the order of the file. */
        public List<AccessPolicy> accessPolicies() {
            return policies.stream()
                    .map(text -> text.policy(zone == null ? ZONE : ZoneId.of(zone)))
                    .toList();
        }

        /** The set, compiled. */
        public PolicySet compile(long version) {
            return PolicySet.compile(version, accessPolicies(), VOCABULARY, new PolicyOptions(labelGate));
        }
    }

    /** A period; the end is exclusive. */
    public record PeriodText(@Nullable String from, @Nullable String until) {}

    /** A span of the day. */
    public record HoursText(@Nullable Set<DayOfWeek> days, String start, String length) {}

    /** A policy; a field that is missing means any. */
    public record PolicyText(
            String id,
            String effect,
            int priority,
            @Nullable List<String> clients,
            @Nullable List<String> users,
            @Nullable List<String> roles,
            @Nullable List<String> roleAt,
            @Nullable List<String> departments,
            @Nullable List<String> groups,
            @Nullable List<String> interfaces,
            @Nullable List<String> types,
            @Nullable List<String> dataTypes,
            @Nullable List<String> categories,
            @Nullable List<String> sources,
            @Nullable List<String> actions,
            @Nullable List<String> purposes,
            @Nullable List<String> patients,
            @Nullable List<String> patientGroups,
            @Nullable Clearance labelAtLeast,
            @Nullable Set<Clearance> labels,
            @Nullable List<String> sensitivities,
            @Nullable List<String> patientTypes,
            @Nullable List<String> care,
            @Nullable List<String> exams,
            @Nullable List<String> examItems,
            @Nullable List<String> modalities,
            @Nullable List<String> examDepartments,
            @Nullable PeriodText dataPeriod,
            @Nullable PeriodText period,
            @Nullable List<HoursText> hours,
            @Nullable List<String> obligations) {

        AccessPolicy policy(ZoneId zone) {
            List<Condition> conditions = new ArrayList<>();
            if (clients != null) {
                conditions.add(new Condition.Client(Set.copyOf(clients)));
            }
            Set<UserMatch> matches = userMatches();
            if (!matches.isEmpty()) {
                conditions.add(new Condition.User(matches));
            }
            if (interfaces != null) {
                conditions.add(new Condition.Interface(interfaces.stream()
                        .map(code -> Door.ofCode(code).orElseThrow())
                        .collect(Collectors.toSet())));
            }
            if (actions != null) {
                conditions.add(new Condition.Actions(actions.stream()
                        .map(code -> Action.ofCode(code).orElseThrow())
                        .collect(Collectors.toSet())));
            }
            if (purposes != null) {
                conditions.add(new Condition.Purpose(Set.copyOf(purposes)));
            }
            any(
                    conditions,
                    types == null ? null : new Condition.DataType(Set.copyOf(types)),
                    coded(FactKind.DATA_TYPE, dataTypes));
            any(conditions, coded(FactKind.CATEGORY, categories));
            any(conditions, coded(FactKind.SOURCE, sources));
            any(
                    conditions,
                    patients == null ? null : new Condition.Patient(Set.copyOf(patients)),
                    coded(FactKind.GROUP, patientGroups));
            any(conditions, labelAtLeast == null ? null : new Condition.LabelAtLeast(labelAtLeast));
            any(
                    conditions,
                    labels == null ? null : new Condition.LabelIn(labels),
                    coded(FactKind.SENSITIVITY, sensitivities));
            any(
                    conditions,
                    coded(FactKind.PATIENT_TYPE, patientTypes),
                    care == null
                            ? null
                            : new Condition.Care(
                                    care.stream()
                                            .map(code -> CareRelation.valueOf(constant(code)))
                                            .collect(Collectors.toSet()),
                                    zone));
            any(conditions, exams == null ? null : new Condition.Exam(Set.copyOf(exams)));
            any(conditions, coded(FactKind.EXAM_ITEM, examItems), coded(FactKind.MODALITY, modalities));
            any(conditions, coded(FactKind.DEPARTMENT, examDepartments));
            times(conditions, zone);
            return new AccessPolicy(
                    id,
                    AccessPolicy.Effect.valueOf(constant(effect)),
                    priority,
                    conditions,
                    all(obligations).stream().map(Obligation::new).collect(Collectors.toSet()));
        }

        private Set<UserMatch> userMatches() {
            return Stream.of(
                            all(users).stream().map(UserMatch.Named::new),
                            all(roles).stream().map(UserMatch.InRole::new),
                            all(departments).stream().map(UserMatch.InDepartment::new),
                            all(groups).stream().map(UserMatch.InGroup::new),
                            all(roleAt).stream()
                                    .map(both -> both.split("@"))
                                    .map(both -> new UserMatch.InRoleAt(both[0], both[1])))
                    .<UserMatch>flatMap(each -> each)
                    .collect(Collectors.toSet());
        }

        private void times(List<Condition> conditions, ZoneId zone) {
            if (dataPeriod != null) {
                conditions.add(new Condition.DataPeriod(orNull(dataPeriod.from), orNull(dataPeriod.until)));
            }
            if (period != null || hours != null) {
                conditions.add(new Condition.AuthorisationPeriod(
                        period == null ? null : orNull(period.from),
                        period == null ? null : orNull(period.until),
                        (hours == null ? List.<HoursText>of() : hours)
                                .stream()
                                        .map(text -> new Condition.Hours(
                                                text.days == null ? Set.of() : text.days,
                                                LocalTime.parse(text.start),
                                                Duration.parse(text.length)))
                                        .collect(Collectors.toSet()),
                        zone));
            }
        }

        private static Condition.@Nullable Coded coded(FactKind kind, @Nullable List<String> values) {
            return values == null ? null : new Condition.Coded(kind, Set.copyOf(values));
        }

        private static void any(List<Condition> conditions, @Nullable Condition... alternatives) {
            List<Condition> given = Stream.of(alternatives)
                    .filter(Objects::nonNull)
                    .map(Condition.class::cast)
                    .toList();
            if (!given.isEmpty()) {
                conditions.add(given.size() == 1 ? given.get(0) : new Condition.AnyOf(given));
            }
        }
    }

    /** Who asks. */
    public record SubjectText(
            String client,
            @Nullable String user,
            @Nullable Set<String> roles,
            @Nullable Set<String> departments,
            @Nullable Set<String> groups,
            Clearance clearance,
            Set<String> scopes,
            @Nullable String patient) {

        Subject subject() {
            return new Subject(
                    client,
                    user,
                    orEmpty(roles),
                    orEmpty(departments),
                    clearance,
                    scopes,
                    null,
                    orEmpty(groups),
                    patient);
        }

        private static Set<String> orEmpty(@Nullable Set<String> values) {
            return values == null ? Set.of() : values;
        }
    }

    /** What must come out; {@code scope} is {@code all}, {@code none} or {@code part}, or null when it is not said. */
    public record Expectation(
            String outcome, Set<String> policies, Set<String> obligations, int errors, @Nullable String scope) {

        /** Whether the case permits. */
        public boolean permit() {
            return outcome.equals("permit");
        }
    }

    /**
     * One case.
     *
     * @param unknown parts of the facts that are not known: kinds of fact, {@code patients}, {@code label},
     *     {@code exams}, {@code care}, {@code date}; doors know all facts and leave such cases out
     */
    public record Case(
            String description,
            String policySet,
            @JsonProperty("subject") SubjectText who,
            @JsonProperty("interface") String door,
            String action,
            Set<String> purpose,
            @JsonProperty("instant") String time,
            String resource,
            @Nullable List<String> unknown,
            Expectation expect) {

        /** The set that is in force. */
        public SetText set() {
            return Objects.requireNonNull(SETS.get(policySet), policySet);
        }

        /** Who asks. */
        public Subject subject() {
            return who.subject();
        }

        /** Through which door and when. */
        public Environment environment() {
            return new Environment(Door.ofCode(door).orElseThrow(), instant(time));
        }

        /** The question to the engine. */
        public AccessRequest request() {
            ResourceFacts facts = WORLD.facts(resource);
            for (String part : all(unknown)) {
                facts = without(facts, part);
            }
            return new AccessRequest(subject(), Action.ofCode(action).orElseThrow(), facts, purpose, environment());
        }

        private static ResourceFacts without(ResourceFacts facts, String part) {
            Map<FactKind, Set<String>> codes = new LinkedHashMap<>(facts.codes());
            boolean whole = Set.of("patients", "label", "exams", "care", "date").contains(part);
            if (!whole) {
                codes.remove(kind(part));
            }
            return new ResourceFacts(
                    facts.kind(),
                    facts.id(),
                    part.equals("patients") ? null : facts.patients(),
                    part.equals("label") ? null : facts.label(),
                    codes,
                    part.equals("exams") ? null : facts.exams(),
                    part.equals("care") ? null : facts.care(),
                    part.equals("date") ? null : facts.date());
        }

        @Override
        public String toString() {
            return policySet + ": " + description;
        }
    }

    private static final World WORLD = read("world.json", new TypeReference<>() {});
    private static final Map<String, SetText> SETS = readSets();

    /** The hospital of all cases. */
    public static World world() {
        return WORLD;
    }

    /** All cases. */
    public static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(read("decision-cases.json", new TypeReference<List<Case>>() {}));
        cases.addAll(read("pair-cases.json", new TypeReference<List<Case>>() {}));
        cases.addAll(read("store-cases.json", new TypeReference<List<Case>>() {}));
        return cases;
    }

    private static Map<String, SetText> readSets() {
        Map<String, SetText> sets = new LinkedHashMap<>();
        sets.putAll(read("sets.json", new TypeReference<Map<String, SetText>>() {}));
        sets.putAll(read("pair-sets.json", new TypeReference<Map<String, SetText>>() {}));
        sets.putAll(read("store-sets.json", new TypeReference<Map<String, SetText>>() {}));
        return sets;
    }

    private static <T> T read(String name, TypeReference<T> type) {
        try (InputStream in = PolicyCorpus.class.getResourceAsStream("/corpus/policy/" + name)) {
            return JSON.readValue(in, type);
        } catch (IOException e) {
            throw new IllegalStateException("corpus file `" + name + "` cannot be read", e);
        }
    }

    static <T> T parse(String json, Class<T> type) throws IOException {
        return JSON.readValue(json, type);
    }

    private static FactKind kind(String code) {
        return FactKind.valueOf(constant(code));
    }

    private static String constant(String code) {
        return code.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static @Nullable Instant orNull(@Nullable String text) {
        return text == null ? null : instant(text);
    }

    private static List<String> all(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }
}
