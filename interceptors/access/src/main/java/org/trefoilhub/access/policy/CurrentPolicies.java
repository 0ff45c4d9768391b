package org.trefoilhub.access.policy;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Holds the policy set in force; starts with the one that permits nothing.
 *
 * <p>Thread-safe: a replaced set counts for every request that asks afterwards.
 */
public final class CurrentPolicies implements PolicySource {

    private final AtomicReference<PolicySet> set = new AtomicReference<>(PolicySet.denyAll(0));

    @Override
    public PolicyEngine current() {
        return set.get().engine();
    }

    /**
     * The set in force.
     *
     * @return never null
     */
    public PolicySet set() {
        return set.get();
    }

    /**
     * Puts a set in force.
     *
     * @param replacement the new set
     */
    public void replace(PolicySet replacement) {
        set.set(replacement);
    }
}
