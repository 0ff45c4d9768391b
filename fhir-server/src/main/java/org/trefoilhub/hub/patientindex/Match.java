package org.trefoilhub.hub.patientindex;

/**
 * What the rules say of two records.
 *
 * @param grade whether they are one person
 * @param rule the rule that decided, for the review and the link
 */
record Match(Grade grade, String rule) {

    /** Grades with the names of HAPI MDM. */
    enum Grade {
        /** One person, linked without a human. */
        MATCH,
        /** Perhaps one person: a human decides. */
        POSSIBLE_MATCH,
        /** Nothing speaks for it, or something against it. */
        NO_MATCH
    }

    static final Match NONE = new Match(Grade.NO_MATCH, "none");

    static Match sure(String rule) {
        return new Match(Grade.MATCH, rule);
    }

    static Match possible(String rule) {
        return new Match(Grade.POSSIBLE_MATCH, rule);
    }

    boolean isSure() {
        return grade == Grade.MATCH;
    }
}
