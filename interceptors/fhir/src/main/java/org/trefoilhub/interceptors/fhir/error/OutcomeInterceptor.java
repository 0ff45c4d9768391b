package org.trefoilhub.interceptors.fhir.error;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.InternalErrorException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.Arrays;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;

/**
 * Gives every error of the FHIR servlet an OperationOutcome with a stable code.
 *
 * <p>Outcomes that exist already (validation) keep their issues; the first error issue without a code of ours gets one.
 * Errors of our own making answer 500 with a fixed text, and the log has the cause under the request id. What the library
 * quotes of the request is taken out of the texts.
 */
@Interceptor
public final class OutcomeInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeInterceptor.class);
    /** In the library's message when a condition matches more than one resource. */
    private static final String SEVERAL_MATCHES = "because this search matched";

    private static final String PARAMETERS = "ca.uhn.fhir.rest.param.";

    /**
     * Converts an exception on its way out.
     *
     * @param thrown what was thrown
     * @param request the request, as far as it was understood
     * @return the exception that HAPI sends
     */
    @Hook(Pointcut.SERVER_PRE_PROCESS_OUTGOING_EXCEPTION)
    public BaseServerResponseException outgoing(Throwable thrown, @Nullable RequestDetails request) {
        AccessDeniedException refusal = refusalBehind(thrown);
        if (refusal != null) {
            return Refusals.of(refusal);
        }
        if (isUnreadableParameter(thrown)) {
            String text = InputMask.mask(text(thrown), request);
            return new InvalidRequestException(
                    text, Refusals.outcome(FhirErrorCode.INVALID.issueType(), FhirErrorCode.INVALID.code(), text));
        }
        if (!(thrown instanceof BaseServerResponseException exception)) {
            return internal(thrown, request);
        }
        int status = exception.getStatusCode();
        if (exception instanceof ResourceNotFoundException) {
            return exception.getOperationOutcome() == null ? Refusals.notFound() : exception;
        }
        if (status < 400) {
            return exception;
        }
        if (exception instanceof PreconditionFailedException && text(exception).contains(SEVERAL_MATCHES)) {
            return Refusals.ambiguous();
        }
        FhirErrorCode code = FhirErrorCode.ofStatus(status);
        if (exception.getOperationOutcome() instanceof OperationOutcome outcome) {
            addCode(outcome, code);
            for (OperationOutcome.OperationOutcomeIssueComponent issue : outcome.getIssue()) {
                if (speaksOfPolicy(issue)) {
                    continue;
                }
                if (issue.hasDiagnostics()) {
                    issue.setDiagnostics(InputMask.mask(issue.getDiagnostics(), request));
                }
                if (issue.getDetails().hasText()) {
                    issue.getDetails().setText(InputMask.mask(issue.getDetails().getText(), request));
                }
            }
            return exception;
        }
        if (code == FhirErrorCode.INTERNAL) {
            return internal(exception, request);
        }
        exception.setOperationOutcome(
                Refusals.outcome(code.issueType(), code.code(), InputMask.mask(text(exception), request)));
        return exception;
    }

    /**
     * What is wrong with a policy is said in our own words and quotes its codes alone; without them whoever writes the policy
     * would not learn what to mend.
     */
    private static boolean speaksOfPolicy(OperationOutcome.OperationOutcomeIssueComponent issue) {
        return issue.getDetails().getCoding().stream()
                .anyMatch(coding -> Refusals.ERROR_CODE_SYSTEM.equals(coding.getSystem())
                        && AccessErrorCode.POLICY_INVALID.code().equals(coding.getCode()));
    }

    private static @Nullable AccessDeniedException refusalBehind(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof AccessDeniedException refusal) {
                return refusal;
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static void addCode(OperationOutcome outcome, FhirErrorCode code) {
        for (OperationOutcome.OperationOutcomeIssueComponent issue : outcome.getIssue()) {
            boolean error = issue.getSeverity() == IssueSeverity.ERROR || issue.getSeverity() == IssueSeverity.FATAL;
            if (error) {
                boolean known = issue.getDetails().getCoding().stream()
                        .anyMatch(coding -> Refusals.ERROR_CODE_SYSTEM.equals(coding.getSystem()));
                if (!known) {
                    issue.getDetails()
                            .addCoding()
                            .setSystem(Refusals.ERROR_CODE_SYSTEM)
                            .setCode(code.code());
                }
                return;
            }
        }
    }

    private static InternalErrorException internal(Throwable thrown, @Nullable RequestDetails request) {
        String requestId = request == null ? null : request.getRequestId();
        LOG.error("fhir request {} failed", requestId, thrown);
        String text = "the hub failed to answer; the log has the cause under request `" + requestId + "`";
        return new InternalErrorException(
                text, Refusals.outcome(FhirErrorCode.INTERNAL.issueType(), FhirErrorCode.INTERNAL.code(), text));
    }

    /**
     * Whether a search parameter could not be read: the library throws its format error bare. The same error from elsewhere
     * means that something stored cannot be read, which is our fault.
     */
    private static boolean isUnreadableParameter(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof DataFormatException) {
                return Arrays.stream(cause.getStackTrace()).limit(6).anyMatch(frame -> frame.getClassName()
                        .startsWith(PARAMETERS));
            }
            if (cause instanceof BaseServerResponseException exception && exception.getStatusCode() < 500) {
                return false;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String text(Throwable exception) {
        String message = exception.getMessage();
        return message == null || message.isBlank() ? "the request is refused" : message;
    }
}
