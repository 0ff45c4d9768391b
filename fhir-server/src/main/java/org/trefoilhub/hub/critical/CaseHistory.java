package org.trefoilhub.hub.critical;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a case, as the Task itself tells it: one extension {@code critical-event} for each step, signature
 * and escalation. The clock works from this alone.
 */
final class CaseHistory {

    /** Kind of event beside the codes of the steps: one of the two signatures. */
    static final String SIGNED = "signed";

    /** Kind of event: handed on because a limit lapsed. */
    static final String ESCALATED = "escalated";

    /** Kind of event: medical affairs were alarmed because nobody may see the case. */
    static final String ALARMED = "alarmed";

    /**
     * One event.
     *
     * @param code code of a step, or one of the kinds above
     * @param time when it happened
     * @param who who did it, or null for the hub
     * @param reason why, or null
     * @param limit limit that lapsed, of an escalation
     * @param target to whom it went, of an escalation
     */
    record Event(
            String code,
            Instant time,
            @Nullable Reference who,
            @Nullable String reason,
            @Nullable String limit,
            @Nullable String target) {

        static Event of(String code, Instant time) {
            return new Event(code, time, null, null, null, null);
        }
    }

    private CaseHistory() {}

    static List<Event> of(Task task) {
        List<Event> events = new ArrayList<>();
        for (Extension each : task.getExtensionsByUrl(Words.EVENT)) {
            String code = text(each, "code");
            Extension time = each.getExtensionByUrl("time");
            if (code != null && time != null && time.getValue() instanceof InstantType instant) {
                Extension who = each.getExtensionByUrl("who");
                events.add(new Event(
                        code,
                        instant.getValue().toInstant(),
                        who == null ? null : (Reference) who.getValue(),
                        text(each, "reason"),
                        text(each, "limit"),
                        text(each, "target")));
            }
        }
        return events;
    }

    private static @Nullable String text(Extension event, String part) {
        Extension found = event.getExtensionByUrl(part);
        return found == null || found.getValue() == null
                ? null
                : found.getValue().primitiveValue();
    }

    static void add(Task task, Event event) {
        Extension extension = task.addExtension().setUrl(Words.EVENT);
        extension.addExtension(new Extension("code", new CodeType(event.code())));
        extension.addExtension(new Extension("time", new InstantType(Date.from(event.time()))));
        if (event.who() != null) {
            extension.addExtension(new Extension("who", event.who().copy()));
        }
        if (event.reason() != null) {
            extension.addExtension(new Extension("reason", new StringType(event.reason())));
        }
        if (event.limit() != null) {
            extension.addExtension(new Extension("limit", new CodeType(event.limit())));
        }
        if (event.target() != null) {
            extension.addExtension(new Extension("target", new CodeType(event.target())));
        }
    }

    /** When a step was taken last. */
    static Optional<Instant> time(Task task, CriticalStep step) {
        return of(task).stream()
                .filter(event -> event.code().equals(step.code()))
                .map(Event::time)
                .reduce((first, second) -> second);
    }

    /** When the finding was recognised. */
    static Instant recognised(Task task) {
        if (task.getExecutionPeriod().hasStart()) {
            return task.getExecutionPeriod().getStart().toInstant();
        }
        return task.hasAuthoredOn() ? task.getAuthoredOn().toInstant() : Instant.EPOCH;
    }

    /** The step that the case has reached; empty of a Task that says nothing of it. */
    static Optional<CriticalStep> step(Task task) {
        return Words.code(task.getBusinessStatus(), Words.STATUS).flatMap(CriticalStep::of);
    }

    /** Whether a signature stands for a second doctor: the case was published in an emergency. */
    static boolean awaitsCountersign(Task task) {
        return Words.input(task, "countersign") != null
                && of(task).stream()
                                .filter(event -> event.code().equals(SIGNED))
                                .count()
                        < 2;
    }
}
