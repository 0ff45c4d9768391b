package org.trefoilhub.hub.demo;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import org.hl7.fhir.r4.model.*;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.demo.DemoHospitalData.DemoPatient;
import org.trefoilhub.hub.demo.DemoHospitalData.ExamItem;
import org.trefoilhub.hub.guide.HubProfiles;
import org.trefoilhub.hub.ingest.Hl7PartnerDevice;

/**
 * Pure mapping from the invented hospital to FHIR R4 transaction Bundles.
 *
 * <p>Every entry is a conditional create on our own identifier, so that loading twice changes nothing, and references across Bundles are conditional
 * references on the same identifiers. Element rules: domain model sections on exam order, exam process, report and critical value.
 */
final class DemoResources {

    static final String CANONICAL = "https://trefoil-hub.org/fhir";
    static final String PATIENT_ID = CANONICAL + "/sid/patient-id";
    private static final String SID = CANONICAL + "/sid/";
    private static final String CODE_SYSTEM = CANONICAL + "/CodeSystem/";
    private static final String V2_IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203";
    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    private static final String OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";

    /** Those who decide about requests for access; in the demo the steward and medical affairs sit on each. */
    private static final Map<String, String> APPROVERS = Map.of(
            "approver-W1", "消化内科病区访问审批",
            "approver-W2", "心血管内科病区访问审批",
            "approver-C1", "消化内科门诊访问审批",
            "approver-emergency", "急诊科访问审批",
            "approver-medical-records", "病案室访问审批");

    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");

    /** Types of HL7 v2 messages by kind of source. */
    private static final List<String> OF_THE_HIS = List.of("ADT", "ORM", "OMG", "OMI", "SIU", "MFN");

    private static final List<String> OF_EXAM_SYSTEMS = List.of("ORM", "OMG", "OMI", "SIU", "ORU");

    private DemoResources() {}

    /** A user of the demo hospital as the authorization server knows it. */
    record Person(String userName, String displayName, Set<String> roles, Set<String> departments) {}

    /** Departments, places, source systems, client systems, DIMSE peers, people and the exam dictionary. */
    static Bundle foundation(
            DemoHospitalData data, List<Person> people, List<String> clients, List<Device> dimsePeers) {
        Bundle bundle = transaction();
        for (DemoHospitalData.Department d : data.departments()) {
            Organization organization = new Organization();
            organization.addIdentifier(identifier("department", d.code()));
            organization.setActive(true).setName(d.name());
            organization.addType(concept("organization-type", d.type(), null));
            add(bundle, organization, "department", d.code());
            Location location = new Location();
            location.addIdentifier(identifier("location", d.code()));
            location.setName(d.name()).setStatus(Location.LocationStatus.ACTIVE);
            location.setManagingOrganization(reference("Organization", "department", d.code()));
            add(bundle, location, "location", d.code());
        }
        for (DemoHospitalData.Source s : data.sources()) {
            Device device = new Device();
            device.addIdentifier(identifier("source", s.code()));
            device.setStatus(Device.FHIRDeviceStatus.ACTIVE);
            device.addDeviceName().setName(s.name()).setType(Device.DeviceNameType.USERFRIENDLYNAME);
            Hl7PartnerDevice.sends(
                    device,
                    CANONICAL,
                    s.code().toLowerCase(Locale.ROOT),
                    LOOPBACK,
                    List.of("HIS"),
                    s.code().equals("HIS") ? OF_THE_HIS : OF_EXAM_SYSTEMS);
            add(bundle, device, "source", s.code());
        }
        for (String client : clients) {
            Device device = new Device();
            device.addIdentifier(identifier("client", client));
            device.setStatus(Device.FHIRDeviceStatus.ACTIVE);
            device.addDeviceName().setName(client).setType(Device.DeviceNameType.USERFRIENDLYNAME);
            add(bundle, device, "client", client);
        }
        for (Device peer : dimsePeers) {
            Identifier key = peer.getIdentifier().stream()
                    .filter(i -> i.getSystem().equals(SID + "ae-title"))
                    .findFirst()
                    .orElseThrow();
            add(bundle, peer, "ae-title", key.getValue());
        }
        for (Person person : people) {
            Practitioner practitioner = new Practitioner();
            practitioner.addIdentifier(identifier("user", person.userName()));
            practitioner.setActive(true).addName().setText(person.displayName());
            String fullUrl = add(bundle, practitioner, "user", person.userName());
            for (String department : person.departments()) {
                PractitionerRole role = new PractitionerRole();
                String key = person.userName() + "@" + department;
                role.addIdentifier(identifier("practitioner-role", key));
                role.setActive(true).setPractitioner(new Reference(fullUrl));
                if (data.departments().stream().anyMatch(d -> d.code().equals(department))) {
                    role.setOrganization(reference("Organization", "department", department));
                }
                person.roles().stream().sorted().forEach(r -> role.addCode(concept("role", r, null)));
                add(bundle, role, "practitioner-role", key);
            }
        }
        for (Map.Entry<String, String> approver : APPROVERS.entrySet()) {
            CareTeam team = new CareTeam();
            team.addIdentifier(identifier("care-team", approver.getKey()));
            team.setStatus(CareTeam.CareTeamStatus.ACTIVE).setName(approver.getValue());
            people.stream()
                    .filter(person ->
                            person.roles().contains("steward") || person.roles().contains("medical-affairs"))
                    .forEach(person ->
                            team.addParticipant().setMember(reference("Practitioner", "user", person.userName())));
            add(bundle, team, "care-team", approver.getKey());
        }
        for (ExamItem item : data.examItems()) {
            ActivityDefinition definition = new ActivityDefinition();
            definition.setUrl(CANONICAL + "/ActivityDefinition/exam-item-" + item.code());
            definition.addIdentifier(identifier("exam-item", item.code()));
            definition.setStatus(Enumerations.PublicationStatus.ACTIVE).setTitle(item.display());
            definition.setKind(ActivityDefinition.ActivityDefinitionKind.SERVICEREQUEST);
            definition.setCode(concept("exam-item", item.code(), item.display()));
            definition.addTopic(concept("exam-kind", item.examKind(), null));
            definition.addBodySite(new CodeableConcept().setText(item.bodySite()));
            add(bundle, definition, "exam-item", item.code());
        }
        return bundle;
    }

