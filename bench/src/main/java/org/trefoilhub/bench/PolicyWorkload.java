package org.trefoilhub.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.CareRelation;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.policy.UserMatch;
import org.trefoilhub.access.policy.Vocabulary;

/**
 * The policies and questions of a hospital of some size, the same for the same size.
 *
 * <p>A few rules hold for everybody: wards, clinics, performing departments, special patients. The rest grows with the
 * hospital, as do its people, patients, systems and departments: approved access of one person to one patient with its end
 * (half of all), refusals for one person and patient (a fifth), rules of one system for kinds of exams, of one department
 * for kinds of data in some hours, and legal blocks of single patients (one in two thousand).
 */
final class PolicyWorkload {

    static final Vocabulary VOCABULARY = Vocabulary.hospital(
            Set.of("Patient", "ImagingStudy", "DiagnosticReport", "Observation", "ServiceRequest", "Task"));
    static final Instant NOW = Instant.parse("2026-03-02T02:00:00Z");
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final List<String> ROLES = List.of("doctor", "nurse", "technician");
    private static final List<String> DEPARTMENTS = List.of("radiology", "ultrasound", "W1", "W2", "C1", "emergency");
    private static final List<String> MODALITIES = List.of("CT", "MR", "US", "DX", "XA", "ES");
    private static final List<String> TYPES =
            List.of("Patient", "ImagingStudy", "DiagnosticReport", "Observation", "ServiceRequest", "Task");

    final List<AccessPolicy> policies = new ArrayList<>();
    private final Random random = new Random(20260302);
    private final int size;

    PolicyWorkload(int size) {
        this.size = size;
        everybody();
        for (int i = policies.size(); i < size; i++) {
            policies.add(one("Consent-" + i));
        }
    }

    /** Questions of different people about different things, one after the other. */
    List<AccessRequest> requests(int count) {
        List<AccessRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String patient = "Patient/" + random.nextInt(patients());
            Subject subject = new Subject(
                    "console",
                    "user-" + random.nextInt(users()),
                    Set.of(pick(ROLES)),
                    Set.of(pick(DEPARTMENTS)),
                    Clearance.R,
                    Set.of("user/*.cruds"),
                    null);
            ResourceFacts facts = ResourceFacts.complete(new ResourceKind(pick(TYPES)))
                    .withPatients(Set.of(patient, patient + "-his"))
                    .withLabel(random.nextInt(50) == 0 ? Clearance.V : Clearance.N)
                    .withCodes(FactKind.PATIENT_TYPE, Set.of("IMP"))
                    .withCodes(FactKind.MODALITY, Set.of(pick(MODALITIES)))
                    .withCodes(FactKind.EXAM_ITEM, Set.of("ITEM-" + random.nextInt(200)))
                    .withCodes(FactKind.DEPARTMENT, Set.of(pick(DEPARTMENTS)))
                    .withCodes(FactKind.DATA_TYPE, Set.of("image"))
                    .withExams(Set.of("ServiceRequest/" + i, "ImagingStudy/" + i))
                    .withDate(NOW.minus(Duration.ofDays(random.nextInt(900))));
            requests.add(new AccessRequest(
                    subject, Action.VIEW, facts, Set.of("TREAT"), new Environment(Door.FHIR_REST, NOW)));
        }
        return requests;
    }

    /** Another policy under an id that is there, as a changed Consent brings it. */
    AccessPolicy changed(int i) {
        return one("Consent-" + (policies.size() - 1 - i % 1000));
    }

    private int users() {
        return Math.max(50, size / 20);
    }

    private int patients() {
        return Math.max(200, size / 2);
    }

    private void everybody() {
        for (String role : ROLES) {
            policies.add(permit(
                    "ward-" + role,
                    0,
                    user(new UserMatch.InRole(role)),
                    new Condition.Care(Set.of(CareRelation.OWN_WARD), ZONE)));
            policies.add(permit(
                    "clinic-" + role,
                    0,
                    user(new UserMatch.InRole(role)),
                    new Condition.Care(Set.of(CareRelation.OWN_TODAY), ZONE)));
        }
        for (String department : List.of("radiology", "ultrasound")) {
            policies.add(permit(
                    "performs-" + department,
                    0,
                    user(new UserMatch.InDepartment(department)),
                    new Condition.Coded(FactKind.DEPARTMENT, Set.of(department))));
        }
        policies.add(new AccessPolicy(
                "special", AccessPolicy.Effect.DENY, 200, List.of(new Condition.LabelAtLeast(Clearance.V)), Set.of()));
        policies.add(permit(
                "treating",
                300,
                new Condition.Care(Set.of(CareRelation.TREATING), ZONE),
                new Condition.LabelIn(Set.of(Clearance.R, Clearance.V))));
        policies.add(permit("systems", 0, new Condition.Client(Set.of("his", "ris"))));
    }

    private AccessPolicy one(String id) {
        int kind = random.nextInt(2000);
        String patient = "Patient/" + random.nextInt(patients());
        String person = "user-" + random.nextInt(users());
        if (kind < 1) {
            return deny(id, 900, new Condition.Patient(Set.of(patient)));
        }
        if (kind < 1000) {
            Instant from = NOW.minus(Duration.ofHours(random.nextInt(48)));
            return permit(
                    id,
                    400,
                    user(new UserMatch.Named(person)),
                    new Condition.Patient(Set.of(patient)),
                    new Condition.AuthorisationPeriod(from, from.plus(Duration.ofHours(24)), Set.of(), ZONE));
        }
        if (kind < 1400) {
            return deny(id, 300, user(new UserMatch.Named(person)), new Condition.Patient(Set.of(patient)));
        }
        if (kind < 1700) {
            return permit(
                    id,
                    100,
                    new Condition.Client(Set.of("system-" + random.nextInt(Math.max(5, size / 200)))),
                    new Condition.Coded(FactKind.EXAM_ITEM, Set.of("ITEM-" + random.nextInt(200))),
                    new Condition.DataPeriod(NOW.minus(Duration.ofDays(random.nextInt(900))), null));
        }
        return permit(
                id,
                100,
                user(new UserMatch.InGroup("CareTeam/" + random.nextInt(Math.max(5, size / 200)))),
                new Condition.DataType(Set.of(pick(TYPES))),
                new Condition.Coded(FactKind.MODALITY, Set.of(pick(MODALITIES))),
                new Condition.AuthorisationPeriod(
                        null,
                        null,
                        Set.of(new Condition.Hours(Set.of(), LocalTime.of(8, 0), Duration.ofHours(10))),
                        ZONE));
    }

    private static Condition user(UserMatch match) {
        return new Condition.User(Set.of(match));
    }

    private static AccessPolicy permit(String id, int priority, Condition... conditions) {
        return new AccessPolicy(id, AccessPolicy.Effect.PERMIT, priority, List.of(conditions), Set.of());
    }

    private static AccessPolicy deny(String id, int priority, Condition... conditions) {
        return new AccessPolicy(id, AccessPolicy.Effect.DENY, priority, List.of(conditions), Set.of());
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
