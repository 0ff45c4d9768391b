package org.trefoilhub.hub.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.net.Association;
import org.trefoilhub.dicom.net.AssociationRequest;
import org.trefoilhub.dicom.net.DicomNetworkException;
import org.trefoilhub.dicom.net.DimseStatus;
import org.trefoilhub.dicom.net.VerificationScp;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.Login;
import org.trefoilhub.hub.fixture.TestStudies;
import org.trefoilhub.hub.imaging.DimsePeerDevice;

/**
 * A day of 1,000 requests at every door by people, systems and strangers. Each of them has its events, no more and no fewer,
 * with who asked and what came of it: found by the trace id over HTTP, by peer and object over DIMSE. The operator's command
 * then proves the chain, and finds one flipped byte.
 */
@Tag("SSO-3")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditedDayIT {

    private static final int REQUESTS = 1000;
    private static final int LOGINS = 12;
    private static final int ASSOCIATIONS = 40;
    private static final int WORKERS = 6;
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final TransferSyntax SYNTAX = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
    private static final String DAY = "day" + UUID.randomUUID().toString().substring(0, 8);
    private static final String PEER = "D" + DAY.substring(3).toUpperCase(java.util.Locale.ROOT);
    private static final List<String> PEOPLE =
            List.of("ward-doctor", "radiologist", "qc", "emergency-doctor", "auditor", "scheduler");
    private static final List<String> SYSTEMS = List.of("conformance", "his", "ris", "health-commission");

    private static HubFixture hub;
    private static Instant began;
    private static String patient;
    private static String study;
    private static final Map<String, String> tokens = new HashMap<>();

    /** What an event must say: subtype or type, outcome, user, client; the last two are null for strangers. */
    private record Said(String what, String outcome, @Nullable String user, @Nullable String client) {}

    /** A request of the day by its trace id, and the events that it must leave. */
    private record Left(String trace, List<Said> events) {}

    /** Who asks: a user at the console, a system for itself, or nobody (null, null). */
    private record Actor(@Nullable String user, @Nullable String client) {
        private HttpRequest.Builder signed(HttpRequest.Builder request) {
            String name = user == null ? client : user;
            return name == null ? request : request.header("Authorization", "Bearer " + tokens.get(name));
        }
    }

    @BeforeAll
    static void prepare() {
        hub = HubFixture.onH2();
        began = Instant.now();
        Patient someone = new Patient();
        someone.addName().setFamily("日").setText("日常");
        patient = "Patient/"
                + hub.parse(Patient.class, hub.create(someone).body())
                        .getIdElement()
                        .getIdPart();
        DicomDataset slice = TestStudies.slice(TestStudies.uid(), TestStudies.uid(), 1, DAY);
        study = String.valueOf(slice.string(org.trefoilhub.dicom.data.Tag.StudyInstanceUID));
        assertThat(hub.store(slice).statusCode()).isEqualTo(200);
        HttpResponse<String> peer = hub.create(DimsePeerDevice.of(
                "https://trefoil-hub.org/fhir", PEER, "modality", List.of("127.0.0.0/8", "::1/128"), null, 0));
        assertThat(peer.statusCode()).as(peer.body()).isEqualTo(201);
        for (String user : PEOPLE) {
            tokens.put(user, Login.person(hub.base(), user));
        }
        for (String system : SYSTEMS) {
            tokens.put(system, Login.system(hub.base(), system));
        }
    }

    // ---- the day ----------------------------------------------------------------------------------------------------

    @Test
    @Order(1)
    @DisplayName("contract §4: each of 1,000 mixed requests has its events, with who, what and the outcome")
    void shouldHaveAnEventForEachOfAThousandMixedRequests() throws Exception {
        Random random = new Random(1000);
        List<Callable<Left>> day = new ArrayList<>();
        int number = 0;
        int overHttp = REQUESTS - LOGINS - ASSOCIATIONS;
        while (day.size() < overHttp) {
            Actor actor = actor(random);
            String trace = DAY + "-" + ++number;
            int kind = random.nextInt(100);
            int key = random.nextInt(1_000_000);
            day.add(() -> request(kind, key, actor, trace));
        }
        List<Callable<Left>> rest = new ArrayList<>();
        for (int i = 0; i < LOGINS; i++) {
            String user = i % 2 == 0 ? "technician" : "endoscopist";
            rest.add(() -> {
                Login.person(hub.base(), user);
                return new Left("", List.of());
            });
        }
        Map<String, List<Said>> dimse = Collections.synchronizedMap(new TreeMap<>());
        for (int i = 0; i < ASSOCIATIONS; i++) {
            int which = i;
            rest.add(() -> {
                associate(which, dimse);
                return new Left("", List.of());
            });
        }
        day.addAll(rest);
        Collections.shuffle(day, random);
        List<Left> left = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<Left>> done = new ArrayList<>();
            day.forEach(each -> done.add(workers.submit(each)));
            for (Future<Left> each : done) {
                left.add(each.get(2, TimeUnit.MINUTES));
            }
        } finally {
            workers.shutdownNow();
        }
        assertThat(left).hasSize(REQUESTS);

        Map<String, List<AuditEvent>> found = byTrace(
                left.stream().map(Left::trace).filter(trace -> !trace.isEmpty()).toList());
        Map<String, Object> wrong = new TreeMap<>();
        Map<String, Integer> kinds = new TreeMap<>();
        for (Left each : left) {
            List<Said> said = found.getOrDefault(each.trace(), List.of()).stream()
                    .map(AuditedDayIT::said)
                    .toList();
            each.events().forEach(event -> kinds.merge(event.what() + " " + event.outcome(), 1, Integer::sum));
            if (!sorted(said).equals(sorted(each.events()))) {
                wrong.put(each.trace() + " wanted " + each.events(), said);
            }
        }
        assertThat(wrong).as("requests without their events").isEmpty();
        assertThat(kinds.keySet())
                .as("a mixed day: " + kinds)
                .contains(
                        "read 0",
                        "read 4",
                        "search-type 0",
                        "create 0",
                        "update 0",
                        "history-instance 0",
                        "transaction 0")
                .contains(
                        "dicomweb-qido 0",
                        "dicomweb-wado 0",
                        "dicomweb-wado 4",
                        "dicomweb-stow 0",
                        "token 0",
                        "token 4");

        // Logins have no trace id of the client's choosing: by user, method and time.
        for (String user : List.of("technician", "endoscopist")) {
            assertThat(since("user=" + user + "&subtype=110122&outcome=0"))
                    .as("logins of " + user)
                    .hasSize(LOGINS / 2);
        }

        // Over DIMSE the key is the calling AE title, and of a C-STORE the object.
        List<AuditEvent> network = since("interface=dimse");
        Map<String, List<Said>> seen = new TreeMap<>();
        for (AuditEvent event : network) {
            String object = detail(event, "sop-instance-uid");
            String key = object == null ? String.valueOf(detail(event, "calling-ae-title")) : object;
            if (dimse.containsKey(key)) {
                seen.computeIfAbsent(key, k -> new ArrayList<>()).add(said(event));
            }
        }
        dimse.forEach((key, events) -> assertThat(sorted(seen.getOrDefault(key, List.of())))
                .as("events of " + key)
                .isEqualTo(sorted(events)));
    }

    private static Actor actor(Random random) {
        int who = random.nextInt(PEOPLE.size() + SYSTEMS.size() + 8);
        if (who < PEOPLE.size()) {
            return new Actor(PEOPLE.get(who), "console");
        }
        who -= PEOPLE.size();
        // Half of all is the hospital's own traffic, some come with no token.
        if (who >= SYSTEMS.size() + 7) {
            return new Actor(null, null);
        }
        return new Actor(null, who < SYSTEMS.size() ? SYSTEMS.get(who) : "conformance");
    }

    private static Left request(int kind, int key, Actor actor, String trace) throws IOException {
        if (kind < 22) {
            return fhir("read", actor, trace, get(key % 5 == 0 ? "/fhir/Patient/987654321" : "/fhir/" + patient));
        }
        if (kind < 40) {
            String query =
                    key % 2 == 0 ? "Patient?_id=" + patient.substring(8) : "Observation?_count=1&subject=" + patient;
            return fhir("search-type", actor, trace, get("/fhir/" + query));
        }
        if (kind < 46) {
            return fhir("history-instance", actor, trace, get("/fhir/" + patient + "/_history?_count=1"));
        }
        if (kind < 56) {
            return fhir("create", actor, trace, body("POST", "/fhir/Observation", observation(null)));
        }
        if (kind < 60) {
            return update(actor, trace);
        }
        if (kind < 66) {
            return batch(actor, trace);
        }
        if (kind < 76) {
            return image("dicomweb-qido", actor, trace, "/dicom-web/studies?PatientID=" + DAY);
        }
        if (kind < 88) {
            String whose = key % 4 == 0 ? "2.25.987654321" : study;
            return image("dicomweb-wado", actor, trace, "/dicom-web/studies/" + whose + "/metadata");
        }
        return kind < 94 ? store(actor, trace) : token(key, trace);
    }

    private static HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create(hub.base() + path)).header("Accept", "application/fhir+json");
    }

    private static HttpRequest.Builder body(String method, String path, String json) {
        return get(path)
                .header("Content-Type", "application/fhir+json")
                .method(method, HttpRequest.BodyPublishers.ofString(json));
    }

    private static String observation(@Nullable String id) {
        return "{\"resourceType\":\"Observation\"," + (id == null ? "" : "\"id\":\"" + id + "\",")
                + "\"status\":\"final\",\"code\":{\"text\":\"" + DAY + "\"},\"subject\":{\"reference\":\"" + patient
                + "\"}}";
    }

    private static HttpResponse<String> send(Actor actor, String trace, HttpRequest.Builder request) {
        HttpResponse<String> answer = hub.send(actor.signed(request).header("X-Request-Id", trace));
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(500);
        assertThat(answer.headers().firstValue("X-Request-Id")).contains(trace);
        return answer;
    }

    private static String outcome(int status) {
        return status < 400 ? "0" : "4";
    }

    private static Left fhir(String what, Actor actor, String trace, HttpRequest.Builder request) {
        int status = send(actor, trace, request).statusCode();
        return new Left(trace, List.of(new Said(what, outcome(status), actor.user(), actor.client())));
    }

    /** A resource of its own, made and changed: two requests, of which the change is the one that counts. */
    private static Left update(Actor actor, String trace) {
        HttpResponse<String> made = hub.post("/fhir/Observation", observation(null));
        String id = String.valueOf(made.headers().firstValue("Location").orElseThrow())
                .replaceAll(".*/Observation/(\\d+)/.*", "$1");
        return fhir("update", actor, trace, body("PUT", "/fhir/Observation/" + id, observation(id)));
    }

    private static Left batch(Actor actor, String trace) {
        String bundle =
                """
                {"resourceType":"Bundle","type":"batch","entry":[
                 {"request":{"method":"GET","url":"%s"}},
                 {"request":{"method":"GET","url":"Patient/987654321"}},
                 {"request":{"method":"GET","url":"Patient?_id=%s"}}]}"""
                        .formatted(patient, patient.substring(8));
        HttpResponse<String> answer = send(actor, trace, body("POST", "/fhir", bundle));
        List<Said> said = new ArrayList<>();
        said.add(new Said("transaction", outcome(answer.statusCode()), actor.user(), actor.client()));
        if (answer.statusCode() == 200) {
            List<String> interactions = List.of("read", "read", "search-type");
            List<Bundle.BundleEntryComponent> parts =
                    hub.parse(Bundle.class, answer.body()).getEntry();
            for (int i = 0; i < interactions.size(); i++) {
                int status =
                        Integer.parseInt(parts.get(i).getResponse().getStatus().substring(0, 3));
                said.add(new Said(interactions.get(i), outcome(status), actor.user(), actor.client()));
            }
        }
        return new Left(trace, said);
    }

    private static Left image(String what, Actor actor, String trace, String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(hub.base() + path)).header("Accept", "application/dicom+json");
        int status = send(actor, trace, request).statusCode();
        return new Left(trace, List.of(new Said(what, outcome(status), actor.user(), actor.client())));
    }

    private static Left store(Actor actor, String trace) throws IOException {
        DicomDataset slice = TestStudies.slice(TestStudies.uid(), TestStudies.uid(), 1, DAY);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write("--part\r\nContent-Type: application/dicom\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        DicomWriter.writeFile(
                body,
                DicomWriter.fileMeta(
                        CT, String.valueOf(slice.string(org.trefoilhub.dicom.data.Tag.SOPInstanceUID)), SYNTAX),
                slice,
                null);
        body.write("\r\n--part--\r\n".getBytes(StandardCharsets.US_ASCII));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.base() + "/dicom-web/studies"))
                .header("Accept", "application/dicom+json")
                .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=part")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
        int status = send(actor, trace, request).statusCode();
        return new Left(trace, List.of(new Said("dicomweb-stow", outcome(status), actor.user(), actor.client())));
    }

    /** A client obtains a token; one in eight is nobody the hub knows. */
    private static Left token(int key, String trace) {
        boolean known = key % 8 != 0;
        String client = known ? SYSTEMS.get(key % SYSTEMS.size()) : DAY + key;
        String basic = Base64.getEncoder()
                .encodeToString((client + ":" + client + "-secret").getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.base() + "/oauth2/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"));
        int status = send(new Actor(null, null), trace, request).statusCode();
        assertThat(status < 400).isEqualTo(known);
        return new Left(trace, List.of(new Said("token", outcome(status), null, known ? client : null)));
    }

    /** Associations: a C-ECHO, a C-STORE, a stranger, a call for somebody else; the events of each by its key. */
    private static void associate(int which, Map<String, List<Said>> wanted) throws IOException {
        InetSocketAddress door = new InetSocketAddress("127.0.0.1", hub.dimsePort());
        boolean known = which % 4 < 2;
        String caller = known ? PEER : "X" + which + PEER.substring(1);
        AssociationRequest request = AssociationRequest.builder(caller, "TREFOIL", door)
                .propose(VerificationScp.SOP_CLASS_UID, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)
                .propose(CT, SYNTAX)
                .build();
        if (!known) {
            assertThatThrownBy(() -> Association.open(request)).isInstanceOf(DicomNetworkException.class);
            want(wanted, caller, new Said("association", "4", null, null));
            return;
        }
        want(wanted, caller, new Said("association", "0", null, "modality"));
        try (Association association = Association.open(request)) {
            if (which % 4 == 0) {
                assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
                want(wanted, caller, new Said("c-echo", "0", null, "modality"));
                return;
            }
            DicomDataset slice = TestStudies.slice(TestStudies.uid(), TestStudies.uid(), 1, DAY);
            String sop = String.valueOf(slice.string(org.trefoilhub.dicom.data.Tag.SOPInstanceUID));
            // Every other one says that it is another object than it is.
            boolean fits = which % 8 == 1;
            String named = fits ? sop : TestStudies.uid();
            ByteArrayOutputStream dataset = new ByteArrayOutputStream();
            DicomWriter.writeDataset(dataset, slice, SYNTAX, null);
            DimseStatus status = association.store(CT, named, SYNTAX, new ByteArrayInputStream(dataset.toByteArray()));
            assertThat(status.equals(DimseStatus.SUCCESS))
                    .as(String.valueOf(status))
                    .isEqualTo(fits);
            want(wanted, named, new Said("c-store", fits ? "0" : "4", null, "modality"));
        }
    }

    private static void want(Map<String, List<Said>> wanted, String key, Said said) {
        wanted.computeIfAbsent(key, k -> Collections.synchronizedList(new ArrayList<>()))
                .add(said);
    }

    // ---- what the auditor finds -------------------------------------------------------------------------------------

    private static Bundle audit(String query) {
        HttpResponse<String> answer = hub.send(
                get(query.startsWith("http") ? query.substring(hub.base().length()) : query)
                        .header("Authorization", "Bearer " + tokens.get("auditor")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return hub.parse(Bundle.class, answer.body());
    }

    private static List<AuditEvent> all(String query) {
        List<AuditEvent> events = new ArrayList<>();
        Bundle page = audit(query);
        while (true) {
            page.getEntry().forEach(entry -> events.add((AuditEvent) entry.getResource()));
            if (page.getLink("next") == null) {
                return events;
            }
            page = audit(page.getLink("next").getUrl());
        }
    }

    private static List<AuditEvent> since(String query) {
        return all("/fhir/AuditEvent?_count=500&date=ge" + began + "&" + query);
    }

    private static Map<String, List<AuditEvent>> byTrace(List<String> traces) {
        Map<String, List<AuditEvent>> found = new HashMap<>();
        for (int from = 0; from < traces.size(); from += 100) {
            String some = traces.subList(from, Math.min(traces.size(), from + 100)).stream()
                    .map(trace -> URLEncoder.encode(trace, StandardCharsets.UTF_8))
                    .collect(Collectors.joining(","));
            for (AuditEvent event : all("/fhir/AuditEvent?_count=500&trace=" + some)) {
                event.getEntity().stream()
                        .filter(entity -> entity.getType().getCode().equals("XrequestId"))
                        .map(entity -> entity.getWhat().getIdentifier().getValue())
                        .forEach(trace -> found.computeIfAbsent(trace, k -> new ArrayList<>())
                                .add(event));
            }
        }
        return found;
    }

    private static Said said(AuditEvent event) {
        String client = null;
        String user = null;
        for (AuditEvent.AuditEventAgentComponent agent : event.getAgent()) {
            String system = agent.getWho().getIdentifier().getSystem();
            String value = agent.getWho().getIdentifier().getValue();
            if (system != null && system.endsWith("/sid/client")) {
                client = value;
            } else if (system != null && system.endsWith("/sid/user")) {
                user = value;
            }
        }
        return new Said(event.getSubtypeFirstRep().getCode(), event.getOutcome().toCode(), user, client);
    }

    private static @Nullable String detail(AuditEvent event, String type) {
        return event.getEntity().stream()
                .flatMap(entity -> entity.getDetail().stream())
                .filter(detail -> detail.getType().equals(type))
                .map(detail -> detail.getValue().primitiveValue())
                .findFirst()
                .orElse(null);
    }

    private static List<String> sorted(List<Said> said) {
        return said.stream().map(String::valueOf).sorted().toList();
    }

    // ---- the proof --------------------------------------------------------------------------------------------------

    private record Outcome(int status, String text) {}

    /** {@code ./trefoil admin audit verify --home HOME}, a process of its own as the operator starts it. */
    private static Outcome verify(Path folder) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Process command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dfile.encoding=UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AuditCommand.class.getName(),
                        "verify",
                        "--home",
                        hub.bean(HubProperties.class).home().toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(command.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Outcome(command.exitValue(), Files.readString(said));
    }

    @Test
    @Order(2)
    @DisplayName(
            "contract §4: the operator's command proves the chain of the day, and names the event of one flipped byte")
    void shouldProveTheChainAndFindOneFlippedByte(@TempDir Path folder) throws Exception {
        hub.bean(AuditSealer.class).seal();
        Outcome intact = verify(folder);
        assertThat(intact.status()).as(intact.text()).isZero();
        assertThat(intact.text()).startsWith("intact: ");

        JdbcTemplate jdbc = new JdbcTemplate(hub.bean(DataSource.class));
        List<Long> events = new ArrayList<>(new TreeSet<>(jdbc.queryForList(
                "select e.seq from trefoil.audit_event e join trefoil.audit_seal s on s.seq = e.seq"
                        + " where e.trace_id like ?",
                Long.class,
                DAY + "-%")));
        assertThat(events).hasSizeGreaterThan(800);
        long seq = events.get(events.size() / 2);
        String content =
                jdbc.queryForObject("select content from trefoil.audit_event where seq = ?", String.class, seq);
        byte[] bytes = String.valueOf(content).getBytes(StandardCharsets.UTF_8);
        int at = bytes.length / 2;
        while (!Character.isLetterOrDigit(bytes[at]) || bytes[at] < 0) {
            at++;
        }
        bytes[at] ^= 1;
        String change = "update trefoil.audit_event set content = ? where seq = ?";
        jdbc.update(change, new String(bytes, StandardCharsets.UTF_8), seq);
        try {
            Outcome tampered = verify(folder);
            assertThat(tampered.status()).as(tampered.text()).isEqualTo(1);
            assertThat(tampered.text()).startsWith("TAMPERED: ").contains("; AuditEvent/" + seq + ";");
        } finally {
            jdbc.update(change, content, seq);
        }
        assertThat(verify(folder).status()).isZero();
    }
}