    /** The patient and the current encounter. */
    static Bundle patient(DemoPatient p, ZonedDateTime now) {
        Bundle bundle = transaction();
        Patient patient = new Patient();
        patient.addIdentifier(identifier("patient-id", p.id())
                .setType(new CodeableConcept()
                        .addCoding(new Coding(V2_IDENTIFIER_TYPE, "MR", "Medical record number"))));
        patient.setActive(true);
        HumanName name = patient.addName();
        name.setUse(HumanName.NameUse.OFFICIAL).setText(p.name()).setFamily(p.family());
        name.addGiven(p.given());
        String[] pinyin = p.pinyin().split("\\^");
        HumanName latin = patient.addName();
        latin.setUse(HumanName.NameUse.USUAL)
                .setText(pinyin[0] + " " + pinyin[1])
                .setFamily(pinyin[0]);
        latin.addGiven(pinyin[1]);
        patient.setGender(Enumerations.AdministrativeGender.fromCode(p.gender()));
        patient.setBirthDateElement(new DateType(p.birthDate().toString()));
        patient.addTelecom()
                .setSystem(ContactPoint.ContactPointSystem.PHONE)
                .setUse(ContactPoint.ContactPointUse.MOBILE)
                .setValue(p.phone());
        if (p.label() != null) {
            patient.getMeta().addSecurity(CONFIDENTIALITY, p.label(), null);
        }
        add(bundle, patient, "patient-id", p.id());

        add(bundle, encounter(p, now), "encounter", encounterKey(p));
        if (!p.assigned().isEmpty()) {
            CareTeam team = new CareTeam();
            team.addIdentifier(identifier("care-team", p.id()));
            team.setStatus(CareTeam.CareTeamStatus.ACTIVE).setName("指定诊疗团队");
            team.setSubject(reference("Patient", "patient-id", p.id()));
            p.assigned().forEach(user -> team.addParticipant().setMember(reference("Practitioner", "user", user)));
            add(bundle, team, "care-team", p.id());
        }
        return bundle;
    }

