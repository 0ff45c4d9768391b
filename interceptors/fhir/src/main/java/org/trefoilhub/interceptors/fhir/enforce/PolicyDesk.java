package org.trefoilhub.interceptors.fhir.enforce;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.Resource;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicyEngine;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/**
 * Where the hooks put their questions to the engine in force.
 *
 * <p>The same question is put once for a request. Facts are loaded only when the type alone does not decide. A resource whose facts nobody stored is denied.
 */
final class PolicyDesk {

    /** What this door does when a permit demands it. */
    static final Set<Obligation> FULFILLED = Set.of(Obligation.MASK_NAME, Obligation.MASK_DEMOGRAPHICS);

    private static final String DECISION = "decision";
    private static final String SCOPE = "scope";

    private static final Set<String> EVERY_SCOPE = Set.of("user/*.cruds", "system/*.cruds");

    private final PolicySource policies;
    private final Clock clock;
    private final RequestFacts facts;

    PolicyDesk(PolicySource policies, Clock clock, RequestFacts facts) {
        this.policies = policies;
        this.clock = clock;
        this.facts = facts;
    }

    /** Refuses with 403 when no resource of the type could be permitted. */
    void require(Subject subject, Action action, String type, Door door) {
        PolicyDecision decision = ofType(subject, action, type, door);
        if (isFinal(decision)) {
            if (!isPermitted(decision)) {
                throw AccessDeniedException.of(decision);
            }
        } else if (reach(subject, action, type, door) instanceof AccessScope.None none) {
            throw new AccessDeniedException(AccessErrorCode.DENIED, none.reason(), null);
        }
    }

    /** Whether some resource of the type could be permitted. */
    boolean permitsSome(Subject subject, Action action, String type, Door door) {
        PolicyDecision decision = ofType(subject, action, type, door);
        return isFinal(decision)
                ? isPermitted(decision)
                : !(reach(subject, action, type, door) instanceof AccessScope.None);
    }

    /**
     * Refuses unless the action on a stored resource is permitted: with 403 when nothing of the type could be, else as if
     * the resource did not exist.
     */
    void require(Subject subject, Action action, String type, String id, Door door) {
        require(subject, action, type, door);
        if (!isPermitted(decide(subject, action, type + "/" + id, door))) {
            throw hidden();
        }
    }

    /** Refuses unless a resource may be written as it is now; its facts are stored by then. */
    void requireWritten(Subject subject, Action action, String reference, Door door) {
        PolicyDecision decision = decide(subject, action, reference, door);
        if (!isPermitted(decision)) {
            throw AccessDeniedException.of(decision);
        }
    }

    /** Whether the action on a stored resource is permitted. */
    boolean permits(Subject subject, Action action, String reference, Door door) {
        return isPermitted(decide(subject, action, reference, door));
    }

    /** The decisions on stored resources, with one load of facts for all. */
    Map<String, PolicyDecision> decide(Subject subject, Action action, Collection<String> references, Door door) {
        Map<String, PolicyDecision> decisions = new HashMap<>();
        Map<String, PolicyDecision> byType = new HashMap<>();
        List<String> open = new ArrayList<>();
        for (String reference : references) {
            PolicyDecision ofType = byType.computeIfAbsent(
                    reference.substring(0, reference.indexOf('/')), type -> ofType(subject, action, type, door));
            decisions.put(reference, ofType);
            if (!isFinal(ofType)) {
                open.add(reference);
            }
        }
        if (!open.isEmpty()) {
            facts.load(open)
                    .forEach((reference, known) -> decisions.put(reference, decide(subject, action, known, door)));
        }
        return decisions;
    }

    PolicyDecision decide(Subject subject, Action action, String reference, Door door) {
        return decide(subject, action, List.of(reference), door).get(reference);
    }

    /** The decision on a resource that is not stored, or not stored like this. */
    PolicyDecision preview(Subject subject, Action action, Resource resource, Door door) {
        PolicyDecision ofType = ofType(subject, action, resource.fhirType(), door);
        return isFinal(ofType) ? ofType : decide(subject, action, facts.preview(resource), door);
    }

    private PolicyDecision ofType(Subject subject, Action action, String type, Door door) {
        kind(type);
        PolicyEngine engine = policies.current();
        return facts.answer(
                engine,
                new RequestFacts.Question(subject, action, door, type, DECISION),
                () -> engine.decide(AccessRequest.of(subject, action, FactSource.of(type), environment(door))));
    }

    private PolicyDecision decide(Subject subject, Action action, ResourceFacts known, Door door) {
        PolicyEngine engine = policies.current();
        return facts.answer(
                engine,
                new RequestFacts.Question(subject, action, door, known, DECISION),
                () -> engine.decide(AccessRequest.of(subject, action, known, environment(door))));
    }

    /** Whether no fact could change the decision. */
    private static boolean isFinal(PolicyDecision decision) {
        return decision.errors().isEmpty();
    }

    static boolean isPermitted(PolicyDecision decision) {
        return decision.permitted(FULFILLED);
    }

    /** Refuses with 403 unless everything of the type is within the subject's scope. */
    void requireAll(Subject subject, Action action, String type, Door door) {
        scope(subject, action, type, door).accept(WholeScope.INSTANCE);
    }

    boolean permitsAll(Subject subject, Action action, String type, Door door) {
        return scope(subject, action, type, door) instanceof AccessScope.All;
    }

    /** Refuses with 403 when the subject's scope of the type is empty. */
    void requireSome(Subject subject, Action action, String type, Door door) {
        if (scope(subject, action, type, door) instanceof AccessScope.None none) {
            throw AccessDeniedException.of(none);
        }
    }

    /** The part of all resources of a type, without what cannot matter for it. */
    AccessScope scope(Subject subject, Action action, String type, Door door) {
        PolicyEngine engine = policies.current();
        return facts.answer(
                engine,
                new RequestFacts.Question(subject, action, door, type, SCOPE),
                () -> FactSource.simplify(engine.scope(subject, action, kind(type), environment(door)), type));
    }

    /** What the policies permit of a type; the token's scopes are judged where the letter of the interaction is known. */
    private AccessScope reach(Subject subject, Action action, String type, Door door) {
        return scope(subject.withScopes(EVERY_SCOPE), action, type, door);
    }

    /** The part of a type that is shown only when an identity is masked; says nothing of what is not permitted. */
    AccessScope obliged(Subject subject, Action action, String type, Door door, Obligation obligation) {
        PolicyEngine engine = policies.current();
        return facts.answer(
                engine,
                new RequestFacts.Question(subject, action, door, type, obligation),
                () -> FactSource.simplify(
                        engine.obliged(subject, action, kind(type), Set.of(), environment(door), obligation), type));
    }

    /** The patients that stored resources are about, over all linked identities; empty where that is not known. */
    Map<String, Set<String>> patients(Collection<String> references) {
        Map<String, Set<String>> patients = new HashMap<>();
        if (!references.isEmpty()) {
            facts.load(references).forEach((reference, known) -> {
                Set<String> about = known.patients();
                patients.put(reference, about == null ? Set.of() : about);
            });
        }
        return patients;
    }

    /** Those of some resources that exist and may be seen. */
    boolean seesAny(Subject subject, Collection<String> references, Door door) {
        Map<String, ResourceFacts> known = facts.load(references);
        return references.stream()
                .anyMatch(reference -> known.containsKey(reference)
                        && isPermitted(decide(subject, Action.VIEW, known.get(reference), door)));
    }

    static AccessDeniedException hidden() {
        return new AccessDeniedException(AccessErrorCode.NOT_FOUND, "there is no such resource", null);
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
