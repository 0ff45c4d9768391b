package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.param.TokenParam;
import org.hl7.fhir.r4.model.Subscription;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;

/**
 * Who sees subscriptions: criteria name patients, and tell by when they fired what happened to them. So one is seen by its
 * owner, and by whoever may see every patient.
 */
final class SubscriptionView {

    private final PolicyDesk desk;

    SubscriptionView(PolicyDesk desk) {
        this.desk = desk;
    }

    private boolean seesAll(Subject subject) {
        return desk.scope(subject, Action.VIEW, "Patient", Door.FHIR_REST) instanceof AccessScope.All
                && PolicyDesk.FULFILLED.stream()
                        .allMatch(mask -> desk.obliged(subject, Action.VIEW, "Patient", Door.FHIR_REST, mask)
                                instanceof AccessScope.None);
    }

    boolean maySee(Subject subject, Subscription subscription) {
        return maySee(subject, SubscriptionOwner.owner(subscription));
    }

    /** Whether the subject sees a subscription of this client, null when it belongs to nobody or does not exist. */
    boolean maySee(Subject subject, @Nullable String owner) {
        return seesAll(subject) || subject.user() == null && subject.client().equals(owner);
    }

    /** Adds the owner's tag to a search for subscriptions; the tag of a person's search belongs to nobody. */
    void narrow(Subject subject, SearchParameterMap search) {
        if (!seesAll(subject)) {
            String owner = subject.user() == null ? subject.client() : "-";
            search.add("_tag", new TokenParam(SubscriptionOwner.OWNER_SYSTEM, owner));
        }
    }
}