    /** The out-patient visits of a later day: the same encounters, moved to that day. */
    static Bundle visits(DemoHospitalData data, ZonedDateTime now) {
        Bundle bundle = transaction();
        for (DemoPatient p : data.patients()) {
            if (p.comesToday()) {
                put(bundle, encounter(p, now), "encounter", encounterKey(p));
            }
        }
        return bundle;
    }

    /** Those whom the dialysis system may see. */
    static Bundle enrolments(DemoHospitalData data) {
        Bundle bundle = transaction();
        Group group = new Group();
        group.addIdentifier(identifier("access-policy", "pd-enrolled"));
        group.setActive(true).setType(Group.GroupType.PERSON).setActual(true).setName("腹膜透析入组病人");
        for (DemoPatient p : data.patients()) {
            if (p.dialysis()) {
                group.addMember().setEntity(reference("Patient", "patient-id", p.id()));
            }
        }
        put(bundle, group, "access-policy", "pd-enrolled");
        return bundle;
    }

    private static Encounter encounter(DemoPatient p, ZonedDateTime now) {
        Encounter encounter = new Encounter();
        encounter.addIdentifier(identifier("encounter", encounterKey(p)));
        encounter.setClass_(
                p.encounterClass().equals("checkup")
                        ? new Coding(CODE_SYSTEM + "encounter-class", "check-up", "体检")
                        : new Coding(ACT_CODE, p.encounterClass(), null));
        boolean over =
                p.encounterClass().equals("checkup") || (p.encounterClass().equals("AMB") && !p.comesToday());
        encounter.setStatus(over ? Encounter.EncounterStatus.FINISHED : Encounter.EncounterStatus.INPROGRESS);
        encounter.setSubject(reference("Patient", "patient-id", p.id()));
        encounter.setServiceProvider(reference("Organization", "department", p.department()));
        Period period = new Period();
        if (p.inpatient()) {
            period.setStartElement(time(now.minusDays(6).minusHours(4)));
        } else if (over) {
            period.setStartElement(time(now.minusDays(3).minusHours(4)));
            period.setEndElement(time(now.minusDays(3).minusHours(1)));
        } else {
            // Today, also when the demo starts in the small hours.
            ZonedDateTime morning = now.toLocalDate().atStartOfDay(now.getZone());
            ZonedDateTime before = now.minusHours(4);
            period.setStartElement(time(before.isBefore(morning) ? morning : before));
        }
        encounter.setPeriod(period);
        Encounter.EncounterLocationComponent where = encounter.addLocation();
        where.setLocation(reference("Location", "location", p.department()));
        where.setStatus(over ? Encounter.EncounterLocationStatus.COMPLETED : Encounter.EncounterLocationStatus.ACTIVE);
        if (p.bed() != null) {
            where.getLocation().setDisplay(p.bed() + "床");
        }
        return encounter;
    }

    /** Order, process Task, report and measurements of one patient's exams. */
    static Bundle exams(List<DemoExam> exams) {
        Bundle bundle = transaction();
        exams.forEach(exam -> exam(bundle, exam));
        return bundle;
    }

