package org.trefoilhub.hub.audit;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.subscription.model.CanonicalSubscription;
import ca.uhn.fhir.jpa.subscription.model.ResourceDeliveryMessage;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;

/**
 * Hooks of the storage, which also sees what no request asked for. Apart from those of the server: the storage calls the
 * server's too.
 */
@Interceptor
public final class StorageAuditHooks {

    /** After everything that can still refuse. */
    private static final int LAST = 5000;

    private final FhirAuditHooks audit;

    StorageAuditHooks(FhirAuditHooks audit) {
        this.audit = audit;
    }

    /** Writes the event of a new resource. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED, order = LAST)
    public void created(IBaseResource resource, @Nullable RequestDetails request) {
        audit.write("create", resource, request);
    }

    /** Writes the event of a changed resource. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED, order = LAST)
    public void updated(@Nullable IBaseResource before, IBaseResource after, @Nullable RequestDetails request) {
        boolean patched = request != null && request.getRestOperationType() == RestOperationTypeEnum.PATCH;
        audit.write(patched ? "patch" : "update", after, request);
    }

    /** Writes the event of a deleted resource. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED, order = LAST)
    public void deleted(IBaseResource resource, @Nullable RequestDetails request) {
        audit.write("delete", resource, request);
    }

    /** Records that a notification leaves, before it does. */
    @Hook(value = Pointcut.SUBSCRIPTION_BEFORE_DELIVERY, order = LAST)
    public void delivering(CanonicalSubscription subscription, ResourceDeliveryMessage message) {
        audit.delivering(subscription, message);
    }
}
