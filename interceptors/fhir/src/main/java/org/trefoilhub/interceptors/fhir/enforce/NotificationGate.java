package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.jpa.subscription.model.CanonicalSubscription;
import ca.uhn.fhir.jpa.subscription.model.ResourceDeliveryMessage;
import org.trefoilhub.access.policy.Subject;

/** What channels that deliver past HAPI's hooks ask: websockets. Implementations are thread-safe. */
public interface NotificationGate {

    /**
     * Whether a subscription belongs to a subject.
     *
     * @param subject who asks
     * @param subscription as the registry holds it
     * @return true for the client that made it, acting for itself
     */
    boolean owns(Subject subject, CanonicalSubscription subscription);

    /**
     * Whether the owner of a subscription may hear of a resource now. What the owner sees masked is masked in the message.
     *
     * @param subscription as the registry holds it
     * @param message what would be delivered
     * @return false keeps it back
     */
    boolean mayDeliver(CanonicalSubscription subscription, ResourceDeliveryMessage message);
}