    private static void exam(Bundle bundle, DemoExam exam) {
        Reference subject = reference("Patient", "patient-id", exam.patient().id());
        Reference encounter = reference("Encounter", "encounter", encounterKey(exam.patient()));
        Reference department =
                reference("Organization", "department", exam.item().department());
        CodeableConcept item =
                concept("exam-item", exam.item().code(), exam.item().display());
        CodeableConcept kind = concept("exam-kind", exam.item().examKind(), null);
        Identifier accession = accession(exam);

        ServiceRequest order = new ServiceRequest();
        order.addIdentifier(typed(identifier("placer-order", exam.placerOrder()), "PLAC"));
        order.addIdentifier(accession.copy());
        order.setStatus(
                exam.status().equals("released")
                        ? ServiceRequest.ServiceRequestStatus.COMPLETED
                        : ServiceRequest.ServiceRequestStatus.ACTIVE);
        order.setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
        order.addCategory(
                new CodeableConcept().addCoding(new Coding("http://snomed.info/sct", "363679005", "Imaging")));
        order.addCategory(kind.copy());
        order.setCode(item.copy());
        if (exam.item().examType() != null) {
            order.addOrderDetail(concept("exam-type", exam.item().examType(), null));
        }
        order.addBodySite(new CodeableConcept().setText(exam.item().bodySite()));
        order.setPriority(
                exam.patient().encounterClass().equals("EMER")
                        ? ServiceRequest.ServiceRequestPriority.STAT
                        : ServiceRequest.ServiceRequestPriority.ROUTINE);
        order.setSubject(subject.copy()).setEncounter(encounter.copy());
        order.setAuthoredOnElement(time(exam.requested()));
        order.setRequester(reference("Practitioner", "user", exam.requester()));
        order.addPerformer(department.copy());
        String orderUrl = add(bundle, order, "placer-order", exam.placerOrder());

        Task task = new Task();
        String taskKey = exam.placerOrder() + "-process";
        task.addIdentifier(identifier("task", taskKey));
        task.setCode(concept("task-kind", "exam-process", null));
        task.addBasedOn(new Reference(orderUrl));
        task.setFocus(new Reference(orderUrl)).setFor(subject.copy()).setEncounter(encounter.copy());
        task.setOwner(department.copy()).setGroupIdentifier(accession.copy());
        task.setIntent(Task.TaskIntent.ORDER).setStatus(taskStatus(exam.status()));
        task.setBusinessStatus(concept("exam-status", exam.status(), null));
        task.setAuthoredOnElement(time(exam.requested()));
        task.setLastModifiedElement(time(lastEvent(exam)));
        if (exam.started() != null) {
            task.setExecutionPeriod(new Period().setStartElement(time(exam.started())));
        }
        add(bundle, task, "task", taskKey);

        if (!exam.reported()) {
            return;
        }
        List<Reference> results = new ArrayList<>();
        ZonedDateTime started = exam.started();
        if (started == null) {
            throw new IllegalStateException("exam " + exam.number() + " is reported but was never performed");
        }
        Observation findings = new Observation();
        String findingsKey = exam.placerOrder() + "-findings";
        findings.addIdentifier(identifier("observation", findingsKey));
        findings.setStatus(observationStatus(exam.status()));
        findings.addCategory(new CodeableConcept().addCoding(new Coding(OBSERVATION_CATEGORY, "imaging", "Imaging")));
        findings.getCode()
                .addCoding(new Coding("http://loinc.org", "18782-3", "Radiology Study observation (narrative)"))
                .setText("检查所见");
        findings.setSubject(subject.copy()).setEncounter(encounter.copy());
        findings.setEffective(time(started)).setValue(new StringType(exam.text().findings()));
        results.add(new Reference(add(bundle, findings, "observation", findingsKey)));

        for (DemoExam.Value value : exam.values()) {
            String key = exam.placerOrder() + "-" + value.definition().code();
            Observation observation = measurement(value, key, subject, encounter, started, "imaging");
            observation.setStatus(observationStatus(exam.status()));
            results.add(new Reference(add(bundle, observation, "observation", key)));
        }

        DiagnosticReport report = new DiagnosticReport();
        report.addIdentifier(typed(identifier("report", exam.placerOrder()), "FILL"));
        report.addIdentifier(accession.copy());
        report.addBasedOn(new Reference(orderUrl));
        report.setStatus(reportStatus(exam.status()));
        report.addCategory(kind.copy());
        report.setCode(item.copy());
        report.setSubject(subject.copy()).setEncounter(encounter.copy());
        report.setEffective(time(started));
        if (exam.issued() != null) {
            report.setIssuedElement(new InstantType(
                    Date.from(exam.issued().toInstant()), ca.uhn.fhir.model.api.TemporalPrecisionEnum.SECOND));
        }
        report.addPerformer(department.copy());
        report.addResultsInterpreter(reference("Practitioner", "user", exam.author()));
        if (exam.issued() != null || exam.status().equals("verified")) {
            report.addResultsInterpreter(reference("Practitioner", "user", exam.verifier()));
        }
        results.forEach(report::addResult);
        if (exam.imageFolder() != null) {
            report.addImagingStudy(new Reference(
                    "ImagingStudy?identifier=urn:dicom:uid|urn:oid:" + DemoImages.studyInstanceUid(exam)));
        }
        report.setConclusion(exam.text().impression());
        String reportUrl = add(bundle, report, "report", exam.placerOrder());
        if (exam.critical() != null) {
            critical(bundle, exam, started, reportUrl, subject, encounter);
        }
    }

