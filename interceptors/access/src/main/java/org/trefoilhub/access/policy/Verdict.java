package org.trefoilhub.access.policy;

/** What one condition says about one request; a logic of three values. */
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

    /** Either: what holds stays so, whatever is unknown beside it. */
    Verdict or(Verdict other) {
        if (this == YES || other == YES) {
            return YES;
        }
        return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : NO;
    }

    /** The opposite; what is unknown stays unknown. */
    Verdict not() {
        return switch (this) {
            case YES -> NO;
            case NO -> YES;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
