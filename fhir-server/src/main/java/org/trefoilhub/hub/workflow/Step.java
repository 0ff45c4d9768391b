package org.trefoilhub.hub.workflow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;

/**
 * A step that a person takes.
 *
 * @param to code of the state to reach
 * @param actor who takes it; must have a user
 * @param occurred when it happened, or null for now; not before the last step and not in the future
 * @param note remark, or null
 * @param reason why, or null
 */
public record Step(
        String to, Subject actor, @Nullable Instant occurred, @Nullable String note, @Nullable String reason) {}
