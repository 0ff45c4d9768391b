package org.trefoilhub.access.policy;

import java.util.Set;

/**
 * The words that policies may use; a policy with any other word is refused at load, so that a misspelling cannot
 * silently weaken a rule.
 *
 * <p>Roles are what a person does, departments where: {@code radiologist} of the demo is role {@code doctor} in
 * department {@code radiology}. Users and clients are an open set: anybody may be hired tomorrow.
 *
 * @param roles role codes
 * @param departments department and ward codes
 * @param resourceTypes FHIR resource types
 */
public record Vocabulary(Set<String> roles, Set<String> departments, Set<String> resourceTypes) {

    /**
     * Role codes of the hospital.
     *
     * <p>{@code doctor} writes orders and reports · {@code nurse} · {@code technician} makes images · {@code admin}
     * runs the system · {@code steward} keeps policies and special patients · {@code qc} judges quality ·
     * {@code medical-affairs} watches critical values · {@code scheduler} books · {@code auditor} reads the audit ·
     * {@code researcher}.
     */
    public static final Set<String> ROLES = Set.of(
            "doctor",
            "nurse",
            "technician",
            "admin",
            "steward",
            "qc",
            "medical-affairs",
            "scheduler",
            "auditor",
            "researcher");

    /**
     * Department codes of the demo hospital.
     *
     * <p>Performing departments {@code radiology}, {@code ultrasound}, {@code endoscopy}, {@code nuclear-medicine},
     * {@code pathology}, {@code ecg}, {@code ophthalmology}, {@code dental}; wards {@code W1} (gastroenterology),
     * {@code W2} (cardiology); clinic {@code C1}; {@code emergency}; offices {@code medical-affairs}, {@code quality},
     * {@code booking}, {@code information}, {@code audit}, {@code research}.
     */
    public static final Set<String> DEPARTMENTS = Set.of(
            "radiology",
            "ultrasound",
            "endoscopy",
            "nuclear-medicine",
            "pathology",
            "ecg",
            "ophthalmology",
            "dental",
            "W1",
            "W2",
            "C1",
            "emergency",
            "medical-affairs",
            "quality",
            "booking",
            "information",
            "audit",
            "research");

    /** Copies the sets. */
    public Vocabulary {
        roles = Set.copyOf(roles);
        departments = Set.copyOf(departments);
        resourceTypes = Set.copyOf(resourceTypes);
    }

    /**
     * The hospital's roles and departments with the resource types of a server.
     *
     * @param resourceTypes names of the resource types that the server knows
     * @return the vocabulary
     */
    public static Vocabulary hospital(Set<String> resourceTypes) {
        return new Vocabulary(ROLES, DEPARTMENTS, resourceTypes);
    }
}
