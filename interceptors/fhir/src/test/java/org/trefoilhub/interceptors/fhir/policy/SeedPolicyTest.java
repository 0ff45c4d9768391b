package org.trefoilhub.interceptors.fhir.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Set;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.CareFact;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicyInvalidException;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.policy.Verdict;

class SeedPolicyTest {

    private static final FhirContext R4 = FhirContext.forR4Cached();
    private static final PolicySet SEED = new PolicyBundle(R4, ZoneId.of("Asia/Shanghai"))
            .seed(1, new PolicyOptions(true), PolicyBundle.SEED, PolicyBundle.DEMO_SEED);
    private static final Instant NOW = Instant.parse("2026-03-02T02:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "radiologist, doctor,     radiology, console, view,   Patient,          fhir-rest,     true",
        "radiologist, doctor,     radiology, viewer,  view,   ImagingStudy,     dicomweb-wado, true",
        "radiologist, doctor,     radiology, viewer,  save,   ImagingStudy,     dicomweb-stow, true",
        "ward-doctor, doctor,     W1,        viewer,  save,   ImagingStudy,     dicomweb-stow, false",
        "radiologist, doctor,     radiology, console, save,   DiagnosticReport, fhir-rest,     true",
        "radiologist, doctor,     radiology, console, view,   AuditEvent,       fhir-rest,     false",
        "radiologist, doctor,     radiology, console, view,   Consent,          fhir-rest,     false",
        "radiologist, doctor,     radiology, his,     view,   Observation,      fhir-rest,     false",
        "radiologist, doctor,     radiology, console, delete, Patient,          fhir-rest,     false",
        "radiologist, doctor,     radiology, console, view,   Patient,          fhir-bulk,     false",
        "ward-nurse,  nurse,      W1,        console, view,   DiagnosticReport, fhir-rest,     true",
        "ward-nurse,  nurse,      W1,        console, save,   DiagnosticReport, fhir-rest,     false",
        "technician,  technician, radiology, viewer,  save,   ImagingStudy,     dicomweb-stow, true",
        "steward,     steward,    information, console, save, Consent,          fhir-rest,     true",
        "steward,     steward,    information, console, view, Observation,      fhir-rest,     false",
        "admin,       admin,      information, console, save, Organization,     fhir-rest,     true",
        "admin,       admin,      information, console, view, Patient,          fhir-rest,     false",
        "auditor,     auditor,    audit,     console, view,   AuditEvent,       fhir-rest,     true",
        "auditor,     auditor,    audit,     console, view,   Patient,          fhir-rest,     false",
        "researcher,  researcher, research,  console, view,   ImagingStudy,     fhir-rest,     false",
        "scheduler,   scheduler,  booking,   console, save,   Appointment,      fhir-rest,     true",
        "scheduler,   scheduler,  booking,   console, view,   DiagnosticReport, fhir-rest,     false",
        "ward-doctor2, doctor,    W2,        console, view,   Patient,          fhir-rest,     false",
        "ward-doctor2, doctor,    W2,        viewer,  view,   ImagingStudy,     dicomweb-wado, false",
        "ward-doctor2, doctor,    W2,        console, save,   ServiceRequest,   fhir-rest,     false",
        "sonographer, doctor,     ultrasound, console, view,  DiagnosticReport, fhir-rest,     false",
        "radiologist, doctor,     radiology, console, save,   ServiceRequest,   fhir-rest,     false",
        "radiologist, doctor,     radiology, console, label,  Patient,          fhir-rest,     false",
        "head,        director,   radiology, console, label,  Patient,          fhir-rest,     true",
        "head,        director,   ultrasound, console, label, Patient,          fhir-rest,     false",
        "head,        director,   W1,        console, label,  Patient,          fhir-rest,     false",
        "steward,     steward,    information, console, label, Patient,         fhir-rest,     true",
        "ward-doctor, doctor,     W1,        console, label,  Patient,          fhir-rest,     false",
    })
    void shouldGiveUsersTheirShare(
            String user,
            String role,
            String department,
            String client,
            String action,
            String type,
            String door,
            boolean permitted) {
        Subject subject =
                new Subject(client, user, Set.of(role), Set.of(department), Clearance.N, Set.of("user/*.cruds"), null);
        assertThat(permits(subject, action, type, door)).isEqualTo(permitted);
    }

    /** The treating ward is {@code W1}, {@code assigned} is in the patient's care team, radiology has an exam. */
    @ParameterizedTest(name = "{0}@{2} clearance {3}, patient of level {4}: {5}")
    @CsvSource({
        "ward-doctor,  doctor,     W1,        N, N, clear",
        "ward-doctor,  doctor,     W1,        N, R, clear",
        "ward-doctor,  doctor,     W1,        N, V, masked",
        "ward-nurse,   nurse,      W1,        N, V, masked",
        "ward-doctor2, doctor,     W2,        N, R, hidden",
        "ward-doctor2, doctor,     W2,        R, V, hidden",
        "radiologist,  doctor,     radiology, R, R, clear",
        "radiologist,  doctor,     radiology, R, V, hidden",
        "technician,   technician, radiology, N, R, hidden",
        "assigned,     doctor,     radiology, R, V, clear",
        "assigned,     doctor,     W2,        N, V, clear",
        "assigned,     doctor,     W1,        N, V, clear",
        "qc,           qc,         quality,   R, R, clear",
        "qc,           qc,         quality,   R, V, hidden",
        "scheduler,    scheduler,  booking,   N, R, hidden",
        "steward,      steward,    information, V, V, clear",
    })
    @DisplayName("ACC-14, ACC-15, ACC-17: who sees patients of which level")
    void shouldGateByLevel(
            String user, String role, String department, Clearance clearance, Clearance level, String seen) {
        Subject subject =
                new Subject("console", user, Set.of(role), Set.of(department), clearance, Set.of("user/*.cruds"), null);
        PolicyDecision decision = SEED.engine()
                .decide(AccessRequest.of(
                        subject, Action.VIEW, facts("Patient").withLabel(level), new Environment(Door.FHIR_REST, NOW)));
        String outcome = !decision.permitted(Set.of(Obligation.MASK_NAME))
                ? "hidden"
                : decision.permitted() ? "clear" : "masked";
        assertThat(outcome).isEqualTo(seen);
    }

    @Test
    @DisplayName("ACC-14: a modality stores images of patients of every level")
    void shouldStoreImagesOfEveryLevel() {
        for (Clearance level : Clearance.values()) {
            assertThat(SEED.engine()
                            .decide(AccessRequest.of(
                                    Subject.device("modality", Clearance.N),
                                    Action.SAVE,
                                    facts("ImagingStudy").withLabel(level),
                                    new Environment(Door.DIMSE, NOW)))
                            .permitted())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "conformance,       delete, Consent,          fhir-rest,     true",
        "conformance,       export, Patient,          fhir-bulk,     true",
        "conformance,       view,   ImagingStudy,     dimse,         true",
        "hub,               save,   ImagingStudy,     fhir-rest,     true",
        "modality,          save,   ImagingStudy,     dimse,         true",
        "modality,          view,   ImagingStudy,     dimse,         false",
        "modality,          save,   Patient,          dimse,         false",
        "his,               view,   Patient,          fhir-rest,     true",
        "his,               view,   ImagingStudy,     dicomweb-wado, false",
        "internet-hospital, view,   Task,             subscription,  true",
        "internet-hospital, view,   Observation,      fhir-rest,     false",
        "cloud-imaging,     view,   ImagingStudy,     dicomweb-wado, true",
        "cloud-imaging,     save,   ImagingStudy,     dicomweb-stow, false",
        "pd-system,         view,   Observation,      fhir-rest,     false",
        "research-db,       view,   Patient,          fhir-rest,     false",
        "unknown,           view,   CodeSystem,       fhir-rest,     false",
        "console,           view,   Patient,          fhir-rest,     false",
    })
    void shouldGiveClientsTheirShare(String client, String action, String type, String door, boolean permitted) {
        assertThat(permits(Subject.device(client, Clearance.N), action, type, door))
                .isEqualTo(permitted);
    }

    /** Images without a patient are the archive's own business until somebody assigns them. */
    @ParameterizedTest
    @CsvSource({
        "console,           radiologist, doctor,  fhir-rest,     false",
        "viewer,            radiologist, doctor,  dicomweb-wado, false",
        "console,           steward,     archive, fhir-rest,     true",
        "viewer,            admin,       archive, dicomweb-qido, true",
        "ris,               '',          '',      dicomweb-qido, false",
        "cloud-imaging,     '',          '',      dicomweb-wado, false",
        "conformance,       '',          '',      dicomweb-wado, true",
        "hub,               '',          '',      fhir-rest,     true",
    })
    void shouldKeepImagesWithoutPatientToTheArchive(
            String client, String user, String role, String door, boolean permitted) {
        Subject subject = user.isEmpty()
                ? Subject.device(client, Clearance.N)
                : new Subject(
                        client, user, Set.of(role), Set.of("radiology"), Clearance.R, Set.of("user/*.cruds"), null);
        Environment environment = new Environment(Door.ofCode(door).orElseThrow(), Instant.EPOCH);
        ResourceFacts unassigned = ResourceFacts.complete(ResourceKind.IMAGING_STUDY)
                .withCodes(FactKind.DATA_TYPE, Set.of("image-unassigned"));
        assertThat(SEED.engine()
                        .decide(AccessRequest.of(subject, Action.VIEW, unassigned, environment))
                        .permitted())
                .isEqualTo(permitted);
        assertThat(SEED.engine()
                        .scope(subject, Action.VIEW, ResourceKind.IMAGING_STUDY, environment)
                        .contains(unassigned))
                .isEqualTo(permitted ? Verdict.YES : Verdict.NO);
    }

    @Test
    void shouldKnowNoTestClientOutsideTheDemo() {
        PolicySet production =
                new PolicyBundle(R4, ZoneId.of("Asia/Shanghai")).seed(1, PolicyOptions.DEFAULT, PolicyBundle.SEED);
        assertThat(production
                        .engine()
                        .decide(AccessRequest.of(
                                Subject.device("conformance", Clearance.N),
                                Action.VIEW,
                                ResourceFacts.of("Patient"),
                                new Environment(Door.FHIR_REST, Instant.EPOCH)))
                        .permitted())
                .isFalse();
    }

    @Test
    void shouldRefuseTheWholeSetWhenOneWordIsUnknown() {
        Bundle bundle = R4.newJsonParser()
                .parseResource(Bundle.class, getClass().getClassLoader().getResourceAsStream(PolicyBundle.SEED));
        Consent first = (Consent) bundle.getEntryFirstRep().getResource();

        Consent extension = first.copy();
        extension
                .getProvision()
                .getProvisionFirstRep()
                .addExtension(AccessPolicyMapper.BASE + "/StructureDefinition/policy-weather", new CodeType("rain"));
        refused(extension, "unknown extension");

        Consent period = first.copy();
        period.getProvision()
                .getProvisionFirstRep()
                .getPeriod()
                .setStart(new Date(86_400_000))
                .setEnd(new Date(0));
        refused(period, "ends before it begins");

        Consent purpose = first.copy();
        purpose.getProvision()
                .addPurpose()
                .setSystem("http://terminology.hl7.org/CodeSystem/v3-ActReason")
                .setCode("CURIOSITY");
        refused(purpose, "unknown purpose `CURIOSITY`");

        Consent rootType = first.copy();
        rootType.getProvision().setType(Consent.ConsentProvisionType.DENY);
        refused(rootType, "type in its root provision");

        Consent draft = first.copy();
        draft.setStatus(Consent.ConsentState.DRAFT);
        refused(draft, "not active");

        Consent door = first.copy();
        door.getProvision()
                .getProvisionFirstRep()
                .addExtension(AccessPolicyMapper.INTERFACE, new CodeType("fhir-rset"));
        refused(door, "unknown interface `fhir-rset`");

        Consent type = first.copy();
        type.getProvision()
                .getProvisionFirstRep()
                .addClass_()
                .setSystem(AccessPolicyMapper.TYPE_SYSTEM)
                .setCode("Pateint");
        refused(type, "unknown resource type `Pateint`");

        Consent modifier = first.copy();
        modifier.addModifierExtension().setUrl("urn:x").setValue(new StringType("x"));
        refused(modifier, "element `modifierExtension`");
    }

    private static void refused(Consent consent, String problem) {
        Bundle bundle = new Bundle();
        bundle.setType(Bundle.BundleType.COLLECTION);
        bundle.addEntry().setResource(consent);
        byte[] json = R4.newJsonParser().encodeResourceToString(bundle).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new PolicyBundle(R4, ZoneId.of("Asia/Shanghai"))
                        .compile(new ByteArrayInputStream(json), 2, PolicyOptions.DEFAULT))
                .isInstanceOf(PolicyInvalidException.class)
                .hasMessageContaining(problem);
    }

    private static boolean permits(Subject subject, String action, String type, String door) {
        return SEED.engine()
                .decide(AccessRequest.of(
                        subject,
                        Action.ofCode(action).orElseThrow(),
                        facts(type),
                        new Environment(Door.ofCode(door).orElseThrow(), NOW)))
                .permitted();
    }

    /** About a patient of ward W1 with an order of radiology and a care team. */
    private static ResourceFacts facts(String type) {
        return ResourceFacts.complete(new ResourceKind(type))
                .withPatients(Set.of("Patient/1"))
                .withCare(Set.of(
                        new CareFact("IMP", "W1", Set.of(), NOW.minusSeconds(86_400), null, true),
                        new CareFact("", null, Set.of("assigned"), NOW.minusSeconds(3_600), null, true)))
                .withCodes(FactKind.PATIENT_TYPE, Set.of("IMP", "AMB"))
                .withCodes(FactKind.EXAMINED_BY, Set.of("radiology"))
                .withCodes(FactKind.DEPARTMENT, Set.of("radiology"));
    }
}
