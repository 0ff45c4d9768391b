package org.trefoilhub.hub.report.template;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirResourceDao;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** Reads and writes of an operation, as whoever called it: every one of them is asked of the policy, and audited. */
public final class CallerStore {

    private final DaoRegistry registry;

    /** Takes the storage. */
    public CallerStore(DaoRegistry registry) {
        this.registry = registry;
    }

    /** What a literal reference leads to; empty when it leads nowhere, to another type, or to what the caller may not see. */
    public <T extends Resource> Optional<T> read(Class<T> type, Reference reference, RequestDetails caller) {
        IIdType id = reference.getReferenceElement();
        if (!id.hasIdPart() || !type.getSimpleName().equals(id.getResourceType())) {
            return Optional.empty();
        }
        return read(type, id, caller);
    }

    /** A resource by id; empty when it is absent, deleted or hidden. */
    public <T extends Resource> Optional<T> read(Class<T> type, IIdType id, RequestDetails caller) {
        try {
            return Optional.of(dao(type).read(id.toUnqualifiedVersionless(), caller));
        } catch (ResourceNotFoundException | ResourceGoneException e) {
            return Optional.empty();
        }
    }

    /** What a search finds that the caller may see. */
    public <T extends Resource> List<T> search(
            Class<T> type, SearchParameterMap search, int most, RequestDetails caller) {
        search.setLoadSynchronous(true);
        search.setLoadSynchronousUpTo(most);
        return dao(type).searchForResources(search, caller);
    }

    /** Creates a resource without id and changes one with; gives it its id and version. */
    public <T extends Resource> IIdType save(Class<T> type, T resource, RequestDetails caller) {
        IFhirResourceDao<T> dao = dao(type);
        IIdType id = (resource.hasId() ? dao.update(resource, caller) : dao.create(resource, caller)).getId();
        resource.setId(id);
        return id;
    }

    private <T extends Resource> IFhirResourceDao<T> dao(Class<T> type) {
        return registry.getResourceDao(type);
    }
}
