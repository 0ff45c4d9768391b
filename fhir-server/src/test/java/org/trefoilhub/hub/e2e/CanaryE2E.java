package org.trefoilhub.hub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.TestStudies;
import org.trefoilhub.hub.imaging.ImagingStudyProjector;

/**
 * A patient whose data cannot be mistaken goes through every door, is refused there in many ways, and is afterwards
 * neither in a line of the log, nor in the body of an error, nor in a label of a metric.
 */
@Timeout(300)
class CanaryE2E {

    private static final String FAMILY = "Kanarienvogelin";
    private static final String HAN = "金絲雀鸟";
    private static final String PATIENT_ID = "KNRPID77031";
    private static final String ACCESSION = "KNRACC88042";
    private static final List<String> CANARIES = List.of(FAMILY, HAN, PATIENT_ID, ACCESSION);

    private final HubFixture hub = HubFixture.onH2();
    private final List<String> leaks = new ArrayList<>();
    private int refusals;

    @TempDir
    private Path folder;

    @Test
    void shouldKeepThePatientOutOfLogsErrorsAndMetrics() throws Exception {
        List<String> lines;
        try (CapturedLog captured = new CapturedLog()) {
            dicomweb();
            if (Dcmtk.installed()) {
                dimse();
            }
            fhir();
            brokenRequests();
            fault();
            HttpResponse<String> metrics =
                    hub.send(hub.request("/actuator/prometheus").setHeader("Accept", "text/plain"));
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.body()).contains("http_server_requests_seconds_count");
            look("metrics", metrics.body());
            lines = captured.lines();
        }
        lines.forEach(line -> look("log", line));
        assertThat(lines).as("the log holds the refusals").isNotEmpty();
        assertThat(refusals).isGreaterThan(25);
        assertThat(leaks).isEmpty();
    }

    // ---- DICOMweb ---------------------------------------------------------------------------------------------------

    private void dicomweb() throws Exception {
        String study = TestStudies.uid();
        DicomDataset slice = canary(study);
        String instance = String.valueOf(slice.string(Tag.SOPInstanceUID));
        assertThat(hub.store(slice).statusCode()).isEqualTo(200);
        ImagingStudies.await(hub, study, Duration.ofSeconds(30), one -> true);

        // Another object under the same UID, one without UIDs, one whose UIDs are names, one cut off, one that is none.
        refused(hub.store(with(slice, Tag.InstanceNumber, VR.IS, "9")));
        byte[] whole = file(slice);
        refused(Stow.send(hub, file(without(slice, Tag.StudyInstanceUID))));
        refused(Stow.send(hub, file(with(slice, Tag.SeriesInstanceUID, VR.UI, FAMILY))));
        refused(Stow.send(hub, Arrays.copyOf(whole, whole.length - 6)));
        refused(Stow.send(hub, Arrays.copyOf(whole, 420)));
        refused(Stow.send(hub, (FAMILY + PATIENT_ID).getBytes(StandardCharsets.UTF_8)));
        refused(hub.send(hub.request("/dicom-web/studies")
                .setHeader("Accept", "application/dicom+json")
                .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=" + PATIENT_ID)
                .POST(HttpRequest.BodyPublishers.ofString(FAMILY))));
        refused(hub.send(hub.request("/dicom-web/studies")
                .header("Content-Type", "text/plain; name=" + FAMILY)
                .POST(HttpRequest.BodyPublishers.ofString(FAMILY))));
        // Pixel data that are not what the attributes say: stored with a warning.
        DicomDataset odd = canary(TestStudies.uid()).toBuilder()
                .putBytes(Tag.PixelData, VR.OW, new byte[] {1, 2})
                .build();
        hub.store(odd);
        String oddPath = "/dicom-web/studies/" + odd.string(Tag.StudyInstanceUID) + "/series/"
                + odd.string(Tag.SeriesInstanceUID) + "/instances/" + odd.string(Tag.SOPInstanceUID);
        refused(dicomweb(oddPath + "/frames/1"));
        refused(dicomweb(oddPath + "/rendered"));

        HttpResponse<String> found = dicomweb("/dicom-web/studies?PatientID=" + PATIENT_ID + "&PatientName=" + FAMILY
                + "*&AccessionNumber=" + ACCESSION);
        assertThat(found.statusCode())
                .as("the canary is found by those who may")
                .isEqualTo(200);
        assertThat(found.body()).contains(PATIENT_ID);
        refused(dicomweb("/dicom-web/studies?StudyDate=" + FAMILY));
        refused(dicomweb("/dicom-web/studies?limit=" + PATIENT_ID));
        refused(dicomweb("/dicom-web/studies?StudyInstanceUID=" + ACCESSION));
        refusedOrNot(dicomweb("/dicom-web/studies?includefield=" + FAMILY));
        refused(dicomweb("/dicom-web/studies/" + PATIENT_ID + "/metadata"));
        refused(dicomweb("/dicom-web/studies/" + study + "/series/" + ACCESSION + "/metadata"));
        refused(dicomweb("/dicom-web/studies/" + study + "/instances/" + PATIENT_ID));
        refused(dicomweb("/dicom-web/" + FAMILY));
        String path = "/dicom-web/studies/" + study + "/series/" + slice.string(Tag.SeriesInstanceUID) + "/instances/"
                + instance;
        refused(dicomweb(path + "/frames/" + PATIENT_ID));
        refused(dicomweb(path + "/rendered?window=" + FAMILY));
        refused(dicomweb(path + "/rendered?viewport=" + ACCESSION));
        refused(hub.send(hub.request(path).setHeader("Accept", "image/" + FAMILY)));
        refused(hub.send(hub.request(path)
                .setHeader("Accept", "application/dicom+json")
                .method("PUT", HttpRequest.BodyPublishers.ofString(FAMILY))));
    }

    private HttpResponse<String> dicomweb(String path) {
        return hub.send(hub.request(path).setHeader("Accept", "*/*"));
    }

    // ---- DIMSE ------------------------------------------------------------------------------------------------------

    private void dimse() throws Exception {
        Peers.make(hub);
        DicomDataset slice = canary(TestStudies.uid());
        Path good = Files.write(folder.resolve("good.dcm"), file(slice));
        Dcmtk.Outcome stored =
                Dcmtk.storescu(folder.resolve("log"), hub.dimsePort(), "MODALITY1", List.of("-xe"), good);
        assertThat(stored.output()).contains("Received Store Response (Success)");
        Path other = Files.write(folder.resolve("other.dcm"), file(with(slice, Tag.InstanceNumber, VR.IS, "9")));
        Dcmtk.storescu(folder.resolve("log"), hub.dimsePort(), "MODALITY1", List.of("-xe"), other);
        Path lost = Files.write(
                folder.resolve("lost.dcm"),
                file(without(with(slice, Tag.SOPInstanceUID, VR.UI, TestStudies.uid()), Tag.StudyInstanceUID)));
        Dcmtk.storescu(folder.resolve("log"), hub.dimsePort(), "MODALITY1", List.of("-xe"), lost);
        Dcmtk.storescu(folder.resolve("log"), hub.dimsePort(), "NOBODY", List.of("-xe"), good);
    }

    // ---- FHIR -------------------------------------------------------------------------------------------------------

    private void fhir() {
        Patient patient = new Patient();
        patient.addIdentifier().setSystem("urn:test").setValue(PATIENT_ID);
        patient.addName().setText(HAN).setFamily(FAMILY);
        HttpResponse<String> created = hub.create(patient);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String id = hub.parse(Patient.class, created.body()).getIdElement().getIdPart();
        assertThat(hub.search("Patient?name=" + encode(HAN)).getTotal()).isPositive();
        assertThat(hub.get("/fhir/Patient/" + id).body()).contains(FAMILY);

        for (String query : List.of(
                "Patient?birthdate=" + FAMILY,
                "Patient?_lastUpdated=" + PATIENT_ID,
                "Patient?_count=" + PATIENT_ID,
                "Patient?_sort=" + FAMILY,
                "Patient?_include=" + FAMILY,
                "Patient?_revinclude=Observation:" + FAMILY,
                "Patient?_has:Observation:patient:code:x=" + FAMILY,
                "Patient?gender:" + FAMILY + "=x",
                "Patient?_summary=" + FAMILY,
                "Patient?_total=" + FAMILY,
                "Patient?_elements=" + FAMILY + "&_format=" + FAMILY,
                "Observation?value-quantity=" + FAMILY,
                "Observation?code-value-quantity=" + FAMILY,
                "Observation?date=" + FAMILY + "&patient.name=" + FAMILY,
                "Observation?patient=" + FAMILY + "/" + PATIENT_ID,
                "ImagingStudy?identifier=" + ACCESSION + "&started=" + FAMILY,
                "Patient/" + PATIENT_ID,
                "Patient/" + PATIENT_ID + "/_history/" + PATIENT_ID,
                "Patient/" + id + "/$" + FAMILY,
                FAMILY + "/" + PATIENT_ID,
                "ValueSet/$expand?url=urn:" + FAMILY)) {
            refusedOrNot(hub.get("/fhir/" + query));
        }
        for (String body : List.of(
                "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"" + FAMILY,
                "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"" + FAMILY + "\",}],\"gender\":\"" + HAN + "\"}",
                "{\"resourceType\":\"Patient\",\"gender\":\"" + FAMILY + "\"}",
                "{\"resourceType\":\"Patient\",\"birthDate\":\"" + PATIENT_ID + "\"}",
                "{\"resourceType\":\"Patient\",\"name\":\"" + FAMILY + "\"}",
                "{\"resourceType\":\"Patient\",\"" + FAMILY + "\":\"" + PATIENT_ID + "\"}",
                "{\"resourceType\":\"" + FAMILY + "\"}",
                "{\"resourceType\":\"Patient\",\"managingOrganization\":{\"reference\":\"Organization/" + PATIENT_ID
                        + "\"}}",
                "{\"resourceType\":\"Patient\",\"generalPractitioner\":[{\"reference\":\"" + FAMILY + "/1\"}]}",
                FAMILY)) {
            refusedOrNot(hub.post("/fhir/Patient", body));
        }
        refusedOrNot(hub.send(hub.request("/fhir/Patient")
                .header("Content-Type", "application/fhir+xml")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "<Patient xmlns=\"http://hl7.org/fhir\"><birthDate value=\"" + FAMILY + "\"/><name>"))));
        refusedOrNot(hub.send(hub.request("/fhir/Patient")
                .header("Content-Type", "text/" + FAMILY)
                .POST(HttpRequest.BodyPublishers.ofString(FAMILY))));
        refusedOrNot(hub.send(hub.request("/fhir/Patient/" + id)
                .header("Content-Type", "application/json-patch+json")
                .method(
                        "PATCH",
                        HttpRequest.BodyPublishers.ofString(
                                "[{\"op\":\"replace\",\"path\":\"/" + FAMILY + "\",\"value\":\"" + HAN + "\"}]"))));
        refusedOrNot(hub.send(hub.request("/fhir/Patient")
                .header("Content-Type", "application/fhir+json")
                .header("If-None-Exist", FAMILY + "=" + PATIENT_ID)
                .POST(HttpRequest.BodyPublishers.ofString("{\"resourceType\":\"Patient\"}"))));
        refusedOrNot(hub.send(hub.request("/fhir/Patient?" + "identifier=" + PATIENT_ID)
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"resourceType\":\"Patient\",\"id\":\"" + FAMILY + "\"}"))));
        refusedOrNot(hub.post(
                "/fhir",
                "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":{\"resourceType\":"
                        + "\"Patient\",\"name\":[{\"family\":\"" + FAMILY
                        + "\"}]},\"request\":{\"method\":\"PUT\",\"url\":"
                        + "\"Patient/" + FAMILY + "\"}},{\"request\":{\"method\":\"GET\",\"url\":\"Patient?birthdate="
                        + FAMILY + "\"}}]}"));
        refusedOrNot(hub.post(
                "/fhir/Subscription",
                "{\"resourceType\":\"Subscription\",\"status\":\"requested\",\"reason\":\"" + HAN + "\",\"criteria\":\""
                        + FAMILY + "?name=" + PATIENT_ID
                        + "\",\"channel\":{\"type\":\"rest-hook\",\"endpoint\":\"http://"
                        + "127.0.0.1:9/" + "x\"}}"));
        // A value that no column of the database holds.
        Patient large = new Patient();
        large.addIdentifier().setSystem("urn:test").setValue(PATIENT_ID.repeat(300));
        large.addName().setFamily(FAMILY.repeat(300));
        refusedOrNot(hub.create(large));
    }

    // ---- the edges --------------------------------------------------------------------------------------------------

    /** What never gets as far as a door. */
    private void brokenRequests() throws IOException {
        String host = "\r\nHost: localhost\r\nConnection: close\r\n";
        for (String head : List.of(
                "GET /fhir/Patient?name=<" + FAMILY + "> HTTP/1.1" + host,
                "GET /fhir/Patient?name=" + HAN + " HTTP/1.1" + host,
                FAMILY + " /fhir/Patient HTTP/1.1" + host,
                "GET /fhir/Patient HTTP/9.9" + host,
                "GET /" + FAMILY + "/%zz HTTP/1.1" + host,
                "GET /" + FAMILY + " HTTP/1.1" + host,
                "GET /fhir/Patient HTTP/1.1" + host + FAMILY + " : x\r\n",
                "GET /fhir/Patient HTTP/1.1" + host + "Authorization: Bearer " + FAMILY + "\r\n",
                "GET /dicom-web/studies?PatientName=" + FAMILY + " HTTP/1.1" + host + "Authorization: " + FAMILY
                        + "\r\n",
                "POST /oauth2/token HTTP/1.1" + host + "Content-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: " + (11 + FAMILY.length()) + "\r\n\r\ngrant_type=" + FAMILY,
                "GET /login?error=" + FAMILY + " HTTP/1.1" + host)) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                socket.setSoTimeout(20_000);
                OutputStream out = socket.getOutputStream();
                out.write((head + "\r\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                refusals++;
                look("answer to `" + masked(head.lines().findFirst().orElse("")) + "`", answer);
            }
        }
    }

    private int port() {
        return java.net.URI.create(hub.base()).getPort();
    }

    /** Faults of other makers' code carry what it worked on in their messages; the log shows where, not what. */
    private void fault() {
        LoggerFactory.getLogger("com.example.library")
                .error(
                        "a library failed",
                        new IllegalStateException(
                                "cannot insert (" + FAMILY + ")", new IOException("while reading " + PATIENT_ID)));
        assertThat(hub.bean(ImagingStudyProjector.class).isRunning()).isTrue();
    }

    // ---- the canary -------------------------------------------------------------------------------------------------

    private static DicomDataset canary(String study) {
        return TestStudies.slice(study, TestStudies.uid(), 1, PATIENT_ID).toBuilder()
                .put(Tag.PatientName, VR.PN, FAMILY + "^Piep=" + HAN)
                .put(Tag.AccessionNumber, VR.SH, ACCESSION)
                .build();
    }

    private static DicomDataset with(DicomDataset dataset, int tag, VR vr, String value) {
        return dataset.toBuilder().put(tag, vr, value).build();
    }

    private static DicomDataset without(DicomDataset dataset, int tag) {
        DicomDataset.Builder builder = dataset.toBuilder();
        builder.remove(tag);
        return builder.build();
    }

    private static byte[] file(DicomDataset dataset) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomWriter.writeFile(
                out,
                DicomWriter.fileMeta(
                        String.valueOf(dataset.string(Tag.SOPClassUID)),
                        String.valueOf(dataset.string(Tag.SOPInstanceUID)),
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
                dataset,
                null);
        return out.toByteArray();
    }

    // ---- looking ----------------------------------------------------------------------------------------------------

    /** An answer that must be an error, and must not tell what was asked. */
    private void refused(HttpResponse<String> answer) {
        if (answer.statusCode() < 400 || answer.statusCode() >= 500) {
            leaks.add(answer.statusCode() + " for " + masked(answer.request().method() + " " + answer.uri()));
        }
        refusedOrNot(answer);
    }

    /** An answer that must not tell what was asked if it is an error. */
    private void refusedOrNot(HttpResponse<String> answer) {
        if (answer.statusCode() >= 500) {
            leaks.add(answer.statusCode() + " for " + masked(answer.request().method() + " " + answer.uri()));
        }
        if (answer.statusCode() >= 400) {
            refusals++;
            look(
                    answer.statusCode() + " for " + masked(answer.request().method() + " " + answer.uri()),
                    answer.body() + answer.headers());
        }
    }

    private void look(String where, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (String canary : CANARIES) {
            int at = lower.indexOf(canary.toLowerCase(Locale.ROOT));
            int encoded = lower.indexOf(encode(canary).toLowerCase(Locale.ROOT));
            if (at >= 0 || encoded >= 0) {
                int begin = Math.max(0, Math.max(at, encoded) - 150);
                leaks.add(where + ": ..." + text.substring(begin, Math.min(text.length(), begin + 300)));
                return;
            }
        }
    }

    private static String masked(String text) {
        String masked = text;
        for (String canary : CANARIES) {
            masked = masked.replace(canary, "*");
        }
        return masked;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
