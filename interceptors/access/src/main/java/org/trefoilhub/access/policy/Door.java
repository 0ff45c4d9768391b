package org.trefoilhub.access.policy;

import java.util.Locale;
import java.util.Optional;

/** The interface a request came through; one dimension of every policy. */
public enum Door {
    /** FHIR REST, but for what the other FHIR doors name. */
    FHIR_REST,
    /** Bulk Data export. */
    FHIR_BULK,
    /** Delivery of a subscription notification. */
    SUBSCRIPTION,
    /** DICOMweb search (QIDO-RS). */
    DICOMWEB_QIDO,
    /** DICOMweb retrieval (WADO-RS, WADO-URI). */
    DICOMWEB_WADO,
    /** DICOMweb store and delete (STOW-RS). */
    DICOMWEB_STOW,
    /** Every DIMSE service. */
    DIMSE,
    /** SOAP services. */
    SOAP,
    /** HL7 v2 messages. */
    HL7V2,
    /** CDS Hooks calls and their prefetch. */
    CDS_HOOKS,
    /** Context of a SMART launch. */
    SMART_LAUNCH,
    /** Invoke Image Display links. */
    IID_URL,
    /** Server-sent events and pages of the console. */
    UI;

    /**
     * The code of this door in policies.
     *
     * @return lower-case code with hyphens such as {@code fhir-rest}
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Finds a door by its code.
     *
     * @param code code as {@link #code()} gives it, compared exactly
     * @return the door, or empty when no door has that code
     */
    public static Optional<Door> ofCode(String code) {
        for (Door door : values()) {
            if (door.code().equals(code)) {
                return Optional.of(door);
            }
        }
        return Optional.empty();
    }
}
