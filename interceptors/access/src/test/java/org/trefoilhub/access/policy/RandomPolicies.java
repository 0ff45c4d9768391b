package org.trefoilhub.access.policy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Random policies and requests over few values, so that they meet often; the same seed gives the same. */
final class RandomPolicies {

    static final List<String> TYPES = List.of("Patient", "Observation", "ImagingStudy");
    private static final List<String> CLIENTS = List.of("console", "viewer", "his");
    private static final List<String> PATIENTS = List.of("Patient/1", "Patient/2", "Patient/3");
    private static final List<String> EXAMS = List.of("ServiceRequest/1", "ImagingStudy/2", "DiagnosticReport/3");
    private static final List<String> GROUPS = List.of("Group/1", "CareTeam/2");
    private static final List<String> DEPARTMENTS = List.of("W1", "W2", "radiology");
    private static final List<String> PURPOSES = List.of("TREAT", "BTG");
    private static final List<String> CLASSES = List.of("IMP", "AMB", "EMER");
    private static final List<Action> ACTIONS = List.of(Action.VIEW, Action.SAVE, Action.PRINT);
    private static final List<Door> DOORS = List.of(Door.FHIR_REST, Door.DIMSE);
    private static final List<ZoneId> ZONES = List.of(ZoneId.of("Asia/Shanghai"), ZoneId.of("Europe/Berlin"));
    private static final List<String> SCOPES = List.of(
            "user/*.cruds",
            "system/*.cruds",
            "user/Patient.rs",
            "system/Observation.crs",
            "patient/*.crs",
            "user/*.rs?category=s|a",
            "patient/Observation.rs?category=s|a,s|b",
            "user/*.rs?code=x",
            "openid");

    /** Instants around midnight of both zones and around the change to summer time in the second. */
    private static final List<Instant> INSTANTS = List.of(
            Instant.parse("2026-03-28T15:59:59Z"),
            Instant.parse("2026-03-28T16:00:00Z"),
            Instant.parse("2026-03-28T23:00:00Z"),
            Instant.parse("2026-03-29T00:59:59Z"),
            Instant.parse("2026-03-29T01:00:00Z"),
            Instant.parse("2026-03-29T12:00:00Z"),
            Instant.parse("2026-03-29T22:00:00Z"));

    private final Random random;

    RandomPolicies(long seed) {
        this.random = new Random(seed);
    }

    List<AccessPolicy> policies(int most) {
        List<AccessPolicy> policies = new ArrayList<>();
        int count = random.nextInt(most + 1);
        for (int i = 0; i < count; i++) {
            policies.add(policy("rule" + i / 3 + "#" + i % 3));
        }
        return policies;
    }