    private static void critical(
            Bundle bundle,
            DemoExam exam,
            ZonedDateTime started,
            String reportUrl,
            Reference subject,
            Reference encounter) {
        DemoHospitalData.CriticalText text = exam.item().critical();
        if (text == null) {
            throw new IllegalStateException("exam item " + exam.item().code() + " has no critical finding");
        }
        ZonedDateTime found = started.plusMinutes(20);
        Observation flag = new Observation();
        String flagKey = exam.placerOrder() + "-critical";
        flag.addIdentifier(identifier("observation", flagKey));
        flag.setStatus(Observation.ObservationStatus.FINAL);
        flag.setCode(concept("critical-finding", text.code(), text.display()));
        flag.setSubject(subject.copy()).setEncounter(encounter.copy());
        flag.setEffective(time(found)).setValue(new StringType(text.impression()));
        flag.addInterpretation(new CodeableConcept().addCoding(new Coding(INTERPRETATION, "AA", "Critical abnormal")));
        String flagUrl = add(bundle, flag, "observation", flagKey);

        boolean closed = "closed".equals(exam.critical());
        Task task = new Task();
        String key = exam.placerOrder() + "-critical-value";
        task.addIdentifier(identifier("task", key));
        task.setCode(concept("task-kind", "critical-value", null));
        task.setFocus(new Reference(reportUrl)).setReasonReference(new Reference(flagUrl));
        task.setFor(subject.copy()).setEncounter(encounter.copy());
        task.setIntent(Task.TaskIntent.ORDER).setPriority(Task.TaskPriority.STAT);
        task.setStatus(closed ? Task.TaskStatus.COMPLETED : Task.TaskStatus.REQUESTED);
        task.setBusinessStatus(concept("critical-status", closed ? "closed" : "notified", null));
        task.setAuthoredOnElement(time(found)).setLastModifiedElement(time(found.plusMinutes(closed ? 38 : 6)));
        task.setRequester(reference("Practitioner", "user", exam.author()));
        task.setOwner(reference("Organization", "department", exam.patient().department()));
        task.getRestriction().setPeriod(new Period().setEndElement(time(found.plusMinutes(closed ? 30 : 15))));
        task.setDescription(text.display());
        if (closed) {
            task.addOutput()
                    .setType(new CodeableConcept().setText("处理措施"))
                    .setValue(new StringType("已通知主管医师，立即处理，患者生命体征平稳。"));
        }
        String taskUrl = add(bundle, task, "task", key);

        Communication notice = new Communication();
        String noticeKey = exam.placerOrder() + "-critical-notice";
        notice.addIdentifier(identifier("communication", noticeKey));
        notice.setStatus(
                closed ? Communication.CommunicationStatus.COMPLETED : Communication.CommunicationStatus.INPROGRESS);
        notice.addPartOf(new Reference(taskUrl));
        notice.setSubject(subject.copy()).setEncounter(encounter.copy());
        notice.setSentElement(time(found.plusMinutes(6)));
        notice.setSender(reference("Practitioner", "user", exam.author()));
        notice.addRecipient(
                reference("Organization", "department", exam.patient().department()));
        notice.addPayload().setContent(new StringType(text.impression()));
        if (closed) {
            notice.setReceivedElement(time(found.plusMinutes(9)));
        }
        add(bundle, notice, "communication", noticeKey);
    }

