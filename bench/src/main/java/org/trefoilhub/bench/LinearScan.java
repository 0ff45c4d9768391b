package org.trefoilhub.bench;

import java.util.List;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Verdict;

/** The combining rules by asking every policy, one after the other: what the compiled engine is measured against. */
final class LinearScan {

    private final List<AccessPolicy> policies;

    LinearScan(List<AccessPolicy> policies) {
        this.policies = List.copyOf(policies);
    }

    /** Whether the request is permitted; the workload has neither unknown facts nor a label gate. */
    boolean permits(AccessRequest request) {
        int highest = -1;
        boolean permitted = false;
        for (AccessPolicy policy : policies) {
            if (policy.priority() >= highest && holds(policy, request)) {
                boolean permit = policy.effect() == AccessPolicy.Effect.PERMIT;
                permitted = policy.priority() > highest ? permit : permitted && permit;
                highest = policy.priority();
            }
        }
        return permitted;
    }

    private static boolean holds(AccessPolicy policy, AccessRequest request) {
        for (Condition condition : policy.conditions()) {
            if (condition.test(request) != Verdict.YES) {
                return false;
            }
        }
        return true;
    }
}
