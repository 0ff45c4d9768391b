package org.trefoilhub.hub.critical;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.Login;

/** The shared hub with wards, performing departments and the people of the demo. */
final class CriticalWard {

    static final String SID = "https://trefoil-hub.org/fhir/sid/";
    private static final FhirContext FHIR = FhirContext.forR4Cached();

    final HubFixture hub = HubFixture.onH2();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    CriticalWard() {
        for (String department : List.of("W1", "W2", "C1", "radiology", "ultrasound", "endoscopy", "medical-affairs")) {
            ensure("Organization", "department", department, "\"name\":\"" + department + "\"");
            ensure(
                    "Location",
                    "location",
                    department,
                    "\"status\":\"active\",\"name\":\"" + department + "\",\"managingOrganization\":{\"reference\":\""
                            + id("Organization", "department", department) + "\"}");
        }
        for (String user : List.of("radiologist", "radiologist2", "ward-nurse", "ward-doctor", "endoscopist")) {
            ensure("Practitioner", "user", user, "\"name\":[{\"text\":\"" + user + "\"}]");
        }
    }

    private void ensure(String type, String system, String value, String more) {
        HttpResponse<String> answer = hub.send(hub.request("/fhir/" + type)
                .header("Content-Type", "application/fhir+json")
                .header("If-None-Exist", "identifier=" + SID + system + "|" + value)
                .POST(HttpRequest.BodyPublishers.ofString(
                        """
                        {"resourceType":"%s","identifier":[{"system":"%s%s","value":"%s"}],%s}"""
                                .formatted(type, SID, system, value, more))));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    String id(String type, String system, String value) {
        Bundle found = hub.search(type + "?identifier=" + SID + system + "%7C" + value);
        return type + "/"
                + found.getEntryFirstRep().getResource().getIdElement().getIdPart();
    }

    /** Stores as {@code conformance}; the literal reference. */
    String create(String type, String json) {
        HttpResponse<String> answer = hub.post("/fhir/" + type, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return type + "/"
                + ((Resource) FHIR.newJsonParser().parseResource(answer.body()))
                        .getIdElement()
                        .getIdPart();
    }

    /** A patient and the encounter under way. */
    record Someone(String patient, String encounter) {}

    Someone patient(String department, String encounterClass, String status) {
        String patient = create(
                "Patient",
                """
                {"resourceType":"Patient","active":true,"gender":"male","birthDate":"1960-02-03","name":[{"text":"危急者"}],
                 "identifier":[{"system":"%spatient-id","value":"K-%s"}]}"""
                        .formatted(SID, UUID.randomUUID()));
        return new Someone(patient, create("Encounter", encounter(patient, department, encounterClass, status)));
    }

    String encounter(String patient, String department, String encounterClass, String status) {
        String day = java.time.LocalDate.now(java.time.ZoneOffset.UTC).toString();
        return """
                {"resourceType":"Encounter","status":"%s",
                 "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"%s"},
                 "subject":{"reference":"%s"},"serviceProvider":{"reference":"%s"},"period":{"start":"%sT00:00:01Z"},
                 "location":[{"location":{"reference":"%s"},"status":"active"}]}"""
                .formatted(
                        status,
                        encounterClass,
                        patient,
                        id("Organization", "department", department),
                        day,
                        id("Location", "location", department));
    }

    /** A report with a flagged finding, as a department wrote it. */
    String report(
            Someone someone, String department, String finder, String finding, String status, @Nullable String issued) {
        String observation = create(
                "Observation",
                """
                {"resourceType":"Observation","status":"final","subject":{"reference":"%s"},
                 "code":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/critical-finding","code":"%s"}]},
                 "performer":[{"reference":"%s"}],"valueString":"危急",
                 "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"AA"}]}]}"""
                        .formatted(someone.patient(), finding, id("Practitioner", "user", finder)));
        String order = create(
                "ServiceRequest",
                """
                {"resourceType":"ServiceRequest","status":"active","intent":"order","code":{"text":"检查"},
                 "subject":{"reference":"%s"},"encounter":{"reference":"%s"},"performer":[{"reference":"%s"}]}"""
                        .formatted(
                                someone.patient(), someone.encounter(), id("Organization", "department", department)));
        return create(
                "DiagnosticReport",
                """
                {"resourceType":"DiagnosticReport","status":"%s","code":{"text":"检查"},"subject":{"reference":"%s"},
                 "encounter":{"reference":"%s"},"basedOn":[{"reference":"%s"}],"performer":[{"reference":"%s"}],"result":[{"reference":"%s"}],
                 "conclusion":"危急"%s}"""
                        .formatted(
                                status,
                                someone.patient(),
                                someone.encounter(),
                                order,
                                id("Organization", "department", department),
                                observation,
                                issued == null ? "" : ",\"issued\":\"" + issued + "\""));
    }

    /** The newest case of a report, once there is one that is as wanted. */
    Task await(String report, java.util.function.Predicate<Task> wanted) {
        return await(
                () -> cases(report).stream()
                        .filter(wanted)
                        .reduce((first, second) -> second)
                        .orElse(null),
                Duration.ofSeconds(10));
    }

    static <T> T await(Supplier<@Nullable T> what, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        while (System.nanoTime() < end) {
            T found = what.get();
            if (found != null) {
                return found;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("it did not come within " + longest);
    }

    List<Task> cases(String report) {
        return hub.search("Task?focus=" + report + "&code=critical-value&_sort=_lastUpdated").getEntry().stream()
                .map(entry -> (Task) entry.getResource())
                .sorted(java.util.Comparator.comparingLong(
                        each -> each.getIdElement().getIdPartAsLong()))
                .toList();
    }

    Task read(Task task) {
        return hub.parse(
                Task.class,
                hub.get("/fhir/Task/" + task.getIdElement().getIdPart()).body());
    }

    <T extends IBaseResource> List<T> found(Class<T> type, String query) {
        return hub.search(query).getEntry().stream()
                .map(entry -> type.cast(entry.getResource()))
                .toList();
    }

    static String status(Task task) {
        return task.getBusinessStatus().getCodingFirstRep().getCode();
    }

    String token(String user) {
        return tokens.computeIfAbsent(user, name -> Login.person(hub.base(), name));
    }

    HttpRequest.Builder request(String user, String path) {
        return HttpRequest.newBuilder(URI.create(hub.base() + path)).header("Authorization", "Bearer " + token(user));
    }

    HttpResponse<String> get(String user, String path) {
        return hub.send(request(user, path));
    }

    HttpResponse<String> post(String user, String path, String json) {
        return hub.send(request(user, path)
                .header("Content-Type", "application/fhir+json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Takes a step; parts are parameters as JSON. */
    HttpResponse<String> advance(String user, Task task, String to, String... parts) {
        StringBuilder in = new StringBuilder(
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"to\",\"valueCode\":\"" + to + "\"}");
        for (String part : parts) {
            in.append(',').append(part);
        }
        return post(user, "/fhir/Task/" + task.getIdElement().getIdPart() + "/$advance", in + "]}");
    }

    static String text(String name, String value) {
        return "{\"name\":\"" + name + "\",\"valueString\":\"" + value + "\"}";
    }

    static String flag(String name) {
        return "{\"name\":\"" + name + "\",\"valueBoolean\":true}";
    }

    Parameters done(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return FHIR.newJsonParser().parseResource(Parameters.class, response.body());
    }

    void refused(HttpResponse<String> response, int status, CriticalErrorCode code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(code.code());
    }

    DiagnosticReport readReport(String report) {
        return hub.parse(DiagnosticReport.class, hub.get("/fhir/" + report).body());
    }

    /** An open console: the lines that have come. */
    final class Console implements AutoCloseable {

        final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        private final InputStream body;
        private final Thread reader;
        volatile boolean ended;

        Console(String user) throws IOException, InterruptedException {
            this(token(user), null);
        }

        Console(String token, @Nullable String ignored) throws IOException, InterruptedException {
            HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(hub.base() + "/events"))
                                    .header("Authorization", "Bearer " + token)
                                    .header("Accept", "text/event-stream")
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            body = answer.body();
            reader = new Thread(this::read, "console");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (java.io.BufferedReader in =
                    new java.io.BufferedReader(new java.io.InputStreamReader(body, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                lines.add("ended: " + e.getMessage());
            }
            ended = true;
        }

        boolean saw(String task, String status) {
            synchronized (lines) {
                return lines.stream()
                        .anyMatch(line -> line.startsWith("data:")
                                && line.contains("\"" + task + "\"")
                                && line.contains("\"businessStatus\":\"" + status + "\""));
            }
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
