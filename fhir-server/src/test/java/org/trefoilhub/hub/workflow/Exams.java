package org.trefoilhub.hub.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.Login;

/** A hub with exams of the department radiology; the client {@code conformance} is the source of events. */
final class Exams {

    static final String SID = "https://trefoil-hub.org/fhir/sid/";
    private static final FhirContext FHIR = FhirContext.forR4Cached();

    final HubFixture hub = HubFixture.onH2();
    final String department;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    Exams() {
        HttpResponse<String> answer = hub.send(hub.request("/fhir/Organization")
                .header("Content-Type", "application/fhir+json")
                .header("If-None-Exist", "identifier=" + SID + "department|radiology")
                .POST(HttpRequest.BodyPublishers.ofString(
                        """
                        {"resourceType":"Organization","name":"放射科",
                         "identifier":[{"system":"%sdepartment","value":"radiology"}]}"""
                                .formatted(SID))));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        department = "Organization/"
                + hub.search("Organization?identifier=" + SID + "department%7Cradiology")
                        .getEntryFirstRep()
                        .getResource()
                        .getIdElement()
                        .getIdPart();
    }

    /** An exam of a new patient; references of what belongs to it. */
    record Exam(String patient, String order, String task, String appointment, String report, String accession) {}

    /** An exam that was asked for at a time, with its appointment and its empty report. */
    Exam exam(Instant requested) {
        String key = UUID.randomUUID().toString();
        String accession = "A" + key.substring(24);
        String bundle =
                """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000001","request":{"method":"POST","url":"Patient"},
                  "resource":{"resourceType":"Patient","active":true,"name":[{"text":"流程%1$s"}],
                   "identifier":[{"system":"%2$spatient-id","value":"W-%1$s"}]}},
                 {"fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000002","request":{"method":"POST","url":"ServiceRequest"},
                  "resource":{"resourceType":"ServiceRequest","status":"active","intent":"order",
                   "subject":{"reference":"urn:uuid:00000000-0000-0000-0000-000000000001"},
                   "performer":[{"reference":"%3$s"}]}},
                 {"fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000003","request":{"method":"POST","url":"Task"},
                  "resource":{"resourceType":"Task","status":"requested","intent":"order",
                   "code":{"coding":[{"system":"%4$s","code":"exam-process"}]},
                   "businessStatus":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/exam-status","code":"requested"}]},
                   "basedOn":[{"reference":"urn:uuid:00000000-0000-0000-0000-000000000002"}],
                   "focus":{"reference":"urn:uuid:00000000-0000-0000-0000-000000000002"},
                   "for":{"reference":"urn:uuid:00000000-0000-0000-0000-000000000001"},
                   "owner":{"reference":"%3$s"},"lastModified":"%5$s",
                   "groupIdentifier":{"system":"%2$saccession","value":"%6$s"}}},
                 {"fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000004","request":{"method":"POST","url":"Appointment"},
                  "resource":{"resourceType":"Appointment","status":"proposed",
                   "basedOn":[{"reference":"urn:uuid:00000000-0000-0000-0000-000000000002"}],
                   "participant":[{"actor":{"reference":"urn:uuid:00000000-0000-0000-0000-000000000001"},"status":"accepted"}]}},
                 {"fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000005","request":{"method":"POST","url":"DiagnosticReport"},
                  "resource":{"resourceType":"DiagnosticReport","status":"registered","code":{"text":"CT"},
                   "basedOn":[{"reference":"urn:uuid:00000000-0000-0000-0000-000000000002"}],
                   "subject":{"reference":"urn:uuid:00000000-0000-0000-0000-000000000001"},
                   "performer":[{"reference":"%3$s"}]}}]}"""
                        .formatted(key, SID, department, Machines.TASK_KIND, requested, accession);
        HttpResponse<String> answer = hub.post("/fhir", bundle);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<String> places = hub.parse(Bundle.class, answer.body()).getEntry().stream()
                .map(entry -> entry.getResponse().getLocation().replaceAll("/_history/.*", ""))
                .toList();
        return new Exam(places.get(0), places.get(1), places.get(2), places.get(3), places.get(4), accession);
    }

    private String token(String user) {
        return tokens.computeIfAbsent(user, name -> Login.person(hub.base(), name));
    }

    /** A request of a person. */
    HttpResponse<String> send(String user, String method, String path, @Nullable String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.base() + path))
                .header("Authorization", "Bearer " + token(user))
                .header("Content-Type", "application/fhir+json");
        return hub.send(request.method(
                method,
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json)));
    }

    /** A step of a person. */
    HttpResponse<String> advance(String user, String task, String to, String... more) {
        return send(user, "POST", "/fhir/" + task + "/$advance", step(to, more));
    }

    /** An event of the source. */
    HttpResponse<String> report(String task, String to, Instant occurred) {
        return hub.post(
                "/fhir/" + task + "/$advance",
                step(to, "{\"name\":\"occurred\",\"valueDateTime\":\"" + occurred + "\"}"));
    }

    private static String step(String to, String... more) {
        StringBuilder in = new StringBuilder(
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"to\",\"valueCode\":\"" + to + "\"}");
        for (String part : more) {
            in.append(',').append(part);
        }
        return in.append("]}").toString();
    }

    <T extends Resource> T read(Class<T> type, String reference) {
        HttpResponse<String> answer = hub.get("/fhir/" + reference);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return hub.parse(type, answer.body());
    }

    String state(String task) {
        return read(Task.class, task).getBusinessStatus().getCodingFirstRep().getCode();
    }

    /** The Provenances of a resource, by the time of what happened. */
    List<Provenance> trace(String reference) {
        return hub.search("Provenance?target=" + reference + "&_count=200").getEntry().stream()
                .map(entry -> (Provenance) entry.getResource())
                .sorted(Comparator.comparing(
                        (Provenance each) -> each.getOccurredDateTimeType().getValue()))
                .toList();
    }

    static String event(Provenance provenance) {
        return provenance.getReasonFirstRep().getCodingFirstRep().getCode() + " "
                + provenance.getActivity().getCodingFirstRep().getCode();
    }

    static String json(Resource resource) {
        return FHIR.newJsonParser().encodeResourceToString(resource);
    }
}
