package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.hub.enforce.PolicyHub.client;
import static org.trefoilhub.hub.enforce.PolicyHub.deny;
import static org.trefoilhub.hub.enforce.PolicyHub.masked;
import static org.trefoilhub.hub.enforce.PolicyHub.permit;

import ca.uhn.fhir.batch2.api.IJobMaintenanceService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Obligation;

/**
 * Bulk Data 2.0: {@code research-db} proves itself by a signed assertion, exports, and gets exactly what it may export;
 * nobody else reads the job or its files.
 */
class BulkExportIT {

    private static final String EXPORTER = "research-db";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "姓名" + UUID.randomUUID();

    private static PolicyHub hub;
    private static RSAKey key;
    private static String token;
    private static String visible;
    private static String hidden;
    private static String maskedPatient;
    private static String group;
    private static final Map<String, String> observations = new LinkedHashMap<>();
    private static Instant before;

    @BeforeAll
    static void store() throws Exception {
        hub = new PolicyHub();
        hub.set();
        visible = hub.create(patient());
        hidden = hub.create(patient());
        maskedPatient = hub.create(patient());
        for (String patient : new String[] {visible, hidden, maskedPatient}) {
            observations.put(patient, hub.create(observation(patient, Observation.ObservationStatus.FINAL)));
        }
        Group members = new Group();
        members.setType(Group.GroupType.PERSON).setActual(true);
        members.addMember().setEntity(new Reference(visible));
        members.addMember().setEntity(new Reference(hidden));
        group = hub.create(members);
        before = Instant.now();
        key = new RSAKeyGenerator(2048).keyID("export-" + UUID.randomUUID()).generate();
        String basic = Base64.getEncoder()
                .encodeToString((EXPORTER + ":" + EXPORTER + "-secret").getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> registered =
                hub.hub.send(HttpRequest.newBuilder(URI.create(hub.hub.base() + "/oauth2/client/jwks"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(new JWKSet(key.toPublicJWK()).toString(true))));
        assertThat(registered.statusCode()).as(registered.body()).isBetween(200, 204);
        token = token("system/*.rs");
    }

    @AfterAll
    static void restore() {
        hub.close();
    }

    @BeforeEach
    void policies() {
        hub.set(may(), hide(), mask());
    }

    private static AccessPolicy may() {
        return permit(
                "may",
                0,
                client(EXPORTER),
                new Condition.Interface(Set.of(Door.FHIR_BULK)),
                new Condition.Actions(Set.of(Action.EXPORT)),
                new Condition.DataType(Set.of("Patient", "Observation", "Group")));
    }

    private static AccessPolicy hide() {
        return deny("hide", 200, client(EXPORTER), new Condition.Patient(Set.of(hidden)));
    }

    private static AccessPolicy mask() {
        return masked(
                "mask",
                300,
                Obligation.MASK_DEMOGRAPHICS,
                client(EXPORTER),
                new Condition.Interface(Set.of(Door.FHIR_BULK)),
                new Condition.DataType(Set.of("Patient", "Observation")),
                new Condition.Patient(Set.of(maskedPatient)));
    }

    private static Patient patient() {
        Patient someone = new Patient();
        someone.addName().setText(NAME);
        someone.addIdentifier().setSystem("urn:test").setValue(UUID.randomUUID().toString());
        return someone;
    }

    private static Observation observation(String patient, Observation.ObservationStatus status) {
        Observation result = new Observation();
        result.setStatus(status);
        result.setCode(new CodeableConcept().setText("probe"));
        result.setSubject(new Reference(patient).setDisplay(NAME));
        return result;
    }

    private static String token(String scope) throws Exception {
        SignedJWT assertion = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS384)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(EXPORTER)
                        .subject(EXPORTER)
                        .audience(hub.hub.base() + "/oauth2/token")
                        .jwtID(UUID.randomUUID().toString())
                        .expirationTime(Date.from(Instant.now().plusSeconds(240)))
                        .build());
        assertion.sign(new RSASSASigner(key));
        HttpResponse<String> answer = hub.hub.send(HttpRequest.newBuilder(URI.create(hub.hub.base() + "/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope="
                        + URLEncoder.encode(scope, StandardCharsets.UTF_8)
                        + "&client_assertion_type="
                        + URLEncoder.encode(
                                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", StandardCharsets.UTF_8)
                        + "&client_assertion=" + assertion.serialize())));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    private static HttpResponse<String> send(String method, String url, String bearer) {
        return hub.hub.send(HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + bearer)
                .header("Accept", "application/fhir+json")
                .header("Prefer", "respond-async")
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private static HttpResponse<String> start(String path) {
        return send("GET", hub.hub.base() + "/fhir/" + path, token);
    }

    private static String job(String path) {
        HttpResponse<String> started = start(path);
        assertThat(started.statusCode()).as(path + started.body()).isEqualTo(202);
        return started.headers().firstValue("Content-Location").orElseThrow();
    }

    private static JsonNode finished(String job) throws Exception {
        for (int i = 0; i < 240; i++) {
            HttpResponse<String> status = send("GET", job, token);
            if (status.statusCode() == 200) {
                return JSON.readTree(status.body());
            }
            assertThat(status.statusCode()).as(status.body()).isEqualTo(202);
            // What the scheduler does each minute.
            hub.hub.bean(IJobMaintenanceService.class).forceMaintenancePass();
            Thread.sleep(500);
        }
        throw new AssertionError("the export did not end");
    }

    /** Lines of all files, by reference. */
    private static Map<String, String> exported(String path) throws Exception {
        JsonNode manifest = finished(job(path));
        assertThat(manifest.path("requiresAccessToken").asBoolean()).isTrue();
        Map<String, String> lines = new LinkedHashMap<>();
        for (JsonNode output : manifest.path("output")) {
            HttpResponse<String> file = hub.hub.send(
                    HttpRequest.newBuilder(URI.create(output.path("url").asText()))
                            .header("Authorization", "Bearer " + token)
                            .header("Accept", "application/fhir+ndjson"));
            assertThat(file.statusCode()).as(file.body()).isEqualTo(200);
            assertThat(file.headers().firstValue("Content-Type").orElse("")).contains("ndjson");
            for (String line : file.body().split("\n")) {
                if (!line.isBlank()) {
                    JsonNode resource = JSON.readTree(line);
                    lines.put(
                            resource.path("resourceType").asText() + "/"
                                    + resource.path("id").asText(),
                            line);
                }
            }
        }
        return lines;
    }

    private static Set<String> ours(Map<String, String> lines) {
        Set<String> known = new TreeSet<>(Set.of(visible, hidden, maskedPatient, group));
        known.addAll(observations.values());
        return lines.keySet().stream().filter(known::contains).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shouldExportExactlyWhatThePolicyPermits() throws Exception {
        Map<String, String> lines = exported("$export");
        assertThat(lines.keySet())
                .allSatisfy(reference -> assertThat(reference).matches("(Patient|Observation|Group)/.*"));
        assertThat(ours(lines))
                .containsExactlyInAnyOrder(
                        visible, maskedPatient, group, observations.get(visible), observations.get(maskedPatient));
        assertThat(lines.get(visible)).contains(NAME);
        assertThat(lines.get(maskedPatient)).doesNotContain(NAME).contains("姓*", "REDACTED");
        assertThat(lines.get(maskedPatient)).doesNotContain("identifier");
        assertThat(lines.get(observations.get(maskedPatient))).doesNotContain(NAME);
        assertThat(lines.get(group)).contains(visible).doesNotContain(hidden + "\"");
    }

    @Test
    void shouldExportAtPatientAndGroupLevel() throws Exception {
        assertThat(ours(exported("Patient/$export?_type=Patient,Observation")))
                .containsExactlyInAnyOrder(
                        visible, maskedPatient, observations.get(visible), observations.get(maskedPatient));
        assertThat(ours(exported(group + "/$export?_type=Patient,Observation")))
                .containsExactlyInAnyOrder(visible, observations.get(visible));
        assertThat(start("Group/999999999/$export").statusCode()).isEqualTo(404);
        assertThat(ofPatient(visible).statusCode()).isEqualTo(202);
        assertThat(ofPatient(hidden).statusCode())
                .isEqualTo(ofPatient("Patient/999999999").statusCode())
                .isEqualTo(404);
    }

    private static HttpResponse<String> ofPatient(String patient) {
        Parameters parameters = new Parameters();
        parameters.addParameter("_type", new StringType("Patient,Observation"));
        parameters.addParameter().setName("patient").setValue(new Reference(patient));
        return hub.hub.send(HttpRequest.newBuilder(URI.create(hub.hub.base() + "/fhir/Patient/$export"))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/fhir+json")
                .header("Content-Type", "application/fhir+json")
                .header("Prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.ofString(
                        PolicyHub.R4.newJsonParser().encodeResourceToString(parameters))));
    }

    @Test
    void shouldNarrowByTypeTimeAndFilter() throws Exception {
        assertThat(ours(exported("$export?_type=Observation")))
                .containsExactlyInAnyOrder(observations.get(visible), observations.get(maskedPatient));
        String later = hub.create(observation(visible, Observation.ObservationStatus.AMENDED));
        Map<String, String> since = exported(
                "$export?_type=Observation&_since=" + URLEncoder.encode(before.toString(), StandardCharsets.UTF_8));
        assertThat(since.keySet()).contains(later).doesNotContain(observations.get(visible));
        Map<String, String> filtered = exported("$export?_type=Observation&_typeFilter="
                + URLEncoder.encode("Observation?status=amended", StandardCharsets.UTF_8));
        assertThat(filtered.keySet()).contains(later).doesNotContain(observations.get(visible));
    }

    @Test
    void shouldRefuseWhatWouldProbeOrIsNotPermitted() throws Exception {
        assertThat(start("$export?_type=DiagnosticReport").statusCode()).isEqualTo(403);
        for (String filter :
                new String[] {"Patient?name=" + NAME, "Group?member=" + hidden, "Observation?patient.name=" + NAME}) {
            assertThat(start("$export?_type=Patient,Group,Observation&_typeFilter="
                                    + URLEncoder.encode(filter, StandardCharsets.UTF_8))
                            .statusCode())
                    .as(filter)
                    .isEqualTo(403);
        }
        String narrow = token("system/Observation.rs");
        String everything = hub.hub.base() + "/fhir/$export";
        assertThat(send("GET", everything + "?_type=Patient", narrow).statusCode())
                .isEqualTo(403);
        assertThat(send("GET", everything + "?_type=Observation", narrow).statusCode())
                .isEqualTo(202);
        hub.set();
        assertThat(start("$export").statusCode()).isEqualTo(403);
    }

    @Test
    void shouldBelongToTheAsker() throws Exception {
        String job = job("$export?_type=Patient");
        JsonNode manifest = finished(job);
        String file = manifest.path("output").get(0).path("url").asText();
        String stranger = hub.token("conformance");
        assertThat(send("GET", job, stranger).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", job, stranger).statusCode()).isEqualTo(404);
        assertThat(send("GET", file, stranger).statusCode()).isEqualTo(404);
        assertThat(send("GET", file, token).statusCode()).isEqualTo(200);
        String never = job.substring(0, job.indexOf("_jobId=")) + "_jobId=" + UUID.randomUUID();
        assertThat(send("GET", never, token).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", job, token).statusCode()).isIn(202, 404);
        hub.set();
        assertThat(send("GET", file, token).statusCode()).isIn(403, 404);
    }

    @Test
    void shouldBeDeclared() {
        CapabilityStatement statement = hub.get("conformance", "/metadata").as(CapabilityStatement.class);
        assertThat(statement.getRestFirstRep().getOperation())
                .anyMatch(operation -> operation.getName().equals("export"));
        assertThat(statement.getRestFirstRep().getResource())
                .filteredOn(
                        type -> type.getType().equals("Group") || type.getType().equals("Patient"))
                .allMatch(type -> type.getOperation().stream()
                        .anyMatch(operation -> operation.getName().equals("export")));
    }
}
