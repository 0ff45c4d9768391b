package org.trefoilhub.hub.access;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirResourceDao;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.primitive.IdDt;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Resource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.interceptors.fhir.policy.ActorDirectory;

/**
 * Reads and writes access policies in the FHIR store, as the hub itself: before the policies are loaded nobody else could.
 *
 * <p>Writes join the transaction of the caller.
 */
final class PolicyConsents implements ActorDirectory {

    private static final int CHUNK = 500;

    private final DaoRegistry registry;
    private final JdbcClient jdbc;

    PolicyConsents(DaoRegistry registry, JdbcClient jdbc) {
        this.registry = registry;
        this.jdbc = jdbc;
    }

    /** Every current Consent; asked by id, so that nothing depends on search parameters or limits. */
    List<Consent> all() {
        List<String> ids = jdbc.sql(
                        "select fhir_id from hfj_resource where res_type = 'Consent' and res_deleted_at is null"
                                + " order by res_id")
                .query(String.class)
                .list();
        List<Consent> consents = new ArrayList<>(ids.size());
        for (int from = 0; from < ids.size(); from += CHUNK) {
            TokenOrListParam anyOf = new TokenOrListParam();
            ids.subList(from, Math.min(from + CHUNK, ids.size())).forEach(id -> anyOf.add(new TokenParam(id)));
            SearchParameterMap search = SearchParameterMap.newSynchronous();
            search.add("_id", anyOf);
            search.setLoadSynchronousUpTo(CHUNK);
            consents.addAll(dao(Consent.class).searchForResources(search, new SystemRequestDetails()));
        }
        if (consents.size() < ids.size()) {
            throw new IllegalStateException(
                    "only " + consents.size() + " of " + ids.size() + " stored consents could be read");
        }
        return consents;
    }

    /** A resource by id, or empty when it is gone. */
    <T extends Resource> Optional<T> read(Class<T> type, String id) {
        try {
            return Optional.of(dao(type).read(new IdDt(type.getSimpleName(), id), new SystemRequestDetails()));
        } catch (ResourceGoneException | ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Creates the resource, or updates it when it has an id; answers with id and version. */
    <T extends Resource> IIdType save(Class<T> type, T resource) {
        IFhirResourceDao<T> dao = dao(type);
        return (resource.hasId()
                        ? dao.update(resource, new SystemRequestDetails())
                        : dao.create(resource, new SystemRequestDetails()))
                .getId();
    }

    @Override
    public List<Identifier> identifiers(String reference) {
        String id = reference.substring(reference.indexOf('/') + 1);
        return switch (reference.substring(0, reference.indexOf('/'))) {
            case "Device" -> read(Device.class, id).map(Device::getIdentifier).orElse(List.of());
            case "Practitioner" ->
                read(Practitioner.class, id).map(Practitioner::getIdentifier).orElse(List.of());
            case "Organization" ->
                read(Organization.class, id).map(Organization::getIdentifier).orElse(List.of());
            default -> List.of();
        };
    }

    private <T extends Resource> IFhirResourceDao<T> dao(Class<T> type) {
        return registry.getResourceDao(type);
    }
}
