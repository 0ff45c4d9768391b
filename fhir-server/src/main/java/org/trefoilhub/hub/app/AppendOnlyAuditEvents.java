package org.trefoilhub.hub.app;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.server.exceptions.MethodNotAllowedException;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.AuditEvent;

/**
 * Audit events lie in a table of their own, and come there one by one at {@code /fhir/AuditEvent}: the general storage
 * takes none, by whatever request, so that there is one audit. Thread-safe.
 */
@Interceptor
public final class AppendOnlyAuditEvents {

    @Hook(Pointcut.STORAGE_PRESTORAGE_RESOURCE_CREATED)
    public void refuseCreate(IBaseResource resource) {
        refuse(resource);
    }

    @Hook(Pointcut.STORAGE_PRESTORAGE_RESOURCE_UPDATED)
    public void refuseUpdate(IBaseResource before, IBaseResource after) {
        refuse(after);
    }

    @Hook(Pointcut.STORAGE_PRESTORAGE_RESOURCE_DELETED)
    public void refuseDelete(IBaseResource resource) {
        refuse(resource);
    }

    private static void refuse(IBaseResource resource) {
        if (resource instanceof AuditEvent) {
            throw new MethodNotAllowedException("audit events come in one by one, and are not changed or deleted");
        }
    }
}
