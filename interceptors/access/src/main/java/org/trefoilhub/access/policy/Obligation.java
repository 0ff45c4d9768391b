package org.trefoilhub.access.policy;

import java.util.Set;

/**
 * Something a door must do when it obeys a permit.
 *
 * <p>A door that cannot do it must deny: {@link PolicyDecision#permitted(Set)} takes what the door can do. The engine
 * itself denies on an obligation outside {@link #KNOWN}.
 *
 * @param code stable code
 */
public record Obligation(String code) {

    /** Show the patient's name masked. */
    public static final Obligation MASK_NAME = new Obligation("mask-name");

    /** Show name, birth date, address, telecom and identifiers masked. */
    public static final Obligation MASK_DEMOGRAPHICS = new Obligation("mask-demographics");

    /** Tell the people who watch over the patient. */
    public static final Obligation NOTIFY = new Obligation("notify");

    /** Every obligation that the engine understands. */
    public static final Set<Obligation> KNOWN = Set.of(MASK_NAME, MASK_DEMOGRAPHICS, NOTIFY);
}
