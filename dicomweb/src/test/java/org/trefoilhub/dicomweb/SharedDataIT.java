package org.trefoilhub.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;
import org.trefoilhub.dicomweb.fixture.DicomwebClient;
import org.trefoilhub.dicomweb.fixture.SharedData;

/**
 * Stores whole corpora of real files, one representative per SOP Instance UID: each comes back with the same data set
 * bytes, each refusal says why, and nothing answers with a server error.
 */
class SharedDataIT {
    private static final Logger LOG = LoggerFactory.getLogger(SharedDataIT.class);

    @TempDir
    Path folder;

    @Test
    void shouldStoreAndGiveBackTheCorpusInTheTree() throws Exception {
        storeAll(SharedData.corpus());
    }

    @Test
    void shouldStoreAndGiveBackTheSharedData() throws Exception {
        Path shared = SharedData.dicom().orElse(null);
        Assumptions.assumeTrue(shared != null, "the shared data do not lie beside this clone");
        storeAll(shared);
    }

    private void storeAll(Path corpus) throws Exception {
        int stored = 0;
        Map<String, String> refused = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        try (ArchiveServer server =
                ArchiveServer.start(ArchiveServer.h2(folder), "sa", folder.resolve("blobs"), 0, -1, Map.of())) {
            DicomwebClient client = new DicomwebClient(server.url(), "conformance");
            for (Path path : SharedData.files(corpus)) {
                String name = corpus.relativize(path).toString();
                byte[] file = Files.readAllBytes(path);
                HttpResponse<byte[]> response = client.store("/studies", file);
                DicomDataset answer = response.statusCode() == 400 ? null : DicomwebClient.dataset(response);
                if (answer == null || response.statusCode() >= 500) {
                    problems.add(name + ": status " + response.statusCode());
                    continue;
                }
                if (response.statusCode() == 409) {
                    DicomDataset failure = answer.items(Tag.FailedSOPSequence).isEmpty()
                            ? answer.items(Tag.OtherFailuresSequence).get(0)
                            : answer.items(Tag.FailedSOPSequence).get(0);
                    boolean again = failure.integer(Tag.FailureReason).orElse(0) == 0x0111;
                    if (!again) {
                        refused.put(name, failure.string(Tag.ErrorComment));
                    } else if (!seen.contains(failure.string(Tag.ReferencedSOPInstanceUID))) {
                        problems.add(name + ": called a duplicate of something that was never stored");
                    }
                    continue;
                }
                DicomDataset item = answer.items(Tag.ReferencedSOPSequence).get(0);
                if (!seen.add(String.valueOf(item.string(Tag.ReferencedSOPInstanceUID)))) {
                    continue; // an equal object in another encoding
                }
                stored++;
                checkBack(client, name, path, file, answer, item, problems);
            }
        }
        LOG.warn("{} stored and given back, refused: {}", stored, refused);
        assertThat(problems).isEmpty();
        assertThat(stored).isPositive();
        assertThat(refused.keySet()).as("refused: %s", refused).allMatch(name -> isRefusable(corpus.resolve(name)));
    }

    private static void checkBack(
            DicomwebClient client,
            String name,
            Path path,
            byte[] file,
            DicomDataset answer,
            DicomDataset item,
            List<String> problems)
            throws Exception {
        String url = String.valueOf(item.string(Tag.RetrieveURL)).replace("http://localhost:8080/dicom-web", "");
        HttpResponse<byte[]> back = client.get(url, "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        int offset = (int) DicomReader.read(path, ReadOptions.DEFAULT).datasetOffset();
        byte[] body =
                back.statusCode() == 200 ? DicomwebClient.parts(back).get(0).body() : new byte[0];
        int length = file.length - offset;
        if (body.length < length
                || !Arrays.equals(body, body.length - length, body.length, file, offset, file.length)) {
            problems.add(name + ": came back different, status " + back.statusCode());
        }
        HttpResponse<byte[]> metadata = client.get(url + "/metadata", "application/dicom+json");
        if (metadata.statusCode() != 200) {
            problems.add(name + ": no metadata, status " + metadata.statusCode());
        }
        HttpResponse<byte[]> frame =
                client.get(url + "/frames/1", "multipart/related; type=application/octet-stream; transfer-syntax=*");
        if (frame.statusCode() != 200 && frame.statusCode() != 404) {
            problems.add(name + ": frame 1 answered with status " + frame.statusCode());
        }
        if (frame.statusCode() == 404
                && answer.items(Tag.ReferencedSOPSequence)
                        .get(0)
                        .integer(Tag.WarningReason)
                        .isEmpty()) {
            DicomDataset dataset = DicomReader.read(path, ReadOptions.DEFAULT).dataset();
            if (dataset.contains(Tag.PixelData)) {
                problems.add(name + ": has pixel data but no frame and no warning");
            }
        }
    }

    /** What may be refused: files that their corpus calls broken, or that lack one of the four identifying UIDs. */
    private static boolean isRefusable(Path path) {
        try {
            DicomFile file = DicomReader.read(path, ReadOptions.DEFAULT);
            for (int tag :
                    new int[] {Tag.SOPClassUID, Tag.SOPInstanceUID, Tag.StudyInstanceUID, Tag.SeriesInstanceUID}) {
                String uid = file.dataset().string(tag);
                if (uid == null || !uid.matches("[0-9]+(\\.[0-9]+)*") || uid.length() > 64) {
                    return true;
                }
            }
            return false;
        } catch (DicomFormatException e) {
            return path.toString().contains("/corrupt/")
                    || SharedData.isExpected(path, e.code().name());
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
