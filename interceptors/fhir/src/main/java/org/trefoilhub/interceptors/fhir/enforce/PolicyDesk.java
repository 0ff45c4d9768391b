package org.trefoilhub.interceptors.fhir.enforce;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;

/** Where the hooks put their questions to the engine in force. */
final class PolicyDesk {

    private final PolicySource policies;
    private final Clock clock;

    PolicyDesk(PolicySource policies, Clock clock) {
        this.policies = policies;
        this.clock = clock;
    }

    boolean permits(Subject subject, Action action, String type, @Nullable String id, Door door) {
        return decide(subject, action, type, id, door).permitted();
    }

    /** Refuses unless the action on the resource, or on the type when the id is null, is permitted. */
    void require(Subject subject, Action action, String type, @Nullable String id, Door door) {
        PolicyDecision decision = decide(subject, action, type, id, door);
        if (!decision.permitted()) {
            throw AccessDeniedException.of(decision);
        }
    }

    /** Refuses unless everything of the type is within the subject's scope. */
    void requireAll(Subject subject, Action action, String type, Door door) {
        scope(subject, action, type, door).accept(WholeScope.INSTANCE);
    }

    boolean permitsAll(Subject subject, Action action, String type, Door door) {
        return scope(subject, action, type, door) instanceof AccessScope.All;
    }

    private AccessScope scope(Subject subject, Action action, String type, Door door) {
        return policies.current().scope(subject, action, kind(type), environment(door));
    }

    private PolicyDecision decide(Subject subject, Action action, String type, @Nullable String id, Door door) {
        ResourceFacts facts = ResourceFacts.of(kind(type));
        if (id != null) {
            facts = facts.withId(id);
        }
        return policies.current().decide(AccessRequest.of(subject, action, facts, environment(door)));
    }

    private Environment environment(Door door) {
        return new Environment(door, clock.instant());
    }

    private static ResourceKind kind(String type) {
        try {
            return new ResourceKind(type);
        } catch (IllegalArgumentException e) {
            throw new AccessDeniedException(
                    AccessErrorCode.OPERATION_UNKNOWN, "the request names something that is no resource type", null);
        }
    }
}
