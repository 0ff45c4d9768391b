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

    /** Both: what cannot hold stays so, whatever is unknown beside it. */
    Verdict and(Verdict other) {
        if (this == NO || other == NO) {
            return NO;
        }
        return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : YES;
    }
}