    /** One day's laboratory results of a patient: order, report and one Observation a lab item. */
    static Bundle labs(DemoPatient p, int day, List<DemoExam.Value> values, ZonedDateTime when) {
        Bundle bundle = transaction();
        Reference subject = reference("Patient", "patient-id", p.id());
        Reference encounter = reference("Encounter", "encounter", encounterKey(p));
        String key = "LAB-" + p.id() + "-" + day;
        CodeableConcept panel = concept("exam-item", "LAB-ROUTINE", "血常规及生化");
        ServiceRequest order = new ServiceRequest();
        order.addIdentifier(typed(identifier("placer-order", key), "PLAC"));
        order.setStatus(ServiceRequest.ServiceRequestStatus.COMPLETED);
        order.setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
        order.addCategory(new CodeableConcept()
                .addCoding(new Coding("http://snomed.info/sct", "108252007", "Laboratory procedure")));
        order.addCategory(concept("exam-kind", "LAB", null));
        order.setCode(panel.copy()).setSubject(subject.copy()).setEncounter(encounter.copy());
        order.setAuthoredOnElement(time(when.minusHours(2)));
        String orderUrl = add(bundle, order, "placer-order", key);
        DiagnosticReport report = new DiagnosticReport();
        report.addIdentifier(typed(identifier("report", key), "FILL"));
        report.addBasedOn(new Reference(orderUrl));
        report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL).addCategory(concept("exam-kind", "LAB", null));
        report.setCode(panel).setSubject(subject.copy()).setEncounter(encounter.copy());
        report.setEffective(time(when));
        report.setIssuedElement(new InstantType(
                Date.from(when.plusHours(1).toInstant()), ca.uhn.fhir.model.api.TemporalPrecisionEnum.SECOND));
        report.addPerformer(reference("Organization", "department", "lab"));
        for (DemoExam.Value value : values) {
            String observationKey = key + "-" + value.definition().code();
            Observation observation = measurement(value, observationKey, subject, encounter, when, "laboratory");
            observation.setStatus(Observation.ObservationStatus.FINAL);
            report.addResult(new Reference(add(bundle, observation, "observation", observationKey)));
        }
        add(bundle, report, "report", key);
        return bundle;
    }

    private static Observation measurement(
            DemoExam.Value value,
            String key,
            Reference subject,
            Reference encounter,
            ZonedDateTime when,
            String category) {
        DemoHospitalData.Measurement m = value.definition();
        Observation observation = new Observation();
        observation.addIdentifier(identifier("observation", key));
        observation.addCategory(new CodeableConcept().addCoding(new Coding(OBSERVATION_CATEGORY, category, null)));
        CodeableConcept code = concept("measurement", m.code(), m.display());
        if (m.loinc() != null) {
            code.getCoding().add(0, new Coding("http://loinc.org", m.loinc(), null));
        }
        observation.setCode(code);
        observation.setSubject(subject.copy()).setEncounter(encounter.copy()).setEffective(time(when));
        observation.setValue(quantity(value.value(), m.unit()));
        if (m.low() != null || m.high() != null) {
            Observation.ObservationReferenceRangeComponent range = observation.addReferenceRange();
            if (m.low() != null) {
                range.setLow(quantity(java.math.BigDecimal.valueOf(m.low()), m.unit()));
            }
            if (m.high() != null) {
                range.setHigh(quantity(java.math.BigDecimal.valueOf(m.high()), m.unit()));
            }
            String flag = flag(value);
            observation.addInterpretation(new CodeableConcept().addCoding(new Coding(INTERPRETATION, flag, null)));
        }
        return observation;
    }

    private static String flag(DemoExam.Value value) {
        double v = value.value().doubleValue();
        Double low = value.definition().low();
        Double high = value.definition().high();
        if (low != null && v < low) {
            return "L";
        }
        return high != null && v > high ? "H" : "N";
    }

    private static Quantity quantity(java.math.BigDecimal value, String unit) {
        Quantity quantity = new Quantity();
        quantity.setValue(value)
                .setUnit(unit)
                .setSystem("http://unitsofmeasure.org")
                .setCode(unit);
        return quantity;
    }

    private static ZonedDateTime lastEvent(DemoExam exam) {
        if (exam.issued() != null) {
            return exam.issued();
        }
        return exam.started() != null
                ? exam.started().plusMinutes(10)
                : exam.requested().plusMinutes(5);
    }

    private static Task.TaskStatus taskStatus(String examStatus) {
        return switch (examStatus) {
            case "requested" -> Task.TaskStatus.REQUESTED;
            case "booked" -> Task.TaskStatus.ACCEPTED;
            case "checked-in" -> Task.TaskStatus.READY;
            case "released" -> Task.TaskStatus.COMPLETED;
            default -> Task.TaskStatus.INPROGRESS;
        };
    }

    private static DiagnosticReport.DiagnosticReportStatus reportStatus(String examStatus) {
        return switch (examStatus) {
            case "writing" -> DiagnosticReport.DiagnosticReportStatus.PARTIAL;
            case "preliminary" -> DiagnosticReport.DiagnosticReportStatus.PRELIMINARY;
            default -> DiagnosticReport.DiagnosticReportStatus.FINAL;
        };
    }

    private static Observation.ObservationStatus observationStatus(String examStatus) {
        return switch (examStatus) {
            case "writing", "preliminary" -> Observation.ObservationStatus.PRELIMINARY;
            default -> Observation.ObservationStatus.FINAL;
        };
    }

    private static String encounterKey(DemoPatient p) {
        return "V-" + p.id();
    }

    private static Identifier accession(DemoExam exam) {
        return typed(identifier("accession", exam.accessionNumber()), "ACSN");
    }

    static Identifier identifier(String name, String value) {
        return new Identifier().setSystem(SID + name).setValue(value);
    }

    private static Identifier typed(Identifier identifier, String type) {
        return identifier.setType(new CodeableConcept().addCoding(new Coding(V2_IDENTIFIER_TYPE, type, null)));
    }

    private static CodeableConcept concept(String codeSystem, String code, @Nullable String display) {
        CodeableConcept concept = new CodeableConcept().addCoding(new Coding(CODE_SYSTEM + codeSystem, code, display));
        return display == null ? concept : concept.setText(display);
    }

    /** A conditional reference: resolved by the server inside the transaction (FHIR R4 http section 3.1.0.11.2). */
    private static Reference reference(String type, String identifierName, String value) {
        return new Reference(type + "?identifier=" + SID + identifierName + "|" + value);
    }

    private static DateTimeType time(ZonedDateTime when) {
        return new DateTimeType(
                Date.from(when.toInstant()),
                ca.uhn.fhir.model.api.TemporalPrecisionEnum.SECOND,
                TimeZone.getTimeZone(when.getZone()));
    }

    private static Bundle transaction() {
        return new Bundle().setType(BundleType.TRANSACTION);
    }

    private static void put(Bundle bundle, Resource resource, String identifierName, String value) {
        bundle.addEntry()
                .setResource(resource)
                .getRequest()
                .setMethod(HTTPVerb.PUT)
                .setUrl(resource.fhirType() + "?identifier=" + SID + identifierName + "|" + value);
    }

    private static String add(Bundle bundle, Resource resource, String identifierName, String value) {
        claim(resource);
        String type = resource.fhirType();
        String fullUrl = "urn:uuid:"
                + UUID.nameUUIDFromBytes(
                        (type + "|" + identifierName + "|" + value).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Bundle.BundleEntryComponent entry = bundle.addEntry();
        entry.setFullUrl(fullUrl).setResource(resource);
        entry.getRequest()
                .setMethod(HTTPVerb.POST)
                .setUrl(type)
                .setIfNoneExist("identifier=" + SID + identifierName + "|" + value);
        return fullUrl;
    }

    /** The profile of the guide that a resource of the demo hospital is made for. */
    private static void claim(Resource resource) {
        if (resource instanceof Patient) {
            HubProfiles.claim(resource, HubProfiles.SOURCE_PATIENT);
        } else if (resource instanceof ServiceRequest) {
            HubProfiles.claim(resource, HubProfiles.EXAM_ORDER);
        } else if (resource instanceof DiagnosticReport) {
            HubProfiles.claim(resource, HubProfiles.EXAM_REPORT);
        } else if (resource instanceof ActivityDefinition) {
            HubProfiles.claim(resource, HubProfiles.EXAM_ITEM);
        } else if (resource instanceof Task task) {
            if (task.getCode().hasCoding(CODE_SYSTEM + "task-kind", "exam-process")) {
                HubProfiles.claim(task, HubProfiles.EXAM_PROCESS);
            } else if (task.getCode().hasCoding(CODE_SYSTEM + "task-kind", "critical-value")) {
                HubProfiles.claim(task, HubProfiles.CRITICAL_VALUE);
            }
        } else if (resource instanceof Observation observation) {
            if (observation.hasValueQuantity()) {
                HubProfiles.claim(observation, HubProfiles.MEASUREMENT);
            } else if (observation.getCode().hasCoding("http://loinc.org", "18782-3")) {
                HubProfiles.claim(observation, HubProfiles.FINDINGS);
            } else if (observation.getCode().getCodingFirstRep().getSystem().equals(CODE_SYSTEM + "critical-finding")) {
                HubProfiles.claim(observation, HubProfiles.CRITICAL_FLAG);
            }
        }
    }
}
