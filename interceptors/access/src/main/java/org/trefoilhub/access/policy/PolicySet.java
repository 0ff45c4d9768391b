package org.trefoilhub.access.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All policies in force, validated and compiled; immutable and versioned.
 *
 * <p>The version is any number that grows with every change; decisions carry it. Start with {@link #compile}.
 */
public final class PolicySet {

    private final long version;
    private final List<AccessPolicy> policies;
    private final PolicyOptions options;
    private final PolicyEngine engine;

    private PolicySet(long version, List<AccessPolicy> policies, PolicyOptions options, PolicyEngine engine) {
        this.version = version;
        this.policies = policies;
        this.options = options;
        this.engine = engine;
    }

    /**
     * Validates and compiles.
     *
     * @param version version of the set, not negative
     * @param policies the policies; their order does not matter
     * @param vocabulary words they may use
     * @param options settings
     * @return the set
     * @throws PolicyInvalidException with every problem found, when any is
     */
    public static PolicySet compile(
            long version, Collection<AccessPolicy> policies, Vocabulary vocabulary, PolicyOptions options) {
        List<String> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (AccessPolicy policy : policies) {
            if (policy.id().isBlank()) {
                problems.add("a policy has no id");
            } else if (!ids.add(policy.id())) {
                problems.add("policy `" + policy.id() + "` is there twice");
            }
            if (policy.priority() < 0 || policy.priority() > AccessPolicy.MAX_PRIORITY) {
                problems.add("policy `" + policy.id() + "` has priority " + policy.priority() + " but 0 to "
                        + AccessPolicy.MAX_PRIORITY + " was expected");
            }
            for (Condition condition : policy.conditions()) {
                for (String problem : PolicyValidator.problems(condition, vocabulary)) {
                    problems.add("policy `" + policy.id() + "` " + problem);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new PolicyInvalidException(problems);
        }
        List<AccessPolicy> kept = List.copyOf(policies);
        return new PolicySet(version, kept, options, new CompiledPolicyEngine(version, kept, options));
    }

    /**
     * The set that permits nothing, in force until one could be loaded.
     *
     * @param version version of the set
     * @return a set without policies
     */
    public static PolicySet denyAll(long version) {
        return new PolicySet(
                version,
                List.of(),
                PolicyOptions.DEFAULT,
                new CompiledPolicyEngine(version, List.of(), PolicyOptions.DEFAULT));
    }

    /**
     * Version of the set.
     *
     * @return as given at compilation
     */
    public long version() {
        return version;
    }

    /**
     * The policies of the set.
     *
     * @return in no particular order
     */
    public List<AccessPolicy> policies() {
        return policies;
    }

    /**
     * The settings of the set.
     *
     * @return as given at compilation
     */
    public PolicyOptions options() {
        return options;
    }

    /**
     * The engine over this set.
     *
     * @return always the same object
     */
    public PolicyEngine engine() {
        return engine;
    }
}
