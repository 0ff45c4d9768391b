package org.trefoilhub.connectors.mapping;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestPriority;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Time;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;

/**
 * Orders and their states. One ServiceRequest, and one Task of kind {@code exam-process}, for each ORC with its OBR.
 *
 * <p>Spec: HL7 v2.5.1 chapter 4; tables 0119 (ORC-1), 0038 (ORC-5).
 */
final class OrderMapper {

    private static final Set<String> NEW = Set.of("NW", "RO", "RP");
    private static final Set<String> CHANGED = Set.of("XO", "XR", "XX");
    private static final Set<String> CANCELLED = Set.of("CA", "OC", "CR", "DC", "OD", "DR");
    private static final Set<String> STATUS = Set.of("SC", "SN", "SR", "OK", "RE", "UA");

    private OrderMapper() {}

    /** One order of a message: ORC and what follows it. */
    private static final class Group {
        private @Nullable Segment orc;
        private @Nullable Segment obr;
        private @Nullable Segment tq1;
        private @Nullable Segment ipc;
        private final List<Segment> notes = new ArrayList<>();
        private final List<Segment> diagnoses = new ArrayList<>();
    }

    static SourceChange map(Hl7Message message, MappingContext context) {
        ChangeBuilder change = new ChangeBuilder(message, context);
        People people = new People(context);
        Segment pid = message.required("PID");
        People.Number number = people.number(message, pid, 3);
        change.lane(number.condition());
        change.createOnce(people.patient(message, pid), number.system(), number.value());
        message.required("ORC");
        Instant latest = Instant.EPOCH;
        for (Group group : groups(message)) {
            Instant occurred = order(message, group, change, people, number, context);
            latest = occurred.isAfter(latest) ? occurred : latest;
        }
        return change.build(latest);
    }

    private static List<Group> groups(Hl7Message message) {
        List<Group> groups = new ArrayList<>();
        Group current = null;
        for (Segment segment : message.segments()) {
            if (segment.name().equals("ORC")) {
                current = new Group();
                current.orc = segment;
                groups.add(current);
            } else if (current != null) {
                switch (segment.name()) {
                    case "OBR" -> {
                        if (current.obr != null) {
                            Group next = new Group();
                            next.orc = current.orc;
                            next.tq1 = current.tq1;
                            groups.add(next);
                            current = next;
                        }
                        current.obr = segment;
                    }
                    case "TQ1" -> current.tq1 = segment;
                    case "IPC" -> current.ipc = segment;
                    case "NTE" -> current.notes.add(segment);
                    case "DG1" -> current.diagnoses.add(segment);
                    default -> {
                        // Nothing that the hub keeps.
                    }
                }
            }
        }
        return groups;
    }

    private static Instant order(
            Hl7Message message,
            Group group,
            ChangeBuilder change,
            People people,
            People.Number patient,
            MappingContext context) {
        Segment orc = group.orc;
        if (orc == null) {
            throw new IllegalStateException("a group begins with ORC");
        }
        OrderNumbers numbers = OrderNumbers.of(orc, group.obr, group.ipc, context);
        Instant occurred =
                Hl7Time.instant(orc.value(9), context.zone(), "ORC-9").orElseGet(() -> context.messageTime(message));
        String control = orc.value(1);
        if (NEW.contains(control) || CHANGED.contains(control)) {
            Segment obr = group.obr;
            if (obr == null) {
                throw new IngestException(IngestErrorCode.REQUIRED_MISSING, "expected a segment OBR after ORC");
            }
            ServiceRequest order = request(message, group, obr, numbers, people, patient, change, context);
            order.setAuthoredOnElement(change.time(occurred));
            change.put(order, numbers.system(), numbers.key());
            change.createOnce(
                    task(order, numbers, change, occurred, context),
                    context.names().sid("task"),
                    numbers.key() + "-process");
        } else if (CANCELLED.contains(control)) {
            change.require(numbers.condition());
            String reason = orc.repetition(16, 1).value(2).isEmpty()
                    ? orc.value(16)
                    : orc.repetition(16, 1).value(2);
            change.event(
                    numbers.condition(), "cancelled", occurred, actor(orc, people), reason.isEmpty() ? null : reason);
        } else if (STATUS.contains(control)) {
            change.require(numbers.condition());
            ServiceRequest known = new ServiceRequest();
            numbers.identifiers().forEach(known::addIdentifier);
            change.put(known, numbers.system(), numbers.key());
            change.event(numbers.condition(), status(orc, context), occurred, actor(orc, people), null);
        } else {
            throw new IngestException(
                    IngestErrorCode.UNSUPPORTED, "expected an order control that the hub reads in ORC-1");
        }
        return occurred;
    }

