package org.trefoilhub.interceptors.fhir.facts;

import java.util.Set;
import java.util.TreeSet;
import org.trefoilhub.access.policy.Clearance;

/**
 * How special one Patient resource says its patient is; linked identities may say more.
 *
 * @param label confidentiality
 * @param sensitivities codes of v3-ActCode
 */
public record PatientLevel(Clearance label, Set<String> sensitivities) {

    /** Nothing special. */
    public static final PatientLevel ORDINARY = new PatientLevel(Clearance.N, Set.of());

    /** Copies the set. */
    public PatientLevel {
        sensitivities = Set.copyOf(sensitivities);
    }

    /**
     * As a short text for the audit.
     *
     * @return such as {@code V CEL}
     */
    @Override
    public String toString() {
        return sensitivities.isEmpty() ? label.name() : label + " " + String.join(" ", new TreeSet<>(sensitivities));
    }
}
