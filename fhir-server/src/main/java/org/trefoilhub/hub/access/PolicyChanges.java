package org.trefoilhub.hub.access;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import java.util.List;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Consent;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.PolicyInvalidException;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/**
 * Watches Consents being written: an active access policy that is not understood is refused with 422 and its transaction
 * rolled back; what is committed is in force before the writer has his answer.
 *
 * <p>Looks just before the commit, because only then references inside a transaction Bundle have been resolved.
 */
@Interceptor
public final class PolicyChanges {

    private final LivePolicies policies;
    private final Runnable reload;

    /**
     * Watches for one set.
     *
     * @param policies the set
     * @param reload loads everything again, after a change while the set is locked down
     */
    PolicyChanges(LivePolicies policies, Runnable reload) {
        this.policies = policies;
        this.reload = reload;
    }

    /** Looks at a new resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED)
    public void created(IBaseResource resource) {
        written(resource);
    }

    /** Looks at a changed resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED)
    public void updated(IBaseResource before, IBaseResource after) {
        written(after);
    }

    /** Looks at a deleted resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED)
    public void deleted(IBaseResource resource) {
        if (resource instanceof Consent consent) {
            IIdType id = consent.getIdElement();
            afterCommit(() -> policies.remove(id.getIdPart(), id.getVersionIdPartAsLong()));
        }
    }

    private void written(IBaseResource resource) {
        if (!(resource instanceof Consent consent)) {
            return;
        }
        List<AccessPolicy> compiled;
        try {
            compiled = policies.compile(consent);
        } catch (PolicyInvalidException e) {
            throw Refusals.unprocessable(e);
        }
        IIdType id = consent.getIdElement();
        String idPart = id.getIdPart();
        long version = id.getVersionIdPartAsLong();
        afterCommit(() -> policies.put(idPart, version, compiled));
    }

    private void afterCommit(Runnable change) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                change.run();
                if (policies.isLockedDown()) {
                    reload.run();
                }
            }
        });
    }
}
