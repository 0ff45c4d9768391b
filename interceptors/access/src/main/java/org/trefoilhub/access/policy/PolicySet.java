package org.trefoilhub.access.policy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All policies in force, validated and compiled; immutable and versioned.
 *
 * <p>The version is any number that grows with every change; decisions carry it. Start with {@link #compile}.
 */
public final class PolicySet {

    private final long version;
    private final Vocabulary vocabulary;
    private final PolicyOptions options;
    private final PersistentMap<String, List<CompiledPolicy>> rules;
    private final PolicyIndex index;
    private final PolicyEngine engine;

    private PolicySet(
            long version,
            Vocabulary vocabulary,
            PolicyOptions options,
            PersistentMap<String, List<CompiledPolicy>> rules,
            PolicyIndex index) {
        this.version = version;
        this.vocabulary = vocabulary;
        this.options = options;
        this.rules = rules;
        this.index = index;
        this.engine = new CompiledPolicyEngine(version, rules, index);
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
        List<String> problems = PolicyValidator.problems(policies, vocabulary);
        if (!problems.isEmpty()) {
            throw new PolicyInvalidException(problems);
        }
        Map<String, List<AccessPolicy>> byRule = policies.stream().collect(Collectors.groupingBy(AccessPolicy::rule));
        PolicySet set = empty(version, vocabulary, options);
        PersistentMap<String, List<CompiledPolicy>> rules = set.rules;
        PolicyIndex index = set.index;
        for (Map.Entry<String, List<AccessPolicy>> rule : byRule.entrySet()) {
            List<CompiledPolicy> compiled = set.compiled(rule.getValue());
            rules = rules.with(rule.getKey(), compiled);
            index = filed(index, compiled);
        }
        return new PolicySet(version, vocabulary, options, rules, index);
    }

    /**
     * The set that permits nothing, in force until one could be loaded.
     *
     * @param version version of the set
     * @return a set without policies
     */
    public static PolicySet denyAll(long version) {
        return empty(version, new Vocabulary(Set.of(), Set.of(), Set.of()), PolicyOptions.DEFAULT);
    }

    private static PolicySet empty(long version, Vocabulary vocabulary, PolicyOptions options) {
        return new PolicySet(version, vocabulary, options, PersistentMap.empty(), PolicyIndex.EMPTY);
    }

    /**
     * The same set with one rule changed; the others are not compiled again.
     *
     * @param newVersion version of the changed set
     * @param rule the rule, such as the id of a Consent: {@link AccessPolicy#rule()} of all its policies
     * @param policies all policies of the rule as they are now; none to take it out
     * @return the changed set; this one stays as it is
     * @throws PolicyInvalidException with every problem found, when any is
     */
    public PolicySet with(long newVersion, String rule, Collection<AccessPolicy> policies) {
        List<String> problems = PolicyValidator.problems(policies, vocabulary);
        policies.stream()
                .filter(policy -> !policy.rule().equals(rule))
                .forEach(policy -> problems.add("policy `" + policy.id() + "` is not part of the rule `" + rule + "`"));
        if (!problems.isEmpty()) {
            throw new PolicyInvalidException(problems);
        }
        PolicyIndex changed = index;
        List<CompiledPolicy> before = rules.get(rule);
        if (before != null) {
            for (CompiledPolicy policy : before) {
                changed = changed.without(policy);
            }
        }
        List<CompiledPolicy> after = compiled(policies);
        return new PolicySet(
                newVersion,
                vocabulary,
                options,
                after.isEmpty() ? rules.without(rule) : rules.with(rule, after),
                filed(changed, after));
    }

    private List<CompiledPolicy> compiled(Collection<AccessPolicy> policies) {
        return policies.stream()
                .map(policy -> CompiledPolicy.of(policy, options))
                .toList();
    }

    private static PolicyIndex filed(PolicyIndex index, List<CompiledPolicy> policies) {
        PolicyIndex filed = index;
        for (CompiledPolicy policy : policies) {
            filed = filed.with(policy);
        }
        return filed;
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
     * @return a new list, in no particular order
     */
    public List<AccessPolicy> policies() {
        return rules.values().stream()
                .flatMap(List::stream)
                .map(CompiledPolicy::policy)
                .toList();
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