    private static String status(Segment orc, MappingContext context) {
        String vendor = orc.value(25);
        String code = vendor.isEmpty() ? orc.value(5) : vendor;
        if (code.isEmpty()) {
            throw new IngestException(IngestErrorCode.REQUIRED_MISSING, "expected an order status in ORC-5 or ORC-25");
        }
        return context.dictionary()
                .examStatus(context.source().code(), code)
                .orElseThrow(() -> new IngestException(
                        IngestErrorCode.UNKNOWN_STATUS,
                        "expected an order status that the ConceptMap of `"
                                + context.source().code() + "` translates"));
    }

    /** Who entered the transaction, else who acted on it. */
    private static @Nullable String actor(Segment orc, People people) {
        return people.staff(orc.repetition(19, 1))
                .or(() -> people.staff(orc.repetition(10, 1)))
                .map(Reference::getReference)
                .orElse(null);
    }

    private static ServiceRequest request(
            Hl7Message message,
            Group group,
            Segment obr,
            OrderNumbers numbers,
            People people,
            People.Number patient,
            ChangeBuilder change,
            MappingContext context) {
        Names names = context.names();
        Segment orc = group.orc;
        ServiceRequest order = new ServiceRequest();
        numbers.identifiers().forEach(order::addIdentifier);
        if (orc != null && !orc.value(4).isEmpty()) {
            order.setRequisition(
                    new Identifier().setSystem(names.sid("requisition")).setValue(orc.value(4)));
        }
        order.setStatus(ServiceRequestStatus.ACTIVE);
        order.setIntent(ServiceRequestIntent.ORDER);
        Optional<String> kind = Sections.kind(obr.value(24), obr.value(4), context);
        boolean lab = kind.filter("LAB"::equals).isPresent();
        order.addCategory(new CodeableConcept()
                .addCoding(
                        lab
                                ? new Coding("http://snomed.info/sct", "108252007", "Laboratory procedure")
                                : new Coding("http://snomed.info/sct", "363679005", "Imaging")));
        kind.ifPresent(code -> order.addCategory(names.concept("exam-kind", code)));
        order.setCode(item(obr, context));
        bodySite(obr).ifPresent(order::addBodySite);
        order.setPriority(priority(group, obr));
        order.setSubject(patient.reference());
        people.encounter(message).ifPresent(order::setEncounter);
        wished(group, obr, context).ifPresent(time -> order.setOccurrence(change.time(time)));
        (orc == null ? Optional.<Reference>empty() : people.staff(orc.repetition(12, 1)))
                .or(() -> people.staff(obr.repetition(16, 1)))
                .ifPresent(order::setRequester);
        kind.flatMap(Sections::department).flatMap(people::department).ifPresent(order::addPerformer);
        for (Segment.Repetition reason : obr.repetitions(31)) {
            reason(reason, names).ifPresent(order::addReasonCode);
        }
        for (Segment diagnosis : group.diagnoses) {
            reason(diagnosis.repetition(3, 1), names).ifPresent(order::addReasonCode);
        }
        if (!obr.value(13).isEmpty()) {
            order.addNote().setText(obr.text(13));
        }
        for (Segment note : group.notes) {
            if (!note.value(3).isEmpty()) {
                order.addNote().setText(note.text(3));
            }
        }
        return order;
    }

    /** OBR-4 as a code of the hospital's dictionary, with LOINC beside it where the message has it. */
    static CodeableConcept item(Segment obr, MappingContext context) {
        Segment.Repetition field = obr.repetition(4, 1);
        CodeableConcept item = new CodeableConcept();
        for (int first : new int[] {1, 4}) {
            String code = field.value(first);
            if (!code.isEmpty()) {
                Coding coding = item.addCoding();
                coding.setSystem(
                        field.value(first + 2).equals("LN")
                                ? Names.LOINC
                                : context.names().codeSystem("exam-item"));
                coding.setCode(code).setDisplay(People.orNull(field.value(first + 1)));
            }
        }
        if (item.isEmpty() && field.value(2).isEmpty()) {
            throw new IngestException(IngestErrorCode.REQUIRED_MISSING, "expected an exam item in OBR-4");
        }
        if (!field.value(2).isEmpty()) {
            item.setText(field.value(2));
        }
        return item;
    }

