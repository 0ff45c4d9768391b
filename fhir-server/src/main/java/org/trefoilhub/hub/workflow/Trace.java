package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.param.ReferenceParam;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** Keeps one Provenance for each step and each event: when it happened, when the hub was told, who, and from what message. */
final class Trace {

    /** Tells steps from events that moved nothing. */
    static final String EVENT = Machines.CANONICAL + "/CodeSystem/workflow-event";

    private static final String NOTE = Trace.class.getName();
    private static final String PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    private final Records records;
    private final Clock clock;

    Trace(Records records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    /**
     * A step or event of a resource.
     *
     * @param machine its table
     * @param from state that was left, or null for none
     * @param verdict what the event meant
     * @param event state and time
     * @param actor who
     * @param settle whether events that waited are to be taken with the same write
     */
    record Note(
            StateMachine machine,
            @Nullable String from,
            StateMachine.Verdict verdict,
            Progress.Reported event,
            Actor actor,
            boolean settle) {}

    /** Remembers with a resource what is to be recorded once it is stored. */
    void mark(Resource resource, Note note) {
        resource.setUserData(NOTE, note);
    }

    /** What was remembered, once. */
    Optional<Note> take(Resource resource) {
        Object note = resource.getUserData(NOTE);
        resource.setUserData(NOTE, null);
        return note instanceof Note known ? Optional.of(known) : Optional.empty();
    }

    /** Records an event that came too late to move anything, unless it is known already. */
    void history(Resource resource, Note note) {
        Date occurred = Date.from(note.event().occurred());
        boolean known =
                records.search(Provenance.class, "target", new ReferenceParam(Records.reference(resource))).stream()
                        .anyMatch(each -> each.getOccurred() instanceof DateTimeType time
                                && occurred.equals(time.getValue())
                                && each.getActivity()
                                        .hasCoding(
                                                note.machine().codeSystem(),
                                                note.event().to()));
        if (!known) {
            write(resource, note);
        }
    }

    void write(Resource resource, Note note) {
        StateMachine machine = note.machine();
        Provenance provenance = new Provenance();
        String version = resource.getIdElement().getVersionIdPart();
        provenance.addTarget(
                new Reference(Records.reference(resource) + (version == null ? "" : "/_history/" + version)));
        provenance.setOccurred(new DateTimeType(Date.from(note.event().occurred())));
        provenance.setRecorded(Date.from(Instant.ofEpochMilli(clock.millis())));
        StateMachine.State state = machine.state(note.event().to()).orElse(null);
        provenance.setActivity(
                state == null
                        ? new CodeableConcept()
                                .addCoding(new Coding(
                                        machine.codeSystem(), note.event().to(), null))
                        : TaskStates.concept(machine, state));
        provenance.addReason().addCoding(new Coding(EVENT, code(note.verdict()), null));
        Provenance.ProvenanceAgentComponent agent = provenance.addAgent();
        agent.getType().addCoding(new Coding(PARTICIPANT, note.actor().isPerson() ? "performer" : "informant", null));
        agent.setWho(note.actor().who());
        Reference person = note.actor().person();
        if (person != null) {
            Provenance.ProvenanceAgentComponent performer = provenance.addAgent();
            performer.getType().addCoding(new Coding(PARTICIPANT, "performer", null));
            performer.setWho(person);
        }
        Reference message = note.actor().message();
        if (message != null) {
            provenance
                    .addEntity()
                    .setRole(Provenance.ProvenanceEntityRole.SOURCE)
                    .setWhat(message);
        }
        records.save(provenance);
    }

    static String code(StateMachine.Verdict verdict) {
        return switch (verdict) {
            case MOVES -> "transition";
            case CONFIRMS, REPEATS -> "confirmed";
            case LATE -> "late";
            case UNEXPECTED -> "unexpected-transition";
        };
    }
}
