package org.trefoilhub.hub.critical;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.Login;

/** The loop of a critical value at the hub's own doors. */
class CriticalValueIT {

    private static final String STATUS = "https://trefoil-hub.org/fhir/CodeSystem/critical-status";
    private static CriticalWard ward;

    @BeforeAll
    static void hub() {
        ward = new CriticalWard();
    }

    private static String reference(Task task) {
        return "Task/" + task.getIdElement().getIdPart();
    }

    private static Task found(String report) {
        return ward.await(report, task -> CriticalWard.status(task).equals("found"));
    }

    /** A case that the ward W1 has been told of. */
    private static Task notified(String report) {
        Task task = found(report);
        ward.done(ward.advance("radiologist", task, "audited"));
        ward.done(ward.advance("radiologist2", task, "audited"));
        ward.done(ward.advance("radiologist", task, "notified"));
        return ward.read(task);
    }

    private static String report(CriticalWard.Someone someone) {
        return ward.report(someone, "radiology", "radiologist", "CR-02", "preliminary", null);
    }

    @Test
    @Tag("CRIT-1")
    @Tag("CRIT-2")
    @Tag("CRIT-3")
    @Tag("CRIT-4")
    @Tag("CRIT-16")
    @DisplayName(
            "CRIT-1, 2, 3, 4, 16: two doctors audit, publication tells the ward within 3 s, read-back, handling, note")
    void shouldCloseTheLoop() throws Exception {
        CriticalWard.Someone someone = ward.patient("W1", "IMP", "in-progress");
        String report = ward.report(someone, "radiology", "radiologist", "CR-02", "final", null);
        Task task = found(report);
        assertThat(task.getStatus()).isEqualTo(Task.TaskStatus.REQUESTED);
        assertThat(task.getPriority()).isEqualTo(Task.TaskPriority.STAT);
        assertThat(task.getReasonReference().getReference()).startsWith("Observation/");
        assertThat(task.getFor().getReference()).isEqualTo(someone.patient());
        assertThat(task.getReasonCode().getText()).contains("主动脉夹层");
        assertThat(Duration.between(
                        task.getExecutionPeriod().getStart().toInstant(),
                        task.getRestriction().getPeriod().getEnd().toInstant()))
                .isEqualTo(Duration.ofMinutes(5));

        ward.refused(
                ward.post("radiologist", "/fhir/" + report + "/$release", "{\"resourceType\":\"Parameters\"}"),
                422,
                CriticalErrorCode.NOT_AUDITED);
        ward.refused(ward.advance("ward-nurse", task, "audited"), 403, CriticalErrorCode.NOT_YOURS);
        Parameters first = ward.done(ward.advance("radiologist", task, "audited"));
        assertThat(first.getParameter("status").primitiveValue()).isEqualTo("found");
        assertThat(first.getParameter("signatures").primitiveValue()).isEqualTo("1");
        ward.refused(ward.advance("radiologist", task, "audited"), 422, CriticalErrorCode.SAME_SIGNER);
        ward.refused(ward.advance("radiologist", task, "notified"), 422, CriticalErrorCode.NOT_AUDITED);
        assertThat(ward.done(ward.advance("radiologist2", task, "audited"))
                        .getParameter("status")
                        .primitiveValue())
                .isEqualTo("audited");
        List<Provenance> signatures = ward.found(Provenance.class, "Provenance?target=" + reference(task)).stream()
                .filter(each -> each.hasSignature() && each.getActivity().hasCoding(STATUS, "audited"))
                .toList();
        assertThat(signatures).hasSize(2).allMatch(each -> each.getSignatureFirstRep()
                .hasWhen());
        assertThat(signatures.stream()
                        .map(each ->
                                each.getAgentFirstRep().getWho().getIdentifier().getValue()))
                .containsExactlyInAnyOrder("radiologist", "radiologist2");

        try (CriticalWard.Console nurse = ward.new Console("ward-nurse");
                CriticalWard.Console doctor = ward.new Console("ward-doctor");
                CriticalWard.Console elsewhere = ward.new Console("ward-doctor2");
                CriticalWard.Console exam = ward.new Console("radiologist")) {
            Instant published = Instant.now();
            HttpResponse<String> released =
                    ward.post("radiologist", "/fhir/" + report + "/$release", "{\"resourceType\":\"Parameters\"}");
            assertThat(released.statusCode()).as(released.body()).isEqualTo(200);
            CriticalWard.await(
                    () -> nurse.saw(reference(task), "notified") && doctor.saw(reference(task), "notified")
                            ? Boolean.TRUE
                            : null,
                    Duration.ofSeconds(3));
            assertThat(Duration.between(published, Instant.now())).isLessThan(Duration.ofSeconds(4));

            ward.refused(ward.advance("ward-nurse", task, "received"), 422, CriticalErrorCode.INCOMPLETE);
            ward.refused(
                    ward.advance("ward-nurse", task, "handled", CriticalWard.text("measures", "x")),
                    422,
                    CriticalErrorCode.ILLEGAL_STEP);
            ward.done(ward.advance(
                    "ward-nurse",
                    task,
                    "received",
                    CriticalWard.flag("readBack"),
                    CriticalWard.text("medium", "PHONE")));
            assertThat(ward.read(task).getStatus()).isEqualTo(Task.TaskStatus.RECEIVED);
            Communication notice = ward.found(Communication.class, "Communication?part-of=" + reference(task)).stream()
                    .filter(each -> each.getCategoryFirstRep()
                            .getCodingFirstRep()
                            .getCode()
                            .equals("dept-to-ward"))
                    .findFirst()
                    .orElseThrow();
            assertThat(notice.getStatus()).isEqualTo(Communication.CommunicationStatus.COMPLETED);
            assertThat(notice.hasReceived()).isTrue();
            assertThat(notice.getMediumFirstRep().getCodingFirstRep().getCode()).isEqualTo("PHONE");
            assertThat(notice.getPayload().stream()
                            .map(each -> each.getContentStringType().getValue()))
                    .contains("read-back: yes");
            assertThat(notice.getRecipient().stream()
                            .map(each -> each.getIdentifier().getValue()))
                    .contains("ward-nurse");

            ward.refused(ward.advance("ward-nurse", task, "doctor-informed"), 422, CriticalErrorCode.INCOMPLETE);
            ward.done(ward.advance(
                    "ward-nurse",
                    task,
                    "doctor-informed",
                    "{\"name\":\"recipient\",\"valueReference\":{\"reference\":\""
                            + ward.id("Practitioner", "user", "ward-doctor") + "\"}}"));
            assertThat(ward.read(task).getOwner().getIdentifier().getValue()).isEqualTo("ward-doctor");
            ward.refused(
                    ward.advance("ward-nurse", task, "handled", CriticalWard.text("measures", "给药")),
                    403,
                    CriticalErrorCode.NOT_YOURS);
            ward.refused(ward.advance("ward-doctor", task, "handled"), 422, CriticalErrorCode.INCOMPLETE);
            ward.done(ward.advance("ward-doctor", task, "handled", CriticalWard.text("measures", "立即降压并请血管外科会诊")));
            CriticalWard.await(() -> exam.saw(reference(task), "handled") ? Boolean.TRUE : null, Duration.ofSeconds(5));
            assertThat(ward.get("radiologist", "/fhir/" + reference(task)).body())
                    .as("the performing department reads the handling")
                    .contains("立即降压并请血管外科会诊");
            ward.refused(ward.advance("ward-doctor", task, "noted"), 422, CriticalErrorCode.INCOMPLETE);
            Parameters closed =
                    ward.done(ward.advance("ward-doctor", task, "noted", CriticalWard.text("note", "危急值已处理，病情平稳。")));
            assertThat(closed.getParameter("status").primitiveValue()).isEqualTo("closed");
            assertThat(elsewhere.saw(reference(task), "notified"))
                    .as("another ward hears nothing")
                    .isFalse();
            String stream = String.join("\n", nurse.lines);
            assertThat(stream).doesNotContain("危急者").doesNotContain("主动脉").doesNotContain("CR-02");
        }
        Task last = ward.read(task);
        assertThat(last.getStatus()).isEqualTo(Task.TaskStatus.COMPLETED);
        String note = last.getOutput().stream()
                .filter(each -> each.getType().hasCoding(Words.DETAIL, "note"))
                .map(each -> ((org.hl7.fhir.r4.model.Reference) each.getValue()).getReference())
                .findFirst()
                .orElseThrow();
        DocumentReference document = ward.hub.parse(
                DocumentReference.class, ward.hub.get("/fhir/" + note).body());
        assertThat(document.getType().getText()).isEqualTo("危急值病程记录");
        assertThat(CaseHistory.of(last).stream().map(CaseHistory.Event::code))
                .containsExactly(
                        "found",
                        "signed",
                        "signed",
                        "audited",
                        "notified",
                        "received",
                        "doctor-informed",
                        "handled",
                        "noted",
                        "closed");
        assertThat(ward.found(Provenance.class, "Provenance?target=" + reference(task) + "&_count=50").stream()
                        .map(each -> each.getActivity().getCodingFirstRep().getCode()))
                .contains("found", "audited", "notified", "received", "doctor-informed", "handled", "noted", "closed");
        ward.refused(
                ward.advance("ward-doctor", task, "handled", CriticalWard.text("measures", "x")),
                422,
                CriticalErrorCode.ILLEGAL_STEP);
    }

