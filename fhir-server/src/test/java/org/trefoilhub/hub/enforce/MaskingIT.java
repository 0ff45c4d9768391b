package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.hub.enforce.PolicyHub.client;
import static org.trefoilhub.hub.enforce.PolicyHub.deny;
import static org.trefoilhub.hub.enforce.PolicyHub.permit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement;

/**
 * Masked identities at the FHIR door: {@code his} sees patient {@code masked} with the name masked, {@code ris} with all
 * demographics masked, and both see patient {@code open} as it is. Nothing that identifies the masked one leaves, by any
 * interaction, and nothing can be found out by searching or writing.
 */
class MaskingIT {

    private static final String SYSTEM = "https://trefoil-hub.org/fhir/sid/patient-id";
    private static final String MARK = UUID.randomUUID().toString().substring(0, 8);
    private static final String ID_VALUE = "MASK-" + MARK;
    private static final String PHONE = "1390000" + MARK;
    private static final String STREET = "街道" + MARK;
    private static final String FAMILY = "慕容";
    private static final String GIVEN = "秘密" + MARK;
    private static final String RELATIVE = "亲属" + MARK;
    /** Never in what his sees. */
    private static final List<String> NAMES = List.of(FAMILY, GIVEN, RELATIVE);
    /** Never in what ris sees. */
    private static final List<String> ALL = List.of(FAMILY, GIVEN, RELATIVE, ID_VALUE, PHONE, STREET, "1962-03-04");

    private static PolicyHub hub;
    private static long drift;
    private static String masked;
    private static String open;
    private static String report;
    private static String task;
    private static String document;
    private static String binary;
    private static String observation;

    @BeforeAll
    static void store() {
        hub = new PolicyHub();
        drift = hub.hub.bean(FhirEnforcement.class).drift();
        hub.set();
        masked = hub.create(person(FAMILY, GIVEN, ID_VALUE));
        Patient another = person("李", "公开" + MARK, "OPEN-" + MARK);
        another.setText(null);
        another.setExtension(null);
        another.setContact(null);
        open = hub.create(another);
        RelatedPerson relative = new RelatedPerson();
        relative.setPatient(new Reference(masked).setDisplay(FAMILY + GIVEN));
        relative.addName().setText(RELATIVE);
        relative.addTelecom()
                .setSystem(org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem.PHONE)
                .setValue(PHONE);
        hub.create(narrated(relative));
        Observation result = new Observation();
        result.setStatus(Observation.ObservationStatus.FINAL);
        result.setCode(new CodeableConcept().setText("probe"));
        result.setSubject(new Reference(masked)
                .setDisplay(FAMILY + GIVEN)
                .setIdentifier(new Identifier().setSystem(SYSTEM).setValue(ID_VALUE)));
        result.addNote().setText("患者" + FAMILY + GIVEN + "(" + ID_VALUE + ", 1962年3月4日) 复查");
        observation = hub.create(narrated(result));
        DiagnosticReport dr = new DiagnosticReport();
        dr.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
        dr.setCode(new CodeableConcept().setText("probe"));
        Patient inside = new Patient();
        inside.setId("p");
        inside.addName().setText(FAMILY + GIVEN);
        dr.addContained(inside);
        dr.setSubject(new Reference(masked).setDisplay(FAMILY + " " + GIVEN));
        dr.addExtension("urn:test:about", new Reference("#p").setDisplay(FAMILY + GIVEN));
        dr.addResult(new Reference(observation));
        dr.setConclusion(FAMILY + GIVEN + " 肺部未见异常");
        dr.addPresentedForm(new Attachment()
                .setContentType("text/plain")
                .setTitle(FAMILY + GIVEN)
                .setData((FAMILY + GIVEN).getBytes(StandardCharsets.UTF_8)));
        report = hub.create(narrated(dr));
        Appointment appointment = new Appointment();
        appointment.setStatus(Appointment.AppointmentStatus.PROPOSED);
        appointment.setDescription(FAMILY + GIVEN + " CT");
        appointment
                .addParticipant()
                .setStatus(Appointment.ParticipationStatus.ACCEPTED)
                .setActor(new Reference(masked).setDisplay(FAMILY + GIVEN));
        hub.create(narrated(appointment));
        task = hub.create(task(new Reference(masked).setDisplay(FAMILY + GIVEN)));
        Bundle stored = new Bundle();
        stored.setType(Bundle.BundleType.DOCUMENT);
        stored.setTimestamp(Date.from(Instant.parse("2026-01-01T00:00:00Z")));
        stored.setIdentifier(new Identifier()
                .setSystem("urn:test")
                .setValue(UUID.randomUUID().toString()));
        Composition composition = new Composition();
        composition.setStatus(Composition.CompositionStatus.FINAL);
        composition.setType(new CodeableConcept().setText("probe"));
        composition.setDate(Date.from(Instant.parse("2026-01-01T00:00:00Z")));
        composition.setTitle(FAMILY + GIVEN + " 报告");
        composition.setSubject(new Reference(masked).setDisplay(FAMILY + GIVEN));
        composition.addAuthor().setDisplay("系统");
        composition.addSection().setTitle("结论").setText(narrative());
        stored.addEntry().setFullUrl("urn:uuid:" + UUID.randomUUID()).setResource(composition);
        stored.addEntry().setFullUrl("urn:uuid:" + UUID.randomUUID()).setResource(person(FAMILY, GIVEN, ID_VALUE));
        document = hub.create(stored);
        Binary bytes = new Binary();
        bytes.setContentType("text/plain");
        bytes.setSecurityContext(new Reference(masked));
        bytes.setData((FAMILY + GIVEN).getBytes(StandardCharsets.UTF_8));
        binary = hub.create(bytes);
        inForce();
    }

