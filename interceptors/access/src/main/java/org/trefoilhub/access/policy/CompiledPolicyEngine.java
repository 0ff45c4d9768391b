package org.trefoilhub.access.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
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
    private final List<AccessPolicy> policies;
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
        this.policies = sorted;
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
        AccessScope granted = ScopeGate.granted(
                request.subject(),
                ScopeGate.letter(request.action()),
                request.resource().kind());
        Verdict inScope = granted.contains(request.resource());
        if (inScope == Verdict.UNKNOWN) {
            return deny(Set.of(), "the granted scopes cannot be evaluated", List.of("a fact for a scope is not known"));
        }
        if (inScope == Verdict.NO) {
            return deny(
                    Set.of(),
                    granted instanceof AccessScope.None none ? none.reason() : "no granted scope covers the resource",
                    List.of());
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
    public AccessScope scope(
            Subject subject, Action action, ResourceKind kind, Set<String> purposeOfUse, Environment environment) {
        AccessScope granted = ScopeGate.granted(subject, ScopeGate.searchLetter(action), kind);
        if (granted instanceof AccessScope.None) {
            return granted;
        }
        AccessRequest request = new AccessRequest(subject, action, ResourceFacts.of(kind), purposeOfUse, environment);
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
        return ScopeAlgebra.intersection(result, granted);
    }

    @Override
    public Explanation explain(AccessRequest request) {
        Verdict scopes = ScopeGate.granted(
                        request.subject(),
                        ScopeGate.letter(request.action()),
                        request.resource().kind())
                .contains(request.resource());
        List<Explanation.Line> lines = policies.stream()
                .map(policy -> line(policy, request))
                .filter(line -> failures(line) <= 1)
                .sorted(Comparator.comparing(line -> line.verdict() == Verdict.NO))
                .limit(Explanation.LIMIT)
                .toList();
        return new Explanation(decide(request), scopes, lines);
    }

    private Explanation.Line line(AccessPolicy policy, AccessRequest request) {
        Map<Dimension, Verdict> dimensions = new EnumMap<>(Dimension.class);
        for (Condition condition : policy.conditions()) {
            dimensions.merge(condition.dimension(), test(condition, request), Verdict::and);
        }
        Verdict gate = needsGate(policy) ? gate(request) : Verdict.YES;
        Verdict verdict = dimensions.values().stream().reduce(gate, Verdict::and);
        return new Explanation.Line(policy, dimensions, gate, verdict);
    }

    private static long failures(Explanation.Line line) {
        long dimensions = line.dimensions().values().stream()
                .filter(verdict -> verdict == Verdict.NO)
                .count();
        return line.labelGate() == Verdict.NO ? dimensions + 1 : dimensions;
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
        return needsGate(policy)
                ? ScopeAlgebra.intersection(
                        region, ScopeAlgebra.upTo(request.subject().clearance()))
                : region;
    }

    private static Verdict verdict(AccessPolicy policy, AccessRequest request) {
        Verdict result = Verdict.YES;
        for (Condition condition : policy.conditions()) {
            result = result.and(test(condition, request));
            if (result == Verdict.NO) {
                return result;
            }
        }
        return result;
    }

    private static Verdict test(Condition condition, AccessRequest request) {
        try {
            return condition.test(request);
        } catch (RuntimeException e) {
            // Reported by the caller as an error of this policy, which denies.
            return Verdict.UNKNOWN;
        }
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
        return ScopeAlgebra.upTo(request.subject().clearance()).contains(request.resource());
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
