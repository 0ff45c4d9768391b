package org.trefoilhub.access.policy;

import java.util.List;
import java.util.Set;

/**
 * The engine's answer, with its grounds.
 *
 * @param outcome permit or deny
 * @param policies ids of the policies that determined the outcome; empty when the default, a scope or an error did
 * @param reason one sentence for a person, lower case, without patient data
 * @param obligations what the door must do when it obeys a permit; empty on deny
 * @param errors what could not be evaluated, without patient data; not empty only on deny
 * @param setVersion version of the policy set that answered
 */
public record PolicyDecision(
        Outcome outcome,
        Set<String> policies,
        String reason,
        Set<Obligation> obligations,
        List<String> errors,
        long setVersion) {

    /** The two outcomes. */
    public enum Outcome {
        /** The action may be done if every obligation is met. */
        PERMIT,
        /** The action must not be done. */
        DENY
    }

    /** Copies the collections. */
    public PolicyDecision {
        policies = Set.copyOf(policies);
        obligations = Set.copyOf(obligations);
        errors = List.copyOf(errors);
    }

    /**
     * Tells whether a door that can meet no obligation may go on.
     *
     * @return true on a permit without obligations
     */
    public boolean permitted() {
        return permitted(Set.of());
    }

    /**
     * Tells whether a door may go on.
     *
     * @param fulfilled obligations that the door meets
     * @return true on a permit of which every obligation is met
     */
    public boolean permitted(Set<Obligation> fulfilled) {
        return outcome == Outcome.PERMIT && fulfilled.containsAll(obligations);
    }
}