    /** The policies of this class, and more. */
    private static void inForce(AccessPolicy... more) {
        Condition which = new Condition.Patient(Set.of(masked));
        List<AccessPolicy> all = new ArrayList<>(List.of(
                permit("his", 0, client("his")),
                permit("ris", 0, client("ris")),
                PolicyHub.masked("his-masked", 300, Obligation.MASK_NAME, client("his"), which),
                PolicyHub.masked("ris-masked", 300, Obligation.MASK_DEMOGRAPHICS, client("ris"), which)));
        all.addAll(List.of(more));
        hub.set(all.toArray(AccessPolicy[]::new));
    }

    @AfterAll
    static void restore() {
        hub.close();
    }

    private static Patient person(String family, String given, String identifier) {
        Patient someone = new Patient();
        someone.addName().setFamily(family).addGiven(given).setText(family + given);
        someone.addIdentifier().setSystem(SYSTEM).setValue(identifier);
        someone.setBirthDateElement(new DateType("1962-03-04"));
        someone.addTelecom()
                .setSystem(org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem.PHONE)
                .setValue(PHONE);
        someone.addAddress().addLine(STREET).setText(STREET + "1号");
        someone.addContact().setName(new org.hl7.fhir.r4.model.HumanName().setText(RELATIVE));
        someone.addPhoto(new Attachment().setTitle(family + given).setData(new byte[] {1, 2, 3}));
        someone.addExtension(
                "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", new StringType(RELATIVE));
        someone.setGender(org.hl7.fhir.r4.model.Enumerations.AdministrativeGender.FEMALE);
        narrated(someone);
        return someone;
    }

    private static Task task(Reference about) {
        Task todo = new Task();
        todo.setStatus(Task.TaskStatus.REQUESTED);
        todo.setIntent(Task.TaskIntent.ORDER);
        todo.setFor(about);
        return todo;
    }

    private static Narrative narrative() {
        Narrative text = new Narrative();
        text.setStatus(Narrative.NarrativeStatus.GENERATED);
        text.setDivAsString("<div>" + FAMILY + GIVEN + " " + ID_VALUE + "</div>");
        return text;
    }

