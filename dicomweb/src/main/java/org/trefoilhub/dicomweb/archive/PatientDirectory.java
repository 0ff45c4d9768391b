package org.trefoilhub.dicomweb.archive;

import java.util.Optional;

/**
 * Who keeps the patients: the archive asks when an object names a patient that it does not know yet, so that a new exam of a
 * special patient is hidden from its first instance on.
 *
 * <p>Implementations are thread-safe and may be asked inside a transaction, which they then join.
 */
public interface PatientDirectory {

    /**
     * The issuer that a sender means when its objects name none.
     *
     * @param sender calling AE title or client id
     * @return issuer of patient ids, or empty for the hospital's own numbers
     */
    String defaultIssuer(String sender);

    /**
     * Finds a patient.
     *
     * @param issuer issuer of the id, empty for the hospital's own numbers
     * @param patientId the id, without blanks around
     * @return reference such as {@code Patient/12}, or empty when no such patient is kept; whoever creates it later tells
     *     {@link PatientLinks}
     */
    Optional<String> find(String issuer, String patientId);
}
