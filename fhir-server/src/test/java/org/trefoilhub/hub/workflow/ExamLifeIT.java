package org.trefoilhub.hub.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.hub.fixture.TestStudies;

/** The exam's life through the FHIR door. */
class ExamLifeIT {

    private static final List<String> COURSE = List.of(
            "booked",
            "checked-in",
            "in-exam",
            "examined",
            "writing",
            "preliminary",
            "verified",
            "released",
            "printed",
            "recalled");

    private static Exams exams;

    @BeforeAll
    static void hub() {
        exams = new Exams();
    }

    private static Instant start() {
        return Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
    }

    @Test
    @Tag("SHR-1")
    @DisplayName(
            "SHR-1: one exam through its states, with times, actors and columns; what is skipped or reversed is flagged")
    void oneExamThroughAllStates() {
        Instant start = start();
        Exams.Exam exam = exams.exam(start);
        Map<String, List<String>> columns = Map.of(
                "booked", List.of("active", "booked", "registered"),
                "checked-in", List.of("active", "checked-in", "registered"),
                "in-exam", List.of("active", "arrived", "registered"),
                "examined", List.of("active", "fulfilled", "registered"),
                "writing", List.of("active", "fulfilled", "partial"),
                "preliminary", List.of("active", "fulfilled", "preliminary"),
                "verified", List.of("active", "fulfilled", "final"),
                "released", List.of("completed", "fulfilled", "final"),
                "printed", List.of("completed", "fulfilled", "final"),
                "recalled", List.of("completed", "fulfilled", "final"));
        for (int i = 0; i < COURSE.size(); i++) {
            String to = COURSE.get(i);
            if (to.equals("examined")) {
                // Skipped and reversed: kept, and nothing moves.
                moved(
                        exams.report(exam.task(), "writing", start.plusSeconds(1_000)),
                        "in-exam",
                        "unexpected-transition");
                moved(exams.report(exam.task(), "booked", start.plusSeconds(1)), "in-exam", "late");
            }
            moved(
                    exams.report(exam.task(), to, start.plusSeconds(60L * (i + 1))),
                    to.equals("examined") ? "writing" : to,
                    "transition");
            if (to.equals("examined")) {
                // What was skipped has come, so what waited is taken; the course goes on from there.
                assertThat(exams.read(Task.class, exam.task()).getLastModified().toInstant())
                        .isEqualTo(start.plusSeconds(1_000));
                start = start.plusSeconds(1_000);
                i++;
                to = "writing";
            }
            assertThat(List.of(
                            exams.read(ServiceRequest.class, exam.order())
                                    .getStatus()
                                    .toCode(),
                            exams.read(Appointment.class, exam.appointment())
                                    .getStatus()
                                    .toCode(),
                            exams.read(DiagnosticReport.class, exam.report())
                                    .getStatus()
                                    .toCode()))
                    .as(to)
                    .isEqualTo(columns.get(to));
            assertThat(exams.read(DiagnosticReport.class, exam.report()).hasIssued())
                    .as("issued of %s", to)
                    .isEqualTo(i >= COURSE.indexOf("released"));
        }

        List<Provenance> trace = exams.trace(exam.task());
        assertThat(trace.stream().map(Exams::event).filter(event -> event.startsWith("transition")))
                .containsExactly(
                        "transition requested",
                        "transition booked",
                        "transition checked-in",
                        "transition in-exam",
                        "transition examined",
                        "transition writing",
                        "transition preliminary",
                        "transition verified",
                        "transition released",
                        "transition printed",
                        "transition recalled");
        assertThat(trace.stream().map(Exams::event)).contains("unexpected-transition writing", "late booked");
        assertThat(trace).allSatisfy(each -> {
            assertThat(each.getRecorded())
                    .isAfterOrEqualTo(each.getOccurredDateTimeType().getValue());
            assertThat(each.getAgentFirstRep().getWho().getIdentifier().getValue())
                    .isEqualTo("conformance");
        });
        assertThat(exams.read(Task.class, exam.task()).getStatus()).isEqualTo(Task.TaskStatus.COMPLETED);

        Task revision = (Task) exams.hub
                .search("Task?focus=" + exam.report())
                .getEntryFirstRep()
                .getResource();
        assertThat(revision.getCode().getCodingFirstRep().getCode()).isEqualTo("report-revision");
        assertThat(revision.getStatus()).isEqualTo(Task.TaskStatus.INPROGRESS);
    }

