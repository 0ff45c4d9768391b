package org.trefoilhub.dicom.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.io.ReadOptions;

/** Both sides on loopback. */
@Timeout(60)
class DicomServerTest {

    private static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
    private static final TransferSyntax IMPLICIT = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;

    private record Stored(StorageScp.Incoming incoming, byte[] bytes) {}

    private final List<Stored> stored = Collections.synchronizedList(new ArrayList<>());
    private StorageScp.Receiver receiver = incoming -> {
        stored.add(new Stored(incoming, incoming.dataset().readAllBytes()));
        return DimseStatus.SUCCESS;
    };
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(TestServer.OPTIONS, incoming -> receiver.receive(incoming));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Association openForCt(TransferSyntax... syntaxes) throws IOException {
        return Association.open(
                server.request("CT1").propose(TestServer.CT, syntaxes).build());
    }

    @Test
    void shouldAnswerEcho() throws IOException {
        server.mustEcho();
    }

    @Test
    void shouldTakeDataSetsOfAnyLengthByteForByte() throws IOException {
        Random random = new Random(7);
        List<Integer> lengths = List.of(0, 2, 8184, 8186, 8188, 3 * 8186, 3 * 8186 + 2, 1_000_000);
        try (Association association = openForCt(EXPLICIT)) {
            for (int length : lengths) {
                byte[] dataset = new byte[length];
                random.nextBytes(dataset);

                DimseStatus status = association.store(
                        TestServer.CT, "1.2.3." + length, EXPLICIT, new ByteArrayInputStream(dataset));

                assertThat(status).isEqualTo(DimseStatus.SUCCESS);
                Stored last = stored.get(stored.size() - 1);
                assertThat(last.bytes()).isEqualTo(dataset);
                assertThat(last.incoming().sopInstanceUid()).isEqualTo("1.2.3." + length);
                assertThat(last.incoming().peer().callingAeTitle()).isEqualTo("CT1");
            }
        }
    }

    @Test
    void shouldSendAFileAsItIsWhenItsTransferSyntaxIsAccepted(@TempDir Path folder) throws IOException {
        Path file = ctFile(folder, EXPLICIT);
        byte[] whole = Files.readAllBytes(file);
        long offset = DicomReader.read(file, ReadOptions.DEFAULT).datasetOffset();

        try (Association association = openForCt(EXPLICIT, IMPLICIT)) {
            assertThat(association.store(file)).isEqualTo(DimseStatus.SUCCESS);
        }

        assertThat(stored.get(0).incoming().transferSyntax()).isEqualTo(EXPLICIT);
        assertThat(stored.get(0).bytes()).isEqualTo(Arrays.copyOfRange(whole, (int) offset, whole.length));
    }

    @Test
    void shouldReencodeAnUncompressedFileWhenOnlyAnotherSyntaxIsAccepted(@TempDir Path folder) throws IOException {
        Path file = ctFile(folder, EXPLICIT);

        try (Association association = openForCt(IMPLICIT)) {
            assertThat(association.store(file)).isEqualTo(DimseStatus.SUCCESS);
        }

        DicomDataset received =
                DicomReader.readDataset(new ByteArrayInputStream(stored.get(0).bytes()), IMPLICIT, ReadOptions.DEFAULT);
        assertThat(received.string(Tag.SOPInstanceUID)).isEqualTo("1.2.3.4");
        assertThat(received.bytes(Tag.PixelData)).hasSize(200_000);
    }

