package org.trefoilhub.hub.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.hub.fixture.DemoHospitalFixture;
import org.trefoilhub.hub.fixture.Login;

/**
 * Who sees whom in the demo hospital: what the doors answer, against what the rules say of the hospital's own data.
 *
 * <p>What is expected is worked out here from {@code hospital.json} and from what the loader, who sees everything, finds.
 */
@DisplayName("ACC-13, ACC-14, ACC-15, ACC-17: the shipped rules over the demo hospital")
class BaselineIT {

    private static final FhirContext FHIR = FhirContext.forR4Cached();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATIENT_ID = "https://trefoil-hub.org/fhir/sid/patient-id";
    private static final Set<String> W1 = ids(1, 5);
    private static final Set<String> W2 = Set.of("P0006", "P0007", "P0008", "P0016", "P0017");
    private static final Set<String> TODAY = union(ids(9, 12), ids(18, 25));
    private static final Set<String> EMERGENCY = ids(13, 15);
    private static final Set<String> V = Set.of("P0018", "P0019");
    private static final Set<String> R = Set.of("P0020");
    private static final Map<String, String> tokens = new ConcurrentHashMap<>();
    private static final HttpClient http = HttpClient.newHttpClient();
    private static String base;

    /** Patients by the departments that have an order for them, and the studies by patient, as the store holds them. */
    private static final Map<String, Set<String>> examinedBy = new TreeMap<>();

    private static final Map<String, String> patientOfStudy = new TreeMap<>();
    private static final Map<String, String> idOf = new TreeMap<>();