    @Test
    @Tag("CRIT-1")
    @DisplayName(
            "CRIT-1: a box comes back after a new login; nobody gets events without a token, and none after the logout")
    void shouldTellAgainAfterANewLogin() throws Exception {
        Task task = notified(report(ward.patient("W1", "IMP", "in-progress")));
        for (int i = 0; i < 2; i++) {
            try (CriticalWard.Console again = ward.new Console(Login.person(ward.hub.base(), "ward-nurse"), null)) {
                CriticalWard.await(
                        () -> again.saw(reference(task), "notified") ? Boolean.TRUE : null, Duration.ofSeconds(3));
            }
        }
        assertThat(ward.read(task).getMeta().getVersionId())
                .as("a box changes nothing")
                .isEqualTo(task.getMeta().getVersionId());
        HttpResponse<String> anonymous = ward.hub.send(HttpRequest.newBuilder(URI.create(ward.hub.base() + "/events")));
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(ward.hub.get("/events").statusCode()).as("a system").isEqualTo(403);
    }

    @Test
    @Tag("CRIT-1")
    @DisplayName(
            "CRIT-1: the ward where the patient is now is told, not the one that ordered; a transfer follows the patient")
    void shouldFollowThePatient() {
        CriticalWard.Someone someone = ward.patient("W2", "IMP", "in-progress");
        String report = report(someone);
        Task task = found(report);
        move(someone, "W1");
        ward.done(ward.advance("radiologist", task, "audited"));
        ward.done(ward.advance("radiologist2", task, "audited"));
        ward.done(ward.advance("radiologist", task, "notified"));
        assertThat(ward.read(task).getOwner().getIdentifier().getValue()).isEqualTo("W1");
        ward.refused(
                ward.advance("ward-nurse", task, "transferred", CriticalWard.text("reason", "转科")),
                422,
                CriticalErrorCode.NOT_MOVED);
        move(someone, "W2");
        assertThat(ward.advance("ward-nurse", task, "transferred").statusCode())
                .as("no longer the patient of this nurse")
                .isIn(403, 404);
        ward.done(ward.advance("radiologist", task, "transferred", CriticalWard.text("reason", "患者已转W2")));
        assertThat(CriticalWard.status(ward.read(task))).isEqualTo("transferred");
        Task next = ward.await(report, each -> CriticalWard.status(each).equals("notified"));
        assertThat(next.getPartOfFirstRep().getReference()).isEqualTo(reference(task));
        assertThat(next.getOwner().getIdentifier().getValue()).isEqualTo("W2");
        ward.done(ward.advance("ward-doctor2", next, "received", CriticalWard.flag("readBack")));
        assertThat(CriticalWard.status(ward.read(next)))
                .as("a doctor who receives is informed")
                .isEqualTo("doctor-informed");
    }

