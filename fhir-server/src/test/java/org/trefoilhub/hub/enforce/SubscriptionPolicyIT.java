package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.trefoilhub.hub.enforce.PolicyHub.client;
import static org.trefoilhub.hub.enforce.PolicyHub.deny;
import static org.trefoilhub.hub.enforce.PolicyHub.masked;
import static org.trefoilhub.hub.enforce.PolicyHub.permit;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Subscription;
import org.hl7.fhir.r4.model.Subscription.SubscriptionChannelType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Obligation;

/**
 * Notifications reach the owner of a subscription only, of what the owner may see at that moment, by a real HTTP receiver
 * and a real websocket.
 */
class SubscriptionPolicyIT {

    private static final String OWNER = "internet-hospital";
    private static final String NAME = "名字" + UUID.randomUUID();
    private static final int SILENCE_SECONDS = 4;

    private static PolicyHub hub;
    private static String hidden;
    private static String visible;
    private HttpServer receiver;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @BeforeAll
    static void store() {
        hub = new PolicyHub();
        hub.set();
        hidden = hub.create(patient());
        visible = hub.create(patient());
    }

    @AfterAll
    static void restore() {
        hub.close();
    }

    @BeforeEach
    void listen() throws IOException {
        hub.set(permitted(), hide());
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            received.add(exchange.getRequestURI().getPath() + " " + body);
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private static AccessPolicy permitted() {
        return permit("owner", 0, client(OWNER));
    }

    private static AccessPolicy hide() {
        return deny("hide", 200, client(OWNER), new Condition.Patient(Set.of(hidden)));
    }

    private static Patient patient() {
        Patient someone = new Patient();
        someone.addName().setText(NAME);
        return someone;
    }

    private static String report(String patient, String accession) {
        DiagnosticReport report = new DiagnosticReport();
        report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
        report.setCode(new CodeableConcept().setText("probe"));
        report.addIdentifier().setSystem("urn:test").setValue(accession);
        report.setSubject(new Reference(patient).setDisplay(NAME));
        return hub.create(report);
    }

    private Subscription subscription(String criteria, SubscriptionChannelType channel, @Nullable String payload) {
        Subscription subscription = new Subscription();
        subscription.setStatus(Subscription.SubscriptionStatus.REQUESTED);
        subscription.setReason("probe");
        subscription.setCriteria(criteria);
        subscription.getChannel().setType(channel).setPayload(payload);
        if (channel == SubscriptionChannelType.RESTHOOK) {
            subscription
                    .getChannel()
                    .setEndpoint("http://localhost:" + receiver.getAddress().getPort());
        }
        return subscription;
    }

    private String active(Subscription subscription) throws Exception {
        String id = hub.post(OWNER, "/Subscription", subscription)
                .as(Subscription.class)
                .getIdElement()
                .getIdPart();
        for (int i = 0; i < 200; i++) {
            Subscription now = hub.get(OWNER, "/Subscription/" + id).as(Subscription.class);
            if (now.getStatus() == Subscription.SubscriptionStatus.ACTIVE) {
                return id;
            }
            Thread.sleep(200);
        }
        throw new AssertionError("the subscription did not become active");
    }

    /** Writes until something arrives: a subscription reads as active a moment before the matcher knows it. */
    private String first(String patient, String accession, BlockingQueue<String> arrivals) throws Exception {
        for (int i = 0; i < 20; i++) {
            report(patient, accession);
            String arrived = arrivals.poll(3, TimeUnit.SECONDS);
            if (arrived != null) {
                drain(arrivals);
                return arrived;
            }
        }
        throw new AssertionError("nothing arrived");
    }

    private static void drain(BlockingQueue<String> arrivals) throws InterruptedException {
        while (arrivals.poll(2, TimeUnit.SECONDS) != null) {
            // Reports that were still on their way.
            assertThat(arrivals).hasSizeLessThan(40);
        }
    }

    private void off(String id) {
        Subscription ended = hub.get(OWNER, "/Subscription/" + id).as(Subscription.class);
        ended.setStatus(Subscription.SubscriptionStatus.OFF);
        assertThat(hub.send("PUT", OWNER, "/Subscription/" + id, ended).status())
                .isEqualTo(200);
    }

    @Test
    void shouldSendToARestHookOnlyWhatTheOwnerSeesAtThatMoment() throws Exception {
        String accession = UUID.randomUUID().toString();
        String id = active(subscription(
                "DiagnosticReport?identifier=urn:test|" + accession,
                SubscriptionChannelType.RESTHOOK,
                "application/fhir+json"));
        assertThat(first(visible, accession, received)).contains(NAME);

        report(hidden, accession);
        assertThat(received.poll(SILENCE_SECONDS, TimeUnit.SECONDS)).isNull();

        hub.set(permitted());
        report(hidden, accession);
        assertThat(received.poll(20, TimeUnit.SECONDS)).contains(hidden);

        hub.set(masked("mask", 300, Obligation.MASK_NAME, client(OWNER)));
        report(visible, accession);
        assertThat(received.poll(20, TimeUnit.SECONDS)).contains(visible, "名*").doesNotContain(NAME);

        hub.set();
        report(visible, accession);
        assertThat(received.poll(SILENCE_SECONDS, TimeUnit.SECONDS)).isNull();
        hub.set(permitted());
        off(id);
    }

    @Test
    void shouldSayNothingOfHiddenResourcesWithoutPayloadEither() throws Exception {
        String accession = UUID.randomUUID().toString();
        String id = active(subscription(
                "DiagnosticReport?identifier=urn:test|" + accession, SubscriptionChannelType.RESTHOOK, null));
        first(visible, accession, received);
        report(hidden, accession);
        assertThat(received.poll(SILENCE_SECONDS, TimeUnit.SECONDS)).isNull();
        off(id);
    }

    @Test
    void shouldNotProbeByCriteria() {
        for (String criteria : List.of(
                "Group?member=" + hidden,
                "DiagnosticReport?subject=" + hidden,
                "DiagnosticReport?result.status=final",
                "Patient?_has:Observation:patient:status=final")) {
            hub.set(
                    permitted(),
                    hide(),
                    deny("observations", 200, client(OWNER), new Condition.DataType(Set.of("Observation"))));
            assertThat(hub.post(OWNER, "/Subscription", subscription(criteria, SubscriptionChannelType.RESTHOOK, null))
                            .status())
                    .as(criteria)
                    .isEqualTo(403);
        }
        Subscription extended = subscription("Patient?", SubscriptionChannelType.RESTHOOK, null);
        extended.getChannel()
                .addExtension(
                        "http://hapifhir.io/fhir/StructureDefinition/subscription-payload-search-criteria",
                        new StringType("Patient?"));
        assertThat(hub.post(OWNER, "/Subscription", extended).status()).isEqualTo(403);
    }

    @Test
    void shouldNotTellByNameOfWhomItMasks() throws Exception {
        hub.set(masked("mask", 0, Obligation.MASK_NAME, client(OWNER)));
        assertThat(hub.post(
                                OWNER,
                                "/Subscription",
                                subscription("Patient?name=x", SubscriptionChannelType.RESTHOOK, null))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void shouldBelongToItsMaker() throws Exception {
        String id = hub.post(
                        OWNER,
                        "/Subscription",
                        subscription("DiagnosticReport?", SubscriptionChannelType.WEBSOCKET, null))
                .as(Subscription.class)
                .getIdElement()
                .getIdPart();
        hub.set(
                permitted(),
                hide(),
                permit("his", 0, client("his")),
                deny("h", 200, client("his"), new Condition.Patient(Set.of(hidden))));
        assertThat(hub.get("his", "/Subscription/" + id).status()).isEqualTo(404);
        assertThat(hub.search("his", "Subscription?_id=" + id).total()).isZero();
        assertThat(hub.search(OWNER, "Subscription?_id=" + id).total()).isEqualTo(1);
        Subscription stolen = subscription("DiagnosticReport?", SubscriptionChannelType.WEBSOCKET, null);
        stolen.setId(id);
        assertThat(hub.send("PUT", "his", "/Subscription/" + id, stolen).status())
                .isEqualTo(404);
        off(id);
    }

    // ---- websocket

    private static final class Peer implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            messages.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            messages.add("closed " + code + " " + reason);
            return null;
        }
    }

    private static WebSocket connect(Peer peer, @Nullable String client) {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (client != null) {
            builder.header("Authorization", "Bearer " + hub.token(client));
        }
        return builder.buildAsync(URI.create(hub.hub.base().replace("http:", "ws:") + "/websocket"), peer)
                .join();
    }

    /** Events about a subscription in the audit. */
    private static int recorded(String subtype, String outcome, String id) {
        return JdbcClient.create(hub.hub.bean(DataSource.class))
                .sql("select count(*) from trefoil.audit_event e join trefoil.audit_entity n on n.seq = e.seq"
                        + " where n.reference = ? and e.subtype = ? and e.outcome = ?")
                .params("Subscription/" + id, subtype, outcome)
                .query(Integer.class)
                .single();
    }

    @Test
    void shouldPingTheOwnerAloneAndOnlyOfWhatItSees() throws Exception {
        String accession = UUID.randomUUID().toString();
        String id = active(subscription(
                "DiagnosticReport?identifier=urn:test|" + accession, SubscriptionChannelType.WEBSOCKET, null));
        assertThatThrownBy(() -> connect(new Peer(), null)).hasCauseInstanceOf(WebSocketHandshakeException.class);

        Peer stranger = new Peer();
        connect(stranger, "conformance").sendText("bind " + id, true).join();
        String refused = stranger.messages.poll(10, TimeUnit.SECONDS);
        Peer other = new Peer();
        connect(other, OWNER).sendText("bind 999999999", true).join();
        assertThat(other.messages.poll(10, TimeUnit.SECONDS)).isEqualTo(refused).startsWith("closed 1008");

        Peer owner = new Peer();
        WebSocket socket = connect(owner, OWNER);
        // The channel opens a moment after the subscription reads as active.
        socket.sendText("bind " + id, true).join();
        assertThat(owner.messages.poll(10, TimeUnit.SECONDS)).isEqualTo("bound " + id);
        assertThat(first(visible, accession, owner.messages)).isEqualTo("ping " + id);
        assertThat(recorded("bind", "0", id)).as("bound by its owner").isEqualTo(1);
        assertThat(recorded("bind", "4", id)).as("refused to a stranger").isEqualTo(1);
        assertThat(recorded("notification", "0", id)).as("pings").isPositive();
        report(hidden, accession);
        assertThat(owner.messages.poll(SILENCE_SECONDS, TimeUnit.SECONDS)).isNull();
        hub.set();
        report(visible, accession);
        assertThat(owner.messages.poll(SILENCE_SECONDS, TimeUnit.SECONDS)).isNull();
        hub.set(permitted());
        report(hidden, accession);
        assertThat(owner.messages.poll(20, TimeUnit.SECONDS)).isEqualTo("ping " + id);
        assertThat(stranger.messages).isEmpty();
        socket.abort();
        off(id);
    }

    /** Requirement SHR-5: a revoked client gets 401 and no notifications. */
    @Test
    void shouldStopAtOnceWhenTheClientIsRevoked() throws Exception {
        String accession = UUID.randomUUID().toString();
        String hook = active(subscription(
                "DiagnosticReport?identifier=urn:test|" + accession, SubscriptionChannelType.RESTHOOK, null));
        String ping = active(subscription(
                "DiagnosticReport?identifier=urn:test|" + accession, SubscriptionChannelType.WEBSOCKET, null));
        Peer owner = new Peer();
        WebSocket socket = connect(owner, OWNER);
        socket.sendText("bind " + ping, true).join();
        assertThat(owner.messages.poll(10, TimeUnit.SECONDS)).isEqualTo("bound " + ping);
        first(visible, accession, received);
        first(visible, accession, owner.messages);
        received.clear();

        Path accounts = hub.hub.accounts();
        List<String> before = Files.readAllLines(accounts);
        Files.write(
                accounts,
                before.stream()
                        .filter(line -> !line.contains("{id: " + OWNER + ","))
                        .toList());
        try {
            int status = 200;
            for (int i = 0; i < 50 && status != 401; i++) {
                status = hub.get(OWNER, "/Patient/" + id(visible)).status();
                Thread.sleep(100);
            }
            assertThat(status).isEqualTo(401);
            report(visible, accession);
            assertThat(received.poll(SILENCE_SECONDS, TimeUnit.SECONDS)).isNull();
            assertThat(owner.messages).isEmpty();
        } finally {
            Files.write(accounts, before);
        }
        int status = 401;
        for (int i = 0; i < 50 && status != 200; i++) {
            status = hub.get(OWNER, "/Patient/" + id(visible)).status();
            Thread.sleep(100);
        }
        socket.abort();
        off(hook);
        off(ping);
    }

    private static String id(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
    }
}
