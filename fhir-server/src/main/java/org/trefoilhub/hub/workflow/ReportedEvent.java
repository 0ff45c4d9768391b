package org.trefoilhub.hub.workflow;

import java.time.Instant;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;

/**
 * Something that a device or source system says has happened to an exam.
 *
 * @param to code of the state that was reached
 * @param occurred when it happened there; never the time of receipt
 * @param source the client, device or connector that reports
 * @param actor the person who did it as the source names one, or null
 * @param message the message that told it, or null; kept as entity of the Provenance
 */
public record ReportedEvent(
        String to, Instant occurred, Subject source, @Nullable Reference actor, @Nullable Reference message) {

    /**
     * An event of which only the source is known.
     *
     * @param to code of the state that was reached
     * @param occurred when it happened
     * @param source who reports
     * @return the event
     */
    public static ReportedEvent of(String to, Instant occurred, Subject source) {
        return new ReportedEvent(to, occurred, source, null, null);
    }
}
