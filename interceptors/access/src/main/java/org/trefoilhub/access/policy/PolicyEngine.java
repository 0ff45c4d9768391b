package org.trefoilhub.access.policy;

/**
 * Answers the two questions a door may ask.
 *
 * <p>Pure and thread-safe: the same set, request and facts give the same answer, and nothing is read or written on the
 * way. Neither method throws on any input; what cannot be evaluated is denied, with the error in the decision.
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
     * @param environment door and time
     * @return the part; a door that cannot translate it in full must refuse the search
     */
    AccessScope scope(Subject subject, Action action, ResourceKind kind, Environment environment);
}
