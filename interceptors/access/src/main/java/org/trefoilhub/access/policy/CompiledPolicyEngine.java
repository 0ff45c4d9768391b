package org.trefoilhub.access.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a compiled set. Policies are filed under the resource types they name, highest priority first, so that a
 * request looks only at those that could speak of its type.
 */
final class CompiledPolicyEngine implements PolicyEngine {

    /** From here on a permit that names the patient or the label passes the label gate. */
    private static final int PATIENT_PRIORITY = 300;

    /** From here on every permit passes the label gate. */
    private static final int BREAK_GLASS_PRIORITY = 500;

    private final long version;
    private final PolicyOptions options;
    private final Map<String, List<AccessPolicy>> byType;
    private final List<AccessPolicy> ofAnyType;

    CompiledPolicyEngine(long version, List<AccessPolicy> policies, PolicyOptions options) {
        this.version = version;
        this.options = options;
        Set<String> types = new TreeSet<>();
        for (AccessPolicy policy : policies) {
            for (Condition condition : policy.conditions()) {
                if (condition instanceof Condition.DataType named) {
                    types.addAll(named.types());
                }
            }
        }
        // INVARIANT: sorted by falling priority, then by id, so that nothing depends on the order given.
        List<AccessPolicy> sorted = policies.stream()
                .sorted(Comparator.comparingInt(AccessPolicy::priority)
                        .reversed()
                        .thenComparing(AccessPolicy::id))
                .toList();
        this.byType = new HashMap<>();
        for (String type : types) {
            byType.put(type, sorted.stream().filter(p -> speaksOf(p, type)).toList());
        }
        this.ofAnyType =
                sorted.stream().filter(CompiledPolicyEngine::namesNoType).toList();
    }

    private static boolean speaksOf(AccessPolicy policy, String type) {
        return policy.conditions().stream()
                .allMatch(c -> !(c instanceof Condition.DataType named)
                        || named.types().contains(type));
    }

    private static boolean namesNoType(AccessPolicy policy) {
        return policy.conditions().stream().noneMatch(Condition.DataType.class::isInstance);
    }

    private List<AccessPolicy> candidates(ResourceKind kind) {
        return byType.getOrDefault(kind.type(), ofAnyType);
    }

    @Override
    public PolicyDecision decide(AccessRequest request) {
        String refusal = ScopeGate.refusal(
                request.subject(),
                ScopeGate.letter(request.action()),
                request.resource().kind());
        if (refusal != null) {
            return deny(Set.of(), refusal, List.of());
        }
        List<String> errors = new ArrayList<>();
        List<AccessPolicy> band = new ArrayList<>();
        boolean gated = false;
        for (AccessPolicy policy : candidates(request.resource().kind())) {
            Verdict verdict = verdict(policy, request);
            if (verdict != Verdict.NO && needsGate(policy)) {
                Verdict passed = gate(request);
                gated |= verdict == Verdict.YES && passed == Verdict.NO;
                verdict = verdict.and(passed);
            }
            if (verdict == Verdict.UNKNOWN) {
                errors.add("policy `" + policy.id() + "` could apply but cannot be evaluated");
            } else if (verdict == Verdict.YES && (band.isEmpty() || band.get(0).priority() == policy.priority())) {
                band.add(policy);
            }
        }
        if (!errors.isEmpty()) {
            return deny(Set.of(), "a policy that could apply cannot be evaluated", errors);
        }
        if (band.isEmpty()) {
            return deny(Set.of(), gated ? "the label is above the clearance" : nothing(request), List.of());
        }
        return combine(band);
    }

    private PolicyDecision combine(List<AccessPolicy> band) {
        AccessPolicy.Effect effect = band.stream().anyMatch(p -> p.effect() == AccessPolicy.Effect.DENY)
                ? AccessPolicy.Effect.DENY
                : AccessPolicy.Effect.PERMIT;
        Set<String> ids = new LinkedHashSet<>();
        Set<Obligation> obligations = new LinkedHashSet<>();
        for (AccessPolicy policy : band) {
            if (policy.effect() == effect) {
                ids.add(policy.id());
                obligations.addAll(policy.obligations());
            }
        }
        String names = "`" + String.join("`, `", ids) + "`";
        if (effect == AccessPolicy.Effect.DENY) {
            return deny(ids, "denied by " + names, List.of());
        }
        if (!Obligation.KNOWN.containsAll(obligations)) {
            return deny(
                    ids,
                    "permitted by " + names + " but with an obligation that the hub does not know",
                    List.of("an obligation of " + names + " is unknown"));
        }
        return new PolicyDecision(
                PolicyDecision.Outcome.PERMIT, ids, "permitted by " + names, obligations, List.of(), version);
    }

