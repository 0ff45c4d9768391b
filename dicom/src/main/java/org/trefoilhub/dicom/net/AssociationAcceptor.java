package org.trefoilhub.dicom.net;

import java.util.List;

/** Decides who may open an association, and what is served on it. Called by many threads at once. */
@FunctionalInterface
public interface AssociationAcceptor {

    /** Asked once per A-ASSOCIATE-RQ whose form is right. A runtime exception rejects the association. */
    Decision decide(AssociationPeer peer);

    /** The answer to an A-ASSOCIATE-RQ. */
    sealed interface Decision {}

    /** Yes: these services, made for this peer if they need to be, asked in this order. */
    record Accept(List<DimseService> services) implements Decision {
        public Accept {
            services = List.copyOf(services);
        }
    }

    /** No, and why. */
    record Reject(RejectReason reason) implements Decision {}
}