    @BeforeAll
    static void load() {
        DemoHospitalFixture hospital = DemoHospitalFixture.onH2();
        base = hospital.base();
        Map<String, String> number = new TreeMap<>();
        for (Patient patient : hospital.all(Patient.class)) {
            number.put("Patient/" + patient.getIdElement().getIdPart(), number(patient));
            idOf.put(number(patient), patient.getIdElement().getIdPart());
        }
        Map<String, String> departments = hospital.departments();
        for (ServiceRequest order : hospital.all(ServiceRequest.class)) {
            order.getPerformer().forEach(performer -> examinedBy
                    .computeIfAbsent(departments.get(performer.getReference()), d -> new TreeSet<>())
                    .add(number.get(order.getSubject().getReference())));
        }
        for (ImagingStudy study : hospital.all(ImagingStudy.class)) {
            String uid = study.getIdentifierFirstRep().getValue().substring("urn:oid:".length());
            patientOfStudy.put(uid, number.get(study.getSubject().getReference()));
        }
        assertThat(number).hasSize(42);
        assertThat(patientOfStudy).hasSizeGreaterThan(40);
        assertThat(examinedBy.get("radiology")).hasSizeBetween(20, 41);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "ward-doctor",
                "ward-nurse",
                "ward-doctor2",
                "outpatient-doctor",
                "emergency-doctor",
                "radiologist",
                "radiologist2",
                "technician",
                "sonographer",
                "sonographer2",
                "endoscopist",
                "endoscopist2",
                "qc",
                "medical-affairs",
                "scheduler",
                "steward"
            })
    void shouldShowEachPersonThePatientsOfTheRule(String user) {
        Set<String> expected = visible(user);
        String token = person(user);
        assertThat(patients(token)).as("Patient of %s", user).isEqualTo(expected);
        assertThat(total(token, "Patient?_summary=count")).isEqualTo(expected.size());
        for (String hidden : idOf.keySet()) {
            if (!expected.contains(hidden) && (V.contains(hidden) || R.contains(hidden) || hidden.equals("P0030"))) {
                assertThat(get(token, "/fhir/Patient/" + idOf.get(hidden)).statusCode())
                        .as("%s reads %s", user, hidden)
                        .isEqualTo(404);
                assertThat(total(token, "Patient?_summary=count&identifier=" + PATIENT_ID + "%7C" + hidden))
                        .isZero();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "ward-doctor",
                "ward-doctor2",
                "outpatient-doctor",
                "emergency-doctor",
                "radiologist",
                "radiologist2",
                "sonographer",
                "endoscopist2",
                "qc"
            })
    void shouldShowEachPersonTheStudiesOfThosePatients(String user) {
        Set<String> expected = studiesOf(visible(user)::contains);
        String token = person(user);
        assertThat(qido(token)).as("studies of %s", user).isEqualTo(expected);
        assertThat(total(token, "ImagingStudy?_summary=count")).isEqualTo(expected.size());
    }

    @Test
    void shouldShowAdministratorsAuditorsAndResearchersNoPatient() {
        for (String user : List.of("admin", "auditor", "researcher")) {
            String token = person(user);
            assertThat(get(token, "/fhir/Patient").statusCode()).as(user).isEqualTo(403);
            assertThat(get(token, "/fhir/DiagnosticReport").statusCode())
                    .as(user)
                    .isEqualTo(403);
        }
    }

    @Test
    @DisplayName(
            "ACC-15: a V patient of the clinic shows to the clinic under a masked name, to the assigned team in clear")
    void shouldMaskWhomTheTreatingDepartmentSeesOnlyPartly() {
        assertThat(rows("outpatient-doctor", "P0019"))
                .contains("林")
                .doesNotContain("婉清")
                .doesNotContain("WanQing");
        assertThat(rows("radiologist2", "P0019")).contains("林").contains("婉清");
        assertThat(rows("outpatient-doctor", "P0018")).contains("建军");
        assertThat(rows("outpatient-doctor", "P0020")).contains("永刚");
        assertThat(get(person("radiologist"), "/fhir/Patient/" + idOf.get("P0019"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    @DisplayName(
            "ACC-17, ACC-21, ACC-24: the assigned reader opens and edits the report of a V patient, the unassigned gets no row")
    void shouldLetTheAssignedReaderOpenAndEdit() {
        String subject = "Patient/" + idOf.get("P0019");
        Bundle reports = search(person("radiologist2"), "DiagnosticReport?subject=" + subject);
        assertThat(reports.getEntry()).isNotEmpty();
        assertThat(search(person("radiologist"), "DiagnosticReport?subject=" + subject)
                        .getEntry())
                .isEmpty();
        assertThat(search(person("sonographer"), "DiagnosticReport?subject=" + subject)
                        .getEntry())
                .isEmpty();
        String id = reports.getEntryFirstRep()
                .getResource()
                .getIdElement()
                .toUnqualifiedVersionless()
                .getValue();
        HttpResponse<String> own = get(person("radiologist2"), "/fhir/" + id);
        assertThat(put(person("radiologist2"), "/fhir/" + id, own.body()).statusCode())
                .isEqualTo(200);
        assertThat(put(person("radiologist"), "/fhir/" + id, own.body()).statusCode())
                .isEqualTo(404);
        assertThat(put(person("endoscopist"), "/fhir/" + id, own.body()).statusCode())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("ACC-13: the doctors of a ward print only what they may print, and nobody writes for a stranger")
    void shouldRefuseToWriteForStrangers() {
        String order =
                """
                {"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/%s"}}""";
        assertThat(post(person("ward-doctor"), "/fhir/ServiceRequest", order.formatted(idOf.get("P0001")))
                        .statusCode())
                .isEqualTo(201);
        assertThat(post(person("ward-doctor"), "/fhir/ServiceRequest", order.formatted(idOf.get("P0006")))
                        .statusCode())
                .isEqualTo(403);
        assertThat(post(person("outpatient-doctor"), "/fhir/ServiceRequest", order.formatted(idOf.get("P0030")))
                        .statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "his",
        "ris",
        "internet-hospital",
        "health-commission",
        "cloud-imaging",
        "pd-system",
        "cdss-backend",
        "research-db"
    })
    @DisplayName("ACC-13: each of the eight systems sees its share and nothing else, over FHIR and QIDO")
    void shouldShowEachSystemItsShare(String client) {
        String token = tokens.computeIfAbsent(client, name -> Login.system(base, name));
        Set<String> ordinary = idOf.keySet().stream()
                .filter(id -> !V.contains(id) && !R.contains(id))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> imaging = new TreeSet<>();
        List.of("radiology", "ultrasound", "endoscopy", "nuclear-medicine")
                .forEach(department -> imaging.addAll(examinedBy.get(department)));
        Set<String> share =
                switch (client) {
                    case "ris" -> both(ordinary, examinedBy.get("radiology"));
                    case "internet-hospital" -> both(ordinary, union(ids(9, 12), ids(18, 27), ids(33, 42)));
                    case "cloud-imaging" -> both(ordinary, imaging);
                    case "pd-system" -> Set.of("P0007", "P0008", "P0016");
                    case "cdss-backend" -> both(ordinary, union(ids(1, 27), ids(33, 42)));
                    case "research-db" -> Set.of();
                    default -> ordinary;
                };
        if (share.isEmpty()) {
            assertThat(get(token, "/fhir/Patient").statusCode()).isEqualTo(403);
        } else {
            assertThat(patients(token)).isEqualTo(share);
            assertThat(total(token, "Patient?_summary=count")).isEqualTo(share.size());
        }
        HttpResponse<String> studies = get(token, "/dicom-web/studies?limit=500");
        switch (client) {
            case "his", "health-commission", "cdss-backend", "research-db" ->
                assertThat(studies.statusCode()).isEqualTo(403);
            case "internet-hospital", "pd-system" ->
                assertThat(qido(token)).isNotEmpty().isEqualTo(studiesOf(share::contains));
            default -> {
                Set<String> shown = qido(token);
                assertThat(shown).isNotEmpty();
                assertThat(studiesOf(share::contains)).containsAll(shown);
            }
        }
    }

    // ---- what the rules say -----------------------------------------------------------------------------------------

    private static Set<String> visible(String user) {
        return switch (user) {
            case "ward-doctor", "ward-nurse" -> W1;
            case "ward-doctor2" -> W2;
            case "outpatient-doctor" -> TODAY;
            case "emergency-doctor" -> EMERGENCY;
            case "radiologist" -> without(examinedBy.get("radiology"), V);
            case "radiologist2" -> union(without(examinedBy.get("radiology"), V), V);
            case "technician" -> without(without(examinedBy.get("radiology"), V), R);
            case "sonographer" -> without(examinedBy.get("ultrasound"), V);
            case "sonographer2" -> union(without(examinedBy.get("ultrasound"), V), V);
            case "endoscopist" -> without(examinedBy.get("endoscopy"), V);
            case "endoscopist2" -> union(without(examinedBy.get("endoscopy"), V), V);
            case "qc", "medical-affairs" -> without(idOf.keySet(), V);
            case "scheduler" -> without(without(idOf.keySet(), V), R);
            case "steward" -> new TreeSet<>(idOf.keySet());
            default -> throw new IllegalArgumentException(user);
        };
    }

    private static Set<String> studiesOf(Predicate<String> seen) {
        return patientOfStudy.entrySet().stream()
                .filter(study -> seen.test(study.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> ids(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj("P%04d"::formatted)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... sets) {
        Set<String> all = new TreeSet<>();
        for (Set<String> set : sets) {
            all.addAll(set);
        }
        return all;
    }

    private static Set<String> without(Set<String> set, Set<String> less) {
        Set<String> rest = new TreeSet<>(set);
        rest.removeAll(less);
        return rest;
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
        Set<String> common = new TreeSet<>(one);
        common.retainAll(other);
        return common;
    }

    // ---- what the doors answer --------------------------------------------------------------------------------------

    private static String person(String user) {
        return tokens.computeIfAbsent(user, name -> Login.person(base, name));
    }

    private static Set<String> patients(String token) {
        Set<String> found = new TreeSet<>();
        String next = "/fhir/Patient?_count=20";
        while (next != null) {
            Bundle page = FHIR.newJsonParser().parseResource(Bundle.class, ok(get(token, next)));
            page.getEntry().forEach(entry -> found.add(number((Patient) entry.getResource())));
            next = page.getLink("next") == null ? null : page.getLink("next").getUrl();
        }
        return found;
    }

    private static Set<String> qido(String token) {
        Set<String> found = new TreeSet<>();
        List<JsonNode> rows = new ArrayList<>();
        try {
            JSON.readTree(ok(get(token, "/dicom-web/studies?limit=500"))).forEach(rows::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rows.forEach(row -> found.add(row.path("0020000D").path("Value").path(0).asText()));
        return found;
    }

    /** The studies of a patient as QIDO-RS shows them, found by UID because a masked number finds nothing. */
    private static String rows(String user, String number) {
        String uid = studiesOf(number::equals).iterator().next();
        return ok(get(person(user), "/dicom-web/studies?StudyInstanceUID=" + uid));
    }

    private static int total(String token, String query) {
        return search(token, query).getTotal();
    }

    private static Bundle search(String token, String query) {
        return FHIR.newJsonParser().parseResource(Bundle.class, ok(get(token, "/fhir/" + query)));
    }

    private static String number(Patient patient) {
        return patient.getIdentifier().stream()
                .filter(identifier -> PATIENT_ID.equals(identifier.getSystem()))
                .map(Identifier::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static String ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isIn(200, 204);
        return response.statusCode() == 204 ? "[]" : response.body();
    }

    private static HttpResponse<String> get(String token, String path) {
        return send(token, "GET", path, null);
    }

    private static HttpResponse<String> post(String token, String path, String body) {
        return send(token, "POST", path, body);
    }

    private static HttpResponse<String> put(String token, String path, String body) {
        return send(token, "PUT", path, body);
    }

    private static HttpResponse<String> send(String token, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token)
                .header("Accept", path.startsWith("/dicom-web") ? "application/dicom+json" : "application/fhir+json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (body != null) {
            request.header("Content-Type", "application/fhir+json");
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
