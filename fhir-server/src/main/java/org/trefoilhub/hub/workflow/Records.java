package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirResourceDao;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/**
 * What this package reads and writes in the FHIR store, as the hub itself: who may take a step is asked before, and what
 * follows from it is not the asker's to choose.
 */
final class Records {

    private static final String OWN = Records.class.getName();
    private static final int MOST = 500;

    private final DaoRegistry daos;

    Records(DaoRegistry daos) {
        this.daos = daos;
    }

    /** Whether a write is one of this package, whose step has been judged already. */
    static boolean isOwn(@Nullable RequestDetails request) {
        return request instanceof SystemRequestDetails && request.getUserData().containsKey(OWN);
    }

    <T extends Resource> Optional<T> read(Class<T> type, String reference) {
        try {
            return Optional.of(dao(type).read(new IdType(reference), new SystemRequestDetails()));
        } catch (ResourceGoneException | ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    <T extends Resource> List<T> search(Class<T> type, String parameter, IQueryParameterType value) {
        SearchParameterMap search = SearchParameterMap.newSynchronous(parameter, value);
        search.setLoadSynchronousUpTo(MOST);
        return dao(type).searchForResources(search, new SystemRequestDetails());
    }

    /** Creates or updates; joins the transaction of the caller. */
    @SuppressWarnings("unchecked")
    <T extends Resource> String save(T resource) {
        IFhirResourceDao<T> dao = (IFhirResourceDao<T>) dao(resource.getClass());
        RequestDetails request = own();
        var outcome = resource.hasId() ? dao.update(resource, request) : dao.create(resource, request);
        return resource.fhirType() + "/" + outcome.getId().getIdPart();
    }

    /** Takes a tag away, which no update does. */
    void untag(DiagnosticReport report, Meta tags) {
        dao(DiagnosticReport.class).metaDeleteOperation(report.getIdElement().toUnqualifiedVersionless(), tags, own());
    }

    static RequestDetails own() {
        SystemRequestDetails request = new SystemRequestDetails();
        request.getUserData().put(OWN, Boolean.TRUE);
        return request;
    }

    private <T extends Resource> IFhirResourceDao<T> dao(Class<T> type) {
        return daos.getResourceDao(type);
    }

    static String reference(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }
}
