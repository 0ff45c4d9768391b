package org.trefoilhub.access.policy;

/** What one condition says about one request. */
public enum Verdict {
    /** The condition holds. */
    YES,
    /** The condition does not hold. */
    NO,
    /** A fact is not known, so the condition could hold; counts as an evaluation error. */
    UNKNOWN;

    static Verdict of(boolean holds) {
        return holds ? YES : NO;
    }
}