    private static Path ctFile(Path folder, TransferSyntax syntax) throws IOException {
        Path file = folder.resolve("ct.dcm");
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.SOPClassUID, VR.UI, TestServer.CT)
                .put(Tag.SOPInstanceUID, VR.UI, "1.2.3.4")
                .putInts(Tag.Rows, VR.US, 1000)
                .putBytes(Tag.PixelData, VR.OW, new byte[200_000])
                .build();
        try (OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.writeFile(out, DicomWriter.fileMeta(TestServer.CT, "1.2.3.4", syntax), dataset, null);
        }
        return file;
    }

    @Test
    void shouldAcceptTheFirstRegisteredTransferSyntaxOfTheProposal() throws IOException {
        try (Association association = Association.open(server.request("CT1")
                .propose(TestServer.CT, TransferSyntax.JPEG_LS_LOSSLESS, EXPLICIT)
                .propose("1.2.840.10008.5.1.4.1.2.2.1", IMPLICIT)
                .propose(TestServer.CT, TransferSyntax.ofUnknown("1.2.3.4.5.6"))
                .propose("1.3.12.2.1107.5.9.1", EXPLICIT)
                .build())) {
            assertThat(association.contexts())
                    .extracting(PresentationContext::id, c -> c.transferSyntax().uid())
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(1, TransferSyntax.JPEG_LS_LOSSLESS.uid()),
                            org.assertj.core.groups.Tuple.tuple(7, EXPLICIT.uid()));
        }
    }

    @Test
    void shouldRejectStrangersAndWrongNames() {
        assertThatThrownBy(() -> Association.open(server.request("STRANGER")
                        .propose(VerificationScp.SOP_CLASS_UID, IMPLICIT)
                        .build()))
                .asInstanceOf(type(DicomNetworkException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ASSOCIATION_REJECTED))
                .extracting(DicomNetworkException::reject)
                .isEqualTo(RejectReason.CALLING_AE_TITLE_NOT_RECOGNIZED.pdu());
        assertThatThrownBy(() -> Association.open(AssociationRequest.builder("CT1", "OTHER", server.address())
                        .propose(VerificationScp.SOP_CLASS_UID, IMPLICIT)
                        .build()))
                .asInstanceOf(type(DicomNetworkException.class))
                .extracting(DicomNetworkException::reject)
                .isEqualTo(RejectReason.CALLED_AE_TITLE_NOT_RECOGNIZED.pdu());
    }

    @Test
    void shouldRejectMoreAssociationsThanItMayHave() throws IOException, InterruptedException {
        List<Association> open = new ArrayList<>();
        for (int i = 0; i < TestServer.OPTIONS.maxAssociations(); i++) {
            open.add(openForCt(EXPLICIT));
        }

        assertThatThrownBy(() -> openForCt(EXPLICIT))
                .asInstanceOf(type(DicomNetworkException.class))
                .extracting(DicomNetworkException::reject)
                .isEqualTo(RejectReason.LOCAL_LIMIT_EXCEEDED.pdu());

        open.forEach(Association::close);
        server.mustBecomeIdle(Duration.ofSeconds(5));
        server.mustEcho();
    }

    @Test
    void shouldAnswerProcessingFailureAndGoOnWhenTheReceiverFails() throws IOException {
        receiver = incoming -> {
            if (incoming.sopInstanceUid().equals("1.1")) {
                incoming.dataset().read();
                throw new IllegalStateException("a fault of the test");
            }
            return new DimseStatus(DimseStatus.OUT_OF_RESOURCES, "no room\n" + "x".repeat(100));
        };
        try (Association association = openForCt(EXPLICIT)) {
            DimseStatus first =
                    association.store(TestServer.CT, "1.1", EXPLICIT, new ByteArrayInputStream(new byte[100_000]));
            DimseStatus second =
                    association.store(TestServer.CT, "1.2", EXPLICIT, new ByteArrayInputStream(new byte[100_000]));

            assertThat(first.code()).isEqualTo(DimseStatus.PROCESSING_FAILURE);
            assertThat(second.code()).isEqualTo(DimseStatus.OUT_OF_RESOURCES);
            assertThat(second.errorComment()).hasSize(64).startsWith("no room?xxx");
        }
    }

    @Test
    void shouldRefuseRequestsThatLackWhatTheyNeed() throws IOException {
        try (Association association = openForCt(EXPLICIT)) {
            assertThat(association
                            .store(TestServer.CT, "not a uid", EXPLICIT, new ByteArrayInputStream(new byte[10]))
                            .code())
                    .isEqualTo(DimseStatus.MISTYPED_ARGUMENT);
        }
        assertThat(stored).isEmpty();
    }

    @Test
    void shouldAbortIdleAssociationsAtOnceWhenItStops() throws IOException {
        Association association = openForCt(EXPLICIT);
        long begun = System.nanoTime();

        server.server().stop(Duration.ofSeconds(5));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        assertThatThrownBy(() ->
                        association.store(TestServer.CT, "1.2", EXPLICIT, new ByteArrayInputStream(new byte[100_000])))
                .isInstanceOf(DicomNetworkException.class);
    }

    @Test
    void shouldFinishRequestsUnderWayWhenItStops() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        receiver = incoming -> {
            begun.countDown();
            incoming.dataset().readAllBytes();
            try {
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return DimseStatus.SUCCESS;
        };
        List<DimseStatus> answers = Collections.synchronizedList(new ArrayList<>());
        Association association = openForCt(EXPLICIT);
        Thread sender = new Thread(() -> {
            try {
                answers.add(
                        association.store(TestServer.CT, "1.2", EXPLICIT, new ByteArrayInputStream(new byte[100_000])));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        sender.start();
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        server.server().stop(Duration.ofSeconds(5));

        sender.join(5000);
        assertThat(answers).containsExactly(DimseStatus.SUCCESS);
    }

    @Test
    void shouldSayWhenNobodyListens() {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        assertThatThrownBy(() -> Association.open(AssociationRequest.builder("CT1", "NOBODY", nobody)
                        .propose(VerificationScp.SOP_CLASS_UID, IMPLICIT)
                        .build()))
                .asInstanceOf(type(DicomNetworkException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECT_FAILED));
    }

    @Test
    void shouldStayUsableWhenNoContextFits() throws IOException {
        try (Association association = openForCt(EXPLICIT)) {
            assertThatThrownBy(association::echo)
                    .asInstanceOf(type(DicomNetworkException.class))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_PRESENTATION_CONTEXT));
            assertThat(association.store(TestServer.CT, "1.2", EXPLICIT, new ByteArrayInputStream(new byte[4])))
                    .isEqualTo(DimseStatus.SUCCESS);
        }
    }
}
