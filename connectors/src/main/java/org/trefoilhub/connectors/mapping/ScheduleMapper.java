package org.trefoilhub.connectors.mapping;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Appointment.ParticipationStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Reference;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Time;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;

/**
 * Appointments. The order is that of SCH-26; senders that write its number into SCH-1 are understood where such an order
 * exists.
 *
 * <p>Spec: HL7 v2.5.1 chapter 10.
 */
final class ScheduleMapper {

    private ScheduleMapper() {}

    static SourceChange map(Hl7Message message, MappingContext context) {
        Names names = context.names();
        ChangeBuilder change = new ChangeBuilder(message, context);
        People people = new People(context);
        Segment schedule = message.required("SCH");
        String number = schedule.value(2).isEmpty() ? schedule.value(1) : schedule.value(2);
        if (number.isEmpty()) {
            throw new IngestException(
                    IngestErrorCode.REQUIRED_MISSING, "expected an appointment number in SCH-1 or SCH-2");
        }
        Segment pid = message.required("PID");
        People.Number patient = people.number(message, pid, 3);
        change.lane(patient.condition());
        change.createOnce(people.patient(message, pid), patient.system(), patient.value());

        AppointmentStatus status =
                switch (message.trigger()) {
                    case "S12", "S13", "S14" -> AppointmentStatus.BOOKED;
                    case "S15", "S16" -> AppointmentStatus.CANCELLED;
                    case "S17" -> AppointmentStatus.ENTEREDINERROR;
                    case "S26" -> AppointmentStatus.NOSHOW;
                    default ->
                        throw new IngestException(
                                IngestErrorCode.UNSUPPORTED, "expected an SIU event that the hub reads");
                };
        Appointment appointment = new Appointment();
        String system = names.ofSource("appointment", context.source().code());
        appointment.addIdentifier().setSystem(system).setValue(number);
        appointment.setStatus(status);
        times(message, schedule, appointment, context);
        message.first("AIS")
                .map(service -> service.repetition(3, 1))
                .filter(service -> !service.value(1).isEmpty())
                .ifPresent(service -> appointment.addServiceType(new CodeableConcept()
                        .addCoding(new Coding(
                                names.codeSystem("exam-item"), service.value(1), People.orNull(service.value(2))))));
        String reason = schedule.value(7, 2).isEmpty() ? schedule.value(7) : schedule.value(7, 2);
        if (status == AppointmentStatus.CANCELLED) {
            String why = schedule.value(6, 2).isEmpty() ? schedule.value(6) : schedule.value(6, 2);
            if (!why.isEmpty()) {
                appointment.setCancelationReason(new CodeableConcept().setText(why));
            }
        } else if (!reason.isEmpty()) {
            appointment.addReasonCode(new CodeableConcept().setText(reason));
        }
        participant(appointment, patient.reference());
        for (Segment place : message.all("AIL")) {
            Segment.Repetition location = place.repetition(3, 1);
            if (!location.value(1).isEmpty()) {
                participant(
                        appointment,
                        Names.reference("Location", names.sid("location"), location.value(1), location.value(2)));
            }
        }
        for (Segment person : message.all("AIP")) {
            people.staff(person.repetition(3, 1)).ifPresent(staff -> participant(appointment, staff));
        }
        Instant occurred = context.messageTime(message);
        String order = schedule.value(26);
        if (!order.isEmpty() || !schedule.value(1).isEmpty()) {
            String found = Names.condition(
                    "ServiceRequest", names.sid("placer-order"), order.isEmpty() ? schedule.value(1) : order);
            appointment.addBasedOn(new Reference(found).setType("ServiceRequest"));
            if (!order.isEmpty()) {
                change.require(found);
            }
            step(message.trigger())
                    .ifPresent(state -> change.event(found, state, occurred, null, reason.isEmpty() ? null : reason));
        }
        change.put(appointment, system, number);
        return change.build(occurred);
    }

    private static Optional<String> step(String trigger) {
        return switch (trigger) {
            case "S12", "S13" -> Optional.of("booked");
            // The booking is gone, the order stands.
            case "S15", "S16" -> Optional.of("requested");
            default -> Optional.empty();
        };
    }

    private static void times(Hl7Message message, Segment schedule, Appointment appointment, MappingContext context) {
        Optional<Segment> service = message.first("AIS");
        Optional<Instant> start = Hl7Time.instant(schedule.value(11, 4), context.zone(), "SCH-11")
                .or(() -> service.flatMap(ais -> Hl7Time.instant(ais.value(4), context.zone(), "AIS-4")));
        Optional<Duration> length = minutes(schedule.value(9), schedule.value(10))
                .or(() -> service.flatMap(ais -> minutes(ais.value(7), ais.value(8))));
        Optional<Instant> end = Hl7Time.instant(schedule.value(11, 5), context.zone(), "SCH-11")
                .or(() -> start.flatMap(from -> length.map(from::plus)));
        if (start.isPresent() && end.isPresent() && end.get().isBefore(start.get())) {
            throw new IngestException(IngestErrorCode.BAD_VALUE, "expected an appointment to end after it begins");
        }
        start.ifPresent(from -> appointment.setStartElement(instant(from, context)));
        // INVARIANT app-3: start and end are there together.
        start.ifPresent(from -> appointment.setEndElement(instant(end.orElse(from), context)));
        length.ifPresent(time -> appointment.setMinutesDuration((int) time.toMinutes()));
    }

    private static InstantType instant(Instant instant, MappingContext context) {
        InstantType element = new InstantType(java.util.Date.from(instant));
        element.setTimeZone(java.util.TimeZone.getTimeZone(context.zone()));
        return element;
    }

    private static Optional<Duration> minutes(String number, String unit) {
        if (!number.matches("\\d{1,6}") || number.matches("0+")) {
            return Optional.empty();
        }
        long value = Long.parseLong(number);
        return Optional.of(
                switch (unit.toLowerCase(java.util.Locale.ROOT)) {
                    case "s", "sec" -> Duration.ofSeconds(value);
                    case "h", "hr", "hour" -> Duration.ofHours(value);
                    default -> Duration.ofMinutes(value);
                });
    }

    private static void participant(Appointment appointment, Reference actor) {
        appointment.addParticipant().setActor(actor).setStatus(ParticipationStatus.ACCEPTED);
    }
}
