package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.bulk.BulkExportJobParameters;
import ca.uhn.fhir.util.FhirTerser;
import ca.uhn.fhir.util.UrlUtil;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Subscription;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * Bulk export: a job belongs to the client that started it, takes only types the client may export, asks again for each
 * resource while it runs as the system, and its files are read by that client alone.
 */
@Interceptor
final class ExportOwner {

    /** Identifier system of clients. */
    static final String CLIENT_SYSTEM = "https://trefoil-hub.org/fhir/sid/client";

    private final FhirContext context;
    private final RequestSubjects subjects;
    private final PolicyDesk desk;
    private final SearchReach reach;
    private final UnmaskedPart unmasked;
    private final WrittenReferences written;
    private final Veil veil;

    ExportOwner(
            FhirContext context,
            RequestSubjects subjects,
            PolicyDesk desk,
            UnmaskedPart unmasked,
            WrittenReferences written,
            Veil veil) {
        this.context = context;
        this.subjects = subjects;
        this.desk = desk;
        this.reach = new SearchReach(context);
        this.unmasked = unmasked;
        this.written = written;
        this.veil = veil;
    }

    /** Refuses an export that asks for too much, narrows one that asks for everything, and notes the owner. */
    @Hook(value = Pointcut.STORAGE_INITIATE_BULK_EXPORT, order = FhirEnforcement.HOOK_ORDER)
    public void beforeExport(BulkExportJobParameters job, @Nullable RequestDetails request) {
        if (RequestSubjects.isSystem(request)) {
            return;
        }
        try {
            Subject subject = subjects.of(request);
            if (subject.user() != null) {
                throw new AccessDeniedException(
                        AccessErrorCode.DENIED, "exports are started by client systems, not by persons", null);
            }
            narrow(job, subject, isTypeGiven(request));
            job.setBinarySecurityContextIdentifierSystem(CLIENT_SYSTEM);
            job.setBinarySecurityContextIdentifierValue(subject.client());
        } catch (AccessDeniedException e) {
            throw Refusals.of(e);
        }
    }

    /** HAPI fills in all types before it asks, so the request itself must tell. */
    private static boolean isTypeGiven(@Nullable RequestDetails request) {
        if (request == null) {
            return false;
        }
        return request.getParameters().containsKey("_type")
                || request.getResource() instanceof Parameters body
                        && body.getParameter().stream().anyMatch(parameter -> "_type".equals(parameter.getName()));
    }

    private void narrow(BulkExportJobParameters job, Subject subject, boolean typeGiven) {
        List<String> types = job.getResourceTypes();
        if (typeGiven && types != null && !types.isEmpty()) {
            types.forEach(type -> desk.requireSome(subject, Action.EXPORT, type, Door.FHIR_BULK));
        } else {
            List<String> permitted = (types == null || types.isEmpty() ? context.getResourceTypes() : types)
                    .stream()
                            .filter(type -> !type.equals("Binary"))
                            .filter(type -> !(desk.scope(subject, Action.EXPORT, type, Door.FHIR_BULK)
                                    instanceof AccessScope.None))
                            .toList();
            if (permitted.isEmpty()) {
                throw new AccessDeniedException(
                        AccessErrorCode.NOTHING_PERMITTED, "no policy permits `export` of any resource", null);
            }
            job.setResourceTypes(permitted);
        }
        if (job.getGroupId() != null) {
            requireExport(subject, "Group", job.getGroupId());
        }
        if (job.getPatientIds() != null) {
            job.getPatientIds().forEach(patient -> requireExport(subject, "Patient", patient));
        }
        if (job.isIncludeHistory()) {
            throw new AccessDeniedException(
                    AccessErrorCode.OPERATION_UNKNOWN, "an export of histories has no rule", null);
        }
        filters(job.getFilters(), subject);
        filters(job.getPostFetchFilterUrls(), subject);
    }

    private void requireExport(Subject subject, String type, String id) {
        desk.require(subject, Action.EXPORT, type, id.substring(id.lastIndexOf('/') + 1), Door.FHIR_BULK);
    }

    /** Filters run as the system, so they may look at nothing that the subject does not see. */
    private void filters(@Nullable List<String> filters, Subject subject) {
        for (String filter : filters == null ? List.<String>of() : filters) {
            int question = filter.indexOf('?');
            if (question > 0) {
                String type = filter.substring(0, question);
                Map<String, String[]> parameters = UrlUtil.parseQueryString(filter.substring(question + 1));
                reach.types(type, parameters)
                        .forEach(other -> desk.requireAll(subject, Action.EXPORT, other.type(), Door.FHIR_BULK));
                written.requireVisibleCriteria(subject, type, parameters);
                if (!unmasked.of(subject, Action.EXPORT, Door.FHIR_BULK, type, parameters)
                        .isEmpty()) {
                    throw AccessDeniedException.untranslatable("it filters by what is masked");
                }
            }
        }
    }

    /** Asks for each resource whether the owner of the job may take it, and masks what it may take masked. */
    @Hook(value = Pointcut.STORAGE_BULK_EXPORT_RESOURCE_INCLUSION, order = FhirEnforcement.HOOK_ORDER)
    public boolean mayInclude(BulkExportJobParameters job, IBaseResource resource) {
        String owner = job.getBinarySecurityContextIdentifierValue();
        if (owner == null
                || !CLIENT_SYSTEM.equals(job.getBinarySecurityContextIdentifierSystem())
                || !(resource instanceof Resource stored)) {
            return false;
        }
        Optional<Subject> subject = subjects.ofClient(owner);
        if (subject.isEmpty()
                || !desk.permits(subject.get(), Action.EXPORT, StorageNet.reference(resource), Door.FHIR_BULK)) {
            return false;
        }
        if (stored instanceof Binary || stored instanceof Subscription) {
            // Files of exports, and bytes that cannot be masked; criteria that name patients.
            return false;
        }
        Resource shown = veil.show(subject.get(), Action.EXPORT, Door.FHIR_BULK, stored);
        if (shown != stored) {
            FhirTerser terser = context.newTerser();
            terser.clear(stored);
            terser.cloneInto(shown, stored, true);
            stored.setId(shown.getIdElement());
        }
        return true;
    }

    /** Tells whether a binary is a file of an export that the subject made. */
    static boolean isOwn(Subject subject, Binary binary) {
        Identifier owner = binary.getSecurityContext().getIdentifier();
        return CLIENT_SYSTEM.equals(owner.getSystem()) && mayRead(subject, binary);
    }

    /** Tells whether a binary is nobody's export file, or the subject's own. */
    static boolean mayRead(Subject subject, Binary binary) {
        Identifier owner = binary.getSecurityContext().getIdentifier();
        return !CLIENT_SYSTEM.equals(owner.getSystem())
                || (subject.user() == null && subject.client().equals(owner.getValue()));
    }
}
