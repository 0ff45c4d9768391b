package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.hub.guide.HubProfiles;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * {@code Patient/$request-access} and {@code Patient/$break-glass}: for a patient whom the asker cannot see.
 *
 * <p>Both take an exact identifier and beside it the name or the date of birth, count attempts, and leave a trace of each.
 * A request answers alike whether or not there is such a patient; an emergency access to nobody is a plain 404. For
 * doctors and nurses only.
 */
public final class AccessOperations {

    /** How long emergency access lasts. */
    static final int EMERGENCY_HOURS = 2;

    /** How long a review may wait. */
    static final Duration REVIEW = Duration.ofHours(24);

    private static final int DEFAULT_HOURS = 24;
    private static final int MOST_HOURS = 72;
    private static final int LEAST_REASON = 10;
    private static final Set<String> CLINICAL = Set.of("doctor", "nurse");
    private static final Set<String> EMERGENCIES = Set.of("ETREAT", "BTG");

    private final Desk desk;
    private final RequestSubjects subjects;
    private final Trail trail;
    private final Brake brake;
    private final TransactionTemplate transaction;
    private final Clock clock;

    AccessOperations(
            Desk desk,
            RequestSubjects subjects,
            Trail trail,
            Brake brake,
            TransactionTemplate transaction,
            Clock clock) {
        this.desk = desk;
        this.subjects = subjects;
        this.trail = trail;
        this.brake = brake;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Asks for access, or for the state of an earlier request.
     *
     * @param in {@code identifier}, {@code name} or {@code birthDate}, {@code reason}, optionally {@code purpose},
     *     {@code hours} (1 to 72, default 24) and {@code data-type}; or {@code request} alone
     * @param request who asks
     * @return {@code request} and {@code status}; of an approved one {@code until} and {@code patient}
     */
    @Operation(name = "$request-access", typeName = "Patient")
    public Parameters requestAccess(@ResourceParam Parameters in, RequestDetails request) {
        Subject asker = clinical(request);
        Input input = new Input(in);
        String earlier = input.text("request");
        if (earlier != null) {
            return state(asker, earlier);
        }
        Desk.Wanted wanted = wanted(input);
        String reason = input.required("reason");
        String purpose = purpose(input, "TREAT", Vocabulary.PURPOSES);
        int hours = input.hours(DEFAULT_HOURS, MOST_HOURS);
        List<String> dataTypes = input.texts("data-type");
        if (!Vocabulary.DATA_TYPES.containsAll(dataTypes) || dataTypes.contains("access-request")) {
            throw new InvalidRequestException("expected codes of data types");
        }
        admit(asker, AuditCode.ACCESS_REQUEST);
        String user = Objects.requireNonNull(asker.user());
        String number = UUID.randomUUID().toString();
        transaction.executeWithoutResult(status -> {
            Optional<Patient> patient = desk.find(wanted);
            String reference = patient.map(Desk::reference).orElse(null);
            Task task = task(Words.ACCESS_REQUEST, user, reference, reason, purpose, hours);
            task.addIdentifier().setSystem(Words.REQUEST).setValue(number);
            dataTypes.forEach(type -> task.addInput()
                    .setType(Words.concept(Words.INPUT, "data-type"))
                    .setValue(new CodeType(type)));
            if (reference == null) {
                task.setBusinessStatus(Words.concept(Words.STATUS, "unmatched"));
                task.addInput()
                        .setType(Words.concept(Words.INPUT, "wanted"))
                        .setValue(new StringType(describe(wanted)));
            } else {
                desk.latestEncounter(reference).ifPresent(task::setFocus);
            }
            String id = "Task/" + desk.save(Task.class, task).getIdPart();
            AuditRecord.Builder event = event(asker, AuditCode.ACCESS_REQUEST, AuditCode.PATIENT_RECORD, purpose)
                    .resource(id)
                    .detail("reason", reason);
            if (reference != null) {
                event.patient(reference);
            }
            trail.write(event.build());
        });
        Parameters answer = new Parameters();
        answer.addParameter("request", new StringType(number));
        answer.addParameter("status", new CodeType("requested"));
        return answer;
    }

    /**
     * Takes access in an emergency, for two hours; somebody will look at it afterwards.
     *
     * @param in {@code identifier}, {@code name} or {@code birthDate}, {@code reason} of ten characters at least,
     *     optionally {@code purpose} (ETREAT or BTG)
     * @param request who asks
     * @return {@code patient}, {@code until}, {@code consent}
     */
    @Operation(name = "$break-glass", typeName = "Patient")
    public Parameters breakGlass(@ResourceParam Parameters in, RequestDetails request) {
        Subject asker = clinical(request);
        Input input = new Input(in);
        Desk.Wanted wanted = wanted(input);
        String reason = input.required("reason");
        if (reason.codePointCount(0, reason.length()) < LEAST_REASON) {
            throw new InvalidRequestException("expected a reason of at least " + LEAST_REASON + " characters");
        }
        String purpose = purpose(input, "ETREAT", EMERGENCIES);
        admit(asker, AuditCode.EMERGENCY_OVERRIDE);
        Patient patient = desk.find(wanted).orElse(null);
        if (patient == null) {
            trail.record(event(asker, AuditCode.EMERGENCY_OVERRIDE, AuditCode.SECURITY_ALERT, purpose)
                    .failed(AuditOutcome.MINOR_FAILURE, "no patient is meant")
                    .detail("reason", reason)
                    .build());
            throw Refusals.notFound();
        }
        String reference = Desk.reference(patient);
        Instant now = clock.instant();
        String user = Objects.requireNonNull(asker.user());
        String consent = Objects.requireNonNull(transaction.execute(status -> {
            Task review = task(Words.BREAK_GLASS_REVIEW, user, reference, reason, purpose, EMERGENCY_HOURS);
            review.getRestriction().getPeriod().setEnd(Date.from(now.plus(REVIEW)));
            review.setPriority(Task.TaskPriority.URGENT);
            desk.latestEncounter(reference).ifPresent(review::setFocus);
            review.setId(desk.save(Task.class, review));
            Consent grant = Grants.consent(
                    review.getRequester(),
                    reference,
                    Grants.EMERGENCY,
                    now,
                    EMERGENCY_HOURS,
                    List.of(),
                    Desk.reference(review));
            String id = "Consent/" + desk.save(Consent.class, grant).getIdPart();
            trail.write(event(asker, AuditCode.EMERGENCY_OVERRIDE, AuditCode.SECURITY_ALERT, purpose)
                    .patient(reference)
                    .resource(id)
                    .resource(Desk.reference(review))
                    .detail("reason", reason)
                    .build());
            return id;
        }));
        Parameters answer = new Parameters();
        answer.addParameter("patient", new Reference(reference));
        answer.addParameter("until", new InstantType(Date.from(Grants.end(now, EMERGENCY_HOURS))));
        answer.addParameter("consent", new Reference(consent));
        return answer;
    }

    private Parameters state(Subject asker, String number) {
        Task task = desk.search(Task.class, "identifier", Words.REQUEST, number).stream()
                .filter(each -> Objects.equals(Words.requester(each), asker.user()))
                .findFirst()
                .orElseThrow(Refusals::notFound);
        String status =
                switch (task.getStatus()) {
                    case COMPLETED -> "approved";
                    case REJECTED -> "rejected";
                    default -> "requested";
                };
        Parameters answer = new Parameters();
        answer.addParameter("request", new StringType(number));
        answer.addParameter("status", new CodeType(status));
        if (task.getStatusReason().hasText()) {
            answer.addParameter("reason", new StringType(task.getStatusReason().getText()));
        }
        if (status.equals("approved")) {
            task.getOutput().stream()
                    .filter(output -> output.getType().hasCoding(Words.INPUT, "until"))
                    .findFirst()
                    .ifPresent(output -> answer.addParameter("until", output.getValue()));
            answer.addParameter("patient", new Reference(task.getFor().getReference()));
        }
        return answer;
    }

    private Task task(String type, String user, @Nullable String patient, String reason, String purpose, int hours) {
        Instant now = clock.instant();
        Task task = new Task();
        task.setStatus(Task.TaskStatus.REQUESTED).setIntent(Task.TaskIntent.ORDER);
        task.setCode(Words.concept(Words.TASK_TYPE, type));
        if (type.equals(Words.ACCESS_REQUEST)) {
            HubProfiles.claim(task, HubProfiles.ACCESS_REQUEST);
        }
        if (patient != null) {
            task.setFor(new Reference(patient));
        }
        task.setAuthoredOn(Date.from(now)).setLastModified(Date.from(now));
        task.setRequester(desk.person(user));
        task.setOwner(desk.approver(patient));
        task.getReasonCode().setText(reason);
        task.addInput().setType(Words.concept(Words.INPUT, "purpose")).setValue(new CodeType(purpose));
        task.addInput().setType(Words.concept(Words.INPUT, "hours")).setValue(new IntegerType(hours));
        task.getRestriction().setPeriod(new Period().setStart(Date.from(now)));
        return task;
    }

    private Subject clinical(RequestDetails request) {
        Subject asker = subjects.of(request);
        if (asker.user() == null || asker.roles().stream().noneMatch(CLINICAL::contains)) {
            throw Refusals.of(new AccessDeniedException(
                    AccessErrorCode.DENIED, "this is for doctors and nurses who are logged in", null));
        }
        return asker;
    }

    private void admit(Subject asker, AuditCode what) {
        if (!brake.admits(what.code() + " " + asker.user())) {
            trail.record(event(asker, what, AuditCode.SECURITY_ALERT, null)
                    .failed(AuditOutcome.SERIOUS_FAILURE, "too many attempts")
                    .build());
            throw new Brake.TooManyRequests();
        }
    }

    private static AuditRecord.Builder event(
            Subject asker, AuditCode subtype, AuditCode type, @Nullable String purpose) {
        AuditRecord.Builder event = AuditRecord.of(type, AuditAction.EXECUTE)
                .subtype(subtype)
                .door(Door.FHIR_REST)
                .subject(asker);
        return purpose == null ? event : event.purpose(purpose);
    }

    private static String purpose(Input input, String standard, Set<String> known) {
        String purpose = input.text("purpose");
        if (purpose == null) {
            return standard;
        }
        if (!known.contains(purpose)) {
            throw new InvalidRequestException(
                    "expected one of " + known.stream().sorted().toList() + " as purpose");
        }
        return purpose;
    }

    private static Desk.Wanted wanted(Input input) {
        if (!(input.value("identifier") instanceof Identifier identifier)
                || !identifier.hasSystem()
                || !identifier.hasValue()) {
            throw new InvalidRequestException("expected an identifier with system and value");
        }
        String name = input.text("name");
        String birthDate = input.text("birthDate");
        if ((name == null) == (birthDate == null)) {
            throw new InvalidRequestException("expected the name or the date of birth");
        }
        return new Desk.Wanted(identifier, name, birthDate);
    }

    private static String describe(Desk.Wanted wanted) {
        return wanted.identifier().getSystem() + "|" + wanted.identifier().getValue() + " "
                + (wanted.name() == null ? wanted.birthDate() : wanted.name());
    }
}
