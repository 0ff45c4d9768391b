package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.rest.api.Constants;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.param.TokenParamModifier;
import ca.uhn.fhir.rest.server.exceptions.MethodNotAllowedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.instance.model.api.IAnyResource;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * The index at the hooks of the storage: notes written Patients, keeps golden records read-only and out of plain searches and
 * exports, and widens references with {@code :mdm} to all identities of the person.
 *
 * <p>A search sees golden records when it asks for a tag or an id. What {@code :mdm} finds is narrowed by the policy like
 * every other search.
 */
@Interceptor
public final class PatientIndexHooks {

    private final LinkTable table;
    private final FactSource facts;
    private volatile boolean automatic;

    PatientIndexHooks(LinkTable table, FactSource facts, boolean automatic) {
        this.table = table;
        this.facts = facts;
        this.automatic = automatic;
    }

    /**
     * Starts or ends noting what is written.
     *
     * @param on whether written Patients are to be looked at
     */
    public void automatic(boolean on) {
        automatic = on;
    }

    /** Notes a new Patient. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED)
    public void created(IBaseResource resource) {
        note(resource);
    }

    /** Notes a changed Patient. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED)
    public void updated(IBaseResource before, IBaseResource resource) {
        note(resource);
    }

    /** Notes a deleted Patient. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED)
    public void deleted(IBaseResource resource) {
        note(resource);
    }

    private void note(IBaseResource resource) {
        if (automatic && resource instanceof Patient patient && !GoldenRecords.isGolden(patient)) {
            table.queue(patient.getIdElement().getIdPart());
        }
    }

    /** Nobody makes golden records by hand. */
    @Hook(Pointcut.STORAGE_PRESTORAGE_RESOURCE_CREATED)
    public void beforeCreate(IBaseResource resource, @Nullable RequestDetails request) {
        refuseGolden(resource, request);
    }

    /** Nobody changes golden records by hand, or makes one of a source Patient. */
    @Hook(Pointcut.STORAGE_PRESTORAGE_RESOURCE_UPDATED)
    public void beforeUpdate(@Nullable IBaseResource before, IBaseResource after, @Nullable RequestDetails request) {
        refuseGolden(before, request);
        refuseGolden(after, request);
    }

    /** Nobody deletes golden records by hand. */
    @Hook(Pointcut.STORAGE_PRESTORAGE_RESOURCE_DELETED)
    public void beforeDelete(IBaseResource resource, @Nullable RequestDetails request) {
        refuseGolden(resource, request);
    }

    private static void refuseGolden(@Nullable IBaseResource resource, @Nullable RequestDetails request) {
        if (resource instanceof Patient patient
                && !RequestSubjects.isSystem(request)
                && GoldenRecords.isGolden(patient)) {
            throw new MethodNotAllowedException("golden records are changed by the operations of the patient index");
        }
    }

    /** Golden records repeat what their sources say, so an export holds the sources alone. */
    @Hook(Pointcut.STORAGE_BULK_EXPORT_RESOURCE_INCLUSION)
    public boolean mayInclude(IBaseResource resource) {
        return !(resource instanceof Patient patient && GoldenRecords.isGolden(patient));
    }

    /** Widens {@code :mdm}, and leaves golden records out of what does not ask for them. */
    @Hook(Pointcut.STORAGE_PRESEARCH_REGISTERED)
    public void beforeSearch(SearchParameterMap search, @Nullable RequestDetails request) {
        for (Map.Entry<String, List<List<IQueryParameterType>>> parameter : search.entrySet()) {
            parameter.getValue().replaceAll(this::widened);
        }
        if (request != null
                && !RequestSubjects.isSystem(request)
                && "Patient".equals(request.getResourceName())
                && request.getRestOperationType() == RestOperationTypeEnum.SEARCH_TYPE
                && !request.getParameters().keySet().stream().anyMatch(PatientIndexHooks::asksForOne)) {
            search.add(
                    Constants.PARAM_TAG,
                    new TokenParam(GoldenRecords.STATUS, GoldenRecords.GOLDEN).setModifier(TokenParamModifier.NOT));
        }
    }

    private static boolean asksForOne(String parameter) {
        return parameter.equals(Constants.PARAM_TAG)
                || parameter.startsWith(Constants.PARAM_TAG + ":")
                || parameter.equals(IAnyResource.SP_RES_ID);
    }

    private List<IQueryParameterType> widened(List<IQueryParameterType> values) {
        if (values.stream().noneMatch(value -> value instanceof ReferenceParam one && one.isMdmExpand())) {
            return values;
        }
        List<IQueryParameterType> wide = new ArrayList<>();
        for (IQueryParameterType value : values) {
            if (value instanceof ReferenceParam one && one.isMdmExpand()) {
                identities(one.getIdPart()).forEach(identity -> wide.add(new ReferenceParam(identity)));
            } else {
                wide.add(value);
            }
        }
        return wide;
    }

    /** The patient and every identity of the same person. */
    Set<String> identities(String id) {
        String reference = "Patient/" + id;
        Set<String> all = new TreeSet<>(Set.of(reference));
        ResourceFacts known = facts.load(Set.of(reference)).get(reference);
        if (known != null && known.patients() != null) {
            all.addAll(known.patients());
        }
        return all;
    }
}
