package org.trefoilhub.access.policy;

/**
 * How confidential a patient is, and how far an actor may look; ordered N &lt; R &lt; V.
 *
 * <p>The same scale is used for labels of patients and for clearances of users and clients. Spec: codes of HL7
 * v3-Confidentiality as FHIR {@code Meta.security} carries them.
 */
public enum Clearance {
    /** Normal: every patient without a special label. */
    N,
    /** Restricted: special patients. */
    R,
    /** Very restricted: VIP and secret patients. */
    V;

    /**
     * Tells whether an actor of this clearance may pass the label gate.
     *
     * @param label label of the patient
     * @return true when this clearance is at least the label
     */
    public boolean covers(Clearance label) {
        return compareTo(label) >= 0;
    }
}
