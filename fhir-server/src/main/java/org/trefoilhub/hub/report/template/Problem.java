package org.trefoilhub.hub.report.template;

import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.util.List;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/**
 * Something that is wrong with a template or its answers.
 *
 * @param code what kind
 * @param linkId where; empty for the whole
 * @param text what was expected; without any value of the answers
 */
public record Problem(ReportErrorCode code, String linkId, String text) {

    /** An outcome with an issue for each problem. */
    public static OperationOutcome outcome(List<Problem> problems, IssueSeverity severity) {
        OperationOutcome outcome = new OperationOutcome();
        for (Problem problem : problems) {
            OperationOutcome.OperationOutcomeIssueComponent issue = outcome.addIssue()
                    .setSeverity(severity)
                    .setCode(IssueType.BUSINESSRULE)
                    .setDiagnostics(problem.text());
            issue.getDetails()
                    .addCoding()
                    .setSystem(Refusals.ERROR_CODE_SYSTEM)
                    .setCode(problem.code().code());
            if (!problem.linkId().isEmpty()) {
                issue.addExpression("QuestionnaireResponse.descendants().where(linkId='" + problem.linkId() + "')");
            }
        }
        return outcome;
    }

    /** The answer 422 with all problems. */
    public static UnprocessableEntityException refusal(List<Problem> problems) {
        return new UnprocessableEntityException(problems.get(0).text(), outcome(problems, IssueSeverity.ERROR));
    }

    /** The answer 422 with one problem. */
    public static UnprocessableEntityException refusal(ReportErrorCode code, String text) {
        return refusal(List.of(new Problem(code, "", text)));
    }
}
