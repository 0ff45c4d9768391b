package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.util.Set;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/** Makes the answers to steps that a person must not take. */
final class IllegalSteps {

    private IllegalSteps() {}

    /** 422 that lists the steps which are legal: one issue for the refusal, one more for each of them. */
    static UnprocessableEntityException illegal(StateMachine machine, String from, String to) {
        Set<String> legal = machine.legal(from);
        String text =
                legal.isEmpty() ? "nothing follows `" + from + "`" : "from `" + from + "` expected one of " + legal;
        OperationOutcome outcome = outcome(WorkflowErrorCode.ILLEGAL_STEP, text);
        for (String code : legal) {
            OperationOutcome.OperationOutcomeIssueComponent issue = outcome.addIssue()
                    .setSeverity(OperationOutcome.IssueSeverity.INFORMATION)
                    .setCode(OperationOutcome.IssueType.BUSINESSRULE)
                    .setDiagnostics("legal step: " + code);
            issue.getDetails()
                    .addCoding()
                    .setSystem(machine.codeSystem())
                    .setCode(code)
                    .setDisplay(
                            machine.state(code).map(StateMachine.State::display).orElse(code));
        }
        return new UnprocessableEntityException(text, outcome);
    }

    /** 422 for any other reason. */
    static UnprocessableEntityException refused(WorkflowErrorCode code, String text) {
        return new UnprocessableEntityException(text, outcome(code, text));
    }

    private static OperationOutcome outcome(WorkflowErrorCode code, @Nullable String text) {
        OperationOutcome outcome = new OperationOutcome();
        OperationOutcome.OperationOutcomeIssueComponent issue = outcome.addIssue()
                .setSeverity(OperationOutcome.IssueSeverity.ERROR)
                .setCode(OperationOutcome.IssueType.BUSINESSRULE)
                .setDiagnostics(text);
        issue.getDetails().addCoding().setSystem(Refusals.ERROR_CODE_SYSTEM).setCode(code.code());
        return outcome;
    }
}
