package org.trefoilhub.hub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.TestStudies;

/** The DIMSE door of the whole hub, its peers made through FHIR, called by dcmtk. */
@Timeout(300)
class DimseE2E {

    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    /** Encapsulated JPEG in its three forms and storescu's option to send it as it is. */
    private static final Map<String, String> JPEG =
            Map.of("1.2.840.10008.1.2.4.50", "-xy", "1.2.840.10008.1.2.4.70", "-xs", "1.2.840.10008.1.2.4.90", "-xv");

    private static final Set<String> UNCOMPRESSED = Set.of("1.2.840.10008.1.2", "1.2.840.10008.1.2.1");

    private static HubFixture hub = HubFixture.onH2();

    @TempDir
    private Path folder;

    @BeforeAll
    static void makePeers() {
        assertThat(Dcmtk.installed()).as("dcmtk is installed").isTrue();
        Peers.make(hub);
    }

    @Test
    void shouldAnswerAnEcho() throws Exception {
        Dcmtk.Outcome echo = Dcmtk.echoscu(folder.resolve("log"), hub.dimsePort(), "CONFORMANCE", "TREFOIL");
        assertThat(echo.exitCode()).as(echo.output()).isZero();
    }

    @Test
    void shouldRejectAnUnknownCaller() throws Exception {
        Dcmtk.Outcome echo = Dcmtk.echoscu(folder.resolve("log"), hub.dimsePort(), "NOBODY", "TREFOIL");
        assertThat(echo.exitCode()).isNotZero();
        assertThat(echo.output()).contains("Association Rejected");
    }

    @Test
    void shouldRejectACallForSomebodyElse() throws Exception {
        Dcmtk.Outcome echo = Dcmtk.echoscu(folder.resolve("log"), hub.dimsePort(), "CONFORMANCE", "OTHER");
        assertThat(echo.exitCode()).isNotZero();
        assertThat(echo.output()).contains("Association Rejected");
    }

    @Test
    void shouldShowWhatAModalitySends() throws Exception {
        for (Sent sent : files()) {
            Dcmtk.Outcome outcome = Dcmtk.storescu(
                    folder.resolve("log"), hub.dimsePort(), "MODALITY1", List.of(sent.option()), sent.file());
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
            assertThat(outcome.output()).contains("Received Store Response (Success)");
            HttpResponse<String> found = hub.send(hub.request(
                            "/dicom-web/studies/" + sent.study() + "/instances?includefield=AvailableTransferSyntaxUID")
                    .setHeader("Accept", "application/dicom+json"));
            assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
            assertThat(found.body()).contains(sent.sopInstanceUid()).contains(sent.transferSyntax());
            ImagingStudy study = ImagingStudies.await(
                    hub, sent.study(), Duration.ofSeconds(30), one -> one.getNumberOfInstances() == 1);
            assertThat(study.getSeriesFirstRep().getInstanceFirstRep().getUid()).isEqualTo(sent.sopInstanceUid());
        }
    }

    /** A file and what must be found of it. */
    private record Sent(Path file, String option, String study, String sopInstanceUid, String transferSyntax) {}

    /** Copies with fresh UIDs of one plain CT slice and of one file for each form of JPEG that the corpus holds. */
    private List<Sent> files() throws IOException {
        List<Sent> copies = new ArrayList<>();
        List<String> wanted = new ArrayList<>(JPEG.keySet());
        boolean slice = false;
        for (Path path : Corpus.find().addressable()) {
            DicomFile file = DicomReader.read(path, ReadOptions.DEFAULT);
            String syntax = file.transferSyntax().uid();
            if (!slice
                    && CT.equals(file.dataset().string(Tag.SOPClassUID))
                    && UNCOMPRESSED.contains(syntax)
                    && file.dataset().contains(Tag.PixelData)) {
                slice = true;
                copies.add(copy(file, "-xe"));
            }
            String option = JPEG.get(syntax);
            if (option != null && wanted.remove(syntax)) {
                copies.add(copy(file, option));
            }
        }
        assertThat(slice).as("the corpus has a plain CT slice").isTrue();
        assertThat(wanted).as("forms of JPEG that the corpus lacks").hasSizeLessThan(JPEG.size());
        return copies;
    }

    private Sent copy(DicomFile file, String option) throws IOException {
        String study = TestStudies.uid();
        String instance = TestStudies.uid();
        DicomDataset.Builder copy = file.dataset().toBuilder();
        copy.put(Tag.StudyInstanceUID, VR.UI, study);
        copy.put(Tag.SeriesInstanceUID, VR.UI, TestStudies.uid());
        copy.put(Tag.SOPInstanceUID, VR.UI, instance);
        DicomDataset dataset = copy.build();
        Path target = folder.resolve(instance + ".dcm");
        TransferSyntax syntax = file.transferSyntax();
        try (OutputStream out = Files.newOutputStream(target)) {
            DicomWriter.writeFile(
                    out,
                    DicomWriter.fileMeta(String.valueOf(dataset.string(Tag.SOPClassUID)), instance, syntax),
                    dataset,
                    file.path());
        }
        String received = option.equals("-xe") ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid() : syntax.uid();
        return new Sent(target, option, study, instance, received);
    }
}
