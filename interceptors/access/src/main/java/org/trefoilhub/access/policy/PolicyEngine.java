package org.trefoilhub.access.policy;

import java.util.Set;

/**
 * Answers the two questions a door may ask, and says why.
 *
 * <p>Pure and thread-safe: the same set, request and facts give the same answer, and nothing is read or written on the
 * way. No method throws on any input; what cannot be evaluated is denied, with the error in the decision.
 */
public interface PolicyEngine {

    /**
     * Decides one request about one resource, or about a type when the facts name nothing more.
     *
     * @param request the question
     * @return the decision; a door obeys {@link PolicyDecision#permitted()}, not the outcome alone
     */
    PolicyDecision decide(AccessRequest request);

    /**
     * Says what part of all resources of a kind the subject may act on, for a search that has not run yet.
     *
     * @param subject who asks
     * @param action usually {@link Action#VIEW}
     * @param kind type that is searched
     * @param purposeOfUse codes of HL7 v3 PurposeOfUse that the subject declared, empty when none
     * @param environment door and time
     * @return the part; a door that cannot translate it in full must refuse the search
     */
    AccessScope scope(
            Subject subject, Action action, ResourceKind kind, Set<String> purposeOfUse, Environment environment);

    /**
     * The same for a subject that declared no purpose.
     *
     * @param subject who asks
     * @param action usually {@link Action#VIEW}
     * @param kind type that is searched
     * @param environment door and time
     * @return the part
     */
    default AccessScope scope(Subject subject, Action action, ResourceKind kind, Environment environment) {
        return scope(subject, action, kind, Set.of(), environment);
    }

    /**
     * Says for what part of a kind a permit would carry an obligation, so that a search can tell the rows it owes it for.
     *
     * <p>Speaks of what is permitted only: of a resource outside {@link #scope} it says nothing. A door takes what it cannot
     * tell for being inside.
     *
     * @param subject who asks
     * @param action what for
     * @param kind type that is searched
     * @param purposeOfUse codes of HL7 v3 PurposeOfUse that the subject declared, empty when none
     * @param environment door and time
     * @param obligation the obligation
     * @return the part, {@link AccessScope.None} when no permit that could apply carries the obligation
     */
    AccessScope obliged(
            Subject subject,
            Action action,
            ResourceKind kind,
            Set<String> purposeOfUse,
            Environment environment,
            Obligation obligation);

    /**
     * Decides as {@link #decide} does and says why. Looks at every policy of the set, so it is for people, not for doors.
     *
     * @param request the question
     * @return the grounds
     */
    Explanation explain(AccessRequest request);
}
