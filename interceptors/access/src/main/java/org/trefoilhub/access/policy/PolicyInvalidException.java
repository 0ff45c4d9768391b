package org.trefoilhub.access.policy;

import java.util.List;

/** A policy set was refused at load; the hub denies everything until a valid one comes. */
public final class PolicyInvalidException extends AccessException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    /**
     * Refuses a set.
     *
     * @param problems what is wrong, one sentence each, at least one
     */
    public PolicyInvalidException(List<String> problems) {
        super(AccessErrorCode.POLICY_INVALID, "the access policies are refused: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * Everything that is wrong with the set.
     *
     * @return one sentence each
     */
    public List<String> problems() {
        return problems;
    }
}
