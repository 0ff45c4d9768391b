package org.trefoilhub.hub.access.approval;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Parameters;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.Login;

/** A hub with the people who decide, and patients of ward W2; the asker is a doctor of ward W1. */
final class Ward {

    static final String SID = "https://trefoil-hub.org/fhir/sid/";
    private static final FhirContext FHIR = FhirContext.forR4Cached();

    final HubFixture hub = HubFixture.onH2();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    Ward() {
        ensure("Organization", "department", "W2", "\"name\":\"心血管内科病区\"");
        ensure("Organization", "department", "medical-affairs", "\"name\":\"医务部\"");
        for (String user : new String[] {"medical-affairs", "steward", "ward-doctor", "radiologist2"}) {
            ensure("Practitioner", "user", user, "\"name\":[{\"text\":\"" + user + "\"}]");
        }
        ensure(
                "CareTeam",
                "care-team",
                "approver-W2",
                "\"status\":\"active\",\"name\":\"W2\",\"participant\":[{\"member\":{\"reference\":\""
                        + id("Practitioner", "user", "medical-affairs") + "\"}}]");
    }

    private void ensure(String type, String system, String value, String more) {
        String body = """
                {"resourceType":"%s","identifier":[{"system":"%s%s","value":"%s"}],%s}"""
                .formatted(type, SID, system, value, more);
        HttpResponse<String> answer = hub.send(hub.request("/fhir/" + type)
                .header("Content-Type", "application/fhir+json")
                .header("If-None-Exist", "identifier=" + SID + system + "|" + value)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    /** Reference by business identifier. */
    String id(String type, String system, String value) {
        Bundle found = hub.search(type + "?identifier=" + SID + system + "%7C" + value);
        return type + "/"
                + found.getEntryFirstRep().getResource().getIdElement().getIdPart();
    }

    /** A new patient, in hospital in ward W2. */
    Someone inpatient(String name) {
        Someone someone = patient(name);
        String encounter =
                """
                {"resourceType":"Encounter","status":"in-progress",
                 "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
                 "subject":{"reference":"%s"},"serviceProvider":{"reference":"%s"},"period":{"start":"2026-01-05T08:00:00Z"}}"""
                        .formatted(someone.reference(), id("Organization", "department", "W2"));
        assertThat(hub.post("/fhir/Encounter", encounter).statusCode()).isEqualTo(201);
        return someone;
    }

    /** A new patient whom nobody treats. */
    Someone patient(String name) {
        String number = "S-" + UUID.randomUUID();
        String body =
                """
                {"resourceType":"Patient","active":true,"birthDate":"1970-02-03","name":[{"text":"%s"}],
                 "identifier":[{"system":"%spatient-id","value":"%s"}]}"""
                        .formatted(name, SID, number);
        HttpResponse<String> answer = hub.post("/fhir/Patient", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new Someone(
                number,
                name,
                "Patient/"
                        + FHIR.newJsonParser()
                                .parseResource(org.hl7.fhir.r4.model.Patient.class, answer.body())
                                .getIdElement()
                                .getIdPart());
    }

    /** A patient as everybody in the tests knows one. */
    record Someone(String number, String name, String reference) {}

    String token(String user) {
        return tokens.computeIfAbsent(user, name -> Login.person(hub.base(), name));
    }

    HttpRequest.Builder request(String user, String path) {
        return HttpRequest.newBuilder(URI.create(hub.base() + path)).header("Authorization", "Bearer " + token(user));
    }

    HttpResponse<String> get(String user, String path) {
        return hub.send(request(user, path));
    }

    int read(String user, Someone patient) {
        return get(user, "/fhir/" + patient.reference()).statusCode();
    }

    HttpResponse<String> post(String user, String path, String json) {
        return hub.send(request(user, path)
                .header("Content-Type", "application/fhir+json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Parameters answer(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return FHIR.newJsonParser().parseResource(Parameters.class, response.body());
    }

    Bundle search(String user, String query) {
        HttpResponse<String> response = get(user, "/fhir/" + query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return FHIR.newJsonParser().parseResource(Bundle.class, response.body());
    }

    /** Sets or takes a security label of a patient, by its operation. */
    HttpResponse<String> meta(String user, String operation, Someone patient, String code) {
        return post(
                user,
                "/fhir/" + patient.reference() + "/" + operation,
                """
                {"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"security":[
                 {"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"%s"}]}}]}"""
                        .formatted(code));
    }

    /** Input of both operations. */
    static String ask(String number, @Nullable String name, String reason, String... more) {
        StringBuilder in = new StringBuilder(
                """
                {"resourceType":"Parameters","parameter":[
                 {"name":"identifier","valueIdentifier":{"system":"%spatient-id","value":"%s"}},
                 {"name":"reason","valueString":"%s"}"""
                        .formatted(SID, number, reason));
        in.append(
                name == null
                        ? ",{\"name\":\"birthDate\",\"valueDate\":\"1970-02-03\"}"
                        : ",{\"name\":\"name\",\"valueString\":\"" + name + "\"}");
        for (String part : more) {
            in.append(',').append(part);
        }
        return in.append("]}").toString();
    }

    static String text(Parameters parameters, String name) {
        return parameters.getParameter().stream()
                .filter(part -> name.equals(part.getName()))
                .map(part -> part.getValue() instanceof org.hl7.fhir.r4.model.Reference reference
                        ? reference.getReference()
                        : part.getValue().primitiveValue())
                .findFirst()
                .orElse("");
    }

    static String step(String to, @Nullable String reason, String... more) {
        StringBuilder in = new StringBuilder(
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"to\",\"valueCode\":\"" + to + "\"}");
        if (reason != null) {
            in.append(",{\"name\":\"reason\",\"valueString\":\"").append(reason).append("\"}");
        }
        for (String part : more) {
            in.append(',').append(part);
        }
        return in.append("]}").toString();
    }
}