    private static void moved(HttpResponse<String> answer, String state, String outcome) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"" + state + "\"").contains("\"" + outcome + "\"");
    }

    @Test
    @Tag("SHR-1")
    @DisplayName(
            "decision 24: a person's illegal step is refused with the legal ones, by the operation and by plain writes")
    void aPersonsIllegalStepIsRefused() {
        Exams.Exam exam = exams.exam(start());
        HttpResponse<String> refused = exams.advance("radiologist", exam.task(), "released");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        OperationOutcome outcome = exams.hub.parse(OperationOutcome.class, refused.body());
        assertThat(outcome.getIssueFirstRep().getDetails().getCodingFirstRep().getCode())
                .isEqualTo("TREFOIL-WFL-0001");
        assertThat(outcome.getIssue().stream()
                        .skip(1)
                        .map(issue -> issue.getDetails().getCodingFirstRep().getCode()))
                .contains("booked", "checked-in", "cancelled")
                .doesNotContain("released", "in-exam");

        Task task = exams.read(Task.class, exam.task());
        task.setBusinessStatus(
                new CodeableConcept().addCoding(new Coding(Machines.EXAM_PROCESS.codeSystem(), "released", null)));
        HttpResponse<String> put = exams.send("radiologist", "PUT", "/fhir/" + exam.task(), Exams.json(task));
        assertThat(put.statusCode()).as(put.body()).isEqualTo(422);
        String patch =
                """
                {"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"PUT","url":"%s"},"resource":%s}]}"""
                        .formatted(exam.task(), Exams.json(task));
        assertThat(exams.send("radiologist", "POST", "/fhir", patch).statusCode())
                .isEqualTo(422);
        assertThat(exams.send(
                                "radiologist",
                                "PATCH",
                                "/fhir/" + exam.task(),
                                "[{\"op\":\"replace\",\"path\":\"/status\",\"value\":\"completed\"}]")
                        .statusCode())
                .isIn(415, 422, 400);
        assertThat(exams.state(exam.task())).isEqualTo("requested");

        // The same write by a source is kept as an event and moves nothing.
        HttpResponse<String> told = exams.hub.send(exams.hub
                .request("/fhir/" + exam.task())
                .header("Content-Type", "application/fhir+json")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(Exams.json(task))));
        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        assertThat(exams.state(exam.task())).isEqualTo("requested");
        assertThat(exams.trace(exam.task()).stream().map(Exams::event)).contains("unexpected-transition released");

        // A legal plain write is a step like any other.
        Task now = exams.read(Task.class, exam.task());
        now.setBusinessStatus(
                new CodeableConcept().addCoding(new Coding(Machines.EXAM_PROCESS.codeSystem(), "checked-in", null)));
        put = exams.send("radiologist", "PUT", "/fhir/" + exam.task(), Exams.json(now));
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        now = exams.read(Task.class, exam.task());
        assertThat(now.getStatus()).isEqualTo(Task.TaskStatus.READY);
        assertThat(exams.trace(exam.task()).stream()
                        .filter(each -> Exams.event(each).equals("transition checked-in"))
                        .map(each ->
                                each.getAgentFirstRep().getWho().getIdentifier().getValue()))
                .containsExactly("radiologist");
    }

    @Test
    @DisplayName("decision 25: verify, send back, release, recall and release again; a source never regresses a report")
    void aReportIsSignedReleasedAndRecalled() {
        Exams.Exam exam = exams.exam(start());
        String doctor = "radiologist";
        for (String to : List.of("checked-in", "in-exam", "examined", "writing")) {
            assertThat(exams.advance(doctor, exam.task(), to).statusCode())
                    .as(to)
                    .isEqualTo(200);
        }
        assertThat(operation(doctor, exam, "$release").statusCode()).isEqualTo(422);
        assertThat(operation(doctor, exam, "$verify").statusCode()).isEqualTo(200);
        assertThat(exams.state(exam.task())).isEqualTo("verified");
        assertThat(exams.advance(doctor, exam.task(), "writing").statusCode()).isEqualTo(200);
        assertThat(report(exam).getStatus()).isEqualTo(DiagnosticReport.DiagnosticReportStatus.PARTIAL);
        assertThat(operation(doctor, exam, "$verify").statusCode()).isEqualTo(200);
        assertThat(report(exam).hasIssued()).isFalse();
        HttpResponse<String> released = operation(doctor, exam, "$release");
        assertThat(released.statusCode()).as(released.body()).isEqualTo(200);
        assertThat(exams.state(exam.task())).isEqualTo("released");
        DiagnosticReport out = report(exam);
        assertThat(out.getIssued()).isCloseTo(java.util.Date.from(Instant.now()), 60_000);
        assertThat(exams.advance(doctor, exam.task(), "writing").statusCode())
                .as("send back after release")
                .isEqualTo(422);
        assertThat(exams.hub
                        .send(exams.hub.request("/fhir/" + exam.report()).DELETE())
                        .statusCode())
                .isEqualTo(422);

        DiagnosticReport early = out.copy();
        early.setStatus(DiagnosticReport.DiagnosticReportStatus.PRELIMINARY).setIssued(null);
        early.setConclusion("旧内容");
        HttpResponse<String> regress = put(exam.report(), early);
        assertThat(regress.statusCode()).as(regress.body()).isEqualTo(200);
        assertThat(report(exam).getStatus()).isEqualTo(DiagnosticReport.DiagnosticReportStatus.FINAL);
        assertThat(report(exam).hasConclusion()).isFalse();
        assertThat(exams.trace(exam.report()).stream().map(Exams::event)).contains("unexpected-transition preliminary");

        assertThat(operation(doctor, exam, "$recall").statusCode()).isEqualTo(400);
        HttpResponse<String> recalled = exams.send(
                doctor,
                "POST",
                "/fhir/" + exam.report() + "/$recall",
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"reason\",\"valueString\":\"左右写反\"}]}");
        assertThat(recalled.statusCode()).as(recalled.body()).isEqualTo(200);
        assertThat(exams.state(exam.task())).isEqualTo("recalled");
        assertThat(report(exam).getMeta().getTag(States.RELEASE_STATE, States.RECALLED))
                .isNotNull();
        Task revision = (Task) exams.hub
                .search("Task?focus=" + exam.report())
                .getEntryFirstRep()
                .getResource();
        assertThat(revision.getReasonCode().getText()).isEqualTo("左右写反");
        assertThat(operation(doctor, exam, "$release").statusCode()).isEqualTo(422);

        DiagnosticReport corrected = report(exam);
        corrected.setStatus(DiagnosticReport.DiagnosticReportStatus.CORRECTED).setConclusion("右肺");
        HttpResponse<String> written = exams.send(doctor, "PUT", "/fhir/" + exam.report(), Exams.json(corrected));
        assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
        assertThat(report(exam).getMeta().getTag(States.RELEASE_STATE, States.RECALLED))
                .isNotNull();
        HttpResponse<String> again = operation(doctor, exam, "$release");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(report(exam).getMeta().getTag(States.RELEASE_STATE, States.RECALLED))
                .isNull();
        assertThat(report(exam).getStatus()).isEqualTo(DiagnosticReport.DiagnosticReportStatus.CORRECTED);
        assertThat(exams.state(exam.task())).isEqualTo("released");
        assertThat(exams.read(Task.class, "Task/" + revision.getIdElement().getIdPart())
                        .getStatus())
                .isEqualTo(Task.TaskStatus.COMPLETED);
    }

    private static HttpResponse<String> operation(String user, Exams.Exam exam, String name) {
        return exams.send(user, "POST", "/fhir/" + exam.report() + "/" + name, "{\"resourceType\":\"Parameters\"}");
    }

    private static DiagnosticReport report(Exams.Exam exam) {
        HttpResponse<String> answer = exams.send("radiologist", "GET", "/fhir/" + exam.report(), null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return exams.hub.parse(DiagnosticReport.class, answer.body());
    }

    private static HttpResponse<String> put(String reference, DiagnosticReport report) {
        return exams.hub.send(exams.hub
                .request("/fhir/" + reference)
                .header("Content-Type", "application/fhir+json")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(Exams.json(report))));
    }

    @Test
    @DisplayName(
            "domain §1.2: a draft is its author's alone, a verified or recalled report its department's, a released one the policy's")
    void anUnreleasedReportIsHidden() {
        Exams.Exam exam = exams.exam(start());
        String author = "radiologist";
        for (String to : List.of("checked-in", "in-exam", "examined", "writing")) {
            assertThat(exams.advance(author, exam.task(), to).statusCode())
                    .as(to)
                    .isEqualTo(200);
        }
        seen(exam, author, true);
        seen(exam, "radiologist2", false);
        outside(exam, false);
        HttpResponse<String> written =
                exams.send("radiologist2", "PUT", "/fhir/" + exam.report(), Exams.json(report(exam)));
        assertThat(written.statusCode()).as(written.body()).isEqualTo(404);

        assertThat(exams.advance(author, exam.task(), "preliminary").statusCode())
                .isEqualTo(200);
        seen(exam, "radiologist2", true);
        outside(exam, true);

        assertThat(operation(author, exam, "$verify").statusCode()).isEqualTo(200);
        seen(exam, "radiologist2", true);
        outside(exam, false);

        assertThat(operation("radiologist2", exam, "$release").statusCode()).isEqualTo(200);
        outside(exam, true);

        assertThat(exams.advance(author, exam.task(), "recalled", "{\"name\":\"reason\",\"valueString\":\"左右写反\"}")
                        .statusCode())
                .isEqualTo(200);
        seen(exam, "radiologist2", true);
        outside(exam, false);
    }

    /** By id, by search with its count, and in the history. */
    private static void seen(Exams.Exam exam, String user, boolean seen) {
        String path = "/fhir/" + exam.report();
        int expected = seen ? 200 : 404;
        assertThat(exams.send(user, "GET", path, null).statusCode()).as(user).isEqualTo(expected);
        assertThat(exams.send(user, "GET", path + "/_history", null).statusCode())
                .as(user)
                .isEqualTo(expected);
        Bundle found = exams.hub.parse(
                Bundle.class,
                exams.send(user, "GET", "/fhir/DiagnosticReport?based-on=" + exam.order(), null)
                        .body());
        assertThat(found.getTotal()).as(user).isEqualTo(seen ? 1 : 0);
        assertThat(found.getEntry()).hasSize(seen ? 1 : 0);
    }

    /** The client {@code conformance} may see everything of an ordinary patient, and belongs to no department. */
    private static void outside(Exams.Exam exam, boolean seen) {
        assertThat(exams.hub.get("/fhir/" + exam.report()).statusCode()).isEqualTo(seen ? 200 : 404);
        assertThat(exams.hub.search("DiagnosticReport?based-on=" + exam.order()).getTotal())
                .isEqualTo(seen ? 1 : 0);
    }

    @Test
    @Tag("SHR-1")
    @DisplayName(
            "SHR-1: first images stand for the steps that a device did not report; of an exam nobody checked in they are flagged")
    void firstImagesTellThatTheExamIsDone() throws Exception {
        Exams.Exam expected = exams.exam(start());
        exams.report(expected.task(), "checked-in", start().plusSeconds(60));
        Exams.Exam unexpected = exams.exam(start());
        for (Exams.Exam exam : List.of(expected, unexpected)) {
            HttpResponse<String> stored = exams.hub.store(
                    TestStudies.slice(TestStudies.uid(), TestStudies.uid(), 1, "W-" + exam.accession()).toBuilder()
                            .put(org.trefoilhub.dicom.data.Tag.AccessionNumber, VR.SH, exam.accession())
                            .build());
            assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
        }
        for (int i = 0; i < 100 && exams.trace(unexpected.task()).size() < 3; i++) {
            Thread.sleep(200);
        }
        assertThat(exams.state(expected.task())).isEqualTo("examined");
        assertThat(exams.trace(expected.task()).stream().map(Exams::event))
                .contains("transition in-exam", "transition examined");
        assertThat(exams.state(unexpected.task())).isEqualTo("requested");
        assertThat(exams.trace(unexpected.task()).stream().map(Exams::event))
                .contains("unexpected-transition in-exam", "unexpected-transition examined");
    }

    @Test
    @DisplayName("$advance hides Tasks from those who may not see them, and serves no unknown kind")
    void aTaskThatIsHiddenIsAbsent() {
        Exams.Exam exam = exams.exam(start());
        assertThat(exams.advance("ward-doctor", exam.task(), "booked").statusCode())
                .isEqualTo(404);
        assertThat(exams.advance("ward-doctor", "Task/999999999", "booked").statusCode())
                .isEqualTo(404);
        assertThat(exams.send(
                                "ward-doctor",
                                "POST",
                                "/fhir/" + exam.report() + "/$verify",
                                "{\"resourceType\":\"Parameters\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    @Tag("SHR-1")
    @DisplayName(
            "SHR-1: a storm of shuffled and repeated events by concurrent clients ends in the right state of every exam")
    void aStormEndsInTheRightStates() throws Exception {
        int count = 60;
        Instant start = start();
        Random random = new Random(7);
        List<Exams.Exam> all = new ArrayList<>();
        List<Callable<Integer>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Exams.Exam exam = exams.exam(start);
            all.add(exam);
            int until = 1 + i % COURSE.size();
            for (int step = 0; step < until; step++) {
                String to = COURSE.get(step);
                Instant occurred = start.plusSeconds(60L * (step + 1));
                int times = random.nextInt(5) == 0 ? 2 : 1;
                for (int time = 0; time < times; time++) {
                    events.add(() -> exams.report(exam.task(), to, occurred).statusCode());
                }
            }
        }
        Collections.shuffle(events, random);
        ExecutorService clients = Executors.newFixedThreadPool(6);
        try {
            for (Future<Integer> answer : clients.invokeAll(events)) {
                assertThat(answer.get()).isEqualTo(200);
            }
        } finally {
            clients.shutdownNow();
        }
        for (int i = 0; i < count; i++) {
            Task task = exams.read(Task.class, all.get(i).task());
            int last = i % COURSE.size();
            assertThat(task.getBusinessStatus().getCodingFirstRep().getCode()).isEqualTo(COURSE.get(last));
            assertThat(task.getLastModified().toInstant()).isEqualTo(start.plusSeconds(60L * (last + 1)));
            assertThat(task.getExtensionsByUrl(TaskStates.WAITING)).isEmpty();
        }
        Bundle history = exams.hub.parse(
                Bundle.class,
                exams.hub.get("/fhir/" + all.get(9).task() + "/_history").body());
        assertThat(history.getTotal()).isGreaterThan(5);
    }
}
