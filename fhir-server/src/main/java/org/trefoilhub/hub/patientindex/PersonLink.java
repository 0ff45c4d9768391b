package org.trefoilhub.hub.patientindex;

import java.time.Instant;

/**
 * What the index holds of a source Patient and a golden record.
 *
 * @param golden id of the golden Patient
 * @param patient id of the source Patient
 * @param result whether they are one person
 * @param manual whether a human said so
 * @param rule which rule, or {@code manual}, {@code merge}
 * @param updated when
 */
record PersonLink(String golden, String patient, Match.Grade result, boolean manual, String rule, Instant updated) {

    boolean isMatch() {
        return result == Match.Grade.MATCH;
    }

    String source() {
        return manual ? "MANUAL" : "AUTO";
    }
}
