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
     * <p>{@code doctor} writes orders and reports · {@code director} heads a department · {@code nurse} · {@code technician} makes images · {@code admin}
     * runs the system · {@code steward} keeps policies and special patients · {@code qc} judges quality ·
     * {@code medical-affairs} watches critical values · {@code scheduler} books · {@code auditor} reads the audit ·
     * {@code researcher} · {@code archive} sorts images that have no patient yet.
     */
    public static final Set<String> ROLES = Set.of(
            "doctor",
            "director",
            "nurse",
            "technician",
            "admin",
            "steward",
            "qc",
            "medical-affairs",
            "scheduler",
            "auditor",
            "researcher",
            "archive");

    /** Codes of the hub's code system {@code data-type}. */
    public static final Set<String> DATA_TYPES = Set.of(
            "order",
            "status",
            "report",
            "report-original",
            "report-draft",
            "report-internal",
            "image",
            "image-unassigned",
            "waveform",
            "lab",
            "critical",
            "appointment",
            "audit",
            "access-request");

    /**
     * Kinds of patient: encounter classes of HL7 v3-ActCode ({@code AMB}, {@code EMER}, {@code IMP}, {@code ACUTE},
     * {@code NONAC}, {@code OBSENC}, {@code PRENC}, {@code SS}, {@code HH}, {@code VR}, {@code FLD}) and words of the hub.
     */
    public static final Set<String> PATIENT_TYPES = Set.of(
            "AMB",
            "EMER",
            "IMP",
            "ACUTE",
            "NONAC",
            "OBSENC",
            "PRENC",
            "SS",
            "HH",
            "VR",
            "FLD",
            "check-up",
            "discharged",
            "newborn");

    /** Purposes of use that a subject may declare: codes of HL7 v3 PurposeOfUse. */
    public static final Set<String> PURPOSES = Set.of("TREAT", "ETREAT", "BTG", "HRESCH", "HOPERAT", "PUBHLTH");

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
