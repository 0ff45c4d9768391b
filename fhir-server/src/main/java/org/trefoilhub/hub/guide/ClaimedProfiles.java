package org.trefoilhub.hub.guide;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationResult;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * Refuses a write that claims a profile of the guide and breaks it: 422 with what is wrong.
 *
 * <p>Looks at the content as it would be stored, so that a patch is judged by what it makes. Resources without such a claim
 * are not looked at. What the hub writes of itself, the loader of the demo included, is proven by its tests and not checked
 * again at run time.
 */
@Interceptor
public final class ClaimedProfiles {

    /** The clients under which the hub loads its own data. */
    private static final Set<String> HUB = Set.of("hub", "hub-demo-loader");

    /** After those who judge access policies in words of their own. */
    private static final int ORDER = 1000;

    private final Supplier<GuideValidator> validator;
    private final RequestSubjects subjects;

    ClaimedProfiles(Supplier<GuideValidator> validator, RequestSubjects subjects) {
        this.validator = validator;
        this.subjects = subjects;
    }

    /** Looks at a new resource. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED, order = ORDER)
    public void created(IBaseResource resource, @Nullable RequestDetails request) {
        check(resource, request);
    }

    /** Looks at a changed resource. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED, order = ORDER)
    public void updated(IBaseResource before, IBaseResource resource, @Nullable RequestDetails request) {
        check(resource, request);
    }

    private void check(IBaseResource resource, @Nullable RequestDetails request) {
        boolean claims = resource.getMeta().getProfile().stream()
                .anyMatch(profile -> profile.getValueAsString() != null
                        && profile.getValueAsString().startsWith(HubProfiles.BASE));
        if (!claims || request == null || RequestSubjects.isSystem(request) || isDraft(resource)) {
            return;
        }
        var subject = subjects.of(request);
        if (subject.user() == null && HUB.contains(subject.client())) {
            return;
        }
        ValidationResult result = validator.get().validate(resource);
        List<SingleValidationMessage> errors =
                result.getMessages().stream().filter(ClaimedProfiles::isError).toList();
        if (errors.isEmpty()) {
            return;
        }
        OperationOutcome outcome = new OperationOutcome();
        for (SingleValidationMessage error : errors) {
            OperationOutcome.OperationOutcomeIssueComponent issue = outcome.addIssue()
                    .setSeverity(IssueSeverity.ERROR)
                    .setCode(IssueType.INVARIANT)
                    .setDiagnostics(error.getMessage());
            if (error.getLocationString() != null) {
                issue.addExpression(error.getLocationString());
            }
        }
        throw new UnprocessableEntityException("the resource breaks a profile that it claims", outcome);
    }

    /** A policy that is being written is nobody's rule yet; it is judged when it becomes active. */
    private static boolean isDraft(IBaseResource resource) {
        return resource instanceof Consent consent && consent.getStatus() == Consent.ConsentState.DRAFT;
    }

    static boolean isError(SingleValidationMessage message) {
        return message.getSeverity() == ResultSeverityEnum.ERROR || message.getSeverity() == ResultSeverityEnum.FATAL;
    }
}
