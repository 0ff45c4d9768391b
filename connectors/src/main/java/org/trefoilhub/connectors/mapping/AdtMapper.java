package org.trefoilhub.connectors.mapping;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterLocationStatus;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Time;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;

/** Patients and visits. Spec: HL7 v2.5.1 chapter 3. */
final class AdtMapper {

    private static final Set<String> MERGES = Set.of("A18", "A34", "A39", "A40");
    private static final Set<String> OF_PERSONS = Set.of("A28", "A31");
    private static final Set<String> OF_VISITS =
            Set.of("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A11", "A13");

    private AdtMapper() {}

    static SourceChange map(Hl7Message message, MappingContext context) {
        String trigger = message.trigger();
        ChangeBuilder change = new ChangeBuilder(message, context);
        People people = new People(context);
        Instant occurred = occurred(message, context);
        if (MERGES.contains(trigger)) {
            merges(message, change, people);
        } else if (OF_VISITS.contains(trigger) || OF_PERSONS.contains(trigger)) {
            Segment pid = message.required("PID");
            People.Number number = people.number(message, pid, 3);
            change.lane(number.condition());
            change.put(people.patient(message, pid), number.system(), number.value());
            if (OF_VISITS.contains(trigger)) {
                visit(message, change, people, number, occurred, context);
            }
        } else {
            throw new IngestException(IngestErrorCode.UNSUPPORTED, "expected an ADT event that the hub reads");
        }
        return change.build(occurred);
    }

    private static Instant occurred(Hl7Message message, MappingContext context) {
        Optional<Segment> event = message.first("EVN");
        return event.flatMap(evn -> Hl7Time.instant(evn.value(6), context.zone(), "EVN-6"))
                .or(() -> event.flatMap(evn -> Hl7Time.instant(evn.value(2), context.zone(), "EVN-2")))
                .orElseGet(() -> context.messageTime(message));
    }

    private static void merges(Hl7Message message, ChangeBuilder change, People people) {
        Segment pid = message.required("PID");
        message.required("MRG");
        for (Segment segment : message.segments()) {
            if (segment.name().equals("PID")) {
                pid = segment;
            } else if (segment.name().equals("MRG")) {
                People.Number survivor = people.number(message, pid, 3);
                Patient patient = people.patient(message, pid);
                change.lane(survivor.condition());
                change.put(patient, survivor.system(), survivor.value());
                People.Number loser = people.number(message, segment, 1);
                if (loser.equals(survivor)) {
                    throw new IngestException(
                            IngestErrorCode.BAD_VALUE, "expected different patient numbers in PID-3 and MRG-1");
                }
                change.merge(survivor.condition(), loser.condition());
            }
        }
    }

    private static void visit(
            Hl7Message message,
            ChangeBuilder change,
            People people,
            People.Number number,
            Instant occurred,
            MappingContext context) {
        Optional<Segment> found =
                message.first("PV1").filter(visit -> !visit.value(19).isEmpty());
        if (found.isEmpty()) {
            return;
        }
        Segment visit = found.get();
        Encounter encounter = new Encounter();
        encounter.addIdentifier(context.names().typed(people.visits(), visit.value(19), "VN"));
        encounter.setClass_(people.encounterClass(visit.value(2)));
        encounter.setSubject(number.reference());
        EncounterStatus status =
                switch (message.trigger()) {
                    case "A03" -> EncounterStatus.FINISHED;
                    case "A05" -> EncounterStatus.PLANNED;
                    case "A11" -> EncounterStatus.CANCELLED;
                    default -> EncounterStatus.INPROGRESS;
                };
        Period period = new Period();
        Hl7Time.instant(visit.value(44), context.zone(), "PV1-44")
                .or(() -> isStart(message.trigger()) ? Optional.of(occurred) : Optional.empty())
                .ifPresent(start -> period.setStartElement(change.time(start)));
        Optional<Instant> end = Hl7Time.instant(visit.value(45), context.zone(), "PV1-45");
        if (message.trigger().equals("A03")) {
            period.setEndElement(change.time(end.orElse(occurred)));
        } else if (message.trigger().equals("A08") && end.isPresent()) {
            // An update after the discharge does not admit again.
            status = EncounterStatus.FINISHED;
            period.setEndElement(change.time(end.get()));
        }
        encounter.setStatus(status);
        encounter.setPeriod(period);
        boolean over = status != EncounterStatus.INPROGRESS && status != EncounterStatus.PLANNED;
        people.place(visit, 3)
                .ifPresent(place -> encounter.addLocation(
                        place.setStatus(over ? EncounterLocationStatus.COMPLETED : EncounterLocationStatus.ACTIVE)));
        if (message.trigger().equals("A02")) {
            people.place(visit, 6)
                    .ifPresent(place -> encounter.addLocation(place.setStatus(EncounterLocationStatus.COMPLETED)));
        }
        people.department(visit.value(3)).ifPresent(encounter::setServiceProvider);
        for (Segment.Repetition doctor : visit.repetitions(7)) {
            people.staff(doctor).ifPresent(reference -> encounter
                    .addParticipant()
                    .setIndividual(reference)
                    .addType()
                    .addCoding()
                    .setSystem("http://terminology.hl7.org/CodeSystem/v3-ParticipationType")
                    .setCode("ATND"));
        }
        change.put(encounter, people.visits(), visit.value(19));
    }

    private static boolean isStart(String trigger) {
        return trigger.equals("A01") || trigger.equals("A04");
    }
}
