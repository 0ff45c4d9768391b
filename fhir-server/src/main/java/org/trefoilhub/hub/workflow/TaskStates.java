package org.trefoilhub.hub.workflow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * How a Task says how far its process is: {@code businessStatus} and {@code status} the state, {@code lastModified} when it
 * was reached, and one extension for each event that waits.
 */
final class TaskStates {

    /** Marks an event that does not fit what is known; with {@code to} and {@code occurred}. */
    static final String WAITING = Machines.CANONICAL + "/StructureDefinition/unexpected-transition";

    private TaskStates() {}

    static Progress progress(Task task, String state) {
        List<Progress.Reported> waiting = new ArrayList<>();
        for (Extension extension : task.getExtensionsByUrl(WAITING)) {
            String to = extension.getExtensionString("to");
            Extension occurred = extension.getExtensionByUrl("occurred");
            if (to != null && occurred != null && occurred.getValue() instanceof InstantType time) {
                waiting.add(new Progress.Reported(to, time.getValue().toInstant()));
            }
        }
        return new Progress(state, since(task), waiting);
    }

    static @Nullable Instant since(Task task) {
        return Optional.ofNullable(task.getLastModified()).map(Date::toInstant).orElse(null);
    }

    static void write(Task task, StateMachine machine, Progress progress) {
        StateMachine.State state = machine.state(progress.state()).orElseThrow();
        task.setStatus(Task.TaskStatus.fromCode(state.status()));
        task.setBusinessStatus(concept(machine, state));
        Instant since = progress.since();
        if (since != null) {
            task.setLastModified(Date.from(since));
        }
        waiting(task, progress.waiting());
    }

    private static void waiting(Task task, List<Progress.Reported> events) {
        task.getExtension().removeIf(extension -> WAITING.equals(extension.getUrl()));
        for (Progress.Reported event : events) {
            Extension extension = task.addExtension().setUrl(WAITING);
            extension.addExtension(new Extension("to", new CodeType(event.to())));
            extension.addExtension(new Extension("occurred", new InstantType(Date.from(event.occurred()))));
        }
    }

    /** Puts back what says how far the process is. */
    static void restore(Task from, Task to) {
        to.setStatus(from.getStatus());
        to.setBusinessStatus(from.getBusinessStatus().copy());
        to.setLastModifiedElement(from.getLastModifiedElement().copy());
        to.getExtension().removeIf(extension -> WAITING.equals(extension.getUrl()));
        from.getExtensionsByUrl(WAITING).forEach(extension -> to.addExtension(extension.copy()));
    }

    static CodeableConcept concept(StateMachine machine, StateMachine.State state) {
        return new CodeableConcept().addCoding(new Coding(machine.codeSystem(), state.code(), state.display()));
    }
}
