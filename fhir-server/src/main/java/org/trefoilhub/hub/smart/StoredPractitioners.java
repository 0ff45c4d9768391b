package org.trefoilhub.hub.smart;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.TokenParam;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Practitioner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks Practitioners up in the FHIR storage, as the system: a person is always told who he is. A storage that fails
 * costs the claim, not the login.
 */
final class StoredPractitioners implements Practitioners, CertificateHolders {

    private static final Logger log = LoggerFactory.getLogger(StoredPractitioners.class);

    private final DaoRegistry daos;
    private final String userSystem;
    private final String certificateSystem;

    /**
     * Practitioners of the storage.
     *
     * @param daos the storage
     * @param canonical base of our identifier systems
     */
    StoredPractitioners(DaoRegistry daos, String canonical) {
        this.daos = daos;
        this.userSystem = canonical + "/sid/user";
        this.certificateSystem = canonical + "/sid/cert-sn";
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

    @Override
    public Optional<String> user(String serialNumber) {
        SearchParameterMap query =
                SearchParameterMap.newSynchronous("identifier", new TokenParam(certificateSystem, serialNumber));
        List<IBaseResource> found = daos.getResourceDao("Practitioner")
                .search(query, new SystemRequestDetails())
                .getAllResources();
        if (found.size() != 1 || !(found.get(0) instanceof Practitioner practitioner) || !isActive(practitioner)) {
            return Optional.empty();
        }
        return practitioner.getIdentifier().stream()
                .filter(identifier -> userSystem.equals(identifier.getSystem()))
                .map(Identifier::getValue)
                .findFirst();
    }

    private static boolean isActive(Practitioner practitioner) {
        return !practitioner.hasActive() || practitioner.getActive();
    }
}
