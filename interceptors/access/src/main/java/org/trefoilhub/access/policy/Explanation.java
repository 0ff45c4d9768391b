package org.trefoilhub.access.policy;

import java.util.List;
import java.util.Map;

/**
 * Why a request was decided as it was, for a person who keeps the policies.
 *
 * @param decision the decision, with the ids of the policies that determined it
 * @param scopes whether the SMART scopes of the subject grant the resource
 * @param policies what the policies said: first those that apply or cannot be evaluated, then those that fail in one
 *     dimension only; each part by falling priority, then by id; not more than {@link #LIMIT}
 */
public record Explanation(PolicyDecision decision, Verdict scopes, List<Line> policies) {

    /** Most policies that one explanation lists. */
    public static final int LIMIT = 100;

    /** Copies the list. */
    public Explanation {
        policies = List.copyOf(policies);
    }

    /**
     * What one policy said.
     *
     * @param policy the policy
     * @param dimensions verdict of each dimension that the policy mentions; the others hold for everything
     * @param labelGate whether the policy passes the label gate; {@link Verdict#YES} when the gate does not ask it
     * @param verdict all of them together
     */
    public record Line(AccessPolicy policy, Map<Dimension, Verdict> dimensions, Verdict labelGate, Verdict verdict) {
        /** Copies the map. */
        public Line {
            dimensions = Map.copyOf(dimensions);
        }
    }
}
