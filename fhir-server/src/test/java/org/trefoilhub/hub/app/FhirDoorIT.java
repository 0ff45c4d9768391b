package org.trefoilhub.hub.app;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.interceptor.api.IAnonymousInterceptor;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.interceptor.api.Pointcut;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.hub.fixture.HubFixture;

class FhirDoorIT {

    private final HubFixture hub = HubFixture.onH2();

    @Test
    void shouldDescribeItselfWithoutATokenAndRefuseAllElse() {
        assertThat(hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/fhir/metadata")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/fhir/Patient")))
                        .statusCode())
                .isEqualTo(401);
    }

    /** Whatever the CapabilityStatement offers is there: no search parameter and no operation is unknown. */
    @Test
    void shouldServeWhatTheCapabilityStatementOffers() {
        CapabilityStatement statement =
                hub.parse(CapabilityStatement.class, hub.get("/fhir/metadata").body());
        assertThat(statement.getSoftware().getName()).isEqualTo("Trefoil Hub");
        assertThat(statement.getImplementation().getUrl()).isEqualTo(hub.base() + "/fhir");
        List<String> broken = new ArrayList<>();
        for (var resource : statement.getRestFirstRep().getResource()) {
            for (var parameter : resource.getSearchParam()) {
                if (parameter.getName().equals("_has")) {
                    // Takes a parameter of its own, Type:reference:parameter.
                    continue;
                }
                String value =
                        switch (parameter.getType()) {
                            case DATE -> "2026-01-01";
                            case NUMBER, QUANTITY -> "1";
                            case REFERENCE -> "1";
                            case URI -> "urn:x";
                            default -> "x";
                        };
                if (List.of("_lastUpdated").contains(parameter.getName())) {
                    value = "2026-01-01";
                }
                if (parameter.getName().equals("near")) {
                    value = "31.2%7C121.5%7C1%7Ckm";
                }
                var answer = hub.get("/fhir/" + resource.getType() + "?_count=1&" + parameter.getName() + "=" + value);
                // "x" is no complete composite value and is refused as such.
                boolean refused = parameter.getType() == SearchParamType.COMPOSITE && answer.statusCode() == 400;
                if (answer.statusCode() != 200 && !refused) {
                    broken.add(resource.getType() + "?" + parameter.getName() + " " + answer.statusCode() + " "
                            + answer.body());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\":\"Questionnaire\",\"status\":\"active\",\"title\":\"胸部CT\"}",
                "{\"resourceType\":\"Task\",\"status\":\"requested\",\"intent\":\"order\"}",
                "{\"resourceType\":\"Consent\",\"status\":\"active\",\"scope\":{\"text\":\"s\"},\"category\":[{\"text\":\"c\"}]}",
                "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"}}",
                "{\"resourceType\":\"DiagnosticReport\",\"status\":\"final\",\"code\":{\"text\":\"x\"}}",
                "{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":\"order\",\"subject\":{\"display\":\"x\"}}",
                "{\"resourceType\":\"Schedule\",\"actor\":[{\"display\":\"CT 1\"}]}",
                "{\"resourceType\":\"Provenance\",\"recorded\":\"2026-01-01T00:00:00Z\",\"target\":[{\"display\":\"x\"}],"
                        + "\"agent\":[{\"who\":{\"display\":\"x\"}}]}",
                "{\"resourceType\":\"ObservationDefinition\",\"code\":{\"text\":\"x\"}}",
                "{\"resourceType\":\"MeasureReport\",\"status\":\"complete\",\"type\":\"summary\",\"measure\":\"urn:x\","
                        + "\"period\":{\"start\":\"2026-01-01\"}}",
                "{\"resourceType\":\"List\",\"status\":\"current\",\"mode\":\"snapshot\"}"
            })
    void shouldStoreAndFindEveryKindOfResource(String json) {
        var created = hub.post("/fhir/" + json.split("\"")[3], json);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String type = json.split("\"")[3];
        String id = created.headers()
                .firstValue("Location")
                .orElseThrow()
                .split("/" + type + "/")[1]
                .split("/")[0];
        assertThat(hub.search(type + "?_id=" + id).getTotal()).isEqualTo(1);
    }

    @Test
    void shouldFindChineseNamesByPrefixAndTextByQuotedPhrase() {
        String marker = UUID.randomUUID().toString().substring(0, 8);
        Patient patient = new Patient();
        patient.addName().setText("欧阳修" + marker).setFamily("欧阳");
        hub.create(patient);
        assertThat(hub.search("Patient?name=" + encode("欧阳修" + marker)).getTotal())
                .isEqualTo(1);
        hub.post(
                "/fhir/DiagnosticReport",
                "{\"resourceType\":\"DiagnosticReport\",\"status\":\"final\",\"code\":{\"text\":\"" + marker
                        + "\"},\"conclusion\":\"左侧气胸\"}");
        // An unquoted word of several characters finds nothing: HAPI turns it into a prefix of one index term.
        assertThat(hub.search("DiagnosticReport?_content=" + encode("\"气胸\" " + marker))
                        .getTotal())
                .isEqualTo(1);
    }

    /** The sender of notes to subscribers may take away the note of the creation while the deletion replaces it. */
    @Test
    void shouldDeleteWhatWasCreatedAMomentAgo() {
        JdbcClient jdbc = hub.bean(JdbcClient.class);
        TransactionTemplate apart = new TransactionTemplate(
                hub.bean(PlatformTransactionManager.class),
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
        AtomicInteger taken = new AtomicInteger();
        IAnonymousInterceptor sender = (pointcut, parameters) -> taken.addAndGet(apart.execute(status -> jdbc.sql(
                        "delete from hfj_resource_modified where res_id = ?")
                .param(parameters.get(IBaseResource.class).getIdElement().getIdPart())
                .update()));
        hub.bean(IInterceptorService.class)
                .registerAnonymousInterceptor(Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED, 10_000, sender);
        try {
            for (int tries = 0; tries < 50 && taken.get() == 0; tries++) {
                var created = hub.create(new Patient());
                String id =
                        hub.parse(Patient.class, created.body()).getIdElement().getIdPart();
                var deleted = hub.send(hub.request("/fhir/Patient/" + id).DELETE());
                assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
                assertThat(hub.get("/fhir/Patient/" + id).statusCode()).isEqualTo(410);
            }
        } finally {
            hub.bean(IInterceptorService.class).unregisterInterceptor(sender);
        }
        assertThat(taken.get()).isPositive();
    }

    @Test
    void shouldRefuseIdsThatTheClientChose() {
        var answer = hub.send(hub.request("/fhir/Patient/chosen")
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"resourceType\":\"Patient\",\"id\":\"chosen\"}")));
        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1$1", "1", "|", "1|1|-1", "91|0", "0|181", "1|1|x", "1|1|1|parsec", "1|1|1|km|x"})
    void shouldRefusePlacesThatAreNowhere(String near) {
        assertThat(hub.get("/fhir/Location?near=" + encode(near)).statusCode()).isEqualTo(400);
    }

    @Test
    void shouldSummarizeTextThatIsNotThere() {
        var created = hub.parse(
                Patient.class, hub.create(new Patient().setActive(true)).body());
        var answer = hub.get("/fhir/Patient/" + created.getIdElement().getIdPart() + "?_summary=text");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/fhir/$expunge", "/fhir/$reindex", "/fhir/$graphql", "/fhir/$hapi.fhir.replace-references"})
    void shouldNotServeOperationsBesideThePolicy(String path) {
        assertThat(hub.post(path, "{\"resourceType\":\"Parameters\"}").statusCode())
                .isIn(400, 403, 404);
    }

    @Test
    void shouldKeepAuditEventsAsTheyAre() {
        String json =
                "{\"resourceType\":\"AuditEvent\",\"type\":{\"code\":\"rest\"},\"recorded\":\"2026-01-01T00:00:00Z\","
                        + "\"agent\":[{\"requestor\":true}],\"source\":{\"observer\":{\"display\":\"x\"}}}";
        var created = hub.post("/fhir/AuditEvent", json);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String id = created.headers()
                .firstValue("Location")
                .orElseThrow()
                .split("/AuditEvent/")[1]
                .split("/")[0];
        assertThat(hub.send(hub.request("/fhir/AuditEvent/" + id).DELETE()).statusCode())
                .isIn(403, 405);
        assertThat(hub.send(hub.request("/fhir/AuditEvent/" + id)
                                .header("Content-Type", "application/fhir+json")
                                .PUT(HttpRequest.BodyPublishers.ofString(
                                        json.replace("\"type\"", "\"id\":\"" + id + "\",\"type\"")
                                                .replace("rest", "x"))))
                        .statusCode())
                .isIn(403, 405);
    }

    @Test
    void shouldDeliverRestHooks() throws Exception {
        CountDownLatch delivered = new CountDownLatch(1);
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            delivered.countDown();
        });
        receiver.start();
        try {
            String code = UUID.randomUUID().toString();
            Subscription subscription = new Subscription();
            subscription.setStatus(Subscription.SubscriptionStatus.REQUESTED).setReason("test");
            subscription.setCriteria("Observation?code=urn:test|" + code);
            subscription
                    .getChannel()
                    .setType(Subscription.SubscriptionChannelType.RESTHOOK)
                    .setEndpoint("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook")
                    .setPayload("application/fhir+json");
            var created = hub.create(subscription);
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            String id =
                    hub.parse(Subscription.class, created.body()).getIdElement().getIdPart();
            for (int i = 0; i < 100; i++) {
                var now = hub.parse(
                        Subscription.class, hub.get("/fhir/Subscription/" + id).body());
                if (now.getStatus() == Subscription.SubscriptionStatus.ACTIVE) {
                    break;
                }
                Thread.sleep(200);
            }
            // The subscription reads as active a moment before the matcher knows it.
            for (int i = 0; i < 30 && delivered.getCount() > 0; i++) {
                hub.post(
                        "/fhir/Observation",
                        "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
                                + "\"urn:test\",\"code\":\"" + code + "\"}]}}");
                delivered.await(1, TimeUnit.SECONDS);
            }
            assertThat(delivered.getCount()).isZero();
        } finally {
            receiver.stop(0);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
