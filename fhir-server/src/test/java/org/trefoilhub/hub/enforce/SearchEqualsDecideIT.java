package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.hub.enforce.PolicyHub.client;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.CareRelation;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement;
import org.trefoilhub.interceptors.fhir.facts.FactStore;

/**
 * On random data under random policies, a search shows exactly what the engine permits resource by resource, and counts
 * it. The seed is fixed; a failure names the policies.
 */
class SearchEqualsDecideIT {

    private static final String CANONICAL = "https://trefoil-hub.org/fhir";
    private static final String TAG = "urn:test:search-equals-decide";
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final List<String> TYPES = List.of(
            "Patient", "Encounter", "ServiceRequest", "ImagingStudy", "DiagnosticReport", "Observation", "Task");
    private static final Random RANDOM = new Random(20260301);
    private static final String MARK = UUID.randomUUID().toString();

    private static PolicyHub hub;
    private static final List<String> stored = new ArrayList<>();
    private static final List<String> patients = new ArrayList<>();
    private static final List<String> exams = new ArrayList<>();
    private static final List<String> groups = new ArrayList<>();

    @BeforeAll
    static void store() {
        hub = new PolicyHub();
        hub.set();
        Bundle places = new Bundle();
        for (String department : List.of("radiology", "W1", "C1")) {
            Organization organization = new Organization();
            organization
                    .addIdentifier()
                    .setSystem(CANONICAL + "/sid/department")
                    .setValue(department);
            add(places, organization, department);
        }
        List<String> departments = hub.transaction(places);
        Bundle people = new Bundle();
        for (int i = 0; i < 10; i++) {
            Patient patient = new Patient();
            patient.addName().setFamily("Probe");
            String label = pick("N", "N", "R", "V");
            patient.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", label, null);
            if (RANDOM.nextInt(3) == 0) {
                patient.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-ActCode", "HIV", null);
            }
            if (i > 6) {
                patient.addLink()
                        .setType(Patient.LinkType.SEEALSO)
                        .setOther(new Reference("urn:uuid:" + uuid("patient" + (i - 5))));
            }
            add(people, patient, "patient" + i);
        }
        patients.addAll(hub.transaction(people));
        stored.addAll(patients);
        Bundle rest = new Bundle();
        Group group = new Group();
        group.setType(Group.GroupType.PERSON).setActual(true);
        group.addMember().setEntity(new Reference(patients.get(0)));
        group.addMember().setEntity(new Reference(patients.get(4)));
        add(rest, group, "group");
        for (int i = 0; i < 12; i++) {
            Encounter encounter = new Encounter();
            encounter.setStatus(
                    RANDOM.nextBoolean() ? Encounter.EncounterStatus.INPROGRESS : Encounter.EncounterStatus.FINISHED);
            encounter.setClass_(
                    new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", pick("IMP", "AMB", "EMER"), null));
            encounter.setSubject(new Reference(pick(patients)));
            encounter.setServiceProvider(new Reference(pick(departments)));
            if (RANDOM.nextInt(4) > 0) {
                encounter.getPeriod().setStart(Date.from(Instant.parse("2026-02-0" + (1 + i % 9) + "T02:00:00Z")));
            }
            if (encounter.getStatus() == Encounter.EncounterStatus.FINISHED) {
                encounter.getPeriod().setEnd(new Date());
            }
            add(rest, encounter, "encounter" + i);
        }
        for (int i = 0; i < 14; i++) {
            String subject = pick(patients);
            ServiceRequest order = new ServiceRequest();
            order.setStatus(ServiceRequest.ServiceRequestStatus.ACTIVE)
                    .setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
            order.setSubject(new Reference(subject)).setCode(item());
            order.addPerformer(new Reference(pick(departments)));
            order.setAuthoredOnElement(date());
            add(rest, order, "order" + i);
            ImagingStudy study = new ImagingStudy();
            study.setStatus(ImagingStudy.ImagingStudyStatus.AVAILABLE);
            study.setSubject(RANDOM.nextInt(6) == 0 ? new Reference().setDisplay("nobody") : new Reference(subject));
            study.addModality(
                    new Coding("http://dicom.nema.org/resources/ontology/DCM", pick("CT", "US", "ECG"), null));
            study.setStartedElement(date());
            if (RANDOM.nextBoolean()) {
                study.addBasedOn(new Reference("urn:uuid:" + uuid("order" + i)));
            }
            add(rest, study, "study" + i);
            Observation result = new Observation();
            result.setStatus(Observation.ObservationStatus.FINAL);
            result.setCode(new CodeableConcept().setText("probe")).setSubject(new Reference(subject));
            result.addCategory(new CodeableConcept(new Coding(
                    "http://terminology.hl7.org/CodeSystem/observation-category",
                    pick("laboratory", "imaging"),
                    null)));
            result.setEffective(date());
            add(rest, result, "result" + i);
            DiagnosticReport report = new DiagnosticReport();
            report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
            report.setCode(item()).setSubject(new Reference(subject));
            report.addBasedOn(new Reference("urn:uuid:" + uuid("order" + i)));
            report.addImagingStudy(new Reference("urn:uuid:" + uuid("study" + i)));
            report.addResult(new Reference("urn:uuid:" + uuid("result" + i)));
            report.getMeta().setSource(CANONICAL + "/sid/source/" + pick("RIS", "UIS"));
            add(rest, report, "report" + i);
            Task task = new Task();
            task.setStatus(Task.TaskStatus.REQUESTED).setIntent(Task.TaskIntent.ORDER);
            task.setFor(new Reference(subject)).addBasedOn(new Reference("urn:uuid:" + uuid("order" + i)));
            task.getCode()
                    .addCoding()
                    .setSystem(CANONICAL + "/CodeSystem/task-kind")
                    .setCode(pick("exam-process", "critical-value"));
            add(rest, task, "task" + i);
        }
        List<String> done = hub.transaction(rest);
        groups.add(done.get(0));
        stored.addAll(done.subList(1, done.size()));
        exams.addAll(done.stream()
                .filter(reference -> reference.startsWith("ServiceRequest/") || reference.startsWith("ImagingStudy/"))
                .toList());
    }

    @AfterAll
    static void restore() {
        hub.close();
    }

    private static void add(Bundle bundle, Resource resource, String name) {
        resource.getMeta().addTag(TAG, MARK, null);
        bundle.addEntry()
                .setFullUrl("urn:uuid:" + uuid(name))
                .setResource(resource)
                .getRequest()
                .setMethod(Bundle.HTTPVerb.POST)
                .setUrl(resource.fhirType());
    }

    private static UUID uuid(String name) {
        return UUID.nameUUIDFromBytes((MARK + name).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static CodeableConcept item() {
        return new CodeableConcept(
                new Coding(CANONICAL + "/CodeSystem/exam-item", pick("CT-CHEST", "US-THYROID", "ECG-12"), null));
    }

    private static DateTimeType date() {
        return new DateTimeType(pick("2026-01-31T15:59:59Z", "2026-01-31T16:00:00Z", "2026-02", "2026-02-03", "2025"));
    }

    private static String pick(String... values) {
        return values[RANDOM.nextInt(values.length)];
    }

    private static String pick(List<String> values) {
        return values.get(RANDOM.nextInt(values.size()));
    }

    @Test
    void shouldShowExactlyWhatIsPermitted() {
        FactStore store = hub.hub.bean(FactStore.class);
        Environment environment =
                new Environment(Door.FHIR_REST, hub.hub.bean(Clock.class).instant());
        Subject subject = new Subject("his", null, Set.of(), Set.of(), Clearance.N, Subject.ALL_SYSTEM_SCOPES, null);
        Map<String, ResourceFacts> facts = store.load(stored);
        assertThat(facts.keySet()).as("every resource has facts").containsAll(stored);
        long drift = hub.hub.bean(FhirEnforcement.class).drift();
        int rows = 0;
        for (int round = 0; round < 25; round++) {
            List<AccessPolicy> random = IntStream.range(0, 1 + RANDOM.nextInt(4))
                    .mapToObj(SearchEqualsDecideIT::policy)
                    .toList();
            PolicyOptions options = new PolicyOptions(round % 2 == 0);
            PolicySet set = hub.set(options, random.toArray(AccessPolicy[]::new));
            for (String type : TYPES) {
                Set<String> permitted = stored.stream()
                        .filter(reference -> reference.startsWith(type + "/"))
                        .filter(reference -> set.engine()
                                .decide(AccessRequest.of(subject, Action.VIEW, facts.get(reference), environment))
                                .permitted())
                        .collect(Collectors.toCollection(TreeSet::new));
                PolicyHub.Answer answer = hub.get("his", "/" + type + "?_count=200&_tag=" + TAG + "%7C" + MARK);
                if (answer.status() == 403) {
                    assertThat(permitted)
                            .as("refused %s under %s", type, random)
                            .isEmpty();
                    continue;
                }
                Bundle found = answer.as(Bundle.class);
                Set<String> shown = found.getEntry().stream()
                        .map(entry ->
                                type + "/" + entry.getResource().getIdElement().getIdPart())
                        .collect(Collectors.toCollection(TreeSet::new));
                assertThat(shown).as("%s under %s", type, random).isEqualTo(permitted);
                assertThat(found.getTotal())
                        .as("total of %s under %s", type, random)
                        .isEqualTo(permitted.size());
                rows += permitted.size();
            }
        }
        assertThat(rows).as("the policies must permit something").isGreaterThan(300);
        assertThat(hub.hub.bean(FhirEnforcement.class).drift()).isEqualTo(drift);
    }

    private static AccessPolicy policy(int number) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(client("his"));
        int extra = RANDOM.nextInt(3);
        for (int i = 0; i < extra; i++) {
            conditions.add(condition());
        }
        return new AccessPolicy(
                "random" + number,
                RANDOM.nextInt(3) == 0 ? AccessPolicy.Effect.DENY : AccessPolicy.Effect.PERMIT,
                List.of(0, 100, 300, 500).get(RANDOM.nextInt(4)),
                conditions,
                Set.of());
    }

    private static Condition condition() {
        return switch (RANDOM.nextInt(14)) {
            case 0 -> new Condition.Coded(FactKind.DATA_TYPE, Set.of(pick("lab", "critical", "image-unassigned")));
            case 1 -> new Condition.Coded(FactKind.MODALITY, Set.of(pick("CT", "US")));
            case 2 -> new Condition.Coded(FactKind.EXAM_ITEM, Set.of(pick("CT-CHEST", "US-THYROID")));
            case 3 -> new Condition.Coded(FactKind.DEPARTMENT, Set.of(pick("radiology", "W1")));
            case 4 -> new Condition.Coded(FactKind.SOURCE, Set.of("RIS"));
            case 5 ->
                new Condition.Coded(
                        FactKind.CATEGORY,
                        Set.of("http://terminology.hl7.org/CodeSystem/observation-category|laboratory"));
            case 6 -> new Condition.Coded(FactKind.SENSITIVITY, Set.of("HIV"));
            case 7 -> new Condition.Coded(FactKind.PATIENT_TYPE, Set.of(pick("IMP", "AMB", "discharged")));
            case 8 -> new Condition.Coded(FactKind.GROUP, Set.copyOf(groups));
            case 9 -> new Condition.Patient(Set.copyOf(List.of(pick(patients), pick(patients))));
            case 10 -> new Condition.LabelAtLeast(Clearance.R);
            case 11 -> new Condition.Exam(Set.of(pick(exams)));
            case 12 ->
                new Condition.DataPeriod(
                        Instant.parse("2026-01-31T16:00:00Z"),
                        RANDOM.nextBoolean() ? null : Instant.parse("2026-02-02T16:00:00Z"));
            default -> new Condition.Care(Set.of(CareRelation.OTHER_DEPARTMENT), ZONE);
        };
    }
}
