package org.trefoilhub.dicomweb.archive;

import java.util.List;

/**
 * Where the keeper of the patients tells the archive which of its patients is which.
 *
 * <p>Everything that a door shows is narrowed by these links from the next request on. Methods join the transaction of the
 * caller. Thread-safe.
 */
public interface PatientLinks {

    /**
     * A patient that objects name and nobody is known to keep.
     *
     * @param key number in the archive
     * @param issuer issuer of the id, empty for the hospital's own numbers
     * @param patientId the id
     */
    record Unlinked(long key, String issuer, String patientId) {
        /** Shows the number only. */
        @Override
        public String toString() {
            return "Unlinked[" + key + "]";
        }
    }

    /**
     * Links the patient of an id, if the archive has it and it is not linked yet.
     *
     * @param issuer issuer of the id, empty for the hospital's own numbers
     * @param patientId the id, without blanks around
     * @param patientReference reference such as {@code Patient/12}
     */
    void link(String issuer, String patientId, String patientReference);

    /**
     * Forgets a patient that is kept no longer.
     *
     * @param patientReference reference such as {@code Patient/12}
     */
    void unlink(String patientReference);

    /**
     * Patients without a link, in order of their numbers.
     *
     * @param after number to go on after, 0 for the start
     * @param limit most to return
     * @return empty at the end
     */
    List<Unlinked> unlinked(long after, int limit);
}
