package org.trefoilhub.hub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.hl7.fhir.r4.model.Device;
import org.trefoilhub.connectors.hl7v2.Acknowledgement;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Reader;
import org.trefoilhub.connectors.mllp.FrameException;
import org.trefoilhub.connectors.mllp.MessageHandler;
import org.trefoilhub.connectors.mllp.MllpClient;
import org.trefoilhub.connectors.mllp.MllpOptions;
import org.trefoilhub.connectors.mllp.MllpServer;
import org.trefoilhub.hub.fixture.HubFixture;

/** HIS, RIS, LIS as they look from the hub: they send over MLLP, and the HIS listens. */
final class HospitalSystems {

    static final String CANONICAL = "https://trefoil-hub.org/fhir";
    private static final FhirContext FHIR = FhirContext.forR4Cached();
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");

    private final HubFixture hub;
    private final int port;
    private final List<Hl7Message> received = new CopyOnWriteArrayList<>();
    private volatile String answer = "AA";
    private MllpServer his;

    HospitalSystems(HubFixture hub) {
        this.hub = hub;
        this.his = listen(0);
        this.port = his.address().getPort();
        for (String code : List.of("RIS", "LIS", "EIS")) {
            Device device = Hl7PartnerDevice.of(CANONICAL, code);
            Hl7PartnerDevice.sends(
                    device, CANONICAL, code.toLowerCase(java.util.Locale.ROOT), LOOPBACK, List.of("HIS"), List.of());
            put(device, code);
        }
        Device device = Hl7PartnerDevice.of(CANONICAL, "HIS");
        Hl7PartnerDevice.sends(device, CANONICAL, "his", LOOPBACK, List.of("HIS"), List.of());
        Hl7PartnerDevice.receives(device, CANONICAL, "his", "127.0.0.1", port, List.of("status", "report", "critical"));
        put(device, "HIS");
    }

    private void put(Device device, String code) {
        HttpResponse<String> stored = hub.send(hub.request(
                        "/fhir/Device?identifier=" + CANONICAL + "/sid/source%7C" + code)
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(FHIR.newJsonParser().encodeResourceToString(device))));
        assertThat(stored.statusCode()).as(stored.body()).isIn(200, 201);
    }

    /** Nobody listens any longer, and nobody is told. */
    void leave() {
        his.close();
        Device device = Hl7PartnerDevice.of(CANONICAL, "HIS");
        put(device, "HIS");
    }

    private MllpServer listen(int at) {
        MllpServer server = new MllpServer(
                new MllpOptions(
                        new InetSocketAddress("127.0.0.1", at),
                        10,
                        1_000_000,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(10)),
                new MessageHandler() {
                    @Override
                    public byte[] handle(byte[] message, InetAddress peer) {
                        Hl7Message read = Hl7Reader.read(message, null);
                        String code = answer;
                        if (code.equals("AA")) {
                            received.add(read);
                        }
                        return Acknowledgement.of(read.header(), code, null, "A", Instant.EPOCH, ZoneId.of("UTC"))
                                .getBytes(StandardCharsets.US_ASCII);
                    }

                    @Override
                    public void broken(FrameException.Fault fault, InetAddress peer) {
                        throw new IllegalStateException("the hub sends frames: " + fault);
                    }
                });
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return server;
    }

    void goDown() {
        his.close();
    }

    void comeUp() {
        his = listen(port);
    }

    void answerWith(String code) {
        answer = code;
    }

    /** What the HIS has accepted about an order, as {@code ORC-5/ORC-25}. */
    List<String> statesOf(String placer) {
        return received.stream()
                .filter(message -> message.type().equals("ORM"))
                .filter(message -> message.required("ORC").value(2).equals(placer))
                .map(message -> message.required("ORC").value(5) + "/"
                        + message.required("ORC").value(25))
                .toList();
    }

    /** Reports that the HIS has accepted about an order. */
    List<Hl7Message> reportsOf(String placer) {
        return received.stream()
                .filter(message -> message.type().equals("ORU"))
                .filter(message -> message.required("OBR").value(2).equals(placer))
                .toList();
    }

    /** Sends one message of lines and gives MSA-1 with MSA-3. */
    String send(String... lines) {
        return send(StandardCharsets.UTF_8, lines);
    }

    String send(Charset charset, String... lines) {
        return answer(String.join("\r", lines).concat("\r").getBytes(charset));
    }

    String answer(byte[] message) {
        try (MllpClient client =
                new MllpClient(new InetSocketAddress("127.0.0.1", hub.mllpPort()), Duration.ofSeconds(60))) {
            Hl7Message answered = Hl7Reader.read(client.send(message), null);
            String code = answered.required("MSA").value(3);
            return answered.required("MSA").value(1) + (code.isEmpty() ? "" : " " + code);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String msh(String sender, String kind, String time, String id) {
        return "MSH|^~\\&|" + sender + "|H|TREFOIL|H|" + time + "||" + kind + "|" + id + "|P|2.4";
    }

    static void await(BooleanSupplier condition, Duration longest, String what) {
        long end = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