    AccessPolicy policy(String id) {
        List<Condition> conditions = new ArrayList<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            conditions.add(condition());
        }
        return new AccessPolicy(
                id,
                random.nextInt(3) == 0 ? AccessPolicy.Effect.DENY : AccessPolicy.Effect.PERMIT,
                pick(List.of(0, 100, 200, 300, 400, 500, 900)),
                conditions,
                switch (random.nextInt(20)) {
                    case 0 -> Set.of(new Obligation("sing"));
                    case 1, 2 -> Set.of(Obligation.MASK_NAME);
                    default -> Set.of();
                });
    }

    private Condition condition() {
        return switch (random.nextInt(15)) {
            case 0 -> new Condition.Client(some(CLIENTS));
            case 1 ->
                new Condition.User(some(List.of(
                        new UserMatch.Named("u1"),
                        new UserMatch.InRole("doctor"),
                        new UserMatch.InDepartment("W1"),
                        new UserMatch.InRoleAt("nurse", "radiology"),
                        new UserMatch.InGroup("Group/1"))));
            case 2 -> new Condition.Interface(some(DOORS));
            case 3 -> new Condition.DataType(some(TYPES));
            case 4 -> new Condition.Actions(some(ACTIONS));
            case 5 -> new Condition.Purpose(some(PURPOSES));
            case 6 -> new Condition.Patient(some(PATIENTS));
            case 7 -> new Condition.LabelAtLeast(pick(List.of(Clearance.values())));
            case 8 -> new Condition.LabelIn(some(List.of(Clearance.values())));
            case 9 -> coded();
            case 10 -> new Condition.Exam(some(EXAMS));
            case 11 -> period(Condition.DataPeriod::new);
            case 12 -> new Condition.Care(some(List.of(CareRelation.values())), pick(ZONES));
            case 13 -> period((from, until) -> new Condition.AuthorisationPeriod(from, until, hours(), pick(ZONES)));
            default ->
                pick(List.<Supplier<Condition>>of(
                                () -> new Condition.AnyOf(List.of(
                                        new Condition.DataType(some(TYPES)),
                                        new Condition.Coded(FactKind.DATA_TYPE, some(codes(FactKind.DATA_TYPE))))),
                                () -> new Condition.AnyOf(List.of(
                                        new Condition.LabelIn(some(List.of(Clearance.values()))),
                                        new Condition.Coded(FactKind.SENSITIVITY, some(codes(FactKind.SENSITIVITY)))))))
                        .get();
        };
    }

    private Condition.Coded coded() {
        FactKind kind = pick(List.of(FactKind.values()));
        return new Condition.Coded(kind, some(codes(kind)));
    }

    private static List<String> codes(FactKind kind) {
        return switch (kind) {
            case DATA_TYPE -> List.of("image", "report", "lab");
            case PATIENT_TYPE -> CLASSES;
            case DEPARTMENT, EXAMINED_BY -> DEPARTMENTS;
            case CATEGORY -> List.of("s|a", "s|b");
            case AUTHOR -> List.of("user:ann", "user:bob", "client:a", "client:hub");
            case SOURCE, MODALITY, EXAM_ITEM, SENSITIVITY, GROUP -> List.of("a", "b", "c");
        };
    }

    private Set<Condition.Hours> hours() {
        return random.nextBoolean()
                ? Set.of()
                : Set.of(new Condition.Hours(
                        random.nextBoolean() ? Set.of() : some(List.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY)),
                        pick(List.of(
                                LocalTime.MIDNIGHT, LocalTime.of(2, 0), LocalTime.of(14, 0), LocalTime.of(23, 59))),
                        pick(List.of(Duration.ofMinutes(1), Duration.ofHours(9), Duration.ofHours(24)))));
    }

    private interface Period {
        Condition of(@Nullable Instant from, @Nullable Instant until);
    }

    private Condition period(Period period) {
        int from = random.nextInt(INSTANTS.size());
        int until = from + 1 + random.nextInt(INSTANTS.size());
        return period.of(
                random.nextInt(4) == 0 ? null : INSTANTS.get(from),
                until >= INSTANTS.size() ? null : INSTANTS.get(until));
    }

    Subject subject() {
        String user = random.nextInt(3) == 0 ? null : pick(List.of("u1", "u2"));
        return new Subject(
                pick(CLIENTS),
                user,
                few(List.of("doctor", "nurse")),
                few(DEPARTMENTS),
                pick(List.of(Clearance.values())),
                random.nextInt(3) == 0 ? few(SCOPES) : Set.of(user == null ? "system/*.cruds" : "user/*.cruds"),
                null,
                few(GROUPS),
                random.nextBoolean() ? null : pick(PATIENTS));
    }

    /** A request of which some facts are not known, or of which all are. */
    AccessRequest request(boolean complete) {
        return new AccessRequest(
                subject(), pick(ACTIONS), facts(complete), few(PURPOSES), new Environment(pick(DOORS), pick(INSTANTS)));
    }

    private ResourceFacts facts(boolean complete) {
        ResourceKind kind = new ResourceKind(pick(TYPES));
        ResourceFacts facts = complete ? ResourceFacts.complete(kind) : ResourceFacts.of(kind);
        if (known(complete)) {
            facts = facts.withPatients(few(PATIENTS));
        }
        if (known(complete)) {
            facts = facts.withLabel(pick(List.of(Clearance.values())));
        }
        for (FactKind fact : FactKind.values()) {
            if (known(complete)) {
                facts = facts.withCodes(fact, few(codes(fact)));
            }
        }
        if (known(complete)) {
            facts = facts.withExams(few(EXAMS));
        }
        if (known(complete)) {
            facts = random.nextInt(4) == 0 ? facts.withDate(DocumentedDate.NONE) : facts.withDate(pick(INSTANTS));
        }
        return known(complete) ? facts.withCare(care()) : facts;
    }

    private Set<CareFact> care() {
        Set<CareFact> care = new java.util.HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            boolean current = random.nextBoolean();
            care.add(new CareFact(
                    pick(CLASSES),
                    random.nextInt(4) == 0 ? null : pick(DEPARTMENTS),
                    few(List.of("u1", "u2")),
                    pick(INSTANTS),
                    current ? null : INSTANTS.get(INSTANTS.size() - 1),
                    current));
        }
        return care;
    }

    private boolean known(boolean complete) {
        return complete || random.nextInt(12) != 0;
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** Some of them, perhaps none. */
    private <T> Set<T> few(List<T> values) {
        return values.stream().filter(value -> random.nextInt(3) == 0).collect(Collectors.toSet());
    }

    /** Some of them, at least one. */
    private <T> Set<T> some(List<T> values) {
        Set<T> some = few(values);
        some.add(pick(values));
        return some;
    }
}