    private static Optional<CodeableConcept> bodySite(Segment obr) {
        Segment.Repetition source = obr.repetition(15, 1);
        boolean specimen = !source.value(4).isEmpty();
        String code = specimen ? source.value(4, 1) : source.value(1, 1);
        String text = specimen ? source.value(4, 2) : source.value(2).isEmpty() ? source.value(1, 2) : source.value(2);
        if (code.isEmpty() && text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CodeableConcept().setText(text.isEmpty() ? code : text));
    }

    private static ServiceRequestPriority priority(Group group, Segment obr) {
        String code = group.tq1 == null ? "" : group.tq1.value(9);
        if (code.isEmpty()) {
            code = obr.value(27, 6);
        }
        if (code.isEmpty() && group.orc != null) {
            code = group.orc.value(7, 6);
        }
        if (code.isEmpty()) {
            code = obr.value(5);
        }
        return switch (code) {
            case "S", "STAT", "急诊" -> ServiceRequestPriority.STAT;
            case "A", "ASAP" -> ServiceRequestPriority.ASAP;
            case "U", "UR" -> ServiceRequestPriority.URGENT;
            default -> ServiceRequestPriority.ROUTINE;
        };
    }

    private static Optional<Instant> wished(Group group, Segment obr, MappingContext context) {
        Segment tq1 = group.tq1;
        Segment orc = group.orc;
        return (tq1 == null ? Optional.<Instant>empty() : Hl7Time.instant(tq1.value(7), context.zone(), "TQ1-7"))
                .or(() -> Hl7Time.instant(obr.value(27, 4), context.zone(), "OBR-27"))
                .or(() -> orc == null ? Optional.empty() : Hl7Time.instant(orc.value(7, 4), context.zone(), "ORC-7"))
                .or(() -> Hl7Time.instant(obr.value(6), context.zone(), "OBR-6"));
    }

    private static Optional<CodeableConcept> reason(Segment.Repetition field, Names names) {
        CodeableConcept reason = new CodeableConcept();
        String code = field.value(1);
        String text = field.value(2);
        String system = field.value(3);
        if (!code.isEmpty() && (system.startsWith("I10") || system.startsWith("ICD"))) {
            reason.addCoding().setSystem(Names.ICD_10).setCode(code).setDisplay(People.orNull(text));
            reason.setText(People.orNull(text));
        } else if (!text.isEmpty()) {
            reason.setText(text);
        } else if (!code.isEmpty()) {
            reason.setText(code);
        }
        return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
    }

    private static Task task(
            ServiceRequest order,
            OrderNumbers numbers,
            ChangeBuilder change,
            Instant occurred,
            MappingContext context) {
        Names names = context.names();
        Task task = new Task();
        task.addIdentifier().setSystem(names.sid("task")).setValue(numbers.key() + "-process");
        task.addBasedOn(numbers.reference());
        Identifier accession = numbers.accession();
        if (accession != null) {
            task.setGroupIdentifier(accession.copy());
        }
        task.setStatus(Task.TaskStatus.REQUESTED);
        task.setBusinessStatus(names.concept("exam-status", "requested"));
        task.setIntent(Task.TaskIntent.ORDER);
        task.setPriority(Task.TaskPriority.fromCode(order.getPriority().toCode()));
        task.setCode(names.concept("task-kind", "exam-process"));
        task.setFocus(numbers.reference());
        task.setFor(order.getSubject().copy());
        if (order.hasEncounter()) {
            task.setEncounter(order.getEncounter().copy());
        }
        task.setAuthoredOnElement(change.time(occurred));
        task.setLastModifiedElement(change.time(occurred));
        if (order.hasRequester()) {
            task.setRequester(order.getRequester().copy());
        }
        if (order.hasPerformer()) {
            task.setOwner(order.getPerformerFirstRep().copy());
        }
        return task;
    }
}
