package org.trefoilhub.hub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.TestStudies;

/** Real files in through STOW-RS, their ImagingStudies out through FHIR, and nothing for those who bring no token. */
@Timeout(900)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AcceptanceE2E {

    private static final Logger log = LoggerFactory.getLogger(AcceptanceE2E.class);
    private static final String ERROR_CODE = "https://trefoil-hub.org/fhir/CodeSystem/error-code";

    private final HubFixture hub = HubFixture.onH2();

    /** What FHIR has to say of a study, taken from the files themselves. */
    private static final class Expected {
        private final Set<String> series = new HashSet<>();
        private final Set<String> modalities = new TreeSet<>();
        private final Set<String> patientIds = new HashSet<>();
        private int instances;

        private void add(DicomDataset head) {
            instances++;
            series.add(String.valueOf(head.string(Tag.SeriesInstanceUID)));
            String modality = head.string(Tag.Modality);
            if (modality != null) {
                modalities.add(modality);
            }
            String patientId = head.string(Tag.PatientID);
            patientIds.add(patientId == null ? "" : patientId.strip());
        }
    }

    @Test
    @Order(1)
    void shouldShowEveryStoredStudyInFhir() throws Exception {
        Corpus corpus = Corpus.find();
        Map<String, Expected> studies = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        long began = System.nanoTime();
        for (Path file : corpus.addressable()) {
            HttpResponse<String> response = Stow.send(hub, Files.readAllBytes(file));
            if (response.statusCode() == 200 || response.statusCode() == 202) {
                DicomDataset head = Corpus.head(file);
                studies.computeIfAbsent(String.valueOf(head.string(Tag.StudyInstanceUID)), uid -> new Expected())
                        .add(head);
            } else {
                problems.add(corpus.name(file) + ": " + response.statusCode() + " " + response.body());
            }
        }
        assertThat(problems).isEmpty();
        assertThat(studies).isNotEmpty();
        long stored = System.nanoTime();

        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Expected> entry : studies.entrySet()) {
            Expected expected = entry.getValue();
            ImagingStudy study = ImagingStudies.await(
                    hub,
                    entry.getKey(),
                    Duration.ofSeconds(60),
                    one -> one.getNumberOfInstances() >= expected.instances);
            wrong.addAll(differences(entry.getKey(), expected, study));
        }
        log.warn(
                "{} files of {} stored in {} ms; their {} ImagingStudies were found {} ms later",
                corpus.addressable().size(),
                corpus.folder(),
                Duration.ofNanos(stored - began).toMillis(),
                studies.size(),
                Duration.ofNanos(System.nanoTime() - stored).toMillis());
        assertThat(wrong).isEmpty();
    }

    private List<String> differences(String uid, Expected expected, ImagingStudy study) {
        List<String> wrong = new ArrayList<>();
        if (study.getNumberOfInstances() != expected.instances) {
            wrong.add(uid + ": " + study.getNumberOfInstances() + " instances, not " + expected.instances);
        }
        if (study.getNumberOfSeries() != expected.series.size()) {
            wrong.add(uid + ": " + study.getNumberOfSeries() + " series, not " + expected.series.size());
        }
        Set<String> modalities =
                study.getModality().stream().map(Coding::getCode).collect(Collectors.toCollection(TreeSet::new));
        if (!modalities.equals(expected.modalities)) {
            wrong.add(uid + ": modalities " + modalities + ", not " + expected.modalities);
        }
        if (study.getSubject().hasReference()) {
            HttpResponse<String> answer = hub.get("/fhir/" + study.getSubject().getReference());
            boolean right = answer.statusCode() == 200
                    && hub.parse(Patient.class, answer.body()).getIdentifier().stream()
                            .anyMatch(identifier ->
                                    identifier.getSystem().startsWith("https://trefoil-hub.org/fhir/sid/patient-id")
                                            && expected.patientIds.contains(identifier.getValue()));
            if (!right) {
                wrong.add(uid + ": refers to another patient than the files name");
            }
        } else if (!expected.patientIds.contains("")) {
            wrong.add(uid + ": refers to no patient, though every file names one");
        } else if (!uid.equals(study.getSubject().getIdentifier().getValue())) {
            wrong.add(uid + ": has no logical reference to a patient to be found");
        }
        return wrong;
    }

    /** An object without valid UIDs cannot be addressed, so no store can keep it: refused, with a reason, and only those. */
    @Test
    void shouldRefuseWithAReasonWhatHasNoUids() throws Exception {
        Corpus corpus = Corpus.find();
        Map<String, String> refused = new TreeMap<>();
        for (Path file : corpus.unaddressable()) {
            HttpResponse<String> response = Stow.send(hub, Files.readAllBytes(file));
            assertThat(response.statusCode()).as(corpus.name(file)).isEqualTo(409);
            refused.put(corpus.name(file), reason(corpus.name(file), response));
        }
        log.warn("{} files without UIDs refused: {}", refused.size(), refused);
        // The shared data hold such files, the demo hospital does not.
        assertThat(refused).hasSameSizeAs(corpus.unaddressable());
        assertThat(refused.values()).allMatch(reason -> reason.startsWith("C000 TREFOIL-DWB-"));
    }

    /**
     * Broken files are refused with a reason or stored with what can be read, one by one, and the door stays open. They
     * come after the sound files, whose SOP Instance UIDs some of them carry.
     */
    @Test
    @Order(2)
    void shouldSurviveBrokenFiles() throws Exception {
        Corpus corpus = Corpus.find();
        int stored = 0;
        Map<String, String> refused = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (Path file : corpus.broken()) {
            String name = corpus.name(file);
            HttpResponse<String> response = Stow.send(hub, Files.readAllBytes(file));
            switch (response.statusCode()) {
                case 200, 202 -> {
                    stored++;
                    if (!isAddressable(file)) {
                        problems.add(name + ": stored, but nothing can address it");
                    }
                }
                case 409 -> refused.put(name, reason(name, response));
                default -> problems.add(name + ": " + response.statusCode());
            }
        }
        log.warn("{} broken files: {} stored, refused: {}", corpus.broken().size(), stored, refused);
        assertThat(problems).isEmpty();
        assertThat(hub.store(TestStudies.slice(TestStudies.uid(), TestStudies.uid(), 1, "A-" + UUID.randomUUID()))
                        .statusCode())
                .isEqualTo(200);
    }

    private static boolean isAddressable(Path file) {
        try {
            return Corpus.isAddressable(Corpus.head(file));
        } catch (IOException e) {
            return false;
        }
    }

    /** Failure Reason and code of the one object that was refused. */
    private static String reason(String name, HttpResponse<String> response) throws IOException {
        List<DicomDataset> failures = Stow.failures(Stow.answer(response));
        assertThat(failures).as(name).hasSize(1);
        String comment = failures.get(0).string(Tag.ErrorComment);
        assertThat(failures.get(0).integer(Tag.FailureReason)).as(name).isPresent();
        assertThat(comment).as(name).matches("TREFOIL-(DWB|DCM)-\\d{4}: .+");
        return "%04X %s".formatted(failures.get(0).integer(Tag.FailureReason).getAsInt(), comment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fhir/Patient", "/fhir/ImagingStudy?_summary=count", "/fhir/Patient/1/_history"})
    void shouldAskForATokenAtTheFhirDoor(String path) {
        for (HttpRequest.Builder request : withoutToken(path)) {
            HttpResponse<String> answer = hub.send(request);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Bearer");
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/fhir+json");
            OperationOutcome outcome = hub.parse(OperationOutcome.class, answer.body());
            assertThat(outcome.getIssueFirstRep().getCode()).isEqualTo(OperationOutcome.IssueType.LOGIN);
            assertThat(outcome.getIssueFirstRep()
                            .getDetails()
                            .getCodingFirstRep()
                            .getSystem())
                    .isEqualTo(ERROR_CODE);
            assertThat(outcome.getIssueFirstRep()
                            .getDetails()
                            .getCodingFirstRep()
                            .getCode())
                    .startsWith("TREFOIL-");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dicom-web/studies",
                "/dicom-web/instances?limit=1",
                "/dicom-web/studies/1.2/metadata",
                "/actuator/prometheus"
            })
    void shouldAskForATokenAtTheOtherDoors(String path) {
        for (HttpRequest.Builder request : withoutToken(path)) {
            HttpResponse<String> answer = hub.send(request);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Bearer");
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
            assertThat(answer.body()).contains("\"status\":401").contains("\"code\":\"TREFOIL-");
        }
    }

    @Test
    void shouldStoreNothingWithoutAToken() {
        HttpResponse<String> answer = hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/dicom-web/studies"))
                .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=x")
                .POST(HttpRequest.BodyPublishers.ofString("--x--")));
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    private List<HttpRequest.Builder> withoutToken(String path) {
        URI address = URI.create(hub.base() + path);
        return List.of(
                HttpRequest.newBuilder(address),
                HttpRequest.newBuilder(address).header("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),
                HttpRequest.newBuilder(address).header("Authorization", "Basic Y29uZm9ybWFuY2U6eA=="));
    }
}
