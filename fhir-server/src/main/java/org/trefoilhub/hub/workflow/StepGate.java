package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.time.Clock;
import java.util.Set;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/** Asks the policy for the operations of this package: whether the asker sees a resource, and may change it. */
public final class StepGate {

    private static final Set<Obligation> MASKS = Set.of(Obligation.MASK_NAME, Obligation.MASK_DEMOGRAPHICS);

    private final RequestSubjects subjects;
    private final PolicySource policies;
    private final FactSource facts;
    private final Clock clock;

    StepGate(RequestSubjects subjects, PolicySource policies, FactSource facts, Clock clock) {
        this.subjects = subjects;
        this.policies = policies;
        this.facts = facts;
        this.clock = clock;
    }

    Subject asker(RequestDetails request) {
        try {
            return subjects.of(request);
        } catch (AccessDeniedException e) {
            throw Refusals.of(e);
        }
    }

    /**
     * Answers as for an absent resource unless the asker sees it.
     *
     * @param asker who asks
     * @param reference literal reference
     */
    public void requireSeen(Subject asker, String reference) {
        if (!permits(asker, Action.VIEW, reference)) {
            throw Refusals.notFound();
        }
    }

    /**
     * Refuses unless the asker may change a resource.
     *
     * @param asker who asks
     * @param reference literal reference
     */
    public void requireChange(Subject asker, String reference) {
        if (!permits(asker, Action.MODIFY, reference)) {
            throw Refusals.of(
                    new AccessDeniedException(AccessErrorCode.DENIED, "no policy permits you to take this step", null));
        }
    }

    private boolean permits(Subject asker, Action action, String reference) {
        ResourceFacts known = facts.load(Set.of(reference)).get(reference);
        return known != null
                && policies.current()
                        .decide(AccessRequest.of(
                                asker, action, known, new Environment(Door.FHIR_REST, clock.instant())))
                        .permitted(MASKS);
    }
}
