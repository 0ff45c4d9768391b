package org.trefoilhub.hub.imaging;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirResourceDao;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.TokenParam;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * The few FHIR reads and writes that projections make, as the hub itself.
 *
 * <p>Writes join the transaction of the caller. Policies do not narrow the hub's own projections; clients never reach
 * this type.
 */
final class FhirStore {

    private final DaoRegistry registry;

    FhirStore(DaoRegistry registry) {
        this.registry = registry;
    }

    /**
     * The oldest resource that carries the identifier.
     *
     * <p>Several may exist when clients created them side by side; the oldest one is taken so that the choice is stable.
     */
    <T extends Resource> Optional<T> byIdentifier(Class<T> type, String system, String value) {
        return allByIdentifier(type, new TokenParam(system, value)).stream()
                .min(Comparator.comparingLong(FhirStore::number));
    }

    /** All resources that carry the identifier. */
    <T extends Resource> List<T> allByIdentifier(Class<T> type, TokenParam identifier) {
        SearchParameterMap search = SearchParameterMap.newSynchronous("identifier", identifier);
        search.setLoadSynchronousUpTo(100);
        return dao(type).searchForResources(search, system());
    }

    /**
     * Creates the resource, or updates it when it has an id; an update that changes nothing makes no version.
     *
     * @return literal reference to the stored resource
     */
    <T extends Resource> Reference save(Class<T> type, T resource) {
        IFhirResourceDao<T> dao = dao(type);
        var outcome = resource.hasId() ? dao.update(resource, system()) : dao.create(resource, system());
        return new Reference(outcome.getId().toUnqualifiedVersionless());
    }

    private <T extends Resource> IFhirResourceDao<T> dao(Class<T> type) {
        return registry.getResourceDao(type);
    }

    private static long number(Resource resource) {
        return resource.getIdElement().getIdPartAsLong();
    }

    private static RequestDetails system() {
        return new SystemRequestDetails();
    }
}
