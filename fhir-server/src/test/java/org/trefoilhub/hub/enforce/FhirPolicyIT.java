package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Subscription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.trefoilhub.hub.app.TrefoilHub;
import org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement;

/**
 * The seeded permits at the FHIR door of the whole hub. Client {@code his} sees patients and reports but no observations;
 * {@code conformance} does everything; {@code pd-system} sees no patient data.
 */
class FhirPolicyIT {

    private static final FhirContext R4 = FhirContext.forR4Cached();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

    @TempDir
    static Path home;

    private static ConfigurableApplicationContext hub;
    private static String base;
    private static String patient;
    private static String observation;
    private static String report;

    record Answer(int status, String body) {
        <T extends Resource> T as(Class<T> type) {
            assertThat(status).as(body).isBetween(200, 201);
            return R4.newJsonParser().parseResource(type, body);
        }

        String code() {
            return R4.newJsonParser()
                    .parseResource(OperationOutcome.class, body)
                    .getIssueFirstRep()
                    .getDetails()
                    .getCodingFirstRep()
                    .getCode();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        int port = freePort();
        base = "http://localhost:" + port;
        Map<String, Object> properties = new TreeMap<>();
        properties.put("server.port", port);
        properties.put("trefoil.public-url", base);
        properties.put("trefoil.home", home.toString());
        properties.put("trefoil.dimse.port", freePort());
        properties.put("trefoil.hl7v2.port", 0);
        properties.put("trefoil.tls.self-signed", "false");
        properties.put("trefoil.demo.load", "false");
        hub = new SpringApplicationBuilder(TrefoilHub.class)
                .profiles("demo")
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
        Bundle transaction = new Bundle();
        transaction.setType(Bundle.BundleType.TRANSACTION);
        entry(transaction, "urn:uuid:00000000-0000-4000-8000-000000000001", named());
        entry(transaction, "urn:uuid:00000000-0000-4000-8000-000000000002", anObservation());
        entry(transaction, "urn:uuid:00000000-0000-4000-8000-000000000003", aReport());
        Bundle done = post("conformance", "", transaction).as(Bundle.class);
        patient = new IdType(done.getEntry().get(0).getResponse().getLocation()).getIdPart();
        observation = new IdType(done.getEntry().get(1).getResponse().getLocation()).getIdPart();
        report = new IdType(done.getEntry().get(2).getResponse().getLocation()).getIdPart();
        Encounter visit = new Encounter();
        visit.setStatus(Encounter.EncounterStatus.INPROGRESS);
        visit.setClass_(new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", null));
        visit.setSubject(new Reference("Patient/" + patient));
        assertThat(post("conformance", "/Encounter", visit).status()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        long drift = hub.getBean(FhirEnforcement.class).drift();
        hub.close();
        assertThat(drift).as("gate and net agree").isZero();
    }

    private static Patient named() {
        Patient someone = new Patient();
        someone.addName().setFamily("Probe");
        return someone;
    }

    private static Observation anObservation() {
        Observation result = new Observation();
        result.setStatus(Observation.ObservationStatus.FINAL);
        result.setCode(new CodeableConcept().setText("probe"));
        result.setSubject(new Reference("urn:uuid:00000000-0000-4000-8000-000000000001"));
        return result;
    }

    private static DiagnosticReport aReport() {
        DiagnosticReport result = new DiagnosticReport();
        result.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
        result.setCode(new CodeableConcept().setText("probe"));
        result.setSubject(new Reference("urn:uuid:00000000-0000-4000-8000-000000000001"));
        result.addResult(new Reference("urn:uuid:00000000-0000-4000-8000-000000000002"));
        return result;
    }

    @Test
    void shouldDemandAnIdentityButForMetadata() throws Exception {
        assertThat(get(null, "/Patient").status()).isEqualTo(401);
        assertThat(get(null, "/metadata").status()).isEqualTo(200);
    }

    /** What is sent back is looked at after the references of the bundle are resolved, not in the middle of the writing. */
    @Test
    void shouldSendBackWhatATransactionWrote() throws Exception {
        Bundle transaction = new Bundle();
        transaction.setType(Bundle.BundleType.TRANSACTION);
        entry(transaction, "urn:uuid:00000000-0000-4000-8000-000000000001", named());
        entry(transaction, "urn:uuid:00000000-0000-4000-8000-000000000002", anObservation());
        Bundle done = post("conformance", "", transaction).as(Bundle.class);
        String subject =
                "Patient/" + new IdType(done.getEntry().get(0).getResponse().getLocation()).getIdPart();
        Observation sent = (Observation) done.getEntry().get(1).getResource();
        assertThat(sent.getSubject().getReference()).isEqualTo(subject);
        String id = new IdType(done.getEntry().get(1).getResponse().getLocation()).getIdPart();
        assertThat(get("conformance", "/Observation/" + id)
                        .as(Observation.class)
                        .getSubject()
                        .getReference())
                .isEqualTo(subject);
    }

    @Test
    void shouldShowEachClientItsTypes() throws Exception {
        assertThat(get("his", "/Patient/" + patient)
                        .as(Patient.class)
                        .getNameFirstRep()
                        .getFamily())
                .isEqualTo("Probe");
        assertThat(types(get("his", "/DiagnosticReport?patient=" + patient))).containsExactly("DiagnosticReport");
        Answer read = get("his", "/Observation/" + observation);
        assertThat(read.status()).isEqualTo(403);
        assertThat(read.code()).isEqualTo("TREFOIL-ACC-0001");
        Answer search = get("his", "/Observation");
        assertThat(search.status()).isEqualTo(403);
        assertThat(search.code()).isEqualTo("TREFOIL-ACC-0002");
        assertThat(get("research-db", "/Patient").status()).isEqualTo(403);
        assertThat(get("research-db", "/CodeSystem").status()).isEqualTo(200);
    }

    @Test
    void shouldSayOfAbsentResourcesNothingButThat() throws Exception {
        Answer absent = get("his", "/Patient/999999999");
        assertThat(absent.status()).isEqualTo(404);
        assertThat(absent.code()).isEqualTo("TREFOIL-FHR-0404");
        assertThat(send("PUT", "conformance", "/Patient/no-such-id", (Patient) new Patient().setId("no-such-id"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void shouldNotBringHiddenTypesAlong() throws Exception {
        assertThat(types(get("conformance", "/DiagnosticReport?_id=" + report + "&_include=DiagnosticReport:result")))
                .contains("Observation");
        assertThat(types(get("his", "/DiagnosticReport?_id=" + report + "&_include=DiagnosticReport:result")))
                .containsExactly("DiagnosticReport");
        assertThat(types(get("his", "/DiagnosticReport?_id=" + report + "&_include=*")))
                .doesNotContain("Observation");
        assertThat(get("his", "/Patient?_revinclude=Observation:subject").status())
                .isEqualTo(403);
        assertThat(types(get("his", "/Patient/" + patient + "/$everything")))
                .contains("Patient", "DiagnosticReport")
                .doesNotContain("Observation");
        assertThat(types(get("conformance", "/Patient/" + patient + "/$everything")))
                .contains("Observation");
    }

    @Test
    void shouldNotAnswerProbesIntoHiddenTypes() throws Exception {
        assertThat(get("his", "/DiagnosticReport?result.code:text=probe").status())
                .isEqualTo(403);
        assertThat(get("his", "/Patient?_has:Observation:patient:status=final").status())
                .isEqualTo(403);
        assertThat(get("his", "/DiagnosticReport?patient.name=probe").status()).isEqualTo(200);
    }

    @Test
    void shouldKeepHistoriesToTheirReaders() throws Exception {
        assertThat(get("his", "/Patient/" + patient + "/_history").status()).isEqualTo(200);
        assertThat(get("his", "/CodeSystem/_history").status()).isEqualTo(200);
        assertThat(get("his", "/Observation/_history").status()).isEqualTo(403);
        assertThat(get("his", "/_history").status()).isEqualTo(403);
        // Patients of level R and V are hidden from both, and a history of all cannot be narrowed.
        assertThat(get("his", "/Patient/_history").status()).isEqualTo(403);
        assertThat(get("conformance", "/_history").status()).isEqualTo(403);
    }

    @Test
    void shouldCheckEveryEntryOfABundle() throws Exception {
        Bundle batch = new Bundle();
        batch.setType(Bundle.BundleType.BATCH);
        batch.addEntry().getRequest().setMethod(Bundle.HTTPVerb.GET).setUrl("Patient/" + patient);
        batch.addEntry().getRequest().setMethod(Bundle.HTTPVerb.GET).setUrl("Observation/" + observation);
        batch.addEntry().getRequest().setMethod(Bundle.HTTPVerb.GET).setUrl("Observation?status=final");
        entry(batch, null, named());
        List<Bundle.BundleEntryComponent> answers =
                post("his", "", batch).as(Bundle.class).getEntry();
        assertThat(answers.get(0).getResponse().getStatus()).startsWith("200");
        assertThat(answers.get(1).getResponse().getStatus()).startsWith("403");
        assertThat(answers.get(2).getResponse().getStatus()).startsWith("403");
        assertThat(answers.get(3).getResponse().getStatus()).startsWith("403");

        Bundle transaction = new Bundle();
        transaction.setType(Bundle.BundleType.TRANSACTION);
        entry(transaction, null, named());
        assertThat(post("his", "", transaction).status()).isEqualTo(403);

        Bundle conditional = new Bundle();
        conditional.setType(Bundle.BundleType.BATCH);
        entry(conditional, null, anObservation());
        conditional.getEntryFirstRep().getRequest().setIfNoneExist("status=final");
        assertThat(post("his", "", conditional).status()).isEqualTo(403);
    }

    @Test
    void shouldRefuseWritesThatNoPolicyPermits() throws Exception {
        assertThat(post("his", "/Patient", named()).status()).isEqualTo(403);
        assertThat(send("PUT", "his", "/Patient/" + patient, (Patient) new Patient().setId(patient))
                        .status())
                .isEqualTo(403);
        assertThat(send("DELETE", "his", "/Patient/" + patient, null).status()).isEqualTo(403);
        assertThat(get("his", "/Patient/" + patient).status()).isEqualTo(200);
    }

    @Test
    void shouldDeliverNotificationsOnlyOfWhatTheOwnerMaySee() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            received.add(exchange.getRequestURI().getPath());
        });
        listener.start();
        try {
            String endpoint = "http://localhost:" + listener.getAddress().getPort();
            assertThat(post("internet-hospital", "/Subscription", subscription("Observation?", endpoint))
                            .status())
                    .isEqualTo(403);
            assertThat(post("his", "/Subscription", subscription("DiagnosticReport?", endpoint))
                            .status())
                    .isEqualTo(403);
            Subscription forged = subscription("DiagnosticReport?", endpoint);
            forged.getMeta().addTag("https://trefoil-hub.org/fhir/sid/client", "conformance", null);
            Subscription created =
                    post("internet-hospital", "/Subscription", forged).as(Subscription.class);
            assertThat(created.getMeta().getTag())
                    .anySatisfy(tag -> assertThat(tag.getCode()).isEqualTo("internet-hospital"))
                    .noneSatisfy(tag -> assertThat(tag.getCode()).isEqualTo("conformance"));
            awaitActive(created.getIdElement().getIdPart());
            // The subscription reads as active a moment before the matcher knows it.
            String delivered = null;
            for (int i = 0; i < 20 && delivered == null; i++) {
                assertThat(post("conformance", "/DiagnosticReport", another()).status())
                        .isEqualTo(201);
                delivered = received.poll(3, TimeUnit.SECONDS);
            }
            assertThat(delivered).isNotNull().startsWith("/DiagnosticReport/");
            while (received.poll(3, TimeUnit.SECONDS) != null) {
                assertThat(received).as("reports still on their way").hasSizeLessThan(20);
            }

            Consent share = (Consent) get(
                            "conformance",
                            "/Consent?identifier=https://trefoil-hub.org/fhir/sid/access-policy%7Cseed-internet-hospital")
                    .as(Bundle.class)
                    .getEntryFirstRep()
                    .getResource();
            Consent narrower = share.copy();
            narrower.getProvision().getProvision().removeIf(provision -> provision.getExtension().stream()
                    .anyMatch(extension ->
                            "subscription".equals(extension.getValue().primitiveValue())));
            String address = "/Consent/" + share.getIdElement().getIdPart();
            assertThat(send("PUT", "conformance", address, narrower).status()).isEqualTo(200);
            try {
                assertThat(post("conformance", "/DiagnosticReport", another()).status())
                        .isEqualTo(201);
                assertThat(received.poll(8, TimeUnit.SECONDS)).isNull();
            } finally {
                assertThat(send("PUT", "conformance", address, share).status()).isEqualTo(200);
            }
        } finally {
            listener.stop(1);
        }
    }

    private static DiagnosticReport another() {
        DiagnosticReport another = aReport();
        another.setSubject(new Reference("Patient/" + patient));
        another.setResult(List.of());
        return another;
    }

    private static void awaitActive(String id) throws Exception {
        for (int i = 0; i < 120; i++) {
            Subscription now = get("internet-hospital", "/Subscription/" + id).as(Subscription.class);
            if (now.getStatus() == Subscription.SubscriptionStatus.ACTIVE) {
                return;
            }
            Thread.sleep(500);
        }
        throw new AssertionError("the subscription did not become active");
    }

    private static Subscription subscription(String criteria, String endpoint) {
        Subscription subscription = new Subscription();
        subscription.setStatus(Subscription.SubscriptionStatus.REQUESTED);
        subscription.setReason("probe");
        subscription.setCriteria(criteria);
        subscription
                .getChannel()
                .setType(Subscription.SubscriptionChannelType.RESTHOOK)
                .setEndpoint(endpoint)
                .setPayload("application/fhir+json");
        return subscription;
    }

    private static void entry(Bundle bundle, @Nullable String fullUrl, Resource resource) {
        bundle.addEntry()
                .setFullUrl(fullUrl)
                .setResource(resource)
                .getRequest()
                .setMethod(Bundle.HTTPVerb.POST)
                .setUrl(resource.fhirType());
    }

    private static List<String> types(Answer answer) {
        return answer.as(Bundle.class).getEntry().stream()
                .map(entry -> entry.getResource().fhirType())
                .distinct()
                .toList();
    }

    private static Answer get(@Nullable String client, String path) throws Exception {
        return send("GET", client, path, null);
    }

    private static Answer post(String client, String path, Resource body) throws Exception {
        return send("POST", client, path, body);
    }

    private static Answer send(String method, @Nullable String client, String path, @Nullable Resource body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/fhir" + path))
                .timeout(Duration.ofSeconds(120))
                .header("Accept", "application/fhir+json")
                .header("Prefer", "return=representation");
        if (client != null) {
            request.header("Authorization", "Bearer " + token(client));
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/fhir+json")
                    .method(
                            method,
                            HttpRequest.BodyPublishers.ofString(
                                    R4.newJsonParser().encodeResourceToString(body)));
        }
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private static String token(String client) throws Exception {
        String known = TOKENS.get(client);
        if (known != null) {
            return known;
        }
        String basic = Base64.getEncoder()
                .encodeToString((client + ":" + client + "-secret").getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create(base + "/oauth2/token"))
                        .timeout(Duration.ofSeconds(120))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope="
                                + URLEncoder.encode("system/*.cruds", StandardCharsets.UTF_8)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        String json = response.body();
        int start = json.indexOf("\"access_token\":\"") + "\"access_token\":\"".length();
        String token = json.substring(start, json.indexOf('"', start));
        TOKENS.put(client, token);
        return token;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
