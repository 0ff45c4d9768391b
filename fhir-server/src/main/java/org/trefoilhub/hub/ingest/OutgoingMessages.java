package org.trefoilhub.hub.ingest;

import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.hl7v2.Hl7Writer;
import org.trefoilhub.connectors.mapping.Names;

/**
 * Makes the messages that leave: ORM^O01 with the state of an exam, ORU^R01 with a report or a critical value.
 *
 * <p>Spec: HL7 v2.5.1 chapters 4 and 7; table 0038 for ORC-5. ORC-25 has the code of {@code exam-status}.
 */
final class OutgoingMessages {

    private static final Map<String, String> ORDER_STATUS = Map.ofEntries(
            Map.entry("booked", "SC"),
            Map.entry("checked-in", "IP"),
            Map.entry("in-exam", "IP"),
            Map.entry("examined", "IP"),
            Map.entry("writing", "IP"),
            Map.entry("preliminary", "IP"),
            Map.entry("verified", "CM"),
            Map.entry("released", "CM"),
            Map.entry("printed", "CM"),
            Map.entry("cancelled", "CA"),
            // A recalled report is no longer the result of an executed order.
            Map.entry("recalled", "IP"));

    private final IngestStore store;
    private final Names names;
    private final ZoneId zone;
    private final Clock clock;

    OutgoingMessages(IngestStore store, Names names, ZoneId zone, Clock clock) {
        this.store = store;
        this.names = names;
        this.zone = zone;
        this.clock = clock;
    }

    /** The message of a row; empty when what it tells of is gone. */
    Optional<String> make(Outbox.Row row, Hl7Receivers.Receiver receiver) {
        return switch (row.kind()) {
            case STATUS -> store.read(Task.class, row.reference()).flatMap(task -> status(task, row, receiver));
            case REPORT -> store.read(Task.class, row.reference()).flatMap(task -> report(task, row, receiver));
            case CRITICAL -> store.read(Task.class, row.reference()).flatMap(task -> critical(task, row, receiver));
        };
    }

    private Optional<String> status(Task task, Outbox.Row row, Hl7Receivers.Receiver receiver) {
        Optional<ServiceRequest> order = order(task.getBasedOn());
        if (order.isEmpty()) {
            return Optional.empty();
        }
        String state = row.status() == null ? "" : row.status();
        Hl7Writer message = header(row, receiver, "ORM^O01^ORM_O01");
        patient(message, order.get());
        message.segment("ORC")
                .set(1, "SC")
                .set(2, number(order.get(), names.sid("placer-order")))
                .set(3, filler(order.get()))
                .set(4, order.get().getRequisition().getValue())
                .set(5, ORDER_STATUS.getOrDefault(state, ""))
                .set(9, Hl7Writer.timestamp(row.occurred(), zone))
                .set(25, state, "", "TREFOIL")
                .end();
        observationRequest(message, order.get(), null, null).end();
        return Optional.of(message.text());
    }

    private Optional<String> report(Task task, Outbox.Row row, Hl7Receivers.Receiver receiver) {
        Optional<ServiceRequest> order = order(task.getBasedOn());
        return order.flatMap(found -> store.reportOf(
                        found.getIdElement().toUnqualifiedVersionless().getValue()))
                .map(report -> result(report, order.get(), report.getResult(), row, receiver));
    }

    private Optional<String> critical(Task task, Outbox.Row row, Hl7Receivers.Receiver receiver) {
        Optional<DiagnosticReport> report = Optional.of(task.getFocus())
                .filter(focus -> String.valueOf(focus.getReference()).startsWith("DiagnosticReport/"))
                .flatMap(focus -> store.read(DiagnosticReport.class, focus.getReference()));
        Optional<ServiceRequest> order = report.flatMap(found -> order(found.getBasedOn()));
        if (report.isEmpty() || order.isEmpty()) {
            return Optional.empty();
        }
        List<Reference> flagged = task.getReasonReference().hasReference()
                ? List.of(task.getReasonReference())
                : report.get().getResult();
        return Optional.of(result(report.get(), order.get(), flagged, row, receiver));
    }

