package org.trefoilhub.connectors.source;

import java.time.Instant;
import java.util.List;
import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;

/**
 * What one message says, in FHIR: the same message gives the same change, whatever is stored.
 *
 * <p>The Bundle is a transaction. An entry with {@code PUT Type?identifier=system|value} creates or updates what carries the
 * identifier: elements that the entry has replace the stored ones, others stay. An entry with {@code ifNoneExist} is only
 * created. References within and beyond the Bundle are conditional, {@code Type?identifier=system|value}.
 *
 * @param source code of the source system
 * @param controlId MSH-10 or what the source has for it
 * @param kind type and event, such as {@code ADT^A08}
 * @param eventTime when it happened at the source, not when it was sent
 * @param lane what must be applied one after the other: usually the identifier of the patient
 * @param bundle resources
 * @param events steps of exams, applied by the workflow after the Bundle
 * @param merges patients that are one
 * @param requires conditional references that must exist before this can be applied; the change is parked until they do
 */
public record SourceChange(
        String source,
        String controlId,
        String kind,
        Instant eventTime,
        String lane,
        Bundle bundle,
        List<ExamEvent> events,
        List<Merge> merges,
        List<String> requires) {

    /** Copies the lists. */
    public SourceChange {
        events = List.copyOf(events);
        merges = List.copyOf(merges);
        requires = List.copyOf(requires);
    }

    /**
     * A step of an exam as the source reports it.
     *
     * @param order conditional reference of the ServiceRequest
     * @param status code of the code system {@code exam-status}
     * @param occurred when it happened at the source
     * @param actor conditional reference of who did it, or null
     * @param reason why, for a cancellation; or null
     */
    public record ExamEvent(
            String order, String status, Instant occurred, @Nullable String actor, @Nullable String reason) {}

    /**
     * Two numbers of one patient.
     *
     * @param survivor conditional reference of the Patient that stays
     * @param loser conditional reference of the Patient that is no longer used
     */
    public record Merge(String survivor, String loser) {}
}
