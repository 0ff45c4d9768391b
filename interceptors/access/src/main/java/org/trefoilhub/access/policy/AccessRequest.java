package org.trefoilhub.access.policy;

import java.util.Set;

/**
 * One question to the engine: may this subject do this action on this resource, now, through this door?
 *
 * @param subject who asks
 * @param action what for
 * @param resource facts about the resource, gathered before the question
 * @param purposeOfUse codes of HL7 v3 PurposeOfUse that the subject declared, empty when none
 * @param environment door and time
 */
public record AccessRequest(
        Subject subject, Action action, ResourceFacts resource, Set<String> purposeOfUse, Environment environment) {

    /** Copies the purposes. */
    public AccessRequest {
        purposeOfUse = Set.copyOf(purposeOfUse);
    }

    /**
     * A request without a declared purpose of use.
     *
     * @param subject who asks
     * @param action what for
     * @param resource facts about the resource
     * @param environment door and time
     * @return the request
     */
    public static AccessRequest of(Subject subject, Action action, ResourceFacts resource, Environment environment) {
        return new AccessRequest(subject, action, resource, Set.of(), environment);
    }
}
