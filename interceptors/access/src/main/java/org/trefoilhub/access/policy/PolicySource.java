package org.trefoilhub.access.policy;

/**
 * Where a door finds the engine of the policies that are in force.
 *
 * <p>Asked once per request and not kept, so that a new policy version counts on the next request. Thread-safe.
 */
@FunctionalInterface
public interface PolicySource {

    /**
     * The engine of the current version.
     *
     * @return never null; an engine that denies everything while no set could be loaded
     */
    PolicyEngine current();
}
