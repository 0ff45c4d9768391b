package org.trefoilhub.access.policy;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One encounter of a patient, or one care team that is about the patient, as far as policies ask for it.
 *
 * @param encounterClass code of HL7 v3-ActCode such as {@code IMP}, empty for a care team
 * @param department code of the department or ward that has the patient, or null when none is named
 * @param users user names of the participants
 * @param start when it began
 * @param end when it ended, or null while it goes on
 * @param current whether it goes on: its status is arrived, triaged, in progress or on leave
 */
public record CareFact(
        String encounterClass,
        @Nullable String department,
        Set<String> users,
        Instant start,
        @Nullable Instant end,
        boolean current) {

    /** Copies the set. */
    public CareFact {
        users = Set.copyOf(users);
    }
}
