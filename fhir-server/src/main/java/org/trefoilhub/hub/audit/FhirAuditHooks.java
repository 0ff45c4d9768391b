package org.trefoilhub.hub.audit;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.subscription.model.CanonicalSubscription;
import ca.uhn.fhir.jpa.subscription.model.ResourceDeliveryMessage;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import ca.uhn.fhir.rest.server.servlet.ServletSubRequestDetails;
import ca.uhn.fhir.util.FhirTerser;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * Tells the audit what FHIR does: the events of writes are written in their transactions, what an answer shows is added to
 * the event of its request, and each part of a batch gets an event of its own.
 */
@Interceptor
public final class FhirAuditHooks {

    /** Before the policy is asked, so that refusals are known for what they are. */
    private static final int FIRST = -5000;

    /** After everything that can still refuse or mask. */
    private static final int LAST = 5000;

    /** Tag of a subscription that names its client. */
    private static final String CLIENT_SYSTEM = "/sid/client";

    private final AuditTrail trail;
    private final RequestSubjects subjects;
    private final FhirContext context;
    private final FhirTerser terser;
    private final String owner;

    FhirAuditHooks(AuditTrail trail, RequestSubjects subjects, FhirContext context, String canonical) {
        this.trail = trail;
        this.subjects = subjects;
        this.context = context;
        this.terser = context.newTerser();
        this.owner = canonical + CLIENT_SYSTEM;
    }

    /** Notes what is asked for. */
    @Hook(value = Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLED, order = FIRST)
    public void beforeHandling(RequestDetails request, RestOperationTypeEnum operation) {
        if (request instanceof ServletSubRequestDetails) {
            return;
        }
        audit(request)
                .ifPresent(audit -> audit.interaction(new RequestAudit.Interaction(
                        code(operation),
                        request.getResourceName(),
                        request.getId() == null ? null : request.getId().getIdPart(),
                        request.getOperation())));
    }

    private static String code(RestOperationTypeEnum operation) {
        return switch (operation) {
            case EXTENDED_OPERATION_SERVER,
                    EXTENDED_OPERATION_TYPE,
                    EXTENDED_OPERATION_INSTANCE,
                    META,
                    META_ADD,
                    META_DELETE,
                    VALIDATE -> "operation";
            case GET_PAGE -> "search-type";
            default -> operation.getCode();
        };
    }

    /** Notes why something is refused. */
    @Hook(value = Pointcut.SERVER_HANDLE_EXCEPTION, order = FIRST)
    public boolean onException(RequestDetails request, BaseServerResponseException exception) {
        audit(request).ifPresent(audit -> {
            Throwable cause = exception;
            for (int depth = 0; cause != null && depth < 10; depth++) {
                if (cause instanceof AccessDeniedException refusal && refusal.decision() != null) {
                    audit.addPolicies(refusal.decision().policies());
                }
                cause = cause.getCause();
            }
            audit.reason(code(exception.getOperationOutcome()));
        });
        return true;
    }

