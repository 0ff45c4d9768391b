package org.trefoilhub.interceptors.fhir.mask;

import java.util.Collection;
import org.hl7.fhir.r4.model.Patient;

/** Port to the stored patients whose names must not stand in free text. Implementations are thread-safe. */
public interface Identities {

    /**
     * The patients as they are stored, unmasked.
     *
     * @param references such as {@code Patient/12}; what is missing is left out
     * @return in any order
     */
    Collection<Patient> of(Collection<String> references);
}
