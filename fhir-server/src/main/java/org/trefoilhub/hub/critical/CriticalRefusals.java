package org.trefoilhub.hub.critical;

import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.util.Set;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/** Makes the answers to what this package refuses. */
final class CriticalRefusals {

    private CriticalRefusals() {}

    /** 422 that lists the legal steps: one issue for the refusal, one more for each of them. */
    static UnprocessableEntityException illegal(CriticalStep from) {
        Set<CriticalStep> legal = from.offered();
        String text = legal.isEmpty()
                ? "nothing follows `" + from.code() + "`"
                : "from `" + from.code() + "` expected one of "
                        + legal.stream().map(CriticalStep::code).toList();
        OperationOutcome outcome = outcome(CriticalErrorCode.ILLEGAL_STEP, text);
        for (CriticalStep step : legal) {
            outcome.addIssue()
                    .setSeverity(OperationOutcome.IssueSeverity.INFORMATION)
                    .setCode(OperationOutcome.IssueType.BUSINESSRULE)
                    .setDiagnostics("legal step: " + step.code())
                    .getDetails()
                    .addCoding()
                    .setSystem(Words.STATUS)
                    .setCode(step.code());
        }
        return new UnprocessableEntityException(text, outcome);
    }

    static UnprocessableEntityException refused(CriticalErrorCode code, String text) {
        return new UnprocessableEntityException(text, outcome(code, text));
    }

    static ForbiddenOperationException notYours(String text) {
        return new ForbiddenOperationException(text, outcome(CriticalErrorCode.NOT_YOURS, text));
    }

    private static OperationOutcome outcome(CriticalErrorCode code, String text) {
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(OperationOutcome.IssueSeverity.ERROR)
                .setCode(
                        code == CriticalErrorCode.NOT_YOURS
                                ? OperationOutcome.IssueType.FORBIDDEN
                                : OperationOutcome.IssueType.BUSINESSRULE)
                .setDiagnostics(text)
                .getDetails()
                .addCoding()
                .setSystem(Refusals.ERROR_CODE_SYSTEM)
                .setCode(code.code());
        return outcome;
    }
}
