package org.trefoilhub.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;
import org.trefoilhub.dicomweb.fixture.DicomwebClient;
import org.trefoilhub.dicomweb.fixture.SharedData;

/** Real files of many transfer syntaxes, masked on the way out: readable, without the patient, with the same pixels. */
class MaskedCorpusIT {

    @TempDir
    Path folder;

    @Test
    void shouldMaskTheCorpusInTheTree() throws Exception {
        int shown = 0;
        Set<String> syntaxes = new HashSet<>();
        try (ArchiveServer server =
                ArchiveServer.start(ArchiveServer.h2(folder), "sa", folder.resolve("blobs"), 0, -1, Map.of())) {
            server.policies().permit("masked", Action.VIEW);
            server.policies().oblige("masked", Obligation.MASK_DEMOGRAPHICS, new AccessScope.All());
            DicomwebClient writer = new DicomwebClient(server.url(), "conformance");
            DicomwebClient masked = new DicomwebClient(server.url(), "masked");
            for (Path path : SharedData.files(SharedData.corpus())) {
                HttpResponse<byte[]> stored = writer.store("/studies", Files.readAllBytes(path));
                if (stored.statusCode() != 200) {
                    continue;
                }
                DicomDataset object =
                        DicomReader.read(path, ReadOptions.DEFAULT).dataset();
                String url = "/studies/" + object.string(Tag.StudyInstanceUID) + "/series/"
                        + object.string(Tag.SeriesInstanceUID) + "/instances/" + object.string(Tag.SOPInstanceUID);
                HttpResponse<byte[]> response = masked.get(url, "application/dicom");
                String name = path.getFileName().toString();
                if (response.statusCode() == 403) {
                    assertThat(DicomwebClient.text(response)).as(name).contains("TREFOIL-DWB-0017");
                    continue;
                }
                assertThat(response.statusCode()).as(name).isEqualTo(200);
                DicomFile whole = read(writer.get(url, "application/dicom").body(), "whole");
                DicomFile without = read(response.body(), "masked");
                assertThat(without.transferSyntax()).as(name).isEqualTo(whole.transferSyntax());
                assertThat(without.dataset().string(Tag.PatientID)).as(name).isNull();
                String patient = whole.dataset().string(Tag.PatientName);
                if (patient != null) {
                    assertThat(without.dataset().string(Tag.PatientName))
                            .as(name)
                            .doesNotContain(patient);
                }
                assertThat(without.warnings()).as(name).isEqualTo(whole.warnings());
                assertThat(pixels(without)).as(name).isEqualTo(pixels(whole));
                shown++;
                syntaxes.add(whole.transferSyntax().uid());
            }
        }
        assertThat(shown).isGreaterThan(10);
        assertThat(syntaxes).hasSizeGreaterThan(3);
    }

    private DicomFile read(byte[] bytes, String name) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, bytes);
        return DicomReader.read(file, ReadOptions.DEFAULT);
    }

    private static String pixels(DicomFile file) throws IOException {
        DicomElement element = file.dataset().element(Tag.PixelData).orElse(null);
        if (element == null) {
            return "none";
        }
        StringBuilder digest = new StringBuilder(element.vr().name());
        if (element.value() instanceof DicomValue.Bytes value) {
            digest.append(java.util.Arrays.hashCode(value.bytes()));
        } else if (element.value() instanceof DicomValue.Bulk value) {
            digest.append(hash(file, value.offset(), value.length()));
        } else if (element.value() instanceof DicomValue.Fragments value) {
            for (DicomValue.Fragment fragment : value.fragments()) {
                byte[] bytes = fragment.bytes();
                digest.append(' ')
                        .append(
                                bytes == null
                                        ? hash(file, fragment.offset(), fragment.length())
                                        : java.util.Arrays.hashCode(bytes));
            }
        }
        return digest.toString();
    }

    private static int hash(DicomFile file, long offset, long length) throws IOException {
        try (InputStream in = Files.newInputStream(java.util.Objects.requireNonNull(file.path()))) {
            in.skipNBytes(offset);
            return java.util.Arrays.hashCode(in.readNBytes((int) length));
        }
    }
}
