package org.trefoilhub.access.policy;

import java.util.List;
import java.util.Set;

/**
 * A policy with what need not be found out again for every request.
 *
 * @param policy the policy
 * @param denies whether it refuses when it determines the outcome: denies do, and permits with an unknown obligation
 * @param gated whether it counts only below the clearance of the subject
 * @param path how it is filed
 */
record CompiledPolicy(AccessPolicy policy, boolean denies, boolean gated, List<Set<Facet.Key>> path) {

    /** From here on a permit that names the patient or the label passes the label gate. */
    private static final int PATIENT_PRIORITY = 300;

    /** From here on every permit passes the label gate. */
    private static final int BREAK_GLASS_PRIORITY = 500;

    static CompiledPolicy of(AccessPolicy policy, PolicyOptions options) {
        boolean permit = policy.effect() == AccessPolicy.Effect.PERMIT;
        return new CompiledPolicy(
                policy,
                !permit || !Obligation.KNOWN.containsAll(policy.obligations()),
                permit && options.labelGate() && !passesGate(policy),
                Facet.path(policy));
    }

    private static boolean passesGate(AccessPolicy policy) {
        return policy.priority() >= BREAK_GLASS_PRIORITY
                || (policy.priority() >= PATIENT_PRIORITY
                        && policy.conditions().stream().anyMatch(Condition::namesPatientOrLabel));
    }

    /** Whether the policy applies, the label gate left aside. */
    Verdict test(AccessRequest request) {
        Verdict result = Verdict.YES;
        for (Condition condition : policy.conditions()) {
            result = result.and(test(condition, request));
            if (result == Verdict.NO) {
                return result;
            }
        }
        return result;
    }

    /** Whether a gated policy may count. */
    Verdict gate(AccessRequest request) {
        return gated ? below(request.subject()).contains(request.resource()) : Verdict.YES;
    }

    /** The part of all resources for which the policy applies and may count. */
    AccessScope region(AccessRequest request) {
        AccessScope region = gated ? below(request.subject()) : ScopeAlgebra.when(true);
        for (Condition condition : policy.conditions()) {
            region = ScopeAlgebra.intersection(region, condition.region(request));
        }
        return region;
    }

    private static AccessScope below(Subject subject) {
        return ScopeAlgebra.upTo(subject.clearance());
    }

    /** A condition that fails to answer is not known to hold or not: an error of its policy. */
    static Verdict test(Condition condition, AccessRequest request) {
        try {
            return condition.test(request);
        } catch (RuntimeException e) {
            return Verdict.UNKNOWN;
        }
    }
}
