package org.trefoilhub.interceptors.fhir.mask;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the patients from the FHIR store as the system: what is masked must be known to be found. */
public final class StoredIdentities implements Identities {

    private static final Logger LOG = LoggerFactory.getLogger(StoredIdentities.class);

    private final DaoRegistry daos;

    /**
     * Reads one store.
     *
     * @param daos its DAOs
     */
    public StoredIdentities(DaoRegistry daos) {
        this.daos = daos;
    }

    @Override
    public Collection<Patient> of(Collection<String> references) {
        List<Patient> found = new ArrayList<>();
        for (String reference : references) {
            try {
                found.add(daos.getResourceDao(Patient.class).read(new IdType(reference), new SystemRequestDetails()));
            } catch (BaseServerResponseException e) {
                // Deleted since: nothing of it is known, and its structured name is masked all the same.
                LOG.debug("a patient whose name should be masked in texts cannot be read", e);
            }
        }
        return found;
    }
}
