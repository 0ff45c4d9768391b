package org.trefoilhub.hub.access.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.TestStudies;

/** Levels of patients: in force on the next request at every door, up and down, over all linked identities. */
class SpecialPatientIT {

    private static final String READER = "radiologist";
    private static Ward ward;

    @BeforeAll
    static void hub() {
        ward = new Ward();
    }

    private record Imaged(Ward.Someone patient, String study) {}

    private static Imaged imaged(String name) throws InterruptedException {
        Ward.Someone patient = ward.patient(name);
        String study = TestStudies.uid();
        assertThat(ward.hub
                        .store(TestStudies.slice(study, TestStudies.uid(), 1, patient.number()))
                        .statusCode())
                .isEqualTo(200);
        Imaged imaged = new Imaged(patient, study);
        for (int i = 0; !isFound(imaged); i++) {
            assertThat(i).as("ImagingStudy within a minute").isLessThan(600);
            Thread.sleep(100);
        }
        return imaged;
    }

    private static boolean isFound(Imaged imaged) {
        return ward.hub
                        .search("ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + imaged.study())
                        .getTotal()
                == 1;
    }

    @Test
    @DisplayName(
            "ACC-14: set to V a patient vanishes at every door with the next request; lowered by $meta-delete it is back")
    void shouldHideAndShowAtEveryDoor() throws Exception {
        Imaged imaged = imaged("甄士隐");
        shows(imaged);
        assertThat(ward.meta("steward", "$meta-add", imaged.patient(), "V").statusCode())
                .isEqualTo(200);
        hides(imaged);
        assertThat(ward.meta("steward", "$meta-delete", imaged.patient(), "V").statusCode())
                .isEqualTo(200);
        shows(imaged);
    }

    @Test
    @DisplayName("ACC-14: PUT raises a level; PUT alone carries it forward, with X-Meta-Snapshot-Mode it lowers it")
    void shouldLowerByPutWithSnapshotMode() throws Exception {
        Imaged imaged = imaged("贾雨村");
        put(imaged, "V", false);
        hides(imaged);
        put(imaged, null, false);
        hides(imaged);
        put(imaged, "N", true);
        shows(imaged);
    }

    @Test
    @DisplayName("ACC-14: the highest level over linked identities counts for each of them")
    void shouldTakeTheHighestOverLinkedIdentities() throws Exception {
        Imaged imaged = imaged("冷子兴");
        Ward.Someone other = ward.patient("冷子兴");
        String body = patient(
                imaged.patient(),
                """
                ,"link":[{"other":{"reference":"%s"},"type":"seealso"}]"""
                        .formatted(other.reference()));
        assertThat(ward.hub
                        .send(ward.request(
                                        "steward", "/fhir/" + imaged.patient().reference())
                                .header("Content-Type", "application/fhir+json")
                                .PUT(HttpRequest.BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(200);
        shows(imaged);
        assertThat(ward.meta("steward", "$meta-add", other, "V").statusCode()).isEqualTo(200);
        hides(imaged);
        assertThat(ward.meta("steward", "$meta-delete", other, "V").statusCode())
                .isEqualTo(200);
        shows(imaged);
    }

    @Test
    @DisplayName("ACC-14, ACC-20, ACC-23: only those who hold the right set a level")
    void shouldAskForTheRightToSetLevels() throws Exception {
        Imaged imaged = imaged("封肃");
        for (String user : new String[] {READER, "technician", "qc"}) {
            assertThat(ward.meta(user, "$meta-add", imaged.patient(), "R").statusCode())
                    .as(user)
                    .isEqualTo(403);
        }
        assertThat(ward.meta("ward-doctor", "$meta-add", imaged.patient(), "R").statusCode())
                .isIn(403, 404);
        shows(imaged);
        assertThat(ward.meta("steward", "$meta-add", imaged.patient(), "R").statusCode())
                .isEqualTo(200);
        assertThat(ward.read(READER, imaged.patient())).as("clearance R").isEqualTo(200);
        assertThat(ward.read("technician", imaged.patient())).as("clearance N").isEqualTo(404);
    }

    @Test
    @DisplayName("ACC-5, ACC-17: of a VIP group the unassigned reader gets no row, the assigned one opens and edits")
    void shouldKeepAGroupToItsReaders() throws Exception {
        Imaged imaged = imaged("霍启");
        String report =
                """
                {"resourceType":"DiagnosticReport","status":"preliminary","code":{"text":"CT"},"subject":{"reference":"%s"}%s}""";
        HttpResponse<String> written = ward.post(
                READER,
                "/fhir/DiagnosticReport",
                report.formatted(imaged.patient().reference(), ""));
        assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
        String reportId = ward.hub
                .parse(org.hl7.fhir.r4.model.DiagnosticReport.class, written.body())
                .getIdElement()
                .getIdPart();
        HttpResponse<String> group = ward.post(
                "steward",
                "/fhir/Group",
                """
                {"resourceType":"Group","type":"person","actual":true,"name":"VIP","member":[{"entity":{"reference":"%s"}}]}"""
                        .formatted(imaged.patient().reference()));
        assertThat(group.statusCode()).as(group.body()).isEqualTo(201);
        String groupId = ward.hub
                .parse(org.hl7.fhir.r4.model.Group.class, group.body())
                .getIdElement()
                .getIdPart();
        HttpResponse<String> rule = ward.post(
                "steward",
                "/fhir/Consent",
                """
                {"resourceType":"Consent","meta":{"profile":["https://trefoil-hub.org/fhir/StructureDefinition/AccessPolicy"]},
                 "status":"active","scope":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/consent-scope","code":"access-policy"}]},
                 "category":[{"coding":[{"system":"http://loinc.org","code":"57016-8"}]}],
                 "policyRule":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/policy-rule","code":"hub-11d"}]},
                 "provision":{"data":[{"meaning":"dependents","reference":{"reference":"Group/%s"}}],"provision":[
                  {"type":"deny","extension":[{"url":"https://trefoil-hub.org/fhir/StructureDefinition/policy-priority","valueInteger":200}],
                   "actor":[{"role":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/policy-actor-role","code":"user"}]},
                    "reference":{"identifier":{"system":"https://trefoil-hub.org/fhir/sid/role","value":"doctor"}}}]},
                  {"type":"permit","extension":[{"url":"https://trefoil-hub.org/fhir/StructureDefinition/policy-priority","valueInteger":300}],
                   "actor":[{"role":{"coding":[{"system":"https://trefoil-hub.org/fhir/CodeSystem/policy-actor-role","code":"user"}]},
                    "reference":{"identifier":{"system":"https://trefoil-hub.org/fhir/sid/user","value":"radiologist2"}}}]}]}}"""
                        .formatted(groupId));
        assertThat(rule.statusCode()).as(rule.body()).isEqualTo(201);
        hides(imaged);
        assertThat(ward.search(
                                READER,
                                "DiagnosticReport?subject=" + imaged.patient().reference())
                        .getTotal())
                .isZero();
        assertThat(ward.get(READER, "/fhir/DiagnosticReport/" + reportId).statusCode())
                .isEqualTo(404);
        String edited =
                report.formatted(imaged.patient().reference(), ",\"conclusion\":\"未见异常\",\"id\":\"" + reportId + "\"");
        assertThat(edit(READER, reportId, edited)).isEqualTo(404);
        assertThat(ward.read("radiologist2", imaged.patient())).isEqualTo(200);
        assertThat(ward.search(
                                "radiologist2",
                                "DiagnosticReport?subject=" + imaged.patient().reference())
                        .getTotal())
                .isEqualTo(1);
        assertThat(edit("radiologist2", reportId, edited)).isEqualTo(200);
    }

    private static int edit(String user, String id, String body) {
        return ward.hub
                .send(ward.request(user, "/fhir/DiagnosticReport/" + id)
                        .header("Content-Type", "application/fhir+json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static String patient(Ward.Someone someone, String more) {
        return """
                {"resourceType":"Patient","id":"%s","active":true,"birthDate":"1970-02-03","name":[{"text":"%s"}],
                 "identifier":[{"system":"%spatient-id","value":"%s"}]%s}"""
                .formatted(someone.reference().substring(8), someone.name(), Ward.SID, someone.number(), more);
    }

    private static void put(Imaged imaged, String code, boolean snapshot) {
        HttpRequest.Builder request = ward.request(
                        "steward", "/fhir/" + imaged.patient().reference())
                .header("Content-Type", "application/fhir+json");
        if (snapshot) {
            request.header("X-Meta-Snapshot-Mode", "SECURITY_LABEL");
        }
        String meta = code == null
                ? ""
                : """
                ,"meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"%s"}]}"""
                        .formatted(code);
        HttpResponse<String> answer =
                ward.hub.send(request.PUT(HttpRequest.BodyPublishers.ofString(patient(imaged.patient(), meta))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void shows(Imaged imaged) throws IOException, InterruptedException {
        assertThat(ward.read(READER, imaged.patient())).isEqualTo(200);
        assertThat(ward.search(
                                READER,
                                "ImagingStudy?subject=" + imaged.patient().reference() + "&_summary=count")
                        .getTotal())
                .isEqualTo(1);
        assertThat(qido(imaged)).contains(imaged.study());
        assertThat(wado(imaged, "/metadata")).isEqualTo(200);
        assertThat(wado(imaged, "/thumbnail")).isEqualTo(200);
    }

    private static void hides(Imaged imaged) throws IOException, InterruptedException {
        assertThat(ward.read(READER, imaged.patient())).isEqualTo(404);
        assertThat(ward.search(
                                READER,
                                "Patient?identifier=" + Ward.SID + "patient-id%7C"
                                        + imaged.patient().number())
                        .getTotal())
                .isZero();
        assertThat(ward.search(
                                READER,
                                "ImagingStudy?subject=" + imaged.patient().reference() + "&_summary=count")
                        .getTotal())
                .isZero();
        assertThat(qido(imaged)).doesNotContain(imaged.study());
        for (String more : new String[] {"", "/metadata", "/thumbnail", "/rendered"}) {
            assertThat(wado(imaged, more)).as("WADO " + more).isEqualTo(404);
        }
    }

    private static String qido(Imaged imaged) {
        return ward.get(READER, "/dicom-web/studies?StudyInstanceUID=" + imaged.study())
                .body();
    }

    private static int wado(Imaged imaged, String more) {
        return ward.get(READER, "/dicom-web/studies/" + imaged.study() + more).statusCode();
    }
}
