package org.trefoilhub.access.policy;

/**
 * Settings of a policy set.
 *
 * @param labelGate whether a permit counts only when the clearance of the actor covers the label of the patient, unless
 *     it names the patient or the label at priority 300 or above, or breaks the glass at 500 or above. With the gate,
 *     {@link PolicyEngine#scope} answers {@link AccessScope.Label}. The hub runs with the gate.
 */
public record PolicyOptions(boolean labelGate) {

    /** No label gate. */
    public static final PolicyOptions DEFAULT = new PolicyOptions(false);
}
