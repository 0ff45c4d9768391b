package org.trefoilhub.hub.smart;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.TokenParam;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks Practitioners up in the FHIR storage, as the system: a person is always told who he is. A storage that fails
 * costs the claim, not the login.
 */
final class StoredPractitioners implements Practitioners {

    private static final Logger log = LoggerFactory.getLogger(StoredPractitioners.class);

    private final DaoRegistry daos;
    private final String userSystem;

    StoredPractitioners(DaoRegistry daos, String userSystem) {
        this.daos = daos;
        this.userSystem = userSystem;
    }

    @Override
    public Optional<String> reference(String userName) {
        SearchParameterMap query =
                SearchParameterMap.newSynchronous("identifier", new TokenParam(userSystem, userName));
        try {
            List<?> ids = daos.getResourceDao("Practitioner").searchForIds(query, new SystemRequestDetails(), null);
            return ids.size() == 1 ? Optional.of("Practitioner/" + ids.get(0)) : Optional.empty();
        } catch (RuntimeException e) {
            log.warn("fhirUser is left out: the Practitioner of a user cannot be searched", e);
            return Optional.empty();
        }
    }
}
