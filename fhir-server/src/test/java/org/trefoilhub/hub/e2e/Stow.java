package org.trefoilhub.hub.e2e;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.hub.fixture.HubFixture;

/** STOW-RS of files as they are, and its answer. */
final class Stow {

    private static final String BOUNDARY = "d1c0m-part-boundary";

    private Stow() {}

    static HttpResponse<String> send(HubFixture hub, byte[]... files) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] file : files) {
            body.write(("--" + BOUNDARY + "\r\nContent-Type: application/dicom\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            body.write(file);
            body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.write(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return hub.send(hub.request("/dicom-web/studies")
                .setHeader("Accept", "application/dicom+json")
                .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
    }

    static DicomDataset answer(HttpResponse<String> response) throws IOException {
        return DicomJson.read(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
    }

    /** What the answer says of objects that were not stored, those without a name included. */
    static List<DicomDataset> failures(DicomDataset answer) {
        List<DicomDataset> failures = new ArrayList<>(answer.items(Tag.FailedSOPSequence));
        failures.addAll(answer.items(Tag.OtherFailuresSequence));
        return failures;
    }
}