    private static <T extends DomainResource> T narrated(T resource) {
        resource.setText(narrative());
        return resource;
    }

    private static String id(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<String> views() {
        return List.of(
                "/" + masked,
                "/" + masked + "/_history",
                "/" + masked + "/_history/1",
                "/" + masked + "/$everything",
                "/Patient?_id=" + id(masked),
                "/Patient?_id=" + id(masked) + "&_summary=text",
                "/Patient?_id=" + id(masked) + "&_elements=name,identifier,birthDate",
                "/Patient?_id=" + id(masked) + "&_revinclude=*",
                "/Patient/_history?_count=500",
                "/RelatedPerson?patient=" + masked,
                "/" + report,
                "/" + report + "/_history",
                "/DiagnosticReport?patient=" + id(masked) + "&_include=*",
                "/DiagnosticReport?patient=" + id(masked) + "&_include:iterate=*&_revinclude:iterate=*",
                "/" + observation,
                "/Appointment?patient=" + id(masked),
                "/" + task,
                "/Task?patient=" + id(masked),
                "/" + document,
                "/Bundle?_id=" + id(document),
                "/Binary?_id=" + id(binary));
    }

    @Test
    void shouldMaskTheNameWhereverItStands() {
        for (String path : views()) {
            PolicyHub.Answer answer = hub.get("his", path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).doesNotContain(NAMES);
            assertThat(base64Free(answer.body())).as(path).isTrue();
        }
        Patient seen = hub.get("his", "/" + masked).as(Patient.class);
        assertThat(seen.getNameFirstRep().getFamily()).isEqualTo("慕*");
        assertThat(seen.getNameFirstRep().getGivenAsSingleString()).isEqualTo("秘*");
        assertThat(seen.getIdentifierFirstRep().getValue()).isEqualTo(ID_VALUE);
        assertThat(seen.getMeta().getTag()).extracting("code").contains("SUBSETTED", "REDACTED");
        assertThat(hub.get("his", "/" + report).as(DiagnosticReport.class).getConclusion())
                .isEqualTo("慕* 肺部未见异常");
    }

    @Test
    void shouldMaskDemographicsWhereverTheyStand() {
        for (String path : views()) {
            PolicyHub.Answer answer = hub.get("ris", path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            List<String> forbidden = path.startsWith("/Patient/_history") ? NAMES.subList(0, 2) : ALL;
            assertThat(answer.body()).as(path).doesNotContain(forbidden);
            assertThat(base64Free(answer.body())).as(path).isTrue();
        }
        Patient seen = hub.get("ris", "/" + masked).as(Patient.class);
        assertThat(seen.hasBirthDate() || seen.hasIdentifier() || seen.hasTelecom() || seen.hasAddress())
                .isFalse();
        assertThat(seen.hasGender()).isTrue();
    }

    private static boolean base64Free(String body) {
        return !body.contains(
                java.util.Base64.getEncoder().encodeToString((FAMILY + GIVEN).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldShowOthersAsTheyAre() {
        Patient seen = hub.get("his", "/" + open).as(Patient.class);
        assertThat(seen.getNameFirstRep().getFamily()).isEqualTo("李");
        assertThat(seen.getMeta().getTag()).isEmpty();
        assertThat(hub.get("conformance", "/" + masked).body()).contains(FAMILY, ID_VALUE);
    }

    @Test
    void shouldNotShowBytesThatCannotBeMasked() {
        for (String client : List.of("his", "ris")) {
            assertThat(hub.get(client, "/" + binary).status()).isEqualTo(403);
            assertThat(hub.search(client, "Binary?_id=" + id(binary)).total()).isZero();
        }
        assertThat(hub.get("conformance", "/" + binary).status()).isEqualTo(200);
    }

    @Test
    void shouldMaskInsideBatches() {
        Bundle batch = new Bundle();
        batch.setType(Bundle.BundleType.BATCH);
        for (String url : List.of(masked, "Patient?_id=" + id(masked), report, document)) {
            batch.addEntry().getRequest().setMethod(Bundle.HTTPVerb.GET).setUrl(url);
        }
        for (String client : List.of("his", "ris")) {
            PolicyHub.Answer answer = hub.post(client, "", batch);
            assertThat(answer.as(Bundle.class).getEntry())
                    .allSatisfy(entry -> assertThat(entry.hasResource()).isTrue());
            assertThat(answer.body()).doesNotContain(client.equals("his") ? NAMES : ALL);
        }
    }

    @Test
    void shouldNotFindByWhatIsMasked() {
        List<String> byName = List.of(
                "Patient?name=" + encoded(FAMILY),
                "Patient?family=" + encoded(FAMILY),
                "Patient?given=" + encoded(GIVEN),
                "Patient?name:contains=" + encoded("密" + MARK),
                "Patient?name:exact=" + encoded(FAMILY),
                "Patient?_content=" + encoded("\"" + GIVEN + "\""),
                "Patient?_text=" + encoded("\"" + GIVEN + "\""),
                "DiagnosticReport?patient.name=" + encoded(FAMILY),
                "DiagnosticReport?subject:Patient.family=" + encoded(FAMILY),
                "DiagnosticReport?_content=" + encoded("\"" + GIVEN + "\""),
                "Observation?patient.given=" + encoded(GIVEN),
                "Patient?_has:RelatedPerson:patient:name=" + encoded(RELATIVE),
                "RelatedPerson?name=" + encoded(RELATIVE));
        List<String> byMore = List.of(
                "Patient?identifier=" + ID_VALUE,
                "Patient?birthdate=1962-03-04",
                "Patient?phone=" + PHONE,
                "Patient?telecom=" + PHONE,
                "Patient?address=" + encoded(STREET),
                "Observation?patient.identifier=" + ID_VALUE,
                "Observation?subject:Patient.birthdate=1962-03-04",
                "RelatedPerson?phone=" + PHONE);
        for (String query : byName) {
            assertThat(found("conformance", query)).as(query).isNotZero();
            assertThat(found("his", query)).as(query).isZero();
            assertThat(found("ris", query)).as(query).isZero();
        }
        for (String query : byMore) {
            int all = found("conformance", query);
            assertThat(all).as(query).isNotZero();
            assertThat(found("his", query)).as(query).isEqualTo(all);
            assertThat(found("ris", query)).as(query).isLessThan(all);
            assertThat(references("ris", query)).as(query).doesNotContain(masked, observation);
        }
        assertThat(references("his", "Patient?_sort=family&_id=" + id(masked) + "," + id(open)))
                .containsExactly(open);
        assertThat(references("his", "Patient?_sort=-_id&_id=" + id(masked) + "," + id(open)))
                .containsExactlyInAnyOrder(masked, open);
    }

    /** Hidden and masked at once: the search is narrowed twice. */
    @Test
    void shouldNotFindByWhatIsMaskedWhereOthersAreHidden() {
        Patient another = new Patient();
        another.addName().setFamily("司徒").setText("司徒" + MARK);
        String hidden = hub.create(another);
        try {
            inForce(deny("his-hidden", 300, client("his"), new Condition.Patient(Set.of(hidden))));
            for (String query : List.of("Patient?name=" + encoded("司徒" + MARK), "Patient?_id=" + id(hidden))) {
                assertThat(references("conformance", query)).as(query).contains(hidden);
                assertThat(found("his", query)).as(query).isZero();
            }
            assertThat(references("his", "Patient?_id=" + id(masked) + "," + id(open) + "," + id(hidden)))
                    .containsExactlyInAnyOrder(masked, open);
            for (String type : List.of("Account", "Appointment", "Bundle", "Group", "List", "Person", "Provenance")) {
                for (String parameter : List.of("_text", "_content")) {
                    String query = type + "?" + parameter + "=" + encoded("\"" + GIVEN + "\"");
                    assertThat(found("his", query)).as(query).isZero();
                }
            }
        } finally {
            inForce();
            assertThat(hub.send("DELETE", "conformance", "/" + hidden, null).status())
                    .isEqualTo(200);
        }
    }

    private static Set<String> references(String client, String query) {
        return hub.search(client, query).references();
    }

    private static int found(String client, String query) {
        PolicyHub.Found found = hub.search(client, query);
        assertThat(found.references()).as(query).hasSize(Math.min(found.total(), 20));
        assertThat(hub.search(client, query + "&_summary=count").total())
                .as(query)
                .isEqualTo(found.total());
        return found.total();
    }

    @Test
    void shouldNotLetConditionsGuess() {
        Patient another = person("新", "人" + MARK, "NEW-" + MARK);
        for (String query : List.of("family=" + encoded(FAMILY), "identifier=" + ID_VALUE)) {
            assertThat(hub.send("POST", "ris", "/Patient", another, "If-None-Exist", query)
                            .status())
                    .as(query)
                    .isEqualTo(412);
            assertThat(hub.send("PUT", "ris", "/Patient?" + query, another).status())
                    .as(query)
                    .isEqualTo(412);
        }
    }

    @Test
    void shouldNotWriteTheMaskOverWhatIsStored() {
        for (String client : List.of("his", "ris")) {
            for (String address : List.of(masked, report)) {
                Resource seen = parsed(hub.get(client, "/" + address).body());
                assertThat(hub.send("PUT", client, "/" + address, seen).status())
                        .isIn(403, 422);
                seen.getMeta().getTag().clear();
                assertThat(hub.send("PUT", client, "/" + address, seen).status())
                        .as(address)
                        .isEqualTo(403);
            }
            assertThat(patch(client, masked, "[{\"op\":\"replace\",\"path\":\"/gender\",\"value\":\"male\"}]"))
                    .isEqualTo(403);
            String right = "[{\"op\":\"test\",\"path\":\"/name/0/family\",\"value\":\"" + FAMILY + "\"}]";
            String wrong = "[{\"op\":\"test\",\"path\":\"/name/0/family\",\"value\":\"x\"}]";
            assertThat(patch(client, masked, right)).isEqualTo(403);
            assertThat(patch(client, masked, wrong)).isEqualTo(403);
            assertThat(hub.post(client, "/" + masked + "/$validate", null).status())
                    .isIn(400, 403);
        }
        assertThat(hub.get("conformance", "/" + masked)
                        .as(Patient.class)
                        .getNameFirstRep()
                        .getFamily())
                .isEqualTo(FAMILY);
        // Nothing in this one is masked, so it can be replaced by what was seen.
        String plain = hub.create(task(new Reference(masked)));
        Task seen = hub.get("his", "/" + plain).as(Task.class);
        assertThat(seen.getMeta().getTag()).isEmpty();
        assertThat(hub.send("PUT", "his", "/" + plain, seen.setStatus(Task.TaskStatus.ACCEPTED))
                        .status())
                .isEqualTo(200);
    }

    private static Resource parsed(String body) {
        return (Resource) PolicyHub.R4.newJsonParser().parseResource(body);
    }

    private static int patch(String client, String address, String patch) {
        return hub.hub
                .send(java.net.http.HttpRequest.newBuilder(java.net.URI.create(hub.hub.base() + "/fhir/" + address))
                        .header("Authorization", "Bearer " + hub.token(client))
                        .header("Content-Type", "application/json-patch+json")
                        .method("PATCH", java.net.http.HttpRequest.BodyPublishers.ofString(patch)))
                .statusCode();
    }

    @Test
    void shouldLeaveNothingToTheNet() {
        shouldNotFindByWhatIsMasked();
        assertThat(hub.hub.bean(FhirEnforcement.class).drift()).isEqualTo(drift);
    }
}
