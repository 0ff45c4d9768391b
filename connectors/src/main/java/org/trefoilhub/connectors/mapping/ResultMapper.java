package org.trefoilhub.connectors.mapping;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Time;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;

/**
 * Reports. One DiagnosticReport for each OBR with its OBX; findings and values as Observations, the impression as
 * conclusion, encapsulated documents as presentedForm.
 *
 * <p>Spec: HL7 v2.5.1 chapter 7; tables 0123 (OBR-25), 0085 (OBX-11), 0078 (OBX-8).
 */
final class ResultMapper {

    private ResultMapper() {}

    /** One report of a message. */
    private static final class Group {
        private @Nullable Segment orc;
        private final Segment obr;
        private final List<Segment> results = new ArrayList<>();

        Group(@Nullable Segment orc, Segment obr) {
            this.orc = orc;
            this.obr = obr;
        }
    }

    static SourceChange map(Hl7Message message, MappingContext context) {
        if (!message.trigger().equals("R01")) {
            throw new IngestException(IngestErrorCode.UNSUPPORTED, "expected the event R01");
        }
        ChangeBuilder change = new ChangeBuilder(message, context);
        People people = new People(context);
        Segment pid = message.required("PID");
        People.Number patient = people.number(message, pid, 3);
        change.lane(patient.condition());
        change.createOnce(people.patient(message, pid), patient.system(), patient.value());
        message.required("OBR");
        Instant latest = Instant.EPOCH;
        for (Group group : groups(message)) {
            Instant occurred = report(message, group, change, people, patient, context);
            latest = occurred.isAfter(latest) ? occurred : latest;
        }
        return change.build(latest);
    }

    private static List<Group> groups(Hl7Message message) {
        List<Group> groups = new ArrayList<>();
        Segment orc = null;
        for (Segment segment : message.segments()) {
            switch (segment.name()) {
                case "ORC" -> orc = segment;
                case "OBR" -> {
                    groups.add(new Group(orc, segment));
                    orc = null;
                }
                case "OBX" -> {
                    if (groups.isEmpty()) {
                        throw new IngestException(
                                IngestErrorCode.REQUIRED_MISSING, "expected a segment OBR before OBX");
                    }
                    groups.get(groups.size() - 1).results.add(segment);
                }
                default -> {
                    // Nothing that the hub keeps.
                }
            }
        }
        return groups;
    }

    private static Instant report(
            Hl7Message message,
            Group group,
            ChangeBuilder change,
            People people,
            People.Number patient,
            MappingContext context) {
        Names names = context.names();
        Segment obr = group.obr;
        OrderNumbers numbers = OrderNumbers.of(group.orc, obr, null, context);
        String filler = !obr.value(3).isEmpty() || group.orc == null ? obr.value(3) : group.orc.value(3);
        String number = filler.isEmpty() ? numbers.key() : filler;
        String system = names.ofSource("report", context.source().code());
        DiagnosticReportStatus status = status(group);
        Instant occurred =
                Hl7Time.instant(obr.value(22), context.zone(), "OBR-22").orElseGet(() -> context.messageTime(message));
        Optional<String> kind = Sections.kind(obr.value(24), obr.value(4), context);
        boolean lab = kind.filter("LAB"::equals).isPresent();

        DiagnosticReport report = new DiagnosticReport();
        report.addIdentifier(names.typed(system, number, "FILL"));
        if (numbers.accession() != null) {
            report.addIdentifier(numbers.accession().copy());
        }
        report.addBasedOn(numbers.reference());
        report.setStatus(status);
        kind.ifPresent(code -> report.addCategory(names.concept("exam-kind", code)));
        if (!obr.value(24).isEmpty()) {
            report.addCategory(new CodeableConcept()
                    .addCoding(new Coding("http://terminology.hl7.org/CodeSystem/v2-0074", obr.value(24), null)));
        }
        report.setCode(OrderMapper.item(obr, context));
        report.setSubject(patient.reference());
        people.encounter(message).ifPresent(report::setEncounter);
        Optional<Instant> effective = Hl7Time.instant(obr.value(7), context.zone(), "OBR-7")
                .or(() -> Hl7Time.instant(obr.value(14), context.zone(), "OBR-14"));
        effective.ifPresent(time -> report.setEffective(change.time(time)));
        if (isReleased(status)) {
            InstantType issued = new InstantType(Date.from(occurred));
            issued.setTimeZone(TimeZone.getTimeZone(context.zone()));
            report.setIssuedElement(issued);
        }
        Optional<Reference> department = kind.flatMap(Sections::department).flatMap(people::department);
        department.ifPresent(report::addPerformer);
        for (int field : new int[] {33, 32}) {
            // The assistant wrote it, the principal interpreter verified it.
            for (Segment.Repetition interpreter : obr.repetitions(field)) {
                people.interpreter(interpreter).ifPresent(report::addResultsInterpreter);
            }
        }
        Results results = new Results(change, context, number, lab ? "laboratory" : "imaging");
        results.map(group.results, report, observation -> {
            observation.setSubject(patient.reference());
            if (report.hasEncounter()) {
                observation.setEncounter(report.getEncounter().copy());
            }
            observation.addBasedOn(numbers.reference());
            if (!observation.hasEffective()) {
                effective.ifPresent(time -> observation.setEffective(change.time(time)));
            }
            department.ifPresent(by -> observation.addPerformer(by.copy()));
        });
        change.put(report, system, number);

        if (!lab && numbers.system().equals(names.sid("placer-order"))) {
            change.require(numbers.condition());
        }
        String author = report.hasResultsInterpreter()
                ? report.getResultsInterpreterFirstRep().getReference()
                : null;
        for (String state : states(status)) {
            change.event(numbers.condition(), state, occurred, author, null);
        }
        return occurred;
    }

    private static List<String> states(DiagnosticReportStatus status) {
        return switch (status) {
            case PARTIAL -> List.of("writing");
            case PRELIMINARY -> List.of("writing", "preliminary");
            case FINAL -> List.of("writing", "verified", "released");
            default -> List.of();
        };
    }

    private static boolean isReleased(DiagnosticReportStatus status) {
        return status == DiagnosticReportStatus.FINAL
                || status == DiagnosticReportStatus.CORRECTED
                || status == DiagnosticReportStatus.AMENDED;
    }

    private static DiagnosticReportStatus status(Group group) {
        String code = group.obr.value(25);
        if (code.isEmpty()) {
            boolean all = !group.results.isEmpty()
                    && group.results.stream().allMatch(obx -> obx.value(11).equals("F"));
            return all ? DiagnosticReportStatus.FINAL : DiagnosticReportStatus.PRELIMINARY;
        }
        return switch (code) {
            case "O", "I", "S" -> DiagnosticReportStatus.REGISTERED;
            case "A", "R" -> DiagnosticReportStatus.PARTIAL;
            case "P" -> DiagnosticReportStatus.PRELIMINARY;
            case "F" -> DiagnosticReportStatus.FINAL;
            case "C", "K" -> DiagnosticReportStatus.CORRECTED;
            case "X" -> DiagnosticReportStatus.CANCELLED;
            default ->
                throw new IngestException(
                        IngestErrorCode.UNKNOWN_STATUS, "expected a result status of table 0123 in OBR-25");
        };
    }

    /** What all results of a report share. */
    interface Frame {
        void fill(Observation observation);
    }
}