    private static void move(CriticalWard.Someone someone, String department) {
        String json = ward.encounter(someone.patient(), department, "IMP", "in-progress")
                .replaceFirst("\\{", "{\"id\":\"" + someone.encounter().substring("Encounter/".length()) + "\",");
        HttpResponse<String> answer = ward.hub.send(ward.hub
                .request("/fhir/" + someone.encounter())
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    @Tag("CRIT-15")
    @DisplayName("CRIT-15: the department handles it itself; no ward is told, all four roles find it")
    void shouldLetTheDepartmentHandleItself() {
        CriticalWard.Someone someone = ward.patient("W1", "IMP", "in-progress");
        String report = ward.report(someone, "endoscopy", "endoscopist", "CN-01", "preliminary", null);
        Task task = found(report);
        ward.refused(
                ward.advance("endoscopist", task, "self-handled", CriticalWard.text("measures", "止血夹夹闭")),
                422,
                CriticalErrorCode.INCOMPLETE);
        ward.done(ward.advance(
                "endoscopist",
                task,
                "self-handled",
                CriticalWard.text("measures", "止血夹夹闭"),
                CriticalWard.text("reason", "镜下已止血")));
        Task done = ward.read(task);
        assertThat(CriticalWard.status(done)).isEqualTo("self-handled");
        assertThat(done.getOwner().getIdentifier().getValue()).isEqualTo("endoscopy");
        assertThat(CaseHistory.time(done, CriticalStep.NOTIFIED)).isEmpty();
        for (String role : List.of("endoscopist", "ward-doctor", "ward-nurse", "medical-affairs")) {
            assertThat(ward.get(role, "/fhir/" + reference(task)).body())
                    .as(role)
                    .contains("止血夹夹闭");
        }
    }

    @Test
    @DisplayName("CRIT-16: a second doctor withdraws; whoever found it cannot; nobody can be reached")
    void shouldWithdrawAndLose() {
        Task task = notified(report(ward.patient("W1", "IMP", "in-progress")));
        ward.refused(
                ward.advance("radiologist", task, "false-positive", CriticalWard.text("reason", "伪影")),
                403,
                CriticalErrorCode.NOT_YOURS);
        ward.refused(ward.advance("radiologist2", task, "false-positive"), 422, CriticalErrorCode.INCOMPLETE);
        ward.done(ward.advance("radiologist2", task, "false-positive", CriticalWard.text("reason", "伪影")));
        assertThat(ward.read(task).getStatus()).isEqualTo(Task.TaskStatus.CANCELLED);
        assertThat(ward.read(task).getStatusReason().getText()).isEqualTo("伪影");

        Task lost = notified(report(ward.patient("W1", "IMP", "in-progress")));
        ward.refused(ward.advance("radiologist", lost, "lost"), 422, CriticalErrorCode.INCOMPLETE);
        ward.done(ward.advance("radiologist", lost, "lost", CriticalWard.text("reason", "三次电话无人接听")));
        assertThat(ward.read(lost).getStatus()).isEqualTo(Task.TaskStatus.FAILED);
        assertThat(ward.read(lost).getOwner().getIdentifier().getValue()).isEqualTo("medical-affairs");
    }

    @Test
    @Tag("CRIT-16")
    @DisplayName("CRIT-16: in an emergency the ward is told first, with a reason, and the signatures follow")
    void shouldCountersignAfterAnEmergency() {
        Task task = found(report(ward.patient("W1", "IMP", "in-progress")));
        ward.refused(
                ward.advance("radiologist", task, "notified", CriticalWard.flag("emergency")),
                422,
                CriticalErrorCode.INCOMPLETE);
        ward.done(ward.advance(
                "radiologist",
                task,
                "notified",
                CriticalWard.flag("emergency"),
                CriticalWard.text("reason", "夜间单人值班")));
        assertThat(CriticalWard.status(ward.read(task))).isEqualTo("notified");
        assertThat(CaseHistory.awaitsCountersign(ward.read(task))).isTrue();
        ward.done(ward.advance("radiologist", task, "audited"));
        ward.refused(ward.advance("radiologist", task, "audited"), 422, CriticalErrorCode.SAME_SIGNER);
        ward.done(ward.advance("radiologist2", task, "audited"));
        assertThat(CaseHistory.awaitsCountersign(ward.read(task))).isFalse();
        assertThat(CriticalWard.status(ward.read(task)))
                .as("a signature does not move it back")
                .isEqualTo("notified");
        ward.refused(ward.advance("radiologist2", task, "audited"), 422, CriticalErrorCode.ILLEGAL_STEP);
    }

    @Test
    @Tag("CRIT-6")
    @Tag("CRIT-5")
    @DisplayName("CRIT-5, 6: each lapse hands the case on, once; what was ever overdue is found by ordinary search")
    void shouldEscalateAndCount() {
        String report = report(ward.patient("W1", "IMP", "in-progress"));
        Task task = notified(report);
        EscalationClock clock = ward.hub.bean(EscalationClock.class);
        Instant told = CaseHistory.time(task, CriticalStep.NOTIFIED).orElseThrow();
        clock.tick(told.plus(Duration.ofMinutes(4)));
        assertThat(ward.read(task).getOwner().getIdentifier().getValue()).isEqualTo("W1");
        clock.tick(told.plus(Duration.ofMinutes(6)));
        Task overdue = ward.read(task);
        assertThat(escalations(overdue)).containsExactly("receive exam-phone", "receive head-nurse");
        assertThat(ward.found(Task.class, "Task?code=critical-phone&part-of=" + reference(task)))
                .hasSize(1);
        clock.tick(told.plus(Duration.ofMinutes(6)));
        assertThat(ward.read(task).getMeta().getVersionId())
                .as("a second look changes nothing")
                .isEqualTo(overdue.getMeta().getVersionId());
        clock.tick(told.plus(Duration.ofMinutes(31)));
        Task risen = ward.read(task);
        assertThat(escalations(risen))
                .containsExactly(
                        "receive exam-phone",
                        "receive head-nurse",
                        "receive department-head",
                        "receive medical-affairs");
        assertThat(risen.getOwner().getIdentifier().getValue()).isEqualTo("medical-affairs");
        assertThat(ward.found(Communication.class, "Communication?part-of=" + reference(task)).stream()
                        .filter(each -> each.getCategoryFirstRep()
                                .getCodingFirstRep()
                                .getCode()
                                .equals("escalation")))
                .hasSize(4);
        ward.done(ward.advance("ward-nurse", task, "received", CriticalWard.flag("readBack")));

        String overdueTag = URLEncoder.encode(Words.LIMIT + "|receive", StandardCharsets.UTF_8);
        String finding = URLEncoder.encode(Words.FINDING + "|CR-02", StandardCharsets.UTF_8);
        String query = "/fhir/Task?code=critical-value&focus=" + report + "&status=received&authored-on=ge"
                + Instant.now().minus(Duration.ofHours(1)) + "&recipient=" + ward.id("Organization", "department", "W1")
                + "&reason-code=" + finding + "&_summary=count";
        for (String role : List.of("medical-affairs", "ward-doctor", "ward-nurse", "radiologist")) {
            HttpResponse<String> all = ward.get(role, query);
            assertThat(all.statusCode()).as(all.body()).isEqualTo(200);
            assertThat(all.body()).as(role).contains("\"total\":1");
            assertThat(ward.get(role, query + "&_tag=" + overdueTag).body())
                    .as(role)
                    .contains("\"total\":1");
        }
        assertThat(ward.get("ward-doctor2", query).body()).as("another ward").contains("\"total\":0");
    }

    private static List<String> escalations(Task task) {
        return CaseHistory.of(task).stream()
                .filter(event -> event.code().equals(CaseHistory.ESCALATED))
                .map(event -> event.limit() + " " + event.target())
                .toList();
    }

    @Test
    @Tag("CRIT-6")
    @DisplayName("decision 16: when no doctor or nurse may see a case, medical affairs are alarmed at once")
    void shouldAlarmWhenNobodyMaySee() {
        CriticalWard.Someone someone = ward.patient("W1", "IMP", "finished");
        HttpResponse<String> labelled = ward.post(
                "steward",
                "/fhir/" + someone.patient() + "/$meta-add",
                """
                {"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"security":[
                 {"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]}}]}""");
        assertThat(labelled.statusCode()).as(labelled.body()).isEqualTo(200);
        DaoRegistry daos = ward.hub.bean(DaoRegistry.class);
        org.hl7.fhir.r4.model.Observation flag = new org.hl7.fhir.r4.model.Observation();
        flag.setStatus(org.hl7.fhir.r4.model.Observation.ObservationStatus.FINAL);
        flag.setSubject(new org.hl7.fhir.r4.model.Reference(someone.patient()));
        flag.setCode(Words.concept(Words.FINDING, "CR-07"));
        flag.addInterpretation(Words.concept(Words.INTERPRETATION, "AA"));
        String observation = daos.getResourceDao(org.hl7.fhir.r4.model.Observation.class)
                .create(flag, new SystemRequestDetails())
                .getId()
                .toUnqualifiedVersionless()
                .getValue();
        DiagnosticReport report = new DiagnosticReport();
        report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
        report.setIssued(java.util.Date.from(Instant.now()));
        report.getCode().setText("颅脑CT");
        report.setSubject(new org.hl7.fhir.r4.model.Reference(someone.patient()));
        report.addPerformer(new org.hl7.fhir.r4.model.Reference(ward.id("Organization", "department", "radiology")));
        report.addResult(new org.hl7.fhir.r4.model.Reference(observation));
        daos.getResourceDao(DiagnosticReport.class).create(report, new SystemRequestDetails());
        Task alarm = CriticalWard.await(
                () -> ward.found(Task.class, "Task?code=critical-alarm").stream()
                        .reduce((first, second) -> second)
                        .orElse(null),
                Duration.ofSeconds(10));
        assertThat(alarm.hasFor()).isFalse();
        assertThat(alarm.getOwner().getIdentifier().getValue()).isEqualTo("medical-affairs");
        assertThat(ward.get("medical-affairs", "/fhir/" + reference(alarm)).statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName(
            "CRIT-1: a report that its source has published tells the ward at once; a recall opens the case again, linked")
    void shouldTakePublishedReportsAndRecalls() {
        CriticalWard.Someone someone = ward.patient("W1", "IMP", "in-progress");
        String report = ward.report(
                someone,
                "radiology",
                "radiologist",
                "CR-02",
                "final",
                Instant.now().toString());
        Task task = ward.await(report, each -> CriticalWard.status(each).equals("notified"));
        assertThat(CaseHistory.awaitsCountersign(task)).isTrue();
        assertThat(ward.post(
                                "radiologist",
                                "/fhir/" + report + "/$recall",
                                "{\"resourceType\":\"Parameters\",\"parameter\":[" + CriticalWard.text("reason", "左右写反")
                                        + "]}")
                        .statusCode())
                .isEqualTo(200);
        Task again = ward.await(report, each -> CriticalWard.status(each).equals("found"));
        assertThat(again.getPartOfFirstRep().getReference()).isEqualTo(reference(task));
        assertThat(ward.cases(report)).hasSize(2);

        String old = ward.report(
                someone,
                "radiology",
                "radiologist",
                "CR-01",
                "final",
                Instant.now().minus(Duration.ofDays(30)).toString());
        String repeat = ward.report(someone, "radiology", "radiologist", "CR-02", "preliminary", null);
        Task linked = found(repeat);
        assertThat(Words.input(linked, "repeats"))
                .as("the same finding within a day")
                .isNotNull();
        assertThat(ward.cases(old)).as("history opens nothing").isEmpty();
    }

    @Test
    @Tag("CRIT-8")
    @Tag("CRIT-9")
    @Tag("CRIT-12")
    @Tag("CRIT-13")
    @DisplayName("CRIT-8, 9, 12, 13: the HIS is told until it acknowledges, and returns the handling once")
    void shouldExchangeWithTheHis() {
        Task task = notified(report(ward.patient("W1", "IMP", "in-progress")));
        CriticalOutbox outbox = ward.hub.bean(CriticalOutbox.class);
        Instant now = Instant.now();
        CriticalOutbox.Message message = outbox.due(now).stream()
                .filter(each -> each.task().equals(reference(task)))
                .findFirst()
                .orElseThrow();
        assertThat(message.event()).isEqualTo("notified");
        outbox.failed(message, "AE", now);
        assertThat(outbox.due(now)).extracting(CriticalOutbox.Message::id).doesNotContain(message.id());
        assertThat(outbox.due(now.plusSeconds(6)))
                .extracting(CriticalOutbox.Message::id)
                .contains(message.id());
        outbox.acknowledged(message, now.plusSeconds(6));
        assertThat(outbox.due(now.plus(Duration.ofDays(1))))
                .extracting(CriticalOutbox.Message::id)
                .doesNotContain(message.id());

        String feedback =
                """
                {"resourceType":"Communication","status":"completed","partOf":[{"reference":"%s"}],
                 "identifier":[{"system":"https://his.example/message","value":"HIS-%s"}],
                 "category":[{"coding":[{"system":"%s","code":"his-feedback"}]}],
                 "subject":{"reference":"%s"},"received":"%s","sent":"%s",
                 "recipient":[{"type":"Practitioner","display":"护士甲"}],"sender":{"type":"Practitioner","display":"医生乙"},
                 "payload":[{"contentString":"已予降压、镇痛，血管外科会诊"}]}"""
                        .formatted(
                                reference(task),
                                task.getIdElement().getIdPart(),
                                Words.CONTACT,
                                task.getFor().getReference(),
                                Instant.now(),
                                Instant.now());
        String his = Login.system(ward.hub.base(), "his");
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> sent =
                    ward.hub.send(HttpRequest.newBuilder(URI.create(ward.hub.base() + "/fhir/Communication"))
                            .header("Authorization", "Bearer " + his)
                            .header("Content-Type", "application/fhir+json")
                            .POST(HttpRequest.BodyPublishers.ofString(feedback)));
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(201);
            CriticalWard.await(
                    () -> CriticalWard.status(ward.read(task)).equals("handled") ? Boolean.TRUE : null,
                    Duration.ofSeconds(10));
        }
        ward.hub.bean(EscalationClock.class).drain();
        Task handled = ward.read(task);
        assertThat(handled.getOutput().stream().filter(each -> each.getType().hasCoding(Words.DETAIL, "measures")))
                .hasSize(1);
        List<CaseHistory.Event> events = CaseHistory.of(handled);
        assertThat(events.stream().map(CaseHistory.Event::code)).doesNotContain("unexpected-transition");
        assertThat(events.get(events.size() - 1).who().getDisplay()).isEqualTo("医生乙");
    }

    @Test
    @Tag("CRIT-7")
    @Tag("CRIT-11")
    @Tag("CRIT-18")
    @DisplayName(
            "CRIT-7, 11, 18: prompts before signing, dismissal with a reason, and an added item with the next report")
    void shouldPromptAndFollowTheCatalogue() {
        String hints = "/fhir/DiagnosticReport/$critical-hints";
        String lvef = asked(
                "ultrasound",
                "心功能减低。",
                """
                ,{"name":"observation","resource":{"resourceType":"Observation","status":"preliminary",
                 "code":{"coding":[{"system":"http://loinc.org","code":"18043-0"}]},
                 "valueQuantity":{"value":30,"unit":"%","system":"http://unitsofmeasure.org","code":"%"}}}""");
        assertThat(ward.done(ward.post("sonographer", hints, lvef)).getParameter("hint"))
                .isNotNull();
        assertThat(ward.post("sonographer", hints, lvef).body()).contains("CU-07");
        assertThat(ward.post("sonographer", hints, asked("ultrasound", "主动脉夹层。", ""))
                        .body())
                .contains("CU-09");
        assertThat(ward.post("sonographer", hints, asked("ultrasound", "未见主动脉夹层。", ""))
                        .body())
                .doesNotContain("CU-09");
        assertThat(ward.post("endoscopist", hints, asked("endoscopy", "十二指肠溃疡（Forrest Ia）", ""))
                        .body())
                .contains("CN-01");
        assertThat(ward.post("ward-nurse", hints, lvef).statusCode()).isEqualTo(403);

        String report = report(ward.patient("W1", "IMP", "in-progress"));
        String dismissal = "/fhir/" + report + "/$dismiss-critical-hint";
        String parameters =
                "{\"resourceType\":\"Parameters\",\"parameter\":[" + CriticalWard.text("finding", "CR-11") + "%s]}";
        assertThat(ward.post("radiologist", dismissal, parameters.formatted("")).statusCode())
                .isEqualTo(400);
        Parameters kept = ward.done(ward.post(
                "radiologist", dismissal, parameters.formatted("," + CriticalWard.text("reason", "术后少量游离气体"))));
        String issue =
                ((org.hl7.fhir.r4.model.Reference) kept.getParameter("issue").getValue()).getReference();
        assertThat(ward.hub.get("/fhir/" + issue).body())
                .contains("术后少量游离气体")
                .contains("CR-11")
                .contains(report);

        String path = "/fhir/PlanDefinition/critical-catalogue-ultrasound";
        HttpResponse<String> stored = ward.get("medical-affairs", path);
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
        org.hl7.fhir.r4.model.PlanDefinition catalogue =
                ward.hub.parse(org.hl7.fhir.r4.model.PlanDefinition.class, stored.body());
        catalogue
                .addAction()
                .setTitle("肝脓肿破裂")
                .addCode(Words.concept(Words.FINDING, "CU-90"))
                .addAction()
                .addCondition()
                .setKind(org.hl7.fhir.r4.model.PlanDefinition.ActionConditionKind.APPLICABILITY)
                .getExpression()
                .setLanguage("text/plain")
                .setExpression("肝脓肿破裂");
        HttpResponse<String> edited = ward.hub.send(ward.request("medical-affairs", path)
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(
                        Shipped.FHIR.newJsonParser().encodeResourceToString(catalogue))));
        assertThat(edited.statusCode()).as(edited.body()).isEqualTo(200);
        assertThat(ward.post("sonographer", hints, asked("ultrasound", "肝脓肿破裂。", ""))
                        .body())
                .contains("CU-90");
    }

    private static String asked(String department, String conclusion, String more) {
        return """
                {"resourceType":"Parameters","parameter":[{"name":"report","resource":{"resourceType":"DiagnosticReport",
                 "status":"partial","code":{"text":"检查"},"performer":[{"reference":"%s"}],"conclusion":"%s"}}%s]}"""
                .formatted(ward.id("Organization", "department", department), conclusion, more);
    }

    @Test
    @DisplayName("decision 24: a person does not write a case past its steps")
    void shouldRefuseWritesPastTheSteps() {
        Task task = notified(report(ward.patient("W1", "IMP", "in-progress")));
        Task forged = ward.read(task);
        forged.setStatus(Task.TaskStatus.RECEIVED);
        forged.setBusinessStatus(Words.concept(Words.STATUS, "received"));
        HttpResponse<String> answer = ward.hub.send(ward.request("ward-nurse", "/fhir/" + reference(task))
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(
                        Shipped.FHIR.newJsonParser().encodeResourceToString(forged))));
        ward.refused(answer, 422, CriticalErrorCode.WRITTEN_PAST_THE_STEPS);
        assertThat(CriticalWard.status(ward.read(task))).isEqualTo("notified");
    }
}
