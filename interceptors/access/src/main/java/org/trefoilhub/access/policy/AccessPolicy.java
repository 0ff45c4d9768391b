package org.trefoilhub.access.policy;

import java.util.List;
import java.util.Set;

/**
 * One rule: who may, or may not, do what on which data.
 *
 * <p>Immutable. Shape is checked when a {@link PolicySet} is compiled, so that all problems of a set are reported at once.
 *
 * @param id stable id, unique in a set; names the Consent and its provision, such as {@code ward-doctors#0}
 * @param effect permit or deny
 * @param priority 0 to 1000; the highest band that matches wins (baseline 0, department 100, hospital 200, patient 300,
 *     approved access 400, break-glass 500, legal block 900)
 * @param conditions joined by AND; none means always
 * @param obligations what a door must do when this permit counts; ignored on deny
 */
public record AccessPolicy(
        String id, Effect effect, int priority, List<Condition> conditions, Set<Obligation> obligations) {

    /** The two effects; denies beat permits of the same priority. */
    public enum Effect {
        /** Allows the action. */
        PERMIT,
        /** Forbids the action. */
        DENY
    }

    /** Highest priority. */
    public static final int MAX_PRIORITY = 1000;

    /** Copies the collections. */
    public AccessPolicy {
        conditions = List.copyOf(conditions);
        obligations = Set.copyOf(obligations);
    }

    /**
     * The rule this policy is part of, such as a Consent of which it is one provision.
     *
     * @return the id up to the {@code #}, or all of it
     */
    public String rule() {
        int end = id.indexOf('#');
        return end < 0 ? id : id.substring(0, end);
    }
}
