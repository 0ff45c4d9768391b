package org.trefoilhub.dicom.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.trefoilhub.dicom.net.pdu.DataValue;
import org.trefoilhub.dicom.net.pdu.Pdu;
import org.trefoilhub.dicom.net.pdu.PduDecoder;
import org.trefoilhub.dicom.net.pdu.PduEncoder;
import org.trefoilhub.dicom.net.pdu.PduFixture;
import org.trefoilhub.dicom.net.pdu.UserInformation;

/** Peers that break the rules: none of them may hang the server, hold it, or make it answer wrongly to others. */
@Timeout(60)
class HostilePeerTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final byte[] ASSOCIATE = PduFixture.bytes("a-associate-rq");
    private static final byte[] ECHO = PduFixture.bytes("p-data-tf-echo-rq");

    private final List<String> outcomes = Collections.synchronizedList(new ArrayList<>());
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(TestServer.OPTIONS.withMaxDatasetBytes(100_000), incoming -> {
            try {
                outcomes.add("complete " + incoming.dataset().readAllBytes().length);
                return DimseStatus.SUCCESS;
            } catch (IOException e) {
                outcomes.add("broken " + e.getClass().getSimpleName());
                throw e;
            }
        });
    }

    @AfterEach
    void stopServingOthersNever() throws Exception {
        try {
            server.mustBecomeIdle(SOON);
            server.mustEcho();
        } finally {
            server.close();
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    /** A socket with an established association: verification on context 1, CT storage on context 3. */
    private Socket associate() throws IOException {
        Socket socket = connect();
        socket.getOutputStream()
                .write(PduEncoder.encode(new Pdu.AssociateRequest(
                        1,
                        "TREFOIL",
                        "EVIL",
                        Pdu.DICOM_APPLICATION_CONTEXT,
                        List.of(
                                new Pdu.ProposedContext(1, VerificationScp.SOP_CLASS_UID, List.of("1.2.840.10008.1.2")),
                                new Pdu.ProposedContext(3, TestServer.CT, List.of("1.2.840.10008.1.2"))),
                        new UserInformation(List.of()))));
        assertThat(readPdu(socket)).isInstanceOf(Pdu.AssociateAccept.class);
        return socket;
    }

    private static Pdu readPdu(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int type = in.readUnsignedByte();
        in.readByte();
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        return PduDecoder.decode(type, ByteBuffer.wrap(body));
    }

    private static void assertClosed(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            while (in.read() >= 0) {
                // Whatever is said before the end.
            }
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static byte[] values(DataValue... values) {
        return PduEncoder.encode(new Pdu.PresentationData(List.of(values)));
    }

    private static DataValue value(int context, boolean command, boolean last, byte[] content) {
        return new DataValue(context, command, last, ByteBuffer.wrap(content));
    }

    private static byte[] storeCommand() throws IOException {
        return Commands.encode(Commands.storeRequest(1, TestServer.CT, "1.2.3"));
    }

    @Test
    void garbageIsAnsweredWithAbort() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            assertThat(readPdu(socket)).isInstanceOf(Pdu.Abort.class);
            assertClosed(socket);
        }
    }

    @Test
    void silenceEndsWithArtim() throws IOException {
        try (Socket socket = connect()) {
            long begun = System.nanoTime();
            assertClosed(socket);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(3));
        }
    }

    @Test
    void slowLorisBeforeTheAssociationEndsWithArtim() throws Exception {
        try (Socket socket = connect()) {
            long begun = System.nanoTime();
            trickle(socket, ASSOCIATE);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void slowLorisInsideAPduEndsWithItsTimeout() throws Exception {
        try (Socket socket = associate()) {
            long begun = System.nanoTime();
            trickle(socket, ECHO);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        }
    }

    /** One byte every 100 ms, until the other side has had enough. */
    private static void trickle(Socket socket, byte[] bytes) throws Exception {
        try {
            for (byte b : bytes) {
                socket.getOutputStream().write(b);
                Thread.sleep(100);
            }
        } catch (IOException cut) {
            return;
        }
        throw new AssertionError("the peer was let trickle " + bytes.length + " bytes");
    }

    @Test
    void idleAssociationIsAborted() throws IOException {
        try (Socket socket = associate()) {
            assertThat(readPdu(socket)).isEqualTo(new Pdu.Abort(Pdu.Abort.SOURCE_USER, 0));
            assertClosed(socket);
        }
    }

    @Test
    void giganticLengthsAreNotBelieved() throws IOException {
        for (int type : new int[] {1, 4, 5, 7}) {
            try (Socket socket = connect()) {
                socket.getOutputStream()
                        .write(new byte[] {(byte) type, 0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 1, 2});
                assertThat(readPdu(socket)).isInstanceOf(Pdu.Abort.class);
            }
        }
    }

    @Test
    void pduOverTheNegotiatedLengthIsAborted() throws IOException {
        try (Socket socket = associate()) {
            socket.getOutputStream().write(values(value(3, true, false, new byte[9000])));
            assertThat(readPdu(socket))
                    .isEqualTo(new Pdu.Abort(Pdu.Abort.SOURCE_PROVIDER, Pdu.Abort.INVALID_PARAMETER_VALUE));
        }
    }

    @Test
    void endlessCommandSetIsAborted() throws IOException {
        try (Socket socket = associate()) {
            byte[] part = values(value(3, true, false, new byte[8000]));
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(part);
            }
            assertThat(readPdu(socket)).isInstanceOf(Pdu.Abort.class);
        }
    }

    @Test
    void endlessDataSetIsAborted() throws IOException {
        try (Socket socket = associate()) {
            OutputStream out = socket.getOutputStream();
            out.write(values(value(3, true, true, storeCommand())));
            byte[] part = values(value(3, false, false, new byte[8000]));
            for (int i = 0; i < 13; i++) {
                out.write(part);
            }
            assertThat(readPdu(socket)).isInstanceOf(Pdu.Abort.class);
        }
        assertThat(outcomes).allMatch(outcome -> outcome.startsWith("broken"));
    }

    @Test
    void brokenOffDataSetNeverLooksComplete() throws Exception {
        try (Socket socket = associate()) {
            socket.getOutputStream().write(values(value(3, true, true, storeCommand())));
            socket.getOutputStream().write(values(value(3, false, false, new byte[5000])));
        }
        server.mustBecomeIdle(SOON);
        assertThat(outcomes).containsExactly("broken DicomNetworkException");

        outcomes.clear();
        try (Socket socket = associate()) {
            socket.getOutputStream().write(values(value(3, true, true, storeCommand())));
            socket.getOutputStream().write(values(value(3, false, false, new byte[5000])));
            socket.getOutputStream().write(PduEncoder.encode(new Pdu.Abort(Pdu.Abort.SOURCE_USER, 0)));
            assertClosed(socket);
        }
        server.mustBecomeIdle(SOON);
        assertThat(outcomes).containsExactly("broken DicomNetworkException");

        outcomes.clear();
        try (Socket socket = associate()) {
            socket.getOutputStream().write(values(value(3, true, true, storeCommand())));
            socket.getOutputStream().write(values(value(3, false, false, new byte[5000])));
            socket.getOutputStream().write(PduFixture.bytes("a-release-rq"));
            assertClosed(socket);
        }
        server.mustBecomeIdle(SOON);
        assertThat(outcomes).containsExactly("broken DicomNetworkException");
    }

    @Test
    void messagesOutOfOrderAreAborted() throws IOException {
        List<byte[]> wrong = List.of(
                values(value(3, false, true, new byte[10])),
                values(value(7, true, true, storeCommand())),
                values(value(3, true, false, new byte[10]), value(1, true, true, new byte[10])),
                values(value(3, true, true, storeCommand()), value(3, true, true, storeCommand())),
                values(value(3, true, true, storeCommand()), value(1, false, true, new byte[10])),
                values(value(1, true, true, new byte[] {1, 2, 3})),
                values(value(1, true, true, new byte[0])),
                ASSOCIATE,
                PduFixture.bytes("a-associate-ac"),
                PduFixture.bytes("a-associate-rj"),
                PduFixture.bytes("a-release-rp"));
        for (byte[] bytes : wrong) {
            try (Socket socket = associate()) {
                socket.getOutputStream().write(bytes);
                assertThat(readPdu(socket)).isInstanceOf(Pdu.Abort.class);
            }
        }
    }

    @Test
    void floodOfConnectionsPassesOver() throws Exception {
        List<Socket> flood = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            flood.add(connect());
        }
        Thread.sleep(TestServer.OPTIONS.artimTimeout().toMillis() + 500);
        server.mustEcho();
        for (Socket socket : flood) {
            socket.close();
        }
    }

    @Test
    void randomSessionsHurtNobody() throws Exception {
        Random random = new Random(20261124);
        byte[] release = PduFixture.bytes("a-release-rq");
        for (int round = 0; round < 150; round++) {
            ByteArrayOutputStream session = new ByteArrayOutputStream();
            session.writeBytes(ASSOCIATE);
            session.writeBytes(ECHO);
            session.writeBytes(values(value(1, true, true, storeCommand()), value(1, false, true, new byte[50])));
            session.writeBytes(release);
            byte[] bytes = session.toByteArray();
            for (int i = 0; i <= random.nextInt(8); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try (Socket socket = connect()) {
                socket.getOutputStream().write(bytes, 0, 1 + random.nextInt(bytes.length));
                if (random.nextBoolean()) {
                    socket.shutdownOutput();
                    assertClosed(socket);
                }
            } catch (java.net.SocketException cut) {
                assertThat(cut).hasMessageMatching(".*(reset|[Bb]roken pipe).*");
            }
        }
        server.mustBecomeIdle(SOON);
        server.mustEcho();
    }
}