    private String result(
            DiagnosticReport report,
            ServiceRequest order,
            List<Reference> results,
            Outbox.Row row,
            Hl7Receivers.Receiver receiver) {
        Hl7Writer message = header(row, receiver, "ORU^R01^ORU_R01");
        patient(message, order);
        message.segment("ORC")
                .set(1, "RE")
                .set(2, number(order, names.sid("placer-order")))
                .set(3, filler(order))
                .end();
        String resultStatus =
                switch (report.getStatus()) {
                    case FINAL -> "F";
                    case CORRECTED, AMENDED, APPENDED -> "C";
                    case CANCELLED, ENTEREDINERROR -> "X";
                    default -> "P";
                };
        observationRequest(message, order, report, resultStatus).end();
        int number = 1;
        for (Reference reference : results) {
            Optional<Observation> observation = Optional.ofNullable(reference.getReference())
                    .flatMap(literal -> store.read(Observation.class, literal));
            if (observation.isPresent()) {
                observation(message, number++, observation.get(), resultStatus);
            }
        }
        if (report.hasConclusion()) {
            message.segment("OBX")
                    .set(1, String.valueOf(number))
                    .set(2, "TX")
                    .set(3, "19005-8", "诊断意见", "LN")
                    .set(5, report.getConclusion())
                    .set(11, resultStatus)
                    .end();
        }
        return message.text();
    }

    private Hl7Writer header(Outbox.Row row, Hl7Receivers.Receiver receiver, String type) {
        Hl7Writer message = new Hl7Writer();
        String[] parts = type.split("\\^");
        String charset = receiver.charset().name().equals("GB18030") ? "GB 18030-2000" : "UNICODE UTF-8";
        message.segment("MSH")
                .set(3, "TREFOIL")
                .set(5, receiver.application())
                .set(6, receiver.facility())
                .set(7, Hl7Writer.timestamp(clock.instant(), zone))
                .set(9, parts[0], parts[1], parts[2])
                .set(10, "TRF" + row.id())
                .set(11, "P")
                .set(12, "2.5.1")
                .set(18, charset)
                .end();
        return message;
    }

    private void patient(Hl7Writer message, ServiceRequest order) {
        Optional<Patient> found = Optional.ofNullable(order.getSubject().getReference())
                .flatMap(reference -> store.read(Patient.class, reference));
        Hl7Writer.Fields pid = message.segment("PID").set(1, "1");
        found.ifPresent(patient -> {
            patient.getIdentifier().stream()
                    .filter(identifier -> String.valueOf(identifier.getSystem()).startsWith(names.sid("patient-id")))
                    .findFirst()
                    .ifPresent(identifier -> pid.set(3, identifier.getValue(), "", "", "", "MR"));
            HumanName name = patient.getNameFirstRep();
            if (name.hasFamily() || name.hasGiven()) {
                pid.set(5, name.getFamily(), name.getGivenAsSingleString());
            } else if (name.hasText()) {
                pid.set(5, name.getText());
            }
            if (patient.hasBirthDate()) {
                pid.set(7, patient.getBirthDateElement().getValueAsString().replace("-", ""));
            }
            if (patient.hasGender()) {
                pid.set(
                        8,
                        switch (patient.getGender()) {
                            case MALE -> "M";
                            case FEMALE -> "F";
                            case OTHER -> "O";
                            default -> "U";
                        });
            }
        });
        pid.end();
        Optional.ofNullable(order.getEncounter().getReference())
                .flatMap(reference -> store.read(Encounter.class, reference))
                .ifPresent(encounter -> message.segment("PV1")
                        .set(1, "1")
                        .set(
                                2,
                                switch (String.valueOf(encounter.getClass_().getCode())) {
                                    case "IMP" -> "I";
                                    case "EMER" -> "E";
                                    default -> "O";
                                })
                        .set(
                                19,
                                encounter.getIdentifier().stream()
                                        .filter(identifier ->
                                                names.sid("encounter").equals(identifier.getSystem()))
                                        .map(Identifier::getValue)
                                        .findFirst()
                                        .orElse(""))
                        .end());
    }

