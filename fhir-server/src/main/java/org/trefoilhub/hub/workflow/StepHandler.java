package org.trefoilhub.hub.workflow;

import java.util.Set;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Task;
import org.trefoilhub.access.policy.Subject;

/**
 * What {@code Task/$advance} does for Tasks of some kinds; a bean of this type is all that a kind needs to be served.
 *
 * <p>The operation has asked already whether the asker sees the Task. Implementations are thread-safe and ask the rest
 * themselves; they take the step through {@link WorkflowService}, inside a transaction together with what belongs to it.
 */
public interface StepHandler {

    /**
     * The kinds of Task.
     *
     * @return codes of Task kinds, as the names of {@link Machines#OF_TASKS}
     */
    Set<String> kinds();

    /**
     * Takes a step.
     *
     * @param asker who takes it: a person, or a client that reports an event
     * @param task the Task as it is stored
     * @param in parameters of the operation: {@code to}, {@code note}, {@code readBack}, {@code recipient}, {@code reason},
     *     {@code occurred}
     * @return the answer
     * @throws ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException when the step is refused
     */
    Parameters advance(Subject asker, Task task, Parameters in);
}