    private static @Nullable String code(@Nullable Object outcome) {
        return outcome instanceof OperationOutcome known
                ? known.getIssue().stream()
                        .flatMap(issue -> issue.getDetails().getCoding().stream())
                        .map(Coding::getCode)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /** Notes what the answer shows. */
    @Hook(value = Pointcut.SERVER_OUTGOING_RESPONSE, order = LAST)
    public void outgoing(RequestDetails request, @Nullable IBaseResource answer) {
        Optional<RequestAudit> found = audit(request);
        if (found.isEmpty() || answer == null || answer instanceof AuditEvent) {
            return;
        }
        RequestAudit audit = found.get();
        if (request.getRestOperationType() == RestOperationTypeEnum.TRANSACTION
                && answer instanceof Bundle done
                && request.getResource() instanceof Bundle asked) {
            parts(audit, asked, done);
            return;
        }
        audit.addPatients(patients(answer));
        audit.addPolicies(FhirEnforcement.policies(request, answer));
        if (request.getRestOperationType() == RestOperationTypeEnum.CREATE
                && answer.getIdElement().hasIdPart()) {
            audit.addResource(reference(answer));
        }
    }

    /** Every part of a batch that read, and every one that failed; writes have told for themselves. */
    private void parts(RequestAudit audit, Bundle asked, Bundle done) {
        for (int i = 0; i < asked.getEntry().size() && i < done.getEntry().size(); i++) {
            Bundle.BundleEntryRequestComponent part = asked.getEntry().get(i).getRequest();
            Bundle.BundleEntryComponent answered = done.getEntry().get(i);
            int status = status(answered.getResponse().getStatus());
            boolean reads = part.getMethod() == Bundle.HTTPVerb.GET || part.getMethod() == Bundle.HTTPVerb.HEAD;
            if (!reads && status < 400) {
                continue;
            }
            String url = FhirEnforcement.asked(part);
            String interaction = interaction(part.getMethod(), url);
            AuditRecord.Builder event = AuditRecord.of(AuditCode.REST, HttpEvents.action(interaction))
                    .subtype(AuditCode.interaction(interaction))
                    .door(Door.FHIR_REST)
                    .query("/fhir/" + AuditContent.cut(url, 10_000));
            String path = url.split("\\?")[0];
            if (path.matches("[A-Za-z]+/[A-Za-z0-9.\\-]{1,64}")) {
                event.resource(path);
                if (path.startsWith("Patient/")) {
                    event.patient(path);
                }
            }
            if (answered.getResource() != null) {
                event.patients(patients(answered.getResource()));
            }
            if (status >= 400) {
                event.failed(
                        AuditOutcome.ofHttp(status),
                        status + " " + code(answered.getResponse().getOutcome()));
            }
            audit.addInner(event.build());
        }
    }

    private static String interaction(Bundle.@Nullable HTTPVerb verb, String url) {
        if (verb == null) {
            return "operation";
        }
        return switch (verb) {
            case POST -> "create";
            case PUT -> "update";
            case PATCH -> "patch";
            case DELETE -> "delete";
            default -> url.split("\\?")[0].contains("/") ? "read" : "search-type";
        };
    }

    private static int status(@Nullable String text) {
        return text != null && text.matches("\\d{3}.*") ? Integer.parseInt(text.substring(0, 3)) : 200;
    }

    /** Writes the event of a write with its transaction. */
    void write(String interaction, IBaseResource resource, @Nullable RequestDetails request) {
        AuditRecord.Builder event = AuditRecord.of(AuditCode.REST, HttpEvents.action(interaction))
                .subtype(AuditCode.interaction(interaction))
                .resource(reference(resource))
                .patients(patients(resource));
        if (request == null || RequestSubjects.isSystem(request)) {
            event.client(Subject.HUB_CLIENT);
        } else {
            event.door(Door.FHIR_REST).subject(subjects.of(request));
            audit(request).ifPresent(RequestAudit::markWritten);
        }
        trail.write(event.build());
    }

    /** Records that a notification leaves, before it does. */
    void delivering(CanonicalSubscription subscription, ResourceDeliveryMessage message) {
        AuditRecord.Builder event = AuditRecord.of(AuditCode.REST, AuditAction.READ)
                .subtype(AuditCode.NOTIFICATION)
                .door(Door.SUBSCRIPTION)
                .resource("Subscription/" + subscription.getIdPart());
        if (subscription.getTags() != null && subscription.getTags().get(owner) != null) {
            event.client(subscription.getTags().get(owner));
        }
        IBaseResource payload = message.getPayload(context);
        if (payload != null) {
            event.resource(reference(payload)).patients(patients(payload));
        }
        trail.record(event.build());
    }

    /** References of the patients in whose compartment a resource, or what a bundle holds, lies. */
    private Set<String> patients(IBaseResource resource) {
        Set<String> found = new LinkedHashSet<>();
        if (resource instanceof Bundle bundle) {
            bundle.getEntry().forEach(entry -> {
                if (entry.getResource() != null && !(entry.getResource() instanceof AuditEvent)) {
                    found.addAll(patients(entry.getResource()));
                }
            });
            return found;
        }
        if (resource.fhirType().equals("Patient")) {
            if (resource.getIdElement().hasIdPart()) {
                found.add(reference(resource));
            }
            return found;
        }
        List<IIdType> owners = terser.getCompartmentOwnersForResource("Patient", resource, Set.of());
        for (IIdType patient : owners) {
            if (patient.hasIdPart() && !patient.isLocal() && "Patient".equals(patient.getResourceType())) {
                found.add("Patient/" + patient.getIdPart());
            }
        }
        // R4 has no Task in the compartment of its patient.
        if (resource instanceof Task task && task.getFor().hasReference()) {
            IIdType patient = task.getFor().getReferenceElement();
            if (patient.hasIdPart() && "Patient".equals(patient.getResourceType())) {
                found.add("Patient/" + patient.getIdPart());
            }
        }
        return found;
    }

    private static String reference(IBaseResource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }

    private static Optional<RequestAudit> audit(@Nullable RequestDetails request) {
        return request instanceof ServletRequestDetails servlet
                ? RequestAudit.of(servlet.getServletRequest())
                : Optional.empty();
    }
}
