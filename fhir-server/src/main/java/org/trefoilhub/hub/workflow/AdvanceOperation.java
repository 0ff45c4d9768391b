package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.NotImplementedOperationException;
import java.util.List;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/** {@code Task/$advance}: one operation for the steps of every kind of Task, handed to whoever serves the kind. */
public final class AdvanceOperation {

    private final StepGate gate;
    private final Records records;
    private final List<StepHandler> handlers;

    AdvanceOperation(StepGate gate, Records records, List<StepHandler> handlers) {
        this.gate = gate;
        this.records = records;
        this.handlers = List.copyOf(handlers);
    }

    /**
     * Takes a step.
     *
     * @param id the Task
     * @param in {@code to} and what the kind of Task asks for
     * @param request who takes it
     * @return what the kind of Task answers; {@code status} at least
     */
    @Operation(name = "$advance", typeName = "Task")
    public Parameters advance(@IdParam IdType id, @ResourceParam @Nullable Parameters in, RequestDetails request) {
        Subject asker = gate.asker(request);
        String reference = "Task/" + id.getIdPart();
        Task task = records.read(Task.class, reference).orElseThrow(Refusals::notFound);
        gate.requireSeen(asker, reference);
        String kind = Machines.of(task).map(StateMachine::name).orElse("");
        StepHandler handler = handlers.stream()
                .filter(each -> each.kinds().contains(kind))
                .findFirst()
                .orElseThrow(() -> new NotImplementedOperationException("no step of this kind of Task is served yet"));
        return handler.advance(asker, task, in == null ? new Parameters() : in);
    }
}
