package org.trefoilhub.dicom.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trefoilhub.dicom.SharedData;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;

/** Against dcmtk, both ways. Without dcmtk it fails: `./trefoil test` installs it. */
@Timeout(300)
class DcmtkIT {

    private final List<byte[]> received = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    @BeforeEach
    void needsDcmtk() {
        assertThat(Dcmtk.installed()).as("dcmtk is installed").isTrue();
    }

    private TestServer server() throws IOException {
        return new TestServer(
                TestServer.OPTIONS.withArtimTimeout(Duration.ofSeconds(10)).withIdleTimeout(Duration.ofSeconds(20)),
                incoming -> {
                    received.add(incoming.dataset().readAllBytes());
                    return DimseStatus.SUCCESS;
                });
    }

    private Dcmtk.Outcome run(TestServer server, String tool, String calling, String called, String... rest)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool, "-v", "-aet", calling, "-aec", called));
        List<String> files = new ArrayList<>();
        for (String argument : rest) {
            (argument.startsWith("/") ? files : command).add(argument);
        }
        command.addAll(List.of("127.0.0.1", Integer.toString(server.address().getPort())));
        command.addAll(files);
        return Dcmtk.run(folder.resolve("tool.log"), command);
    }

    @Test
    void echoscuIsAnswered() throws Exception {
        try (TestServer server = server()) {
            assertThat(run(server, "echoscu", "PROBE", "TREFOIL").exitCode()).isZero();
            assertThat(run(server, "echoscu", "PROBE", "TREFOIL", "--repeat", "20", "-pts", "38", "-ppc", "100")
                            .exitCode())
                    .isZero();
            assertThat(run(server, "echoscu", "PROBE", "TREFOIL", "--abort").exitCode())
                    .isZero();
        }
    }

    @Test
    void unknownCallersAreToldWhy() throws Exception {
        try (TestServer server = server()) {
            Dcmtk.Outcome stranger = run(server, "echoscu", "STRANGER", "TREFOIL");
            assertThat(stranger.exitCode()).isNotZero();
            assertThat(stranger.output()).contains("Calling AE Title Not Recognized");

            Dcmtk.Outcome misdirected = run(server, "echoscu", "PROBE", "SOMEBODY");
            assertThat(misdirected.exitCode()).isNotZero();
            assertThat(misdirected.output()).contains("Called AE Title Not Recognized");
        }
    }

    @Test
    void storescuDeliversTheDataSetByteForByte() throws Exception {
        byte[] pixels = new byte[300_000];
        new Random(1).nextBytes(pixels);
        Path file = ctFile(pixels, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        for (String pdu : List.of("4096", "16384", "131072")) {
            received.clear();
            try (TestServer server = server()) {
                Dcmtk.Outcome outcome =
                        run(server, "storescu", "CT1", "TREFOIL", "-xe", "-R", "-pdu", pdu, file.toString());
                assertThat(outcome.output()).contains("Received Store Response (Success)");
                assertThat(outcome.exitCode()).isZero();
            }
            assertThat(received).hasSize(1);
            assertThat(received.get(0)).isEqualTo(datasetBytes(file));
        }
    }

    @Test
    void storescpReceivesTheFileByteForByte() throws Exception {
        Path file = ctFile(new byte[300_000], TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        List<Path> files = new ArrayList<>(List.of(file));
        SharedData.directory()
                .map(data -> data.resolve("dicom/encodings"))
                .filter(Files::isDirectory)
                .ifPresent(data -> files.addAll(SharedData.files(data)));
        Path inbox = Files.createTempDirectory(folder, "inbox");
        int sent = 0;
        try (Dcmtk.StoreScp scp = new Dcmtk.StoreScp(inbox, folder.resolve("scp.log"), "+xa")) {
            for (Path each : files) {
                DicomFile parsed = DicomReader.read(each, ReadOptions.DEFAULT.withStopTag(Tag.PixelData));
                String sopClassUid = parsed.fileMeta().string(Tag.MediaStorageSOPClassUID);
                if (sopClassUid == null || parsed.fileMeta().string(Tag.MediaStorageSOPInstanceUID) == null) {
                    continue;
                }
                try (Association association =
                        Association.open(AssociationRequest.builder("TREFOIL", "STORESCP", scp.address())
                                .propose(sopClassUid, parsed.transferSyntax())
                                .build())) {
                    if (association.contexts().isEmpty()) {
                        // A transfer syntax that this version of dcmtk does not know.
                        continue;
                    }
                    assertThat(association.store(each)).as(each.toString()).isEqualTo(DimseStatus.SUCCESS);
                }
                List<Path> written = SharedData.files(inbox);
                assertThat(written).hasSize(1);
                assertThat(datasetBytes(written.get(0))).as(each.toString()).isEqualTo(datasetBytes(each));
                Files.delete(written.get(0));
                sent++;
            }
        }
        assertThat(sent).isPositive();
    }

    @Test
    void storescpIsEchoed() throws Exception {
        Path inbox = Files.createTempDirectory(folder, "inbox");
        try (Dcmtk.StoreScp scp = new Dcmtk.StoreScp(inbox, folder.resolve("scp.log"));
                Association association =
                        Association.open(AssociationRequest.builder("TREFOIL", "STORESCP", scp.address())
                                .propose(VerificationScp.SOP_CLASS_UID, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)
                                .build())) {
            for (int i = 0; i < 10; i++) {
                assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            }
            association.release();
        }
    }

    private Path ctFile(byte[] pixels, TransferSyntax syntax) throws IOException {
        Path file = folder.resolve("ct.dcm");
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.SOPClassUID, VR.UI, TestServer.CT)
                .put(Tag.SOPInstanceUID, VR.UI, "1.2.3.4")
                .put(Tag.StudyInstanceUID, VR.UI, "1.2.3")
                .put(Tag.SeriesInstanceUID, VR.UI, "1.2.3.1")
                .putBytes(Tag.PixelData, VR.OW, pixels)
                .build();
        try (OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.writeFile(out, DicomWriter.fileMeta(TestServer.CT, "1.2.3.4", syntax), dataset, null);
        }
        return file;
    }

    private static byte[] datasetBytes(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        DicomFile parsed = DicomReader.read(file, ReadOptions.DEFAULT.withStopTag(Tag.PixelData));
        int offset = (int) parsed.datasetOffset();
        // A deflated data set of odd length is padded on the way (PS3.5 section A.5).
        return Arrays.copyOfRange(whole, offset, whole.length + (whole.length - offset) % 2);
    }
}
