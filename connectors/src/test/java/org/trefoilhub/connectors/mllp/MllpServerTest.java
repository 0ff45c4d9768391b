package org.trefoilhub.connectors.mllp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.trefoilhub.connectors.hl7v2.Acknowledgement;
import org.trefoilhub.connectors.hl7v2.Hl7Reader;

class MllpServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<byte[]> received = new CopyOnWriteArrayList<>();
    private final List<FrameException.Fault> faults = new CopyOnWriteArrayList<>();
    private MllpServer server = server(4);

    private MllpServer server(int connections) {
        return new MllpServer(
                new MllpOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        connections,
                        100_000,
                        Duration.ofMillis(1500),
                        Duration.ofMillis(800)),
                new MessageHandler() {
                    @Override
                    public byte[] handle(byte[] message, InetAddress peer) {
                        received.add(message);
                        return message.length > 3 && message[0] == 'M'
                                ? Acknowledgement.of(
                                                Hl7Reader.header(message),
                                                "AA",
                                                null,
                                                "1",
                                                Instant.EPOCH,
                                                ZoneId.of("UTC"))
                                        .getBytes(StandardCharsets.US_ASCII)
                                : message;
                    }

                    @Override
                    public void broken(FrameException.Fault fault, InetAddress peer) {
                        faults.add(fault);
                    }
                });
    }

    @BeforeEach
    void open() throws IOException {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void shouldAnswerSeveralMessagesOfOneConnectionInOrder() throws IOException {
        try (MllpClient client = new MllpClient(server.address(), PATIENCE)) {
            for (int i = 0; i < 50; i++) {
                byte[] message = ("消息 " + i).getBytes(StandardCharsets.UTF_8);
                assertThat(client.send(message)).isEqualTo(message);
            }
        }
        assertThat(received).hasSize(50);
    }

    /** A client by other hands. */
    @Test
    void shouldServeTheClientOfHapi() throws Exception {
        try (DefaultHapiContext context = new DefaultHapiContext(new GenericModelClassFactory())) {
            context.setValidationContext(ValidationContextFactory.noValidation());
            Connection connection =
                    context.newClient("127.0.0.1", server.address().getPort(), false);
            Message answer = connection
                    .getInitiator()
                    .sendAndReceive(context.getPipeParser()
                            .parse("MSH|^~\\&|HIS|H|HUB|H|20250318||ADT^A08|77|P|2.4\rEVN|A08\r"));
            connection.close();

            assertThat(answer.encode()).contains("MSA|AA|77");
        }
    }

    @Test
    void shouldTakeFramesInPiecesAndTwoAtOnce() throws Exception {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(new byte[] {0x0B, 'a'});
            out.flush();
            Thread.sleep(50);
            out.write(new byte[] {'b', 0x1C});
            out.flush();
            Thread.sleep(50);
            out.write(new byte[] {0x0D, '\r', '\n', 0x0B, 'c', 0x1C, 0x0D, 0x0B, 'd', 0x1C, 0x0D});
            out.flush();
            byte[] answers = socket.getInputStream().readNBytes(5 + 4 + 4);
            assertThat(answers).contains('a', 'b', 'c', 'd');
        }
        assertThat(received).hasSize(3);
    }

    @Test
    void shouldCloseWhatIsNoFrame() throws Exception {
        assertClosed("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), FrameException.Fault.NO_START);
        assertClosed(new byte[] {0x0B, 'a', 0x1C, 'x'}, FrameException.Fault.BAD_END);
        assertThat(received).isEmpty();
    }

    @Test
    void shouldCloseASlowOrGiantFrame() throws Exception {
        assertClosed(new byte[] {0x0B, 'a', 'b'}, FrameException.Fault.TOO_SLOW);
        byte[] giant = new byte[300_000];
        giant[0] = 0x0B;
        assertClosed(giant, FrameException.Fault.TOO_LARGE);
    }

    private void assertClosed(byte[] bytes, FrameException.Fault fault) throws Exception {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (java.net.SocketException e) {
                // Reset while it was still sending: closed as well.
                assertThat(e).isNotNull();
            }
        }
        for (int i = 0; i < 100 && !faults.contains(fault); i++) {
            Thread.sleep(20);
        }
        assertThat(faults).contains(fault);
    }

    @Test
    void shouldCloseConnectionsBeyondTheLimitAndGoOn() throws Exception {
        server.close();
        server = server(1);
        server.start();
        try (MllpClient first = new MllpClient(server.address(), PATIENCE)) {
            assertThat(first.send(new byte[] {'a'})).containsExactly('a');
            assertThatThrownBy(() -> {
                        try (MllpClient second = new MllpClient(server.address(), PATIENCE)) {
                            second.send(new byte[] {'b'});
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(first.send(new byte[] {'c'})).containsExactly('c');
        }
    }

    @Property(tries = 300)
    void anyStreamEndsInFramesOrAFault(@ForAll byte[] bytes, @ForAll boolean framed) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        if (framed) {
            stream.write(FrameReader.START);
        }
        stream.write(bytes);
        FrameReader reader = new FrameReader(
                new ByteArrayInputStream(stream.toByteArray()), 1_000, Duration.ofSeconds(1), System::nanoTime);
        try {
            Optional<byte[]> message = reader.next();
            while (message.isPresent()) {
                assertThat(message.get().length).isLessThanOrEqualTo(1_000);
                message = reader.next();
            }
        } catch (FrameException e) {
            assertThat(e.fault()).isNotNull();
        }
    }
}
