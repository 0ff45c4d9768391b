package org.trefoilhub.hub.ingest;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirResourceDao;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.param.UriParam;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.ConceptMap;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.trefoilhub.connectors.mapping.Names;

/**
 * The reads and writes of this door as the hub itself: what matches is found before the policy is asked, so that a hidden
 * match is no second copy. Writes join the transaction of the caller.
 */
final class IngestStore {

    private final DaoRegistry registry;

    IngestStore(DaoRegistry registry) {
        this.registry = registry;
    }

    /** The oldest resource that a conditional reference means. */
    Optional<Resource> find(String condition) {
        Identifier identifier = Names.identifier(condition);
        IFhirResourceDao<? extends Resource> dao = dao(Names.type(condition));
        SearchParameterMap search = SearchParameterMap.newSynchronous(
                "identifier", new TokenParam(identifier.getSystem(), identifier.getValue()));
        search.setLoadSynchronousUpTo(20);
        return dao.searchForResources(search, new SystemRequestDetails()).stream()
                .map(Resource.class::cast)
                .filter(found -> carries(found, identifier))
                .min(Comparator.comparingLong(found -> found.getIdElement().getIdPartAsLong()));
    }

    /** Token search may ignore case and accents; a number does not. */
    private static boolean carries(Resource resource, Identifier identifier) {
        return resource.getNamedProperty("identifier").getValues().stream()
                .anyMatch(each -> each instanceof Identifier known
                        && identifier.getSystem().equals(known.getSystem())
                        && identifier.getValue().equals(known.getValue()));
    }

    /** Partners whose Device has an identifier of a system, and a value when one is given. */
    List<Device> devices(TokenParam identifier) {
        SearchParameterMap search = SearchParameterMap.newSynchronous("identifier", identifier);
        search.setLoadSynchronousUpTo(500);
        return registry.getResourceDao(Device.class).searchForResources(search, new SystemRequestDetails());
    }

    /** The active ConceptMap with a canonical address. */
    Optional<ConceptMap> conceptMap(String url) {
        SearchParameterMap search = SearchParameterMap.newSynchronous("url", new UriParam(url));
        search.setLoadSynchronousUpTo(10);
        return registry.getResourceDao(ConceptMap.class).searchForResources(search, new SystemRequestDetails()).stream()
                .filter(map -> map.getStatus() == org.hl7.fhir.r4.model.Enumerations.PublicationStatus.ACTIVE)
                .max(Comparator.comparing(map -> map.getMeta().getLastUpdated()));
    }

    /** The process of an exam, from its order: the newest when there are several. */
    Optional<String> processOf(String order) {
        SearchParameterMap search = SearchParameterMap.newSynchronous("based-on", new ReferenceParam(order))
                .add("code", new TokenParam(null, "exam-process"));
        search.setLoadSynchronousUpTo(10);
        return registry.getResourceDao(Task.class).searchForResources(search, new SystemRequestDetails()).stream()
                .max(Comparator.comparingLong(task -> task.getIdElement().getIdPartAsLong()))
                .map(task -> task.getIdElement().toUnqualifiedVersionless().getValue());
    }

    /** The newest report of an order. */
    Optional<DiagnosticReport> reportOf(String order) {
        SearchParameterMap search = SearchParameterMap.newSynchronous("based-on", new ReferenceParam(order));
        search.setLoadSynchronousUpTo(20);
        return registry
                .getResourceDao(DiagnosticReport.class)
                .searchForResources(search, new SystemRequestDetails())
                .stream()
                .max(Comparator.comparingLong(report -> report.getIdElement().getIdPartAsLong()));
    }

    <T extends Resource> Optional<T> read(Class<T> type, String reference) {
        try {
            return Optional.of(registry.getResourceDao(type).read(new IdType(reference), new SystemRequestDetails()));
        } catch (ResourceNotFoundException | ResourceGoneException e) {
            return Optional.empty();
        }
    }

    /**
     * Creates the resource, or updates it when it has an id; an update that changes nothing makes no version.
     *
     * @return literal reference without version
     */
    String save(Resource resource) {
        IFhirResourceDao<Resource> dao = dao(resource.fhirType());
        var outcome = resource.getIdElement().hasIdPart()
                ? dao.update(resource, new SystemRequestDetails())
                : dao.create(resource, new SystemRequestDetails());
        return outcome.getId().toUnqualifiedVersionless().getValue();
    }

    @SuppressWarnings("unchecked")
    private <T extends Resource> IFhirResourceDao<T> dao(String type) {
        return (IFhirResourceDao<T>) registry.getResourceDao(type);
    }
}