    @Override
    public AccessScope scope(Subject subject, Action action, ResourceKind kind, Environment environment) {
        String refusal = ScopeGate.refusal(subject, ScopeGate.searchLetter(action), kind);
        if (refusal != null) {
            return new AccessScope.None(refusal);
        }
        AccessRequest request = AccessRequest.of(subject, action, ResourceFacts.of(kind), environment);
        List<AccessPolicy> candidates = candidates(kind);
        AccessScope result = new AccessScope.None(nothing(request));
        // From the lowest band to the highest: a band adds what it permits and takes away what it denies.
        int end = candidates.size();
        while (end > 0) {
            int start = end - 1;
            int priority = candidates.get(start).priority();
            while (start > 0 && candidates.get(start - 1).priority() == priority) {
                start--;
            }
            AccessScope permits = new AccessScope.None("no policy permits it");
            AccessScope denies = new AccessScope.None("no policy denies it");
            for (AccessPolicy policy : candidates.subList(start, end)) {
                AccessScope region = region(policy, request);
                if (region == null) {
                    return new AccessScope.None("policy `" + policy.id() + "` cannot be evaluated");
                }
                if (policy.effect() == AccessPolicy.Effect.DENY) {
                    denies = ScopeAlgebra.union(denies, region);
                } else if (!(region instanceof AccessScope.None)) {
                    if (!Obligation.KNOWN.containsAll(policy.obligations())) {
                        return new AccessScope.None(
                                "policy `" + policy.id() + "` has an obligation that the hub does not know");
                    }
                    permits = ScopeAlgebra.union(permits, region);
                }
            }
            result = ScopeAlgebra.intersection(ScopeAlgebra.union(result, permits), ScopeAlgebra.complement(denies));
            end = start;
        }
        return result;
    }

    private @Nullable AccessScope region(AccessPolicy policy, AccessRequest request) {
        AccessScope region = new AccessScope.All();
        try {
            for (Condition condition : policy.conditions()) {
                region = ScopeAlgebra.intersection(region, condition.region(request));
            }
        } catch (RuntimeException e) {
            return null;
        }
        if (needsGate(policy) && request.subject().clearance() != Clearance.V) {
            region = ScopeAlgebra.intersection(
                    region, new AccessScope.Label(request.subject().clearance()));
        }
        return region;
    }

    private static Verdict verdict(AccessPolicy policy, AccessRequest request) {
        Verdict result = Verdict.YES;
        for (Condition condition : policy.conditions()) {
            Verdict verdict;
            try {
                verdict = condition.test(request);
            } catch (RuntimeException e) {
                // Reported by the caller as an error of this policy, which denies.
                verdict = Verdict.UNKNOWN;
            }
            result = result.and(verdict);
            if (result == Verdict.NO) {
                return result;
            }
        }
        return result;
    }

    private boolean needsGate(AccessPolicy policy) {
        if (!options.labelGate()
                || policy.effect() == AccessPolicy.Effect.DENY
                || policy.priority() >= BREAK_GLASS_PRIORITY) {
            return false;
        }
        return policy.priority() < PATIENT_PRIORITY
                || policy.conditions().stream().noneMatch(Condition::namesPatientOrLabel);
    }

    private static Verdict gate(AccessRequest request) {
        Clearance clearance = request.subject().clearance();
        Clearance label = request.resource().label();
        if (clearance == Clearance.V) {
            return Verdict.YES;
        }
        return label == null ? Verdict.UNKNOWN : Verdict.of(clearance.covers(label));
    }

    private PolicyDecision deny(Set<String> policies, String reason, List<String> errors) {
        return new PolicyDecision(PolicyDecision.Outcome.DENY, policies, reason, Set.of(), errors, version);
    }

    private static String nothing(AccessRequest request) {
        return "no policy permits `" + request.action().code() + "` on `"
                + request.resource().kind().type() + "` through `"
                + request.environment().door().code() + "`";
    }
}
