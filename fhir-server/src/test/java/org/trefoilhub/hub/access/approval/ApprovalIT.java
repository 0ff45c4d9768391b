package org.trefoilhub.hub.access.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Access that somebody asks for, and access that somebody takes. */
class ApprovalIT {

    private static final String ASKER = "ward-doctor";
    private static final String APPROVER = "medical-affairs";
    private static final String GRANT = "https://trefoil-hub.org/fhir/CodeSystem/access-grant";
    private static Ward ward;

    @BeforeAll
    static void hub() {
        ward = new Ward();
    }

    @Test
    @DisplayName(
            "ACC-26: a request is approved for some hours, the patient is visible at once, and no longer than that")
    void shouldShowThePatientWhileTheApprovalLasts() {
        Ward.Someone patient = ward.inpatient("钱多多");
        assertThat(ward.read(ASKER, patient)).isEqualTo(404);
        Parameters asked = ward.answer(ward.post(
                ASKER,
                "/fhir/Patient/$request-access",
                Ward.ask(patient.number(), "钱 多多", "转科会诊", "{\"name\":\"hours\",\"valueInteger\":24}")));
        String number = Ward.text(asked, "request");
        assertThat(Ward.text(asked, "status")).isEqualTo("requested");
        assertThat(ward.read(ASKER, patient)).isEqualTo(404);

        String task = task(number);
        assertThat(ward.get(ASKER, "/fhir/" + task).statusCode()).isEqualTo(404);
        assertThat(ward.get("radiologist", "/fhir/" + task).statusCode()).isEqualTo(404);
        Parameters dry = ward.answer(ward.post(
                APPROVER,
                "/fhir/" + task + "/$advance",
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"dryRun\",\"valueBoolean\":true}]}"));
        assertThat(dry.getParameter())
                .allMatch(part ->
                        part.getName().equals("override") || part.getName().equals("blocked"));
        assertThat(ward.read(ASKER, patient)).isEqualTo(404);

        Parameters done = ward.answer(ward.post(APPROVER, "/fhir/" + task + "/$advance", Ward.step("approved", null)));
        assertThat(Ward.text(done, "status")).isEqualTo("approved");
        Instant until = Instant.parse(Ward.text(done, "until"));
        assertThat(until)
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(1439)),
                        Instant.now().plus(Duration.ofMinutes(1441)));

        HttpResponse<String> seen = ward.get(ASKER, "/fhir/" + patient.reference());
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(seen.body()).contains(GRANT).contains("\"approved\"").contains(until.toString());
        assertThat(ward.search(ASKER, "Patient?identifier=" + Ward.SID + "patient-id%7C" + patient.number())
                        .getTotal())
                .isEqualTo(1);
        assertThat(ward.read("ward-nurse", patient)).as("the colleague").isEqualTo(404);
        assertThat(ward.get("steward", "/fhir/" + patient.reference()).body()).doesNotContain("access-grant");

        Parameters state = ward.answer(ward.post(ASKER, "/fhir/Patient/$request-access", status(number)));
        assertThat(Ward.text(state, "status")).isEqualTo("approved");
        assertThat(Ward.text(state, "patient")).isEqualTo(patient.reference());
        assertThat(Instant.parse(Ward.text(state, "until"))).isEqualTo(until);
        assertThat(ward.post("ward-nurse", "/fhir/Patient/$request-access", status(number))
                        .statusCode())
                .as("somebody else's request")
                .isEqualTo(404);

        assertThat(decision(patient, until.minusSeconds(1))).isEqualTo("permit");
        assertThat(decision(patient, until)).isEqualTo("deny");
        assertThat(ward.post(APPROVER, "/fhir/" + task + "/$advance", Ward.step("rejected", "太迟"))
                        .statusCode())
                .as("a closed Task")
                .isEqualTo(422);
    }

    @Test
    @DisplayName("ACC-26: a request is rejected with a reason, and the patient stays hidden")
    void shouldRejectWithAReason() {
        Ward.Someone patient = ward.inpatient("孙不二");
        String number = Ward.text(
                ward.answer(ward.post(ASKER, "/fhir/Patient/$request-access", Ward.ask(patient.number(), null, "教学"))),
                "request");
        String path = "/fhir/" + task(number) + "/$advance";
        assertThat(ward.post(APPROVER, path, Ward.step("rejected", null)).statusCode())
                .isEqualTo(400);
        assertThat(ward.post("steward", path, Ward.step("approved", null)).statusCode())
                .as("sees the Task but does not own it")
                .isEqualTo(403);
        assertThat(ward.post("radiologist", path, Ward.step("approved", null)).statusCode())
                .as("does not even see it")
                .isEqualTo(404);
        assertThat(ward.post(APPROVER, path, Ward.step("reviewed", "好")).statusCode())
                .isEqualTo(422);
        ward.answer(ward.post(APPROVER, path, Ward.step("rejected", "与诊疗无关")));
        Parameters state = ward.answer(ward.post(ASKER, "/fhir/Patient/$request-access", status(number)));
        assertThat(Ward.text(state, "status")).isEqualTo("rejected");
        assertThat(Ward.text(state, "reason")).isEqualTo("与诊疗无关");
        assertThat(ward.read(ASKER, patient)).isEqualTo(404);
    }

    @Test
    @DisplayName(
            "ACC-26: a request answers alike whether or not there is such a patient, and cannot be approved for nobody")
    void shouldAnswerAlikeForNobody() {
        Ward.Someone patient = ward.inpatient("李四光");
        HttpResponse<String> real =
                ward.post("ward-doctor2", "/fhir/Patient/$request-access", Ward.ask(patient.number(), "李四光", "会诊需要"));
        HttpResponse<String> misnamed =
                ward.post("ward-doctor2", "/fhir/Patient/$request-access", Ward.ask(patient.number(), "李五光", "会诊需要"));
        HttpResponse<String> absent =
                ward.post("ward-doctor2", "/fhir/Patient/$request-access", Ward.ask("S-nobody", "李四光", "会诊需要"));
        for (HttpResponse<String> answer : List.of(real, misnamed, absent)) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(shape(answer)).isEqualTo(shape(real));
        }
        String number = Ward.text(ward.answer(absent), "request");
        Task task = (Task) ward.hub
                .search("Task?identifier=" + Ward.SID + "access-request%7C" + number)
                .getEntryFirstRep()
                .getResource();
        assertThat(task.hasFor()).isFalse();
        assertThat(task.getBusinessStatus().getCodingFirstRep().getCode()).isEqualTo("unmatched");
        assertThat(ward.post(
                                APPROVER,
                                "/fhir/Task/" + task.getIdElement().getIdPart() + "/$advance",
                                Ward.step("approved", null))
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    @DisplayName(
            "ACC-27: break-glass opens the record of a V patient for two hours with banner and review; unreviewed it escalates")
    void shouldOpenInAnEmergencyAndReview() {
        Ward.Someone patient = ward.inpatient("周大侠");
        assertThat(ward.meta("steward", "$meta-add", patient, "V").statusCode()).isEqualTo(200);
        assertThat(ward.read(ASKER, patient)).isEqualTo(404);
        HttpResponse<String> mismatch =
                ward.post(ASKER, "/fhir/Patient/$break-glass", Ward.ask(patient.number(), "周小侠", "昏迷送入抢救室需立即查看"));
        HttpResponse<String> absent =
                ward.post(ASKER, "/fhir/Patient/$break-glass", Ward.ask("S-nobody", "周大侠", "昏迷送入抢救室需立即查看"));
        assertThat(mismatch.statusCode()).isEqualTo(404);
        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(mismatch.body()).isEqualTo(absent.body());
        assertThat(ward.post(ASKER, "/fhir/Patient/$break-glass", Ward.ask(patient.number(), "周大侠", "急"))
                        .statusCode())
                .as("a reason too short")
                .isEqualTo(400);
        assertThat(ward.post(
                                "scheduler",
                                "/fhir/Patient/$break-glass",
                                Ward.ask(patient.number(), "周大侠", "昏迷送入抢救室需立即查看"))
                        .statusCode())
                .as("no clinician")
                .isEqualTo(403);
        assertThat(ward.read(ASKER, patient)).isEqualTo(404);

        Parameters taken = ward.answer(
                ward.post(ASKER, "/fhir/Patient/$break-glass", Ward.ask(patient.number(), "周大侠", "昏迷送入抢救室需立即查看")));
        assertThat(Ward.text(taken, "patient")).isEqualTo(patient.reference());
        Instant until = Instant.parse(Ward.text(taken, "until"));
        assertThat(until)
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(119)),
                        Instant.now().plus(Duration.ofMinutes(121)));
        HttpResponse<String> seen = ward.get(ASKER, "/fhir/" + patient.reference());
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(seen.body()).contains(GRANT).contains("break-glass").contains("周大侠");
        assertThat(decision(patient, until.minusSeconds(1))).isEqualTo("permit");
        assertThat(decision(patient, until)).isEqualTo("deny");

        Task review = review(patient);
        assertThat(review.getStatus()).isEqualTo(Task.TaskStatus.REQUESTED);
        assertThat(review.getOwner().getReference()).startsWith("CareTeam/");
        assertThat(review.getReasonCode().getText()).contains("昏迷");
        assertThat(ward.get(ASKER, "/fhir/Task/" + review.getIdElement().getIdPart())
                        .statusCode())
                .as("the review is not for the one who is reviewed")
                .isEqualTo(404);

        ReviewClock clock = ward.hub.bean(ReviewClock.class);
        clock.tick(Instant.now().plus(Duration.ofHours(23)));
        assertThat(review(patient).getOwner().getReference()).startsWith("CareTeam/");
        clock.tick(Instant.now().plus(Duration.ofHours(25)));
        Task escalated = review(patient);
        assertThat(escalated.getOwner().getReference()).startsWith("Organization/");
        assertThat(escalated.getBusinessStatus().getCodingFirstRep().getCode()).isEqualTo("escalated");
        String version = escalated.getMeta().getVersionId();
        clock.tick(Instant.now().plus(Duration.ofHours(26)));
        assertThat(review(patient).getMeta().getVersionId()).as("once").isEqualTo(version);

        Parameters done = ward.answer(ward.post(
                APPROVER,
                "/fhir/Task/" + escalated.getIdElement().getIdPart() + "/$advance",
                Ward.step("reviewed", "情况属实")));
        assertThat(Ward.text(done, "status")).isEqualTo("reviewed");
        assertThat(review(patient).getStatus()).isEqualTo(Task.TaskStatus.COMPLETED);
    }

    @Test
    @DisplayName("ACC-27: a legal block is passed neither by break-glass nor by approval")
    void shouldNeverPassALegalBlock() {
        Ward.Someone patient = ward.inpatient("吴法天");
        assertThat(ward.post(
                                "steward",
                                "/fhir/Consent",
                                """
                {"resourceType":"Consent","meta":{"profile":["https://trefoil-hub.org/fhir/StructureDefinition/AccessPolicy"]},
                 "text":{"status":"additional","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">法院封存</div>"},
                 "status":"active","scope":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/consent-scope","code":"access-policy"}]},
                 "category":[{"coding":[{"system":"http://loinc.org","code":"57016-8"}]}],
                 "policyRule":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/policy-rule","code":"hub-11d"}]},
                 "provision":{"provision":[{"type":"deny","extension":[
                  {"url":"https://trefoil-hub.org/fhir/StructureDefinition/policy-priority","valueInteger":900}],
                  "actor":[{"role":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/policy-actor-role","code":"user"}]},
                   "reference":{"identifier":{"system":"https://trefoil-hub.org/fhir/sid/user","value":"ward-doctor"}}}],
                  "data":[{"meaning":"instance","reference":{"reference":"%s"}}]}]}}"""
                                        .formatted(patient.reference()))
                        .statusCode())
                .isEqualTo(201);
        ward.answer(ward.post(ASKER, "/fhir/Patient/$break-glass", Ward.ask(patient.number(), "吴法天", "昏迷送入抢救室需立即查看")));
        assertThat(ward.read(ASKER, patient)).isEqualTo(404);
        String number = Ward.text(
                ward.answer(ward.post(ASKER, "/fhir/Patient/$request-access", Ward.ask(patient.number(), "吴法天", "会诊"))),
                "request");
        Parameters dry = ward.answer(ward.post(
                APPROVER,
                "/fhir/" + task(number) + "/$advance",
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"dryRun\",\"valueBoolean\":true}]}"));
        assertThat(dry.getParameter())
                .anyMatch(part -> part.getName().equals("blocked")
                        && part.getPart().stream().anyMatch(each -> "法院封存"
                                .equals(
                                        each.getValue() == null
                                                ? ""
                                                : each.getValue().primitiveValue())));
        ward.answer(ward.post(APPROVER, "/fhir/" + task(number) + "/$advance", Ward.step("approved", null)));
        assertThat(ward.read(ASKER, patient)).isEqualTo(404);
    }

    @Test
    @DisplayName("ACC-26, ACC-27: who tries out identifiers is slowed down")
    void shouldSlowDownGuessing() {
        int refused = 0;
        for (int i = 0; i < 12; i++) {
            int status = ward.post(
                            "emergency-doctor",
                            "/fhir/Patient/$break-glass",
                            Ward.ask("S-guess-" + i, "某人", "昏迷送入抢救室需立即查看"))
                    .statusCode();
            assertThat(status).isEqualTo(i < 10 ? 404 : 429);
            refused += status == 429 ? 1 : 0;
        }
        assertThat(refused).isEqualTo(2);
    }

    private static String status(String number) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"request\",\"valueString\":\"" + number
                + "\"}]}";
    }

    /** The Task as the approver finds it. */
    private static String task(String number) {
        return "Task/"
                + ward.search(APPROVER, "Task?identifier=" + Ward.SID + "access-request%7C" + number)
                        .getEntryFirstRep()
                        .getResource()
                        .getIdElement()
                        .getIdPart();
    }

    private static Task review(Ward.Someone patient) {
        return (Task) ward.search(
                        APPROVER,
                        "Task?code=https://trefoil-hub.org/fhir/CodeSystem/task-type%7Cbreak-glass-review&patient="
                                + patient.reference())
                .getEntryFirstRep()
                .getResource();
    }

    private static String decision(Ward.Someone patient, Instant instant) {
        return Ward.text(
                ward.answer(ward.post(
                        "steward",
                        "/fhir/$explain-access",
                        """
                {"resourceType":"Parameters","parameter":[{"name":"user","valueString":"ward-doctor"},
                 {"name":"interface","valueCode":"fhir-rest"},{"name":"action","valueCode":"view"},
                 {"name":"resource","valueReference":{"reference":"%s"}},{"name":"instant","valueInstant":"%s"}]}"""
                                .formatted(patient.reference(), instant))),
                "decision");
    }

    private static String shape(HttpResponse<String> answer) {
        return answer.body().replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "?");
    }
}
