package org.trefoilhub.interceptors.fhir.mask;

import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyDecision;

/** How much of a patient's identity is masked; codes of policy-mask. */
public enum MaskLevel {
    /** Nothing. */
    NONE,
    /** Names. */
    NAME,
    /** Names, and birth date, address, telecom, identifiers, contacts and photo. */
    DEMOGRAPHICS;

    /**
     * The level that a decision demands.
     *
     * @param decision decision of the engine
     * @return the highest level among its obligations
     */
    public static MaskLevel of(PolicyDecision decision) {
        if (decision.obligations().contains(Obligation.MASK_DEMOGRAPHICS)) {
            return DEMOGRAPHICS;
        }
        return decision.obligations().contains(Obligation.MASK_NAME) ? NAME : NONE;
    }

    /**
     * The higher of two.
     *
     * @param other another level
     * @return one of them
     */
    public MaskLevel or(MaskLevel other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
