package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.policy.Verdict;
import org.trefoilhub.hub.workflow.StepHandler;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/**
 * Steps of {@code Task/$advance} for requests for access and for reviews of emergency access.
 *
 * <p>Only those who own the Task decide, and nobody about a request of their own. An approval and its access policy are one
 * transaction, so the access is there when the answer is.
 */
public final class Decisions implements StepHandler {

    private static final int MOST_HOURS = 72;
    private static final List<String> KINDS =
            List.of("Patient", "ImagingStudy", "DiagnosticReport", "Observation", "ServiceRequest");

    private final Desk desk;
    private final Trail trail;
    private final CurrentPolicies policies;
    private final Function<String, Optional<Subject>> people;
    private final TransactionTemplate transaction;
    private final Clock clock;

    /**
     * Puts the operation together.
     *
     * @param people the subject that a user name would be, for a look at what is denied to that person now
     */
    Decisions(
            Desk desk,
            Trail trail,
            CurrentPolicies policies,
            Function<String, Optional<Subject>> people,
            TransactionTemplate transaction,
            Clock clock) {
        this.desk = desk;
        this.trail = trail;
        this.policies = policies;
        this.people = people;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public Set<String> kinds() {
        return Set.of(Words.ACCESS_REQUEST, Words.BREAK_GLASS_REVIEW);
    }

    /**
     * Decides.
     *
     * @param asker who decides
     * @param task the Task
     * @param in {@code to}: approved or rejected, or reviewed; {@code reason}; {@code hours} of an approval; {@code dryRun}
     * @return {@code status}; of an approval {@code consent} and {@code until}; for each deny that it overrides
     *     {@code override} with {@code policy}, {@code provision}, {@code title}, and likewise {@code blocked} for each
     *     that it does not
     */
    @Override
    public Parameters advance(Subject asker, Task task, Parameters in) {
        boolean review = Words.is(task, Words.BREAK_GLASS_REVIEW);
        if (!desk.decidesFor(asker, task.getOwner())) {
            throw refused("this is for those who own the Task");
        }
        if (Objects.equals(Words.requester(task), asker.user())) {
            throw refused("nobody decides about a request of their own");
        }
        Input input = new Input(in);
        List<String> legal = task.getStatus() != Task.TaskStatus.REQUESTED
                ? List.of()
                : review ? List.of("reviewed") : List.of("approved", "rejected");
        if (input.flag("dryRun")) {
            return overridden(task);
        }
        String to = input.required("to");
        if (!legal.contains(to)) {
            throw new UnprocessableEntityException(
                    legal.isEmpty() ? "this Task is closed" : "expected one of " + legal + " as next step");
        }
        String reason = input.text("reason");
        if (reason == null && !to.equals("approved")) {
            throw new InvalidRequestException("expected the parameter `reason`");
        }
        return switch (to) {
            case "approved" -> approve(asker, task, input, reason);
            case "rejected" -> close(asker, task, Task.TaskStatus.REJECTED, to, String.valueOf(reason));
            default -> close(asker, task, Task.TaskStatus.COMPLETED, to, String.valueOf(reason));
        };
    }

    private Parameters approve(Subject asker, Task task, Input input, @Nullable String reason) {
        String patient = task.getFor().getReference();
        if (patient == null) {
            throw new UnprocessableEntityException(
                    "no patient of this hub is meant; the request can be rejected alone");
        }
        int hours =
                input.hours(Integer.parseInt(Objects.requireNonNullElse(Words.input(task, "hours"), "24")), MOST_HOURS);
        Instant now = clock.instant();
        Parameters answer = overridden(task);
        List<String> types = task.getInput().stream()
                .filter(each -> each.getType().hasCoding(Words.INPUT, "data-type"))
                .map(each -> each.getValue().primitiveValue())
                .toList();
        InstantType until = new InstantType(Date.from(Grants.end(now, hours)));
        String consent = Objects.requireNonNull(transaction.execute(status -> {
            Consent grant = Grants.consent(
                    task.getRequester(), patient, Grants.APPROVED, now, hours, types, Desk.reference(task));
            String id = "Consent/" + desk.save(Consent.class, grant).getIdPart();
            task.addOutput().setType(Words.concept(Words.INPUT, "consent")).setValue(new Reference(id));
            task.addOutput().setType(Words.concept(Words.INPUT, "until")).setValue(until);
            finish(asker, task, Task.TaskStatus.COMPLETED, "approved", reason);
            trail.write(event(asker, task, "approved", reason).resource(id).build());
            return id;
        }));
        answer.addParameter("status", new CodeType("approved"));
        answer.addParameter("consent", new Reference(consent));
        answer.addParameter("until", until);
        return answer;
    }

    private Parameters close(Subject asker, Task task, Task.TaskStatus state, String to, String reason) {
        transaction.executeWithoutResult(status -> {
            finish(asker, task, state, to, reason);
            trail.write(event(asker, task, to, reason).build());
        });
        Parameters answer = new Parameters();
        answer.addParameter("status", new CodeType(to));
        return answer;
    }

    private void finish(Subject asker, Task task, Task.TaskStatus state, String to, @Nullable String reason) {
        task.setStatus(state);
        task.setBusinessStatus(Words.concept(Words.STATUS, to));
        if (reason != null) {
            task.setStatusReason(new CodeableConcept().setText(reason));
        }
        task.setLastModified(Date.from(clock.instant()));
        task.addOutput()
                .setType(Words.concept(Words.INPUT, "decided-by"))
                .setValue(desk.person(Objects.requireNonNull(asker.user())));
        desk.save(Task.class, task);
    }

    private static AuditRecord.Builder event(Subject asker, Task task, String to, @Nullable String reason) {
        AuditRecord.Builder event = AuditRecord.of(AuditCode.PATIENT_RECORD, AuditAction.UPDATE)
                .subtype(AuditCode.ACCESS_DECISION)
                .door(Door.FHIR_REST)
                .subject(asker)
                .resource(Desk.reference(task))
                .detail("decision", to);
        String patient = task.getFor().getReference();
        if (patient != null) {
            event.patient(patient);
        }
        return reason == null ? event : event.detail("reason", reason);
    }

    private static RuntimeException refused(String reason) {
        return Refusals.of(new AccessDeniedException(AccessErrorCode.DENIED, reason, null));
    }

    /** Each deny that holds, or may hold for some of the patient's data, against the person who asked. */
    private Parameters overridden(Task task) {
        Parameters answer = new Parameters();
        String patient = task.getFor().getReference();
        String user = Words.requester(task);
        Optional<Subject> asker = user == null ? Optional.empty() : people.apply(user);
        if (patient == null || asker.isEmpty()) {
            return answer;
        }
        ResourceFacts person = desk.facts(patient);
        Environment here = new Environment(Door.FHIR_REST, clock.instant());
        List<AccessPolicy> found = new ArrayList<>();
        for (AccessPolicy policy : policies.set().policies()) {
            if (policy.effect() == AccessPolicy.Effect.DENY
                    && KINDS.stream()
                            .map(kind -> AccessRequest.of(asker.get(), Action.VIEW, ofPatient(kind, person), here))
                            .anyMatch(question -> mayHold(policy, question))) {
                found.add(policy);
            }
        }
        found.stream()
                .sorted(java.util.Comparator.comparingInt(AccessPolicy::priority)
                        .reversed()
                        .thenComparing(AccessPolicy::id))
                .forEach(policy -> {
                    boolean wins = policy.priority() >= Grants.APPROVED;
                    describe(answer.addParameter().setName(wins ? "blocked" : "override"), policy);
                });
        return answer;
    }

    private static boolean mayHold(AccessPolicy policy, AccessRequest question) {
        return policy.conditions().stream().noneMatch(condition -> condition.test(question) == Verdict.NO);
    }

    /** Some resource of the patient: what is the patient's is known, the rest is not. */
    private static ResourceFacts ofPatient(String kind, ResourceFacts person) {
        if (kind.equals("Patient")) {
            return person;
        }
        Map<FactKind, Set<String>> codes = new EnumMap<>(FactKind.class);
        person.codes().forEach((fact, values) -> {
            if (fact.ofPatient()) {
                codes.put(fact, values);
            }
        });
        return new ResourceFacts(
                new ResourceKind(kind), null, person.patients(), person.label(), codes, null, person.care(), null);
    }

    private void describe(ParametersParameterComponent part, AccessPolicy policy) {
        part.addPart().setName("policy").setValue(new Reference("Consent/" + policy.rule()));
        int at = policy.id().lastIndexOf('#');
        part.addPart().setName("provision").setValue(new IntegerType(policy.id().substring(at + 1)));
        part.addPart().setName("priority").setValue(new IntegerType(policy.priority()));
        List<String> titles = desk.read(Consent.class, "Consent/" + policy.rule())
                .map(Decisions::titles)
                .orElse(List.of());
        part.addPart().setName("title").setValue(new StringType(titles.isEmpty() ? policy.rule() : titles.get(0)));
        if (titles.size() > 1) {
            part.addPart().setName("titleEn").setValue(new StringType(titles.get(1)));
        }
    }

    /** What the narrative of a policy says, one text for each language: Chinese, then English. */
    private static List<String> titles(Consent consent) {
        String text = consent.getText().getDivAsString();
        return text == null
                ? List.of()
                : Stream.of(text.split("</p>"))
                        .map(paragraph -> paragraph
                                .replaceAll("<[^>]*>", " ")
                                .replaceAll("\\s+", " ")
                                .strip())
                        .filter(paragraph -> !paragraph.isEmpty())
                        .toList();
    }
}
