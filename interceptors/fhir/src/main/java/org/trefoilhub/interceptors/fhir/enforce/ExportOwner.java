package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.bulk.BulkExportJobParameters;
import ca.uhn.fhir.util.UrlUtil;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Identifier;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
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

    ExportOwner(FhirContext context, RequestSubjects subjects, PolicyDesk desk) {
        this.context = context;
        this.subjects = subjects;
        this.desk = desk;
        this.reach = new SearchReach(context);
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
            narrow(job, subject);
            job.setBinarySecurityContextIdentifierSystem(CLIENT_SYSTEM);
            job.setBinarySecurityContextIdentifierValue(subject.client());
        } catch (AccessDeniedException e) {
            throw Refusals.of(e);
        }
    }

    private void narrow(BulkExportJobParameters job, Subject subject) {
        List<String> types = job.getResourceTypes();
        if (types == null || types.isEmpty()) {
            List<String> permitted = context.getResourceTypes().stream()
                    .filter(type -> desk.permitsSome(subject, Action.EXPORT, type, Door.FHIR_BULK))
                    .toList();
            if (permitted.isEmpty()) {
                throw new AccessDeniedException(
                        AccessErrorCode.NOTHING_PERMITTED, "no policy permits `export` of any resource", null);
            }
            job.setResourceTypes(permitted);
        } else {
            types.forEach(type -> desk.require(subject, Action.EXPORT, type, Door.FHIR_BULK));
        }
        for (String filter : job.getFilters() == null ? List.<String>of() : job.getFilters()) {
            int question = filter.indexOf('?');
            if (question > 0) {
                reach.types(filter.substring(0, question), UrlUtil.parseQueryString(filter.substring(question + 1)))
                        .forEach(other -> desk.requireAll(subject, Action.EXPORT, other.type(), Door.FHIR_BULK));
            }
        }
    }

    /** Asks for each resource whether the owner of the job may take it. */
    @Hook(value = Pointcut.STORAGE_BULK_EXPORT_RESOURCE_INCLUSION, order = FhirEnforcement.HOOK_ORDER)
    public boolean mayInclude(BulkExportJobParameters job, IBaseResource resource) {
        String owner = job.getBinarySecurityContextIdentifierValue();
        if (owner == null || !CLIENT_SYSTEM.equals(job.getBinarySecurityContextIdentifierSystem())) {
            return false;
        }
        Optional<Subject> subject = subjects.ofClient(owner);
        return subject.isPresent()
                && desk.permits(subject.get(), Action.EXPORT, StorageNet.reference(resource), Door.FHIR_BULK);
    }

    /** Tells whether a binary is nobody's export file, or the subject's own. */
    static boolean mayRead(Subject subject, Binary binary) {
        Identifier owner = binary.getSecurityContext().getIdentifier();
        return !CLIENT_SYSTEM.equals(owner.getSystem())
                || (subject.user() == null && subject.client().equals(owner.getValue()));
    }
}
