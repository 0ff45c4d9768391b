package org.trefoilhub.dicomweb.dimse;

import java.time.Clock;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.archive.Archive;

/** Makes the receiver of one association: the subject is known once the association is accepted. */
record ArchiveReceiverFactory(Archive archive, PolicySource policies, Clock clock, DimseAudit audit) {

    ArchiveReceiver receiver(Subject subject) {
        return new ArchiveReceiver(archive, policies, clock, audit, subject);
    }
}
