package org.trefoilhub.hub.ingest;

import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.connectors.source.SourceChange;
import org.trefoilhub.hub.workflow.ReportedEvent;
import org.trefoilhub.hub.workflow.WorkflowService;

/** Hands steps of sources to the one workflow service. */
final class WorkflowExamProcess implements ExamProcess {

    private final WorkflowService workflow;
    private final String messages;

    /**
     * The process behind a service.
     *
     * @param messages identifier system of messages
     */
    WorkflowExamProcess(WorkflowService workflow, String messages) {
        this.workflow = workflow;
        this.messages = messages;
    }

    @Override
    public void report(String task, SourceChange.ExamEvent event, Subject source, String message) {
        String actor = event.actor();
        Reference entity = new Reference()
                .setIdentifier(new Identifier().setSystem(messages).setValue(message));
        workflow.report(
                task,
                new ReportedEvent(
                        event.status(), event.occurred(), source, actor == null ? null : new Reference(actor), entity));
    }
}
