package org.trefoilhub.hub.workflow;

import java.time.Instant;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;

/** Told of every step, inside its transaction; what it throws rolls the step back. Implementations are thread-safe. */
public interface TransitionListener {

    /**
     * A step that was taken.
     *
     * @param machine table of the process
     * @param resource the Task or other resource, as it is stored now
     * @param from code of the state that was left, or null when the resource is new
     * @param to code of the state that is reached
     * @param occurred when it happened, which may be long before now
     * @param actor who did or reported it
     */
    record Transition(
            StateMachine machine,
            Resource resource,
            @Nullable String from,
            String to,
            Instant occurred,
            Subject actor) {}

    /**
     * A step was taken.
     *
     * @param transition the step
     */
    void moved(Transition transition);
}
