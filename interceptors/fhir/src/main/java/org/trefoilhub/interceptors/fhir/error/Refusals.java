package org.trefoilhub.interceptors.fhir.error;

import ca.uhn.fhir.rest.server.exceptions.AuthenticationException;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.PolicyInvalidException;

/** Turns refusals of policy into what HAPI sends: 401, 403 or 404 with an OperationOutcome. */
public final class Refusals {

    /** Code system of {@code OperationOutcome.issue.details.coding}. */
    public static final String ERROR_CODE_SYSTEM = "https://trefoil-hub.org/fhir/CodeSystem/error-code";

    private Refusals() {}

    /**
     * The exception to throw inside a HAPI hook.
     *
     * @param refusal refusal of policy
     * @return 401 without identity, 404 for hidden resources, else 403
     */
    public static BaseServerResponseException of(AccessDeniedException refusal) {
        AccessErrorCode code = refusal.code();
        if (code == AccessErrorCode.UNAUTHENTICATED) {
            AuthenticationException unauthenticated =
                    new AuthenticationException(refusal.getMessage()).addAuthenticateHeaderForRealm("trefoil");
            unauthenticated.setOperationOutcome(outcome(IssueType.LOGIN, code.code(), refusal.getMessage()));
            return unauthenticated;
        }
        if (code == AccessErrorCode.NOT_FOUND) {
            return notFound();
        }
        ForbiddenOperationException forbidden = new ForbiddenOperationException(
                refusal.getMessage(), outcome(IssueType.FORBIDDEN, code.code(), refusal.getMessage()));
        // The audit names the policy that refused.
        forbidden.initCause(refusal);
        return forbidden;
    }

    /**
     * The answer for a resource that is absent or hidden; the same for both.
     *
     * @return 404
     */
    public static ResourceNotFoundException notFound() {
        String text = "there is no such resource";
        return new ResourceNotFoundException(
                text, outcome(FhirErrorCode.NOT_FOUND.issueType(), FhirErrorCode.NOT_FOUND.code(), text));
    }

    /**
     * The answer to a policy that is not understood.
     *
     * @param invalid what is wrong with it
     * @return 422 with the reason
     */
    public static UnprocessableEntityException unprocessable(PolicyInvalidException invalid) {
        String text = String.valueOf(invalid.getMessage());
        return new UnprocessableEntityException(
                text, outcome(IssueType.BUSINESSRULE, invalid.code().code(), text));
    }

    /**
     * The answer for a condition that must match one resource and does not; the same whether it matches several or one
     * that is hidden.
     *
     * @return 412
     */
    public static PreconditionFailedException ambiguous() {
        String text = "the condition does not lead to one resource";
        return new PreconditionFailedException(
                text,
                outcome(
                        FhirErrorCode.ofStatus(PreconditionFailedException.STATUS_CODE)
                                .issueType(),
                        FhirErrorCode.ofStatus(PreconditionFailedException.STATUS_CODE)
                                .code(),
                        text));
    }

    /**
     * The answer to a reference to something that the writer does not see; the same whether it is absent or hidden.
     *
     * @return 403
     */
    public static ForbiddenOperationException unresolved() {
        String text = "a reference of the resource leads to nothing that is visible to the writer";
        return new ForbiddenOperationException(text, outcome(IssueType.FORBIDDEN, AccessErrorCode.DENIED.code(), text));
    }

    /** Builds an outcome with one error. */
    static OperationOutcome outcome(IssueType type, String code, String diagnostics) {
        OperationOutcome outcome = new OperationOutcome();
        OperationOutcome.OperationOutcomeIssueComponent issue = outcome.addIssue()
                .setSeverity(IssueSeverity.ERROR)
                .setCode(type)
                .setDiagnostics(diagnostics);
        issue.getDetails().addCoding().setSystem(ERROR_CODE_SYSTEM).setCode(code);
        return outcome;
    }
}
