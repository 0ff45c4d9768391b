package org.trefoilhub.hub.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.hub.ingest.HospitalSystems.CANONICAL;
import static org.trefoilhub.hub.ingest.HospitalSystems.await;
import static org.trefoilhub.hub.ingest.HospitalSystems.msh;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.ConceptMap;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.hub.fixture.HubFixture;

/** Messages through the MLLP socket, looked at through FHIR. */
class Hl7DoorIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final HubFixture HUB = HubFixture.onH2();
    private static HospitalSystems systems;

    @BeforeAll
    static void open() {
        systems = new HospitalSystems(HUB);
    }

    @AfterAll
    static void leave() {
        systems.leave();
    }

    private static String pid(String number) {
        return "PID|1||" + number + "^^^HIS^MR||林^晓^^^^^L||19790405|F";
    }

    private static String order(String patient, String placer) {
        return systems.send(
                msh("HIS", "ORM^O01", "20250318100000", "NW-" + placer),
                pid(patient),
                "ORC|NW|" + placer + "^HIS||REQ-" + placer + "|||||20250318100000|||1001^李^测试",
                "OBR|1|" + placer + "^HIS||CT-CHEST^胸部CT平扫^L|||||||||咳嗽||CHEST^胸部|||" + "ACC-" + placer + "||||||RAD");
    }

    private static String status(String placer, String patient, String code, String time) {
        return systems.send(
                msh("RIS", "ORM^O01", time, "SC-" + placer + "-" + code + time),
                pid(patient),
                "ORC|SC|" + placer + "^HIS|F-" + placer + "^RIS||" + code + "||||" + time);
    }

    private static String report(String placer, String patient, String code, String time, String text) {
        return systems.send(
                msh("RIS", "ORU^R01", time, "RE-" + placer + code + time),
                pid(patient),
                "OBR|1|" + placer + "^HIS|F-" + placer + "^RIS|CT-CHEST^胸部CT平扫^L|||20250318110500|||||||||||||||" + time
                        + "||RAD|" + code,
                "OBX|1|TX|59776-5^影像所见^LN||" + text + "||||||" + (code.equals("X") ? "X" : code),
                "OBX|2|TX|19005-8^诊断意见^LN||右肺结节||||||" + (code.equals("X") ? "X" : code));
    }

    private static <T extends Resource> List<T> all(Class<T> type, String query) {
        return HUB.search(query).getEntry().stream()
                .map(Bundle.BundleEntryComponent::getResource)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static <T extends Resource> T one(Class<T> type, String system, String value) {
        List<T> found = all(type, type.getSimpleName() + "?identifier=" + CANONICAL + "/sid/" + system + "%7C" + value);
        assertThat(found).as("%s %s", system, value).hasSize(1);
        return found.get(0);
    }

    private static Task process(String placer) {
        return one(Task.class, "task", placer + "-process");
    }

    private static String state(String placer) {
        return process(placer).getBusinessStatus().getCodingFirstRep().getCode();
    }

    @Test
    @Tag("SHR-1")
    @Tag("P360-3")
    void SHR_1_oneExamGoesThroughItsStatesAndALateOlderEventMovesNothing() {
        assertThat(order("H1", "PO-H1")).isEqualTo("AA");
        ServiceRequest order = one(ServiceRequest.class, "placer-order", "PO-H1");
        assertThat(order.getStatus()).isEqualTo(ServiceRequest.ServiceRequestStatus.ACTIVE);
        assertThat(order.getBodySiteFirstRep().getText()).isEqualTo("胸部");
        assertThat(order.getRequisition().getValue()).isEqualTo("REQ-PO-H1");
        assertThat(order.getSubject().getReference())
                .isEqualTo("Patient/"
                        + one(Patient.class, "patient-id", "H1").getIdElement().getIdPart());
        assertThat(state("PO-H1")).isEqualTo("requested");

        assertThat(status("PO-H1", "H1", "booked", "20250318103000")).isEqualTo("AA");
        assertThat(status("PO-H1", "H1", "checked-in", "20250318110000")).isEqualTo("AA");
        assertThat(status("PO-H1", "H1", "in-exam", "20250318110500")).isEqualTo("AA");
        assertThat(state("PO-H1")).isEqualTo("in-exam");
        assertThat(process("PO-H1").getLastModified().toInstant()).isEqualTo("2025-03-18T03:05:00Z");

        assertThat(status("PO-H1", "H1", "booked", "20250318102900")).isEqualTo("AA");
        assertThat(state("PO-H1")).isEqualTo("in-exam");
        assertThat(status("PO-H1", "H1", "examined", "20250318111500")).isEqualTo("AA");
        assertThat(report("PO-H1", "H1", "P", "20250318113000", "右肺上叶见结节影。")).isEqualTo("AA");
        assertThat(state("PO-H1")).isEqualTo("preliminary");
        assertThat(report("PO-H1", "H1", "F", "20250318120000", "右肺上叶见结节影，边界清。"))
                .isEqualTo("AA");
        assertThat(state("PO-H1")).isEqualTo("released");

        DiagnosticReport report = one(DiagnosticReport.class, "report/RIS", "F-PO-H1");
        assertThat(report.getStatus()).isEqualTo(DiagnosticReportStatus.FINAL);
        assertThat(report.getConclusion()).isEqualTo("右肺结节");
        assertThat(report.getIssued().toInstant()).isEqualTo("2025-03-18T04:00:00Z");

        // A source never takes a report back to an earlier state.
        assertThat(report("PO-H1", "H1", "P", "20250318113001", "旧")).isEqualTo("AA");
        assertThat(one(DiagnosticReport.class, "report/RIS", "F-PO-H1").getStatus())
                .isEqualTo(DiagnosticReportStatus.FINAL);
    }

    @Test
    @Tag("P360-3")
    void P360_3_aChangedAndACancelledOrderAreShown() {
        order("H2", "PO-H2");
        assertThat(systems.send(
                        msh("HIS", "ORM^O01", "20250318101000", "XO-H2"),
                        pid("H2"),
                        "ORC|XO|PO-H2^HIS||||||^^^^^S|20250318101000",
                        "OBR|1|PO-H2^HIS||CT-CHEST-CE^胸部CT增强^L"))
                .isEqualTo("AA");
        ServiceRequest changed = one(ServiceRequest.class, "placer-order", "PO-H2");
        assertThat(changed.getCode().getText()).isEqualTo("胸部CT增强");

        assertThat(systems.send(
                        msh("HIS", "ORM^O01", "20250318102000", "CA-H2"),
                        pid("H2"),
                        "ORC|CA|PO-H2^HIS|||||||20250318102000|||||||PAT^患者要求"))
                .isEqualTo("AA");
        assertThat(state("PO-H2")).isEqualTo("cancelled");
        assertThat(one(ServiceRequest.class, "placer-order", "PO-H2").getStatus())
                .isEqualTo(ServiceRequest.ServiceRequestStatus.REVOKED);
    }

    @Test
    @Tag("EMPI-2")
    void EMPI_2_anOlderUpdateMovesNothingBackAndAMergeKeepsBoth() {
        systems.send(msh("HIS", "ADT^A04", "20250318100000", "A04-H3"), "EVN|A04|20250318100000", pid("H3"));
        String newer = pid("H3").replace("林^晓", "林^小晓");
        assertThat(systems.send(msh("HIS", "ADT^A08", "20250318110000", "A08-H3"), "EVN|A08|20250318110000", newer))
                .isEqualTo("AA");
        assertThat(systems.send(
                        msh("HIS", "ADT^A08", "20250318120000", "A08-H3b"), "EVN|A08|20250318105900", pid("H3")))
                .isEqualTo("AA");
        assertThat(one(Patient.class, "patient-id", "H3").getNameFirstRep().getText())
                .isEqualTo("林小晓");

        order("H3-OLD", "PO-H3");
        assertThat(systems.send(
                        msh("HIS", "ADT^A40", "20250318130000", "A40-H3"),
                        "EVN|A40|20250318130000",
                        newer,
                        "MRG|H3-OLD^^^HIS^MR"))
                .isEqualTo("AA");
        Patient survivor = one(Patient.class, "patient-id", "H3");
        Patient loser = one(Patient.class, "patient-id", "H3-OLD");
        assertThat(survivor.getActive()).isTrue();
        assertThat(loser.getActive()).isFalse();
        assertThat(loser.getLinkFirstRep().getType()).isEqualTo(Patient.LinkType.REPLACEDBY);
        assertThat(loser.getLinkFirstRep().getOther().getReference())
                .isEqualTo("Patient/" + survivor.getIdElement().getIdPart());
        assertThat(one(ServiceRequest.class, "placer-order", "PO-H3")
                        .getSubject()
                        .getReference())
                .isEqualTo("Patient/" + loser.getIdElement().getIdPart());

        // A late update under the old number does not undo it.
        systems.send(msh("HIS", "ADT^A08", "20250318140000", "A08-H3c"), "EVN|A08|20250318140000", pid("H3-OLD"));
        assertThat(one(Patient.class, "patient-id", "H3-OLD").getActive()).isFalse();
    }

    @Test
    @Tag("EMPI-2")
    void EMPI_2_anEncounterFollowsTransferAndDischarge() {
        String visit = "|||1001^李^测试||||||||||||V-H4" + "|".repeat(25) + "20250310090000";
        systems.send(
                msh("HIS", "ADT^A01", "20250310090000", "A01-H4"),
                "EVN|A01|20250310090000",
                pid("H4"),
                "PV1|1|I|W1^101^01|" + visit);
        systems.send(
                msh("HIS", "ADT^A02", "20250312090000", "A02-H4"),
                "EVN|A02|20250312090000",
                pid("H4"),
                "PV1|1|I|W2^201^03|" + visit);
        Encounter moved = one(Encounter.class, "encounter", "V-H4");
        assertThat(moved.getStatus()).isEqualTo(Encounter.EncounterStatus.INPROGRESS);
        assertThat(moved.getLocationFirstRep().getLocation().getDisplay()).isEqualTo("W2 201 03");
        systems.send(
                msh("HIS", "ADT^A03", "20250315090000", "A03-H4"),
                "EVN|A03|20250315090000",
                pid("H4"),
                "PV1|1|I|W2^201^03|" + visit);
        // The transfer arrives once more, late.
        systems.send(
                msh("HIS", "ADT^A02", "20250315090500", "A02-H4b"),
                "EVN|A02|20250312090000",
                pid("H4"),
                "PV1|1|I|W2^201^03|" + visit);
        Encounter over = one(Encounter.class, "encounter", "V-H4");
        assertThat(over.getStatus()).isEqualTo(Encounter.EncounterStatus.FINISHED);
        assertThat(over.getPeriod().getStart().toInstant()).isEqualTo("2025-03-10T01:00:00Z");
    }

    @Test
    @Tag("P360-4")
    @Tag("P360-5")
    void P360_4_and_5_laboratoryValuesAndTheirPdfAreThoseOfTheLis() throws Exception {
        byte[] pdf = "%PDF-1.4\n原始报告\n%%EOF\n".getBytes(StandardCharsets.UTF_8);
        assertThat(systems.send(
                        Charset.forName("GB18030"),
                        msh("LIS", "ORU^R01", "20250318150000", "L-H5"),
                        pid("H5"),
                        "OBR|1|LAB-H5^HIS|S-H5^LIS|BMP^生化^L|||20250318120000|||||||||||||||20250318145500||LAB|F",
                        "OBX|1|NM|2823-3^钾^LN||6.8|mmol/L^^UCUM|3.5-5.3|HH|||F",
                        "OBX|2|ED|PDF^检验报告单^L||LIS^application^pdf^Base64^"
                                + Base64.getEncoder().encodeToString(pdf) + "||||||F"))
                .isEqualTo("AA");
        Observation potassium = one(Observation.class, "observation/LIS", "S-H5/2823-3");
        assertThat(((Quantity) potassium.getValue()).getValue()).isEqualByComparingTo("6.8");
        assertThat(((Quantity) potassium.getValue()).getCode()).isEqualTo("mmol/L");
        assertThat(potassium.getReferenceRangeFirstRep().getHigh().getValue()).isEqualByComparingTo("5.3");
        assertThat(potassium.getInterpretationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("HH");
        assertThat(potassium.getCode().getText()).isEqualTo("钾");
        DiagnosticReport report = one(DiagnosticReport.class, "report/LIS", "S-H5");
        assertThat(report.getPresentedFormFirstRep().getData()).isEqualTo(pdf);
        assertThat(report.getPresentedFormFirstRep().getHash())
                .isEqualTo(MessageDigest.getInstance("SHA-1").digest(pdf));
    }

    @Test
    @Tag("SHR-1")
    void SHR_1_aResultBeforeItsOrderWaitsForIt() {
        assertThat(report("PO-H6", "H6", "F", "20250318120000", "所见")).isEqualTo("AA");
        assertThat(all(
                        DiagnosticReport.class,
                        "DiagnosticReport?identifier=" + CANONICAL + "/sid/report/RIS%7CF-PO-H6"))
                .isEmpty();

        assertThat(order("H6", "PO-H6")).isEqualTo("AA");

        DiagnosticReport report = one(DiagnosticReport.class, "report/RIS", "F-PO-H6");
        assertThat(report.getBasedOnFirstRep().getReference())
                .isEqualTo("ServiceRequest/"
                        + one(ServiceRequest.class, "placer-order", "PO-H6")
                                .getIdElement()
                                .getIdPart());
    }

    @Test
    @Tag("SHR-4")
    void SHR_4_anUnknownStatusWaitsInTheExceptionQueueUntilItIsTranslated() {
        order("H7", "PO-H7");
        String message = "EIS-H7";
        String[] lines = {
            msh("EIS", "ORM^O01", "20250318110000", message),
            pid("H7"),
            "ORC|SC|PO-H7^HIS|||||||20250318110000" + "|".repeat(16) + "77"
        };
        assertThat(systems.send(lines)).isEqualTo("AE TREFOIL-ING-0013");
        assertThat(HUB.bean(MessageLog.class).quarantine(100))
                .anyMatch(rejected -> rejected.controlId().equals(message));
        Task exception = exceptions(message).get(0);
        assertThat(exception.getStatus()).isEqualTo(Task.TaskStatus.REQUESTED);
        assertThat(exception.hasFor()).isFalse();

        ConceptMap map = new ConceptMap();
        map.setUrl(CANONICAL + "/ConceptMap/exam-status-eis");
        map.setStatus(PublicationStatus.ACTIVE);
        map.addGroup()
                .setSource("urn:eis:status")
                .setTarget(CANONICAL + "/CodeSystem/exam-status")
                .addElement()
                .setCode("77")
                .addTarget()
                .setCode("checked-in")
                .setEquivalence(org.hl7.fhir.r4.model.Enumerations.ConceptMapEquivalence.EQUIVALENT);
        assertThat(HUB.create(map).statusCode()).isEqualTo(201);

        await(() -> state("PO-H7").equals("checked-in"), SOON, "the code is translated");
        await(
                () -> exceptions(message).get(0).getStatus() == Task.TaskStatus.COMPLETED,
                SOON,
                "the exception is settled");
    }

    private static List<Task> exceptions(String controlId) {
        return all(Task.class, "Task?code=ingest-exception&_count=200").stream()
                .filter(task -> task.getInput().stream()
                        .anyMatch(input -> input.getValue().primitiveValue().equals(controlId)))
                .toList();
    }

    @Test
    @Tag("SHR-1")
    void SHR_1_theSameMessageTwiceChangesNothing() {
        order("H8", "PO-H8");
        String version = process("PO-H8").getMeta().getVersionId();

        assertThat(order("H8", "PO-H8")).isEqualTo("AA");

        assertThat(process("PO-H8").getMeta().getVersionId()).isEqualTo(version);
        assertThat(one(ServiceRequest.class, "placer-order", "PO-H8").getMeta().getVersionId())
                .isEqualTo("1");
    }

    @Test
    @Tag("SHR-1")
    void SHR_1_strangersAndBrokenMessagesAreRefusedAndRecorded() {
        assertThat(systems.send(msh("WHO", "ADT^A08", "20250318", "1"), pid("H9")))
                .isEqualTo("AR TREFOIL-ING-0001");
        assertThat(systems.answer("EVN|A08\r".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("AR TREFOIL-ING-0002");
        assertThat(systems.send(
                        msh("HIS", "ADT^A08", "20250318", "B-H9"), pid("H9").replace("19790405", "19790230")))
                .isEqualTo("AE TREFOIL-ING-0011");
        assertThat(systems.send(msh("HIS", "ZZZ^Z01", "20250318", "Z-H9"), pid("H9")))
                .isEqualTo("AE TREFOIL-ING-0012");
        // What a source may not write, it may not write by message either: reports are no business of the HIS.
        assertThat(systems.send(
                        msh("HIS", "ORU^R01", "20250318", "O-H9"),
                        pid("H9"),
                        "OBR|1|LAB-H9|S-H9|X^X" + "|".repeat(20) + "LAB|F"))
                .isEqualTo("AE TREFOIL-ING-0015");
        assertThat(all(Patient.class, "Patient?identifier=" + CANONICAL + "/sid/patient-id%7CH9"))
                .isEmpty();

        assertThat(HUB.search("AuditEvent?_count=200&_sort=-date").getEntry().stream()
                        .map(entry -> (AuditEvent) entry.getResource())
                        .filter(event -> event.getOutcome() != AuditEvent.AuditEventOutcome._0)
                        .map(event -> String.valueOf(event.getOutcomeDesc())))
                .anyMatch(reason -> reason.contains("TREFOIL-ING-0001"))
                .anyMatch(reason -> reason.contains("TREFOIL-ING-0015"));
    }

    @Test
    @Tag("RAD-1")
    void RAD_1_aRetiredItemStaysButIsRetired() {
        String head = "MFI|OM1^Items^HL70175||UPD|||NE";
        assertThat(systems.send(
                        msh("HIS", "MFN^M08", "20250318080000", "M1-H10"),
                        head,
                        "MFE|MAD|1||CT-H10^旧名^L|CE",
                        "OM1|1|CT-H10^颞骨CT^L" + "|".repeat(46) + "RAD"))
                .isEqualTo("AA");
        ActivityDefinition item = one(ActivityDefinition.class, "exam-item", "CT-H10");
        assertThat(item.getTitle()).isEqualTo("颞骨CT");
        assertThat(item.getTopicFirstRep().getCodingFirstRep().getCode()).isEqualTo("RAD");

        systems.send(msh("HIS", "MFN^M08", "20250319080000", "M2-H10"), head, "MFE|MDC|1||CT-H10^颞骨CT^L|CE");
        ActivityDefinition retired = one(ActivityDefinition.class, "exam-item", "CT-H10");
        assertThat(retired.getStatus()).isEqualTo(PublicationStatus.RETIRED);
        assertThat(retired.getTopicFirstRep().getCodingFirstRep().getCode()).isEqualTo("RAD");
    }

    @Test
    @Tag("SHR-1")
    void SHR_1_anAppointmentBooksTheExamAndItsCancellationFreesIt() {
        order("H11", "PO-H11");
        String schedule = "SCH|AP-H11^HIS|RA-H11^RIS|||||ROUTINE^常规||30|min|^^^20250318110000^20250318113000"
                + "|".repeat(15) + "PO-H11^HIS";
        assertThat(systems.send(
                        msh("RIS", "SIU^S12", "20250318103000", "S12-H11"),
                        schedule,
                        pid("H11"),
                        "RGS|1",
                        "AIL|1||CT1^1号CT机房"))
                .isEqualTo("AA");
        Appointment booked = one(Appointment.class, "appointment/RIS", "RA-H11");
        assertThat(booked.getStatus()).isEqualTo(Appointment.AppointmentStatus.BOOKED);
        assertThat(booked.getStart().toInstant()).isEqualTo("2025-03-18T03:00:00Z");
        assertThat(booked.getBasedOnFirstRep().getReference()).startsWith("ServiceRequest/");
        assertThat(state("PO-H11")).isEqualTo("booked");

        systems.send(msh("RIS", "SIU^S15", "20250318104000", "S15-H11"), schedule, pid("H11"));
        assertThat(one(Appointment.class, "appointment/RIS", "RA-H11").getStatus())
                .isEqualTo(Appointment.AppointmentStatus.CANCELLED);
        assertThat(state("PO-H11")).isEqualTo("requested");
    }

    @Test
    @Tag("ENDO-3")
    @Tag("CRIT-8")
    void ENDO_3_theHisIsToldInOrderAlsoAfterAnOutageAndUntilItAccepts() {
        order("H12", "PO-H12");
        status("PO-H12", "H12", "checked-in", "20250318110000");
        await(() -> systems.statesOf("PO-H12").equals(List.of("IP/checked-in")), SOON, "the first state");

        systems.goDown();
        status("PO-H12", "H12", "in-exam", "20250318110500");
        status("PO-H12", "H12", "examined", "20250318111500");
        systems.answerWith("AE");
        systems.comeUp();
        assertThat(systems.statesOf("PO-H12")).hasSize(1);
        systems.answerWith("AA");
        await(() -> systems.statesOf("PO-H12").size() == 3, SOON, "what happened in the outage");

        long verified = System.nanoTime();
        assertThat(report("PO-H12", "H12", "F", "20250318120000", "胃窦见溃疡")).isEqualTo("AA");
        assertThat(state("PO-H12")).isEqualTo("released");
        await(() -> systems.statesOf("PO-H12").contains("CM/verified"), SOON, "the order is executed");
        assertThat(Duration.ofNanos(System.nanoTime() - verified)).isLessThan(SOON);
        await(() -> !systems.reportsOf("PO-H12").isEmpty(), SOON, "the report");

        assertThat(systems.statesOf("PO-H12"))
                .containsExactly(
                        "IP/checked-in", "IP/in-exam", "IP/examined", "IP/writing", "CM/verified", "CM/released");
        Hl7Message told = systems.reportsOf("PO-H12").get(0);
        assertThat(told.required("OBR").value(25)).isEqualTo("F");
        assertThat(told.all("OBX").get(0).text(5)).isEqualTo("胃窦见溃疡");
        assertThat(told.required("PID").value(3)).isEqualTo("H12");
    }
}
