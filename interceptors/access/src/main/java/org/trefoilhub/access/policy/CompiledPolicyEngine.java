package org.trefoilhub.access.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a compiled set: the combining rules of access policies, once for one resource and once for all of a kind.
 *
 * <p>The rules: what no SMART scope grants is denied; a permit counts only where the label gate lets it; of what applies
 * the highest priority wins, in it a deny; what nothing permits is denied; and so is everything while a policy that could
 * apply cannot be evaluated.
 */
final class CompiledPolicyEngine implements PolicyEngine {

    private static final Comparator<Explanation.Line> FIRST_WHAT_APPLIES = Comparator.comparing(
                    (Explanation.Line line) -> line.verdict() == Verdict.NO)
            .thenComparing(line -> line.policy().priority(), Comparator.reverseOrder())
            .thenComparing(line -> line.policy().id());

    private final long version;
    private final PersistentMap<String, List<CompiledPolicy>> rules;
    private final PolicyIndex index;

    CompiledPolicyEngine(long version, PersistentMap<String, List<CompiledPolicy>> rules, PolicyIndex index) {
        this.version = version;
        this.rules = rules;
        this.index = index;
    }

    @Override
    public PolicyDecision decide(AccessRequest request) {
        AccessScope granted = granted(request);
        Verdict inScope = granted.contains(request.resource());
        if (inScope == Verdict.UNKNOWN || (inScope == Verdict.NO && lacksId(request))) {
            return error("whether the granted scopes cover the resource cannot be evaluated");
        }
        if (inScope == Verdict.NO) {
            return deny(
                    Set.of(),
                    granted instanceof AccessScope.None none ? none.reason() : "no granted scope covers the resource");
        }
        HighestBand band = new HighestBand(request);
        if (!index.readAll(request, band::read)) {
            return error("policy `" + band.failed + "` could apply but cannot be evaluated");
        }
        if (band.policies.isEmpty()) {
            return deny(Set.of(), band.gated ? "the label is above the clearance" : nothing(request));
        }
        return combine(band.policies);
    }

    /** Collects the policies that apply at the highest priority; stops at one that cannot be evaluated. */
    private static final class HighestBand {
        private final AccessRequest request;
        private final List<CompiledPolicy> policies = new ArrayList<>();
        private int priority = -1;
        private boolean gated;
        private @Nullable String failed;

        HighestBand(AccessRequest request) {
            this.request = request;
        }

        boolean read(CompiledPolicy candidate) {
            Verdict verdict = candidate.test(request);
            if (verdict == Verdict.NO) {
                return true;
            }
            Verdict gate = candidate.gate(request);
            gated |= gate == Verdict.NO && verdict == Verdict.YES;
            verdict = verdict.and(gate);
            if (verdict == Verdict.UNKNOWN) {
                failed = candidate.policy().id();
                return false;
            }
            if (verdict == Verdict.YES && candidate.policy().priority() >= priority) {
                if (candidate.policy().priority() > priority) {
                    policies.clear();
                    priority = candidate.policy().priority();
                }
                policies.add(candidate);
            }
            return true;
        }
    }

