package org.trefoilhub.hub.access.approval;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;

/** The audit trail as far as it runs; a hub without one (a test of this feature alone) writes nothing. */
final class Trail {

    private final ObjectProvider<AuditTrail> trail;

    Trail(ObjectProvider<AuditTrail> trail) {
        this.trail = trail;
    }

    void write(AuditRecord event) {
        trail.ifAvailable(running -> running.write(event));
    }

    void record(AuditRecord event) {
        trail.ifAvailable(running -> running.record(List.of(event)));
    }
}
