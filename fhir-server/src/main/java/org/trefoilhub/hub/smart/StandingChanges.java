package org.trefoilhub.hub.smart;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Watches Practitioners, their roles and the Devices of clients being written: what is committed counts on the next request. A record that was
 * only repeated, as a nightly comparison with the hospital's system does by the thousand, changes nothing.
 */
@Interceptor
public final class StandingChanges {

    private final Runnable changed;

    /**
     * Watches.
     *
     * @param changed called after each commit that changes somebody's standing; must not use the transaction's connection
     */
    StandingChanges(Runnable changed) {
        this.changed = changed;
    }

    /** Looks at a new resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED)
    public void created(IBaseResource resource) {
        written(null, resource);
    }

    /** Looks at a changed resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED)
    public void updated(@Nullable IBaseResource before, IBaseResource after) {
        written(before, after);
    }

    /** Looks at a deleted resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED)
    public void deleted(IBaseResource resource) {
        written(null, resource);
    }

    private void written(@Nullable IBaseResource before, IBaseResource after) {
        boolean concerns =
                after instanceof Practitioner || after instanceof PractitionerRole || after instanceof Device;
        if (!concerns || (before != null && before != after && saysTheSame(before, after))) {
            return;
        }
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            changed.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                changed.run();
            }
        });
    }

    private static boolean saysTheSame(IBaseResource before, IBaseResource after) {
        if (before instanceof Practitioner was && after instanceof Practitioner is) {
            return was.getActive() == is.getActive()
                    && was.hasActive() == is.hasActive()
                    && Practitioner.compareDeep(was.getIdentifier(), is.getIdentifier(), true);
        }
        if (before instanceof Device was && after instanceof Device is) {
            return was.getStatus() == is.getStatus()
                    && Device.compareDeep(was.getIdentifier(), is.getIdentifier(), true);
        }
        return before instanceof PractitionerRole was
                && after instanceof PractitionerRole is
                && was.getActive() == is.getActive()
                && was.hasActive() == is.hasActive()
                && PractitionerRole.compareDeep(was.getIdentifier(), is.getIdentifier(), true)
                && PractitionerRole.compareDeep(was.getPeriod(), is.getPeriod(), true)
                && PractitionerRole.compareDeep(was.getPractitioner(), is.getPractitioner(), true);
    }
}