    private PolicyDecision combine(List<CompiledPolicy> band) {
        boolean denied = band.stream().anyMatch(each -> each.policy().effect() == AccessPolicy.Effect.DENY);
        AccessPolicy.Effect effect = denied ? AccessPolicy.Effect.DENY : AccessPolicy.Effect.PERMIT;
        Set<String> ids = new TreeSet<>();
        Set<Obligation> obligations = new TreeSet<>(Comparator.comparing(Obligation::code));
        boolean refused = denied;
        for (CompiledPolicy each : band) {
            if (each.policy().effect() == effect) {
                ids.add(each.policy().id());
                obligations.addAll(each.policy().obligations());
                refused |= each.denies();
            }
        }
        String names = "`" + String.join("`, `", ids) + "`";
        if (denied) {
            return deny(ids, "denied by " + names);
        }
        if (refused) {
            return new PolicyDecision(
                    PolicyDecision.Outcome.DENY,
                    ids,
                    "permitted by " + names + " but with an obligation that the hub does not know",
                    Set.of(),
                    List.of("an obligation of " + names + " is unknown"),
                    version);
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
        Map<Integer, Regions> bands = new TreeMap<>();
        List<String> failed = new ArrayList<>();
        index.readAll(request, candidate -> {
            try {
                bands.computeIfAbsent(candidate.policy().priority(), priority -> new Regions())
                        .add(candidate, request);
            } catch (RuntimeException e) {
                // Nothing is in the scope of a set that cannot be evaluated; the reason says so.
                failed.add(candidate.policy().id());
            }
            return failed.isEmpty();
        });
        if (!failed.isEmpty()) {
            return new AccessScope.None("policy `" + failed.get(0) + "` could apply but cannot be evaluated");
        }
        // From the lowest band to the highest: a band adds what it permits and takes away what it denies.
        AccessScope result = new AccessScope.None(nothing(request));
        for (Regions band : bands.values()) {
            result = band.over(result);
        }
        return ScopeAlgebra.intersection(result, granted);
    }

    /** What the policies of one priority permit and deny. */
    private static final class Regions {
        private final List<AccessScope> permitted = new ArrayList<>();
        private final List<AccessScope> denied = new ArrayList<>();

        void add(CompiledPolicy policy, AccessRequest request) {
            (policy.denies() ? denied : permitted).add(policy.region(request));
        }

        AccessScope over(AccessScope lower) {
            permitted.add(0, lower);
            return ScopeAlgebra.intersection(
                    ScopeAlgebra.union(permitted), ScopeAlgebra.complement(ScopeAlgebra.union(denied)));
        }
    }

    @Override
    public AccessScope obliged(
            Subject subject,
            Action action,
            ResourceKind kind,
            Set<String> purposeOfUse,
            Environment environment,
            Obligation obligation) {
        AccessRequest request = new AccessRequest(subject, action, ResourceFacts.of(kind), purposeOfUse, environment);
        List<CompiledPolicy> permits = new ArrayList<>();
        index.readAll(request, candidate -> {
            if (!candidate.denies()) {
                permits.add(candidate);
            }
            return true;
        });
        permits.sort(Comparator.comparingInt(each -> each.policy().priority()));
        AccessScope result = new AccessScope.None("no policy obliges to `" + obligation.code() + "`");
        if (permits.stream().noneMatch(each -> each.policy().obligations().contains(obligation))) {
            return result;
        }
        try {
            // From the lowest band to the highest: a band speaks for all that it permits.
            int from = 0;
            while (from < permits.size()) {
                int priority = permits.get(from).policy().priority();
                List<AccessScope> permitted = new ArrayList<>();
                List<AccessScope> obliging = new ArrayList<>();
                for (; from < permits.size() && permits.get(from).policy().priority() == priority; from++) {
                    AccessScope region = permits.get(from).region(request);
                    permitted.add(region);
                    if (permits.get(from).policy().obligations().contains(obligation)) {
                        obliging.add(region);
                    }
                }
                obliging.add(ScopeAlgebra.intersection(result, ScopeAlgebra.complement(ScopeAlgebra.union(permitted))));
                result = ScopeAlgebra.union(obliging);
            }
            return result;
        } catch (RuntimeException e) {
            // scope() says None of such a set; should a door ask all the same, it owes the obligation for everything.
            return new AccessScope.All();
        }
    }

    @Override
    public Explanation explain(AccessRequest request) {
        List<Explanation.Line> lines = new ArrayList<>();
        rules.readAll(rule -> {
            rule.forEach(policy -> lines.add(line(policy, request)));
            return true;
        });
        lines.removeIf(line -> failures(line) > 1);
        lines.sort(FIRST_WHAT_APPLIES);
        return new Explanation(
                decide(request),
                granted(request).contains(request.resource()),
                lines.subList(0, Math.min(lines.size(), Explanation.LIMIT)));
    }

    private static Explanation.Line line(CompiledPolicy policy, AccessRequest request) {
        Map<Dimension, Verdict> dimensions = new EnumMap<>(Dimension.class);
        for (Condition condition : policy.policy().conditions()) {
            dimensions.merge(condition.dimension(), CompiledPolicy.test(condition, request), Verdict::and);
        }
        Verdict gate = policy.gate(request);
        Verdict verdict = dimensions.values().stream().reduce(gate, Verdict::and);
        return new Explanation.Line(policy.policy(), dimensions, gate, verdict);
    }

    private static long failures(Explanation.Line line) {
        long dimensions = line.dimensions().values().stream()
                .filter(verdict -> verdict == Verdict.NO)
                .count();
        return line.labelGate() == Verdict.NO ? dimensions + 1 : dimensions;
    }

    private static AccessScope granted(AccessRequest request) {
        return ScopeGate.granted(
                request.subject(),
                ScopeGate.letter(request.action()),
                request.resource().kind(),
                request.resource().id());
    }

    private static boolean lacksId(AccessRequest request) {
        return request.resource().id() == null
                && ScopeGate.asksForId(
                        request.subject(),
                        ScopeGate.letter(request.action()),
                        request.resource().kind());
    }

    private PolicyDecision error(String reason) {
        return new PolicyDecision(PolicyDecision.Outcome.DENY, Set.of(), reason, Set.of(), List.of(reason), version);
    }

    private PolicyDecision deny(Set<String> policies, String reason) {
        return new PolicyDecision(PolicyDecision.Outcome.DENY, policies, reason, Set.of(), List.of(), version);
    }

    private static String nothing(AccessRequest request) {
        return "no policy permits `" + request.action().code() + "` on `"
                + request.resource().kind().type() + "` through `"
                + request.environment().door().code() + "`";
    }
}