    private Hl7Writer.Fields observationRequest(
            Hl7Writer message, ServiceRequest order, @Nullable DiagnosticReport report, @Nullable String resultStatus) {
        Coding item = coding(order.getCode(), names.codeSystem("exam-item"));
        Hl7Writer.Fields obr = message.segment("OBR")
                .set(1, "1")
                .set(2, number(order, names.sid("placer-order")))
                .set(3, filler(order))
                .set(
                        4,
                        item.getCode(),
                        item.hasDisplay() ? item.getDisplay() : order.getCode().getText())
                .set(18, number(order, names.sid("accession")));
        if (report != null) {
            if (report.getEffective() instanceof DateTimeType time && time.hasValue()) {
                obr.set(7, Hl7Writer.timestamp(time.getValue().toInstant(), zone));
            }
            if (report.hasIssued()) {
                obr.set(22, Hl7Writer.timestamp(report.getIssued().toInstant(), zone));
            }
            obr.set(25, resultStatus);
        }
        return obr;
    }

    private void observation(Hl7Writer message, int number, Observation observation, String resultStatus) {
        Coding code = observation.getCode().getCodingFirstRep();
        Hl7Writer.Fields obx = message.segment("OBX")
                .set(1, String.valueOf(number))
                .set(
                        3,
                        code.getCode(),
                        code.hasDisplay()
                                ? code.getDisplay()
                                : observation.getCode().getText(),
                        "http://loinc.org".equals(code.getSystem()) ? "LN" : "L")
                .set(11, resultStatus);
        if (observation.getValue() instanceof Quantity quantity && quantity.hasValue()) {
            obx.set(2, "NM")
                    .set(5, quantity.getValue().toPlainString())
                    .set(6, quantity.hasCode() ? quantity.getCode() : quantity.getUnit());
        } else if (observation.getValue() instanceof StringType text) {
            obx.set(2, "TX").set(5, text.getValue());
        } else if (observation.getValue() instanceof CodeableConcept concept) {
            obx.set(2, "CE")
                    .set(
                            5,
                            concept.getCodingFirstRep().getCode(),
                            concept.hasText()
                                    ? concept.getText()
                                    : concept.getCodingFirstRep().getDisplay());
        }
        if (observation.getReferenceRangeFirstRep().hasText()) {
            obx.set(7, observation.getReferenceRangeFirstRep().getText());
        }
        String flag =
                observation.getInterpretationFirstRep().getCodingFirstRep().getCode();
        if (flag != null) {
            obx.set(8, flag);
        }
        obx.end();
    }

    private Optional<ServiceRequest> order(List<Reference> basedOn) {
        return basedOn.stream()
                .map(Reference::getReference)
                .filter(reference -> reference != null && reference.startsWith("ServiceRequest/"))
                .findFirst()
                .flatMap(reference -> store.read(ServiceRequest.class, reference));
    }

    private static Coding coding(CodeableConcept concept, String system) {
        return concept.getCoding().stream()
                .filter(coding -> system.equals(coding.getSystem()))
                .findFirst()
                .orElseGet(concept::getCodingFirstRep);
    }

    private static String number(ServiceRequest order, String system) {
        return order.getIdentifier().stream()
                .filter(identifier -> system.equals(identifier.getSystem()))
                .map(Identifier::getValue)
                .findFirst()
                .orElse("");
    }

    private String filler(ServiceRequest order) {
        return order.getIdentifier().stream()
                .filter(identifier -> String.valueOf(identifier.getSystem()).startsWith(names.sid("filler-order")))
                .map(Identifier::getValue)
                .findFirst()
                .orElse("");
    }
}
