package org.trefoilhub.hub.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.TestStudies;

/** The audit of the whole hub, on both databases. */
class AuditIT {

    private enum Database {
        H2,
        POSTGRESQL;

        HubFixture hub() {
            return this == H2 ? HubFixture.onH2() : HubFixture.onPostgresql();
        }
    }

    private static String trace() {
        return "t" + UUID.randomUUID();
    }

    private static HttpResponse<String> traced(HubFixture hub, HttpRequest.Builder request, String trace) {
        return hub.send(request.header("X-Request-Id", trace));
    }

    private static List<AuditEvent> events(HubFixture hub, String trace) {
        return hub.search("AuditEvent?_sort=date&trace=" + trace).getEntry().stream()
                .map(entry -> (AuditEvent) entry.getResource())
                .toList();
    }

    private static String patient(HubFixture hub) {
        Patient patient = new Patient();
        patient.addName().setFamily("审计").setText("审计甲");
        return "Patient/"
                + hub.parse(Patient.class, hub.create(patient).body())
                        .getIdElement()
                        .getIdPart();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRecordReadsSearchesAndRefusalsAndFindThem(Database database) {
        HubFixture hub = database.hub();
        String patient = patient(hub);
        String read = trace();
        HttpResponse<String> answer = traced(hub, hub.request("/fhir/" + patient), read);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Request-Id")).contains(read);
        assertThat(events(hub, read)).singleElement().satisfies(event -> {
            assertThat(event.getSubtypeFirstRep().getCode()).isEqualTo("read");
            assertThat(event.getAction()).isEqualTo(AuditEvent.AuditEventAction.R);
            assertThat(event.getOutcome()).isEqualTo(AuditEvent.AuditEventOutcome._0);
            assertThat(event.getMeta().getProfile().get(0).getValue()).endsWith("IHE.BasicAudit.PatientRead");
            assertThat(event.getEntity().get(0).getWhat().getReference()).isEqualTo(patient);

            assertThat(event.getAgent().get(0).getWho().getIdentifier().getValue())
                    .isEqualTo("conformance");
        });

        String search = trace();
        traced(hub, hub.request("/fhir/Patient?_id=" + patient.substring(8)), search);
        assertThat(events(hub, search)).singleElement().satisfies(event -> {
            assertThat(event.getSubtypeFirstRep().getCode()).isEqualTo("search-type");
            assertThat(event.getEntity()).anySatisfy(entity -> assertThat(
                            new String(entity.hasQuery() ? entity.getQuery() : new byte[0], StandardCharsets.UTF_8))
                    .isEqualTo("/fhir/Patient?_id=" + patient.substring(8)));
        });

        String absent = trace();
        traced(hub, hub.request("/fhir/Patient/999999999"), absent);
        String nobody = trace();
        traced(hub, HttpRequest.newBuilder(URI.create(hub.base() + "/fhir/" + patient)), nobody);
        String badToken = trace();
        traced(
                hub,
                HttpRequest.newBuilder(URI.create(hub.base() + "/dicom-web/studies"))
                        .header("Authorization", "Bearer nonsense"),
                badToken);
        for (String refused : List.of(absent, nobody, badToken)) {
            assertThat(events(hub, refused)).singleElement().satisfies(event -> assertThat(event.getOutcome())
                    .isEqualTo(AuditEvent.AuditEventOutcome._4));
        }

        assertThat(hub.search("AuditEvent?patient=" + patient + "&subtype=read&_summary=count")
                        .getTotal())
                .isEqualTo(2);
        assertThat(hub.search("AuditEvent?patient=" + patient + "&type=rest&subtype=create")
                        .getTotal())
                .isEqualTo(1);
        assertThat(hub.search("AuditEvent?patient=" + patient + "&date=gt2020-01-01&altid=conformance")
                        .getTotal())
                .isGreaterThanOrEqualTo(3);
        assertThat(hub.search("AuditEvent?patient=" + patient + "&date=lt2020-01-01")
                        .getTotal())
                .isZero();
        assertThat(hub.search("AuditEvent?patient=" + patient + "&agent-name=conf&action=C,R")
                        .getTotal())
                .isEqualTo(2);
        assertThat(hub.get("/fhir/AuditEvent?nonsense=1").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteWithTheTransactionAndTellOfEachPartOfABatch(Database database) {
        HubFixture hub = database.hub();
        String failed = trace();
        String transaction =
                """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"resource":{"resourceType":"Patient","active":true},"request":{"method":"POST","url":"Patient"}},
                 {"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},
                  "subject":{"reference":"Patient/987654321"}},"request":{"method":"POST","url":"Observation"}}]}""";
        assertThat(traced(hub, post(hub, "/fhir", transaction), failed).statusCode())
                .isGreaterThanOrEqualTo(400);
        assertThat(events(hub, failed)).isNotEmpty().allSatisfy(event -> assertThat(event.getOutcome())
                .isNotEqualTo(AuditEvent.AuditEventOutcome._0));

        String done = trace();
        String good = transaction.replace(",\n  \"subject\":{\"reference\":\"Patient/987654321\"}", "");
        assertThat(traced(hub, post(hub, "/fhir", good), done).statusCode()).isEqualTo(200);
        assertThat(events(hub, done))
                .extracting(event -> event.getSubtypeFirstRep().getCode())
                .containsExactlyInAnyOrder("create", "create", "transaction");

        String patient = patient(hub);
        String batch = trace();
        String parts =
                """
                {"resourceType":"Bundle","type":"batch","entry":[
                 {"request":{"method":"GET","url":"%s"}},
                 {"request":{"method":"GET","url":"Patient/987654321"}},
                 {"request":{"method":"GET","url":"Patient?active=true&_count=1"}}]}"""
                        .formatted(patient);
        assertThat(traced(hub, post(hub, "/fhir", parts), batch).statusCode()).isEqualTo(200);
        assertThat(events(hub, batch))
                .extracting(event -> event.getSubtypeFirstRep().getCode()
                        + event.getOutcome().toCode())
                .containsExactlyInAnyOrder("read0", "read4", "search-type0", "transaction0");
    }

    private static HttpRequest.Builder post(HubFixture hub, String path, String json) {
        return hub.request(path)
                .header("Content-Type", "application/fhir+json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
    }

    @ParameterizedTest
    @EnumSource
    void shouldRecordTheImageDoors(Database database) {
        HubFixture hub = database.hub();
        var object = TestStudies.slice(TestStudies.uid(), TestStudies.uid(), 1, "AUD1");
        String study = object.string(org.trefoilhub.dicom.data.Tag.StudyInstanceUID);
        assertThat(hub.store(object).statusCode()).isEqualTo(200);
        String query = trace();
        traced(hub, dicom(hub, "/dicom-web/studies?StudyInstanceUID=" + study), query);
        assertThat(events(hub, query))
                .singleElement()
                .satisfies(event -> assertThat(event.getType().getCode()).isEqualTo("110112"));
        String metadata = trace();
        traced(hub, dicom(hub, "/dicom-web/studies/" + study + "/metadata"), metadata);
        assertThat(events(hub, metadata)).singleElement().satisfies(event -> {
            assertThat(event.getType().getCode()).isEqualTo("110103");
            assertThat(event.getEntity()).anySatisfy(entity -> assertThat(
                            entity.getWhat().getIdentifier().getValue())
                    .isEqualTo("urn:oid:" + study));
        });
        assertThat(hub.search("AuditEvent?type=110104&entity=urn:oid:" + study).getTotal())
                .isEqualTo(1);
    }

    private static HttpRequest.Builder dicom(HubFixture hub, String path) {
        return HttpRequest.newBuilder(URI.create(hub.base() + path))
                .header("Authorization", "Bearer " + hub.token())
                .header("Accept", "application/dicom+json");
    }

    /** Without a durable event nothing of the answer leaves. */
    @ParameterizedTest
    @EnumSource
    void shouldGiveNoBodyWhenTheAuditTakesNoEvent(Database database) {
        HubFixture hub = database.hub();
        String patient = patient(hub);
        JdbcTemplate jdbc = new JdbcTemplate(hub.bean(DataSource.class));
        jdbc.execute("alter table trefoil.audit_pending rename to "
                + (database == Database.H2 ? "trefoil.audit_away" : "audit_away"));
        try {
            HttpResponse<String> read = hub.get("/fhir/" + patient);
            assertThat(read.statusCode()).isEqualTo(503);
            assertThat(read.body()).contains("TREFOIL-AUD-0001").doesNotContain("审计");
            assertThat(hub.create(new Patient()).statusCode()).isGreaterThanOrEqualTo(500);
        } finally {
            jdbc.execute("alter table trefoil.audit_away rename to "
                    + (database == Database.H2 ? "trefoil.audit_pending" : "audit_pending"));
        }
        assertThat(hub.get("/fhir/" + patient).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void shouldVerifyByCommandWhileTheHubRunsAndFindOneFlippedByte(Database database) {
        HubFixture hub = database.hub();
        String patient = patient(hub);
        hub.bean(AuditSealer.class).seal();
        JdbcTemplate jdbc = new JdbcTemplate(hub.bean(DataSource.class));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        AuditCommand command = new AuditCommand(new PrintStream(said, true, StandardCharsets.UTF_8), Map.of());
        List<String> verify =
                List.of("verify", "--home", hub.bean(HubProperties.class).home().toString());
        assertThat(command.run(verify))
                .as(said.toString(StandardCharsets.UTF_8))
                .isZero();
        Long seq = jdbc.queryForObject(
                "select max(seq) from trefoil.audit_entity where reference = ?", Long.class, patient);
        jdbc.update("update trefoil.audit_event set outcome = '4' where seq = ?", seq);
        try {
            assertThat(command.run(verify)).isEqualTo(1);
            assertThat(said.toString(StandardCharsets.UTF_8)).contains("AuditEvent/" + seq);
        } finally {
            jdbc.update("update trefoil.audit_event set outcome = '0' where seq = ?", seq);
        }
        assertThat(command.run(verify)).isZero();
        assertThat(hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/admin/audit/verify"))
                                .header("Authorization", "Bearer guessed")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource
    void shouldPageThroughEventsWhileNewOnesComeIn(Database database) {
        HubFixture hub = database.hub();
        String patient = patient(hub);
        for (int i = 0; i < 5; i++) {
            hub.get("/fhir/" + patient);
        }
        Bundle page = hub.search("AuditEvent?patient=" + patient + "&subtype=read&_count=2");
        assertThat(page.getTotal()).isEqualTo(5);
        int seen = page.getEntry().size();
        while (page.getLink("next") != null) {
            hub.get("/fhir/" + patient);
            String next = page.getLink("next").getUrl();
            page = hub.search(next.substring(next.indexOf("/fhir/") + 6));
            seen += page.getEntry().size();
        }
        assertThat(seen).isEqualTo(5);
    }
}
