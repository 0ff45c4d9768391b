package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.trefoilhub.access.policy.Subject;

/**
 * Steps of exams and of revisions of reports: a person's are judged by the table, those of a client that acts for itself
 * are events of a source.
 */
final class ExamSteps implements StepHandler {

    private final StepGate gate;
    private final WorkflowService service;
    private final Clock clock;

    ExamSteps(StepGate gate, WorkflowService service, Clock clock) {
        this.gate = gate;
        this.service = service;
        this.clock = clock;
    }

    @Override
    public Set<String> kinds() {
        return Set.of(Machines.EXAM_PROCESS.name(), Machines.REPORT_REVISION.name());
    }

    @Override
    public Parameters advance(Subject asker, Task task, Parameters in) {
        String reference = Records.reference(task);
        gate.requireChange(asker, reference);
        String to = StepInput.text(in, "to");
        if (to == null) {
            throw new InvalidRequestException("expected the parameter `to`");
        }
        Instant occurred = StepInput.time(in, "occurred");
        String reason = StepInput.text(in, "reason");
        if (reason == null && to.equals(States.RECALLED) && asker.user() != null) {
            throw new InvalidRequestException("expected the parameter `reason`");
        }
        Outcome outcome = asker.user() == null
                ? service.report(reference, ReportedEvent.of(to, occurred == null ? clock.instant() : occurred, asker))
                : service.advance(reference, new Step(to, asker, occurred, StepInput.text(in, "note"), reason));
        Parameters answer = new Parameters();
        answer.addParameter("status", new CodeType(outcome.state()));
        answer.addParameter("outcome", new CodeType(Trace.code(outcome.verdict())));
        answer.addParameter("task", new Reference(reference));
        return answer;
    }
}
