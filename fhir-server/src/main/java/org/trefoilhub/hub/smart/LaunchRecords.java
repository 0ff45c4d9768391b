package org.trefoilhub.hub.smart;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;

/**
 * What a launch needs to know of stored records, as far as the policies show them to a person at the door
 * {@code smart-launch}. Without a storage nothing is visible. Thread-safe.
 */
public interface LaunchRecords {

    /**
     * A patient as the choice shows him.
     *
     * @param id logical id
     * @param name name as people read it, masked where a policy says so
     * @param gender FHIR code, or null
     * @param birthDate day of birth, or null when unknown or masked
     * @param number the patient's number in the hospital, or null when unknown or masked
     */
    record FoundPatient(
            String id, String name, @Nullable String gender, @Nullable LocalDate birthDate, @Nullable String number) {

        /** Tells nothing of the patient. */
        @Override
        public String toString() {
            return "FoundPatient";
        }
    }

    /**
     * An encounter as the choice shows it.
     *
     * @param id logical id
     * @param kind code of the class, such as {@code IMP}, or null
     * @param start when it began, or null
     * @param active whether it goes on
     * @param place department or ward as written in the encounter, or null
     */
    record FoundEncounter(
            String id, @Nullable String kind, @Nullable Instant start, boolean active, @Nullable String place) {}

    /**
     * Tells whether a person may view records, all of which are about one patient.
     *
     * @param subject who asks
     * @param references such as {@code Encounter/12}
     * @param patient logical id of the patient whom they must be about, over all his linked identities; null demands no
     *     patient
     * @return false when one is hidden, absent or about somebody else
     */
    boolean areVisible(Subject subject, List<String> references, @Nullable String patient);

    /**
     * Searches patients by the beginning of a name or the exact number.
     *
     * @param subject who asks
     * @param text what he typed
     * @return at most {@link #LIMIT} visible patients, by name
     */
    List<FoundPatient> patients(Subject subject, String text);

    /**
     * One patient.
     *
     * @param subject who asks
     * @param id logical id
     * @return the patient, or empty when he is hidden or absent
     */
    Optional<FoundPatient> patient(Subject subject, String id);

    /**
     * The encounters of a patient.
     *
     * @param subject who asks
     * @param patient logical id
     * @return at most {@link #LIMIT} visible encounters, the latest first
     */
    List<FoundEncounter> encounters(Subject subject, String patient);

    /** How many a choice shows. */
    int LIMIT = 20;
}
