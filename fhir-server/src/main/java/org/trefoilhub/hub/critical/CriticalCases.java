package org.trefoilhub.hub.critical;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Enumerations;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Signature;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.critical.CriticalStep.Actor;
import org.trefoilhub.hub.critical.CriticalStep.Need;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/**
 * Opens cases of critical values and takes their steps. Every step writes the Task, a Communication where somebody was
 * told something, and a Provenance, in one transaction and with the time of the server.
 *
 * <p>Two people who take the same step race on the version of the Task: the second one gets 409 and sees who was first.
 * Thread-safe.
 */
public final class CriticalCases {

    private static final Logger log = LoggerFactory.getLogger(CriticalCases.class);

    private static final Set<DiagnosticReportStatus> OUT = EnumSet.of(
            DiagnosticReportStatus.FINAL,
            DiagnosticReportStatus.AMENDED,
            DiagnosticReportStatus.CORRECTED,
            DiagnosticReportStatus.APPENDED);

    private static final int LONGEST = 4000;

    private final CriticalDesk desk;
    private final CriticalRouting routing;
    private final CriticalPolicy policy;
    private final CriticalOutbox outbox;
    private final TransactionTemplate transaction;
    private final ZoneId zone;
    private final Clock clock;

    CriticalCases(
            CriticalDesk desk,
            CriticalPolicy policy,
            CriticalOutbox outbox,
            TransactionTemplate transaction,
            ZoneId zone,
            Clock clock) {
        this.desk = desk;
        this.routing = new CriticalRouting(desk);
        this.policy = policy;
        this.outbox = outbox;
        this.transaction = transaction;
        this.zone = zone;
        this.clock = clock;
    }

    static boolean isReleased(DiagnosticReport report) {
        return OUT.contains(report.getStatus()) && report.hasIssued();
    }

    private static boolean isRecalled(DiagnosticReport report) {
        return report.getStatus() == DiagnosticReportStatus.ENTEREDINERROR
                || report.getMeta().getTag(Words.RELEASE_STATE, "recalled") != null;
    }

    /**
     * Opens, tells and re-opens what a report as it is now demands. Asked again it changes nothing.
     *
     * @param reference the report
     */
    void look(String reference) {
        DiagnosticReport report = desk.read(DiagnosticReport.class, reference).orElse(null);
        if (report == null
                || report.getStatus() == DiagnosticReportStatus.REGISTERED
                || report.getStatus() == DiagnosticReportStatus.CANCELLED) {
            return;
        }
        if (isRecalled(report)) {
            desk.casesOf(reference).stream()
                    .filter(each -> isLatest(each, desk.casesOf(reference)))
                    .forEach(each -> transaction.executeWithoutResult(status -> reopen(each, report)));
            return;
        }
        Optional<Reference> performing = desk.performing(report);
        List<CriticalResultRule.Flagged> flagged =
                CriticalResultRule.flagged(desk.catalogue(), desk.departmentCode(performing), desk.critical(report));
        for (CriticalResultRule.Flagged each : flagged) {
            transaction.executeWithoutResult(status -> open(report, each, performing));
        }
        if (isReleased(report)) {
            for (Task waiting : desk.casesOf(reference)) {
                if (CaseHistory.step(waiting)
                        .filter(CriticalStep.AUDITED::equals)
                        .isPresent()) {
                    transaction.executeWithoutResult(status -> notifyNow(waiting, null, null, clock.instant()));
                }
            }
        }
    }

    private static boolean isLatest(Task task, List<Task> all) {
        String finding = finding(task);
        return all.stream()
                .filter(each -> finding.equals(finding(each)))
                .reduce((first, second) -> second)
                .filter(task::equals)
                .map(each -> true)
                .orElseGet(() -> all.stream()
                        .filter(each -> finding.equals(finding(each)))
                        .reduce((first, second) -> second)
                        .map(each -> each.getIdElement()
                                .getIdPart()
                                .equals(task.getIdElement().getIdPart()))
                        .orElse(false));
    }

    private static String finding(Task task) {
        return Words.code(task.getReasonCode(), Words.FINDING).orElse("");
    }

    private void open(DiagnosticReport report, CriticalResultRule.Flagged flagged, Optional<Reference> performing) {
        String reference = Words.reference(report);
        boolean known = desk.casesOf(reference).stream()
                .anyMatch(each -> finding(each).equals(flagged.finding().getCode()));
        Instant now = clock.instant();
        CriticalLimits limits = desk.limits();
        if (known || isHistory(report, now, limits)) {
            return;
        }
        Observation observation = flagged.observation();
        Instant recognised = observation.hasIssued()
                        && !observation.getIssued().toInstant().isAfter(now)
                        && observation.getIssued().toInstant().isAfter(now.minus(limits.history()))
                ? observation.getIssued().toInstant()
                : now;
        Task task = new Task();
        task.addIdentifier()
                .setSystem(Words.CASE)
                .setValue(report.getIdElement().getIdPart() + "-"
                        + flagged.finding().getCode() + "-1");
        task.setIntent(Task.TaskIntent.ORDER);
        task.setPriority(flagged.second() ? TaskPriority.URGENT : TaskPriority.STAT);
        task.setCode(Words.concept(Words.TASK_KIND, Words.CRITICAL_VALUE));
        task.setReasonCode(new CodeableConcept()
                .setText(flagged.chinese())
                .addCoding(new Coding(
                        Words.FINDING,
                        flagged.finding().getCode(),
                        flagged.finding().getDisplay())));
        task.setDescription(flagged.chinese());
        task.setFocus(new Reference(reference));
        task.setReasonReference(new Reference(Words.reference(observation)));
        task.setFor(new Reference(report.getSubject().getReference()));
        if (report.getEncounter().hasReference()) {
            task.setEncounter(new Reference(report.getEncounter().getReference()));
        }
        task.setAuthoredOn(Date.from(now));
        task.getExecutionPeriod().setStart(Date.from(recognised));
        writer(report, observation).ifPresent(task::setRequester);
        performing.ifPresent(department -> {
            task.setOwner(department.copy());
            Words.input(task, "performing-department", department.copy());
        });
        Words.input(task, "class", new CodeType(flagged.second() ? "II" : "I"));
        repeats(task, now, limits).ifPresent(each -> Words.input(task, "repeats", new Reference(each)));
        reach(task, CriticalStep.FOUND, task.getRequester(), null, recognised);
        if (isReleased(report)) {
            // Published before anybody audited it here: who is concerned hears of it at once, the signatures follow.
            Words.input(task, "countersign", new BooleanType(true));
            save(task, limits);
            provenance(task, CriticalStep.FOUND, task.getRequester(), recognised, null, null);
            notifyNow(task, null, "published by its source", recognised);
        } else {
            save(task, limits);
            provenance(task, CriticalStep.FOUND, task.getRequester(), recognised, null, null);
        }
    }

    private boolean isHistory(DiagnosticReport report, Instant now, CriticalLimits limits) {
        boolean history = isReleased(report) && report.getIssued().toInstant().isBefore(now.minus(limits.history()));
        if (history) {
            log.info("a report that was issued long before it came opens no case");
        }
        return history;
    }

    private Optional<Reference> writer(DiagnosticReport report, Observation observation) {
        List<Reference> candidates = new ArrayList<>(observation.getPerformer());
        candidates.addAll(report.getResultsInterpreter());
        candidates.addAll(report.getPerformer());
        return candidates.stream()
                .filter(each -> each.hasReference()
                        && (each.getReference().startsWith("Practitioner/")
                                || each.getReference().startsWith("PractitionerRole/")))
                .findFirst()
                .map(each -> desk.named(each.copy()));
    }

    /** An earlier case of the same finding of the same patient, within the window. */
    private Optional<String> repeats(Task task, Instant now, CriticalLimits limits) {
        String patient = task.getFor().getReference();
        if (patient == null) {
            return Optional.empty();
        }
        return desk.casesOfPatient(patient).stream()
                .filter(each -> finding(each).equals(finding(task))
                        && CaseHistory.recognised(each).isAfter(now.minus(limits.repeats())))
                .map(Words::reference)
                .reduce((first, second) -> second);
    }

    /** A recalled report: the same case anew, linked to the one before, to be audited again. */
    private void reopen(Task before, DiagnosticReport report) {
        boolean reopened = Words.input(before, "reopens") != null;
        CriticalStep step = CaseHistory.step(before).orElse(CriticalStep.CLOSED);
        if (reopened && !step.isEnd()
                || step == CriticalStep.FALSE_POSITIVE
                || reopened
                        && step.isEnd()
                        && before.getLastModified().after(report.getMeta().getLastUpdated())) {
            return;
        }
        Task task = follow(before, "r");
        Words.input(task, "reopens", new Reference(Words.reference(before)));
        Instant now = clock.instant();
        task.setAuthoredOn(Date.from(now));
        task.getExecutionPeriod().setStart(Date.from(now));
        task.getExtension().removeIf(each -> each.getUrl().equals(Words.EVENT));
        desk.performing(before).ifPresent(department -> task.setOwner(department.copy()));
        task.getRestriction().getRecipient().clear();
        reach(task, CriticalStep.FOUND, null, "the report was recalled", now);
        save(task, desk.limits());
        provenance(task, CriticalStep.FOUND, null, now, "the report was recalled", null);
    }

    private static Task follow(Task before, String mark) {
        Task task = before.copy();
        task.setId((String) null);
        task.setMeta(new org.hl7.fhir.r4.model.Meta());
        task.getMeta().setProfile(before.getMeta().getProfile());
        task.getIdentifier().clear();
        task.addIdentifier()
                .setSystem(Words.CASE)
                .setValue(before.getIdElement().getIdPart() + "-" + mark);
        task.getPartOf().clear();
        task.addPartOf(new Reference(Words.reference(before)));
        task.getOutput().clear();
        task.setStatusReason(null);
        task.getInput()
                .removeIf(each -> each.getType().hasCoding(Words.DETAIL, "countersign")
                        || each.getType().hasCoding(Words.DETAIL, "reopens"));
        return task;
    }

    /**
     * Refuses to release a report whose critical findings two doctors have not audited.
     *
     * @param report as it is to be released
     * @throws ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException when one of them is open
     */
    void requireAudited(DiagnosticReport report) {
        List<CriticalResultRule.Flagged> flagged = CriticalResultRule.flagged(
                desk.catalogue(), desk.departmentCode(desk.performing(report)), desk.critical(report));
        if (flagged.isEmpty()) {
            return;
        }
        List<Task> cases = report.getIdElement().hasIdPart() ? desk.casesOf(Words.reference(report)) : List.of();
        for (CriticalResultRule.Flagged each : flagged) {
            boolean audited = cases.stream()
                    .filter(task -> finding(task).equals(each.finding().getCode()))
                    .reduce((first, second) -> second)
                    .map(task -> CaseHistory.step(task)
                            .filter(CriticalStep.FOUND::equals)
                            .isEmpty())
                    .orElse(false);
            if (!audited) {
                throw CriticalRefusals.refused(
                        CriticalErrorCode.NOT_AUDITED,
                        "the report has a critical finding (" + each.finding().getCode()
                                + ") that two doctors have not audited; audit it, or notify in an emergency with a reason");
            }
        }
    }

    /**
     * Takes a step.
     *
     * @param asker who takes it; sees the Task
     * @param task the case as it is stored
     * @param in parameters of {@code Task/$advance}: {@code to}, {@code note}, {@code readBack}, {@code recipient},
     *     {@code reason}, {@code occurred}, {@code medium}, {@code measures}, {@code order}, {@code document},
     *     {@code emergency}, {@code signature}
     * @return {@code status}, {@code task}, {@code deadline}, one {@code next} for each step that may follow,
     *     {@code signatures}
     */
    Parameters advance(Subject asker, Task task, Parameters in) {
        if (asker.user() == null) {
            throw Refusals.of(new AccessDeniedException(
                    AccessErrorCode.DENIED, "steps of a critical value are taken by people", null));
        }
        String reference = Words.reference(task);
        if (!policy.permits(asker, Action.MODIFY, reference)) {
            throw Refusals.of(new AccessDeniedException(
                    AccessErrorCode.DENIED, "no policy permits you to change this case", null));
        }
        StepInput input = new StepInput(in);
        CriticalStep from = CaseHistory.step(task).orElse(CriticalStep.CLOSED);
        CriticalStep to = CriticalStep.of(input.required("to")).orElseThrow(() -> CriticalRefusals.illegal(from));
        Instant now = clock.instant();
        Instant occurred = input.instant("occurred", now);
        if (occurred.isAfter(now) || occurred.isBefore(CaseHistory.recognised(task))) {
            throw CriticalRefusals.refused(
                    CriticalErrorCode.WRONG_TIME, "expected a time between the recognition of the finding and now");
        }
        boolean countersign = to == CriticalStep.AUDITED && CaseHistory.awaitsCountersign(task);
        if (!countersign && !from.offered().contains(to)) {
            throw CriticalRefusals.illegal(from);
        }
        boolean emergency = input.flag("emergency");
        if (from == CriticalStep.FOUND && to == CriticalStep.NOTIFIED && !emergency) {
            throw CriticalRefusals.refused(
                    CriticalErrorCode.NOT_AUDITED,
                    "two doctors audit before the ward is told; in an emergency say `emergency` with a reason");
        }
        Set<Actor> roles = roles(asker, task);
        if (to.actors().stream().noneMatch(roles::contains)) {
            throw CriticalRefusals.notYours("`" + to.code() + "` is taken by " + to.actors());
        }
        requireNeeds(to, input, roles, emergency);
        transaction.executeWithoutResult(status -> {
            switch (to) {
                case AUDITED -> audit(asker, task, input, occurred);
                case NOTIFIED -> {
                    if (emergency) {
                        Words.input(task, "countersign", new BooleanType(true));
                    }
                    notifyNow(task, desk.actor(asker), input.text("reason"), occurred);
                }
                case TRANSFERRED -> transfer(asker, task, input, occurred);
                default -> take(asker, task, to, roles, input, occurred);
            }
        });
        return answer(task);
    }

    private static Parameters answer(Task task) {
        CriticalStep reached = CaseHistory.step(task).orElse(CriticalStep.CLOSED);
        Parameters answer = new Parameters();
        answer.addParameter("status", new CodeType(reached.code()));
        answer.addParameter("task", new Reference(Words.reference(task)));
        if (task.getRestriction().getPeriod().hasEnd() && !reached.isEnd()) {
            answer.addParameter(
                    "deadline",
                    new InstantType(task.getRestriction().getPeriod().getEnd()));
        }
        answer.addParameter("signatures", new org.hl7.fhir.r4.model.IntegerType((int) CaseHistory.of(task).stream()
                .filter(event -> event.code().equals(CaseHistory.SIGNED))
                .count()));
        reached.offered().forEach(step -> answer.addParameter("next", new CodeType(step.code())));
        return answer;
    }

    /** What a person is to a case. */
    private Set<Actor> roles(Subject asker, Task task) {
        Set<Actor> roles = EnumSet.noneOf(Actor.class);
        boolean doctor = asker.roles().contains("doctor") || asker.roles().contains("director");
        String performing = desk.departmentCode(desk.performing(task));
        if (doctor && performing != null && asker.departments().contains(performing)) {
            roles.add(Actor.EXAM_DOCTOR);
            String finder = task.hasRequester()
                    ? Words.user(desk.named(task.getRequester().copy()))
                    : null;
            if (!Objects.equals(asker.user(), finder)) {
                roles.add(Actor.SECOND_EXAM_DOCTOR);
            }
        }
        boolean told = CaseHistory.step(task)
                .filter(step -> !step.isBeforeNotification())
                .isPresent();
        if (told && desk.addressees(task).has(asker)) {
            if (doctor) {
                roles.add(Actor.WARD_DOCTOR);
            }
            if (asker.roles().contains("nurse")) {
                roles.add(Actor.WARD_NURSE);
            }
        }
        if (asker.roles().contains(Words.MEDICAL_AFFAIRS)) {
            roles.add(Actor.MEDICAL_AFFAIRS);
        }
        return roles;
    }

    private static void requireNeeds(CriticalStep to, StepInput input, Set<Actor> roles, boolean emergency) {
        boolean reason = to.needs().contains(Need.REASON) || to == CriticalStep.NOTIFIED && emergency;
        if (reason && input.text("reason") == null) {
            throw incomplete("expected the parameter `reason`");
        }
        if (to.needs().contains(Need.READ_BACK) && !input.flag("readBack")) {
            throw incomplete("expected `readBack` true: the content is repeated to whoever tells it");
        }
        if (to.needs().contains(Need.MEASURES) && input.text("measures") == null) {
            throw incomplete("expected the parameter `measures`");
        }
        if (to.needs().contains(Need.NOTE) && input.text("note") == null && input.reference("document") == null) {
            throw incomplete("expected the progress note as `document`, or its text as `note`");
        }
        if (to.needs().contains(Need.RECIPIENT_OR_DOCTOR)
                && !roles.contains(Actor.WARD_DOCTOR)
                && input.recipient() == null) {
            throw incomplete("expected the doctor as `recipient`");
        }
    }

    private static RuntimeException incomplete(String text) {
        return CriticalRefusals.refused(CriticalErrorCode.INCOMPLETE, text);
    }

    /** One of the two signatures; the second one makes the case audited, or countersigns what was published. */
    private void audit(Subject asker, Task task, StepInput input, Instant occurred) {
        Reference who = desk.actor(asker);
        List<CaseHistory.Event> signed = CaseHistory.of(task).stream()
                .filter(event -> event.code().equals(CaseHistory.SIGNED))
                .toList();
        boolean again = signed.stream()
                .anyMatch(event -> event.who() != null && Objects.equals(Words.user(event.who()), asker.user()));
        if (again) {
            throw CriticalRefusals.refused(
                    CriticalErrorCode.SAME_SIGNER, "you have signed already; another doctor signs beside you");
        }
        Instant now = clock.instant();
        CaseHistory.add(task, new CaseHistory.Event(CaseHistory.SIGNED, now, who, input.text("reason"), null, null));
        boolean published =
                CaseHistory.step(task).filter(CriticalStep.FOUND::equals).isEmpty();
        if (signed.isEmpty() || published) {
            task.setLastModified(Date.from(now));
            save(task, desk.limits());
            provenance(task, CriticalStep.AUDITED, who, occurred, input.text("reason"), signature(who, input, now));
            return;
        }
        reach(task, CriticalStep.AUDITED, who, input.text("reason"), now);
        save(task, desk.limits());
        provenance(task, CriticalStep.AUDITED, who, occurred, input.text("reason"), signature(who, input, now));
        boolean released = desk.read(DiagnosticReport.class, task.getFocus().getReference())
                .map(CriticalCases::isReleased)
                .orElse(false);
        if (released) {
            notifyNow(task, null, null, now);
        }
    }

    private static Signature signature(Reference who, StepInput input, Instant now) {
        Signature signature = input.signature().map(Signature::copy).orElseGet(Signature::new);
        if (!signature.hasType()) {
            signature.addType(
                    new Coding("urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.5", "Verification Signature"));
        }
        signature.setWhen(Date.from(now));
        signature.setWho(who.copy());
        return signature;
    }

    /**
     * Tells the place where the patient is now.
     *
     * @param who who tells, or null when the publication of the report does
     * @param reason why it was not audited before, or null
     */
    private void notifyNow(Task task, @Nullable Reference who, @Nullable String reason, Instant occurred) {
        CriticalRouting.Place place = routing.place(task);
        send(task, place);
        Instant now = clock.instant();
        reach(task, CriticalStep.NOTIFIED, who, reason, now);
        save(task, desk.limits());
        Communication notice = communication(task, "dept-to-ward", now, who, place.recipients());
        notice.setStatus(Communication.CommunicationStatus.INPROGRESS);
        notice.addPayload().setContent(new StringType(String.valueOf(task.getDescription())));
        desk.save(Communication.class, notice);
        provenance(task, CriticalStep.NOTIFIED, who, occurred, reason, null);
        outbox.add(task, CriticalStep.NOTIFIED, now);
    }

    private static void send(Task task, CriticalRouting.Place place) {
        task.setOwner(place.owner().copy());
        task.getRestriction().getRecipient().clear();
        place.recipients().forEach(each -> task.getRestriction().addRecipient(each.copy()));
        if (place.encounter() != null) {
            task.setEncounter(place.encounter().copy());
        }
        task.getInput().removeIf(each -> each.getType().hasCoding(Words.DETAIL, "route"));
        Words.input(task, "route", new CodeType(place.route()));
    }

    /** The patient has moved: this case ends, and a new one tells the place where the patient is. */
    private void transfer(Subject asker, Task task, StepInput input, Instant occurred) {
        CriticalRouting.Place place = routing.place(task);
        Set<String> here = desk.addressees(task).departments();
        if (desk.addressees(place.recipients()).departments().stream().anyMatch(here::contains)) {
            throw CriticalRefusals.refused(
                    CriticalErrorCode.NOT_MOVED,
                    "the patient is still where the case is; its place is that of the encounter");
        }
        Task next = follow(task, "t");
        Reference who = desk.actor(asker);
        String reason = input.text("reason");
        end(task, CriticalStep.TRANSFERRED, who, reason);
        save(task, desk.limits());
        provenance(task, CriticalStep.TRANSFERRED, who, occurred, reason, null);
        notifyNow(next, who, reason, occurred);
    }

    private void end(Task task, CriticalStep step, @Nullable Reference who, @Nullable String reason) {
        reach(task, step, who, reason, clock.instant());
        if (reason != null) {
            task.setStatusReason(new CodeableConcept().setText(reason));
        }
        task.getExecutionPeriod().setEnd(Date.from(clock.instant()));
    }

    private void take(Subject asker, Task task, CriticalStep to, Set<Actor> roles, StepInput input, Instant occurred) {
        Reference who = desk.actor(asker);
        Instant now = clock.instant();
        String reason = input.text("reason");
        List<CriticalStep> taken = new ArrayList<>(List.of(to));
        switch (to) {
            case RECEIVED -> {
                reach(task, to, who, reason, now);
                answerNotice(task, who, input, now);
                if (roles.contains(Actor.WARD_DOCTOR)) {
                    // A doctor who takes it is informed.
                    reach(task, CriticalStep.DOCTOR_INFORMED, who, null, now);
                    task.setOwner(who.copy());
                    taken.add(CriticalStep.DOCTOR_INFORMED);
                }
            }
            case DOCTOR_INFORMED -> {
                Reference doctor = Optional.ofNullable(input.recipient())
                        .map(each -> desk.named(each))
                        .orElse(who);
                reach(task, to, who, reason, now);
                task.setOwner(doctor.copy());
                task.getRestriction().addRecipient(doctor.copy());
                Communication told = communication(task, "nurse-to-doctor", now, who, List.of(doctor));
                told.setReceived(Date.from(now));
                note(told, input);
                desk.save(Communication.class, told);
            }
            case HANDLED -> {
                reach(task, to, who, reason, now);
                handled(task, who, Objects.requireNonNull(input.text("measures")), input.references("order"), now);
            }
            case NOTED -> {
                reach(task, to, who, reason, now);
                Reference document = Optional.ofNullable(input.reference("document"))
                        .map(Reference::copy)
                        .orElseGet(() -> progressNote(task, who, Objects.requireNonNull(input.text("note")), now));
                Words.output(task, "note", document);
                reach(task, CriticalStep.CLOSED, null, null, now);
                task.getExecutionPeriod().setEnd(Date.from(now));
                taken.add(CriticalStep.CLOSED);
            }
            default -> {
                end(task, to, who, reason);
                if (input.text("measures") != null) {
                    Words.output(task, "measures", new StringType(input.text("measures")));
                }
                if (to == CriticalStep.SELF_HANDLED) {
                    desk.performing(task).ifPresent(department -> task.setOwner(department.copy()));
                } else if (to == CriticalStep.LOST) {
                    task.setOwner(desk.medicalAffairs());
                    task.getRestriction().addRecipient(desk.medicalAffairs());
                }
                Communication told = communication(
                        task,
                        "handling",
                        now,
                        who,
                        new ArrayList<>(task.getRestriction().getRecipient()));
                told.addPayload().setContent(new StringType(to.code() + ": " + reason));
                desk.save(Communication.class, told);
            }
        }
        save(task, desk.limits());
        for (CriticalStep step : taken) {
            provenance(task, step, step == CriticalStep.CLOSED ? null : who, occurred, reason, null);
        }
        boolean toldHis = CaseHistory.time(task, CriticalStep.NOTIFIED).isPresent();
        if (toldHis && (to == CriticalStep.FALSE_POSITIVE || to == CriticalStep.SELF_HANDLED)) {
            outbox.add(task, to, now);
        }
    }

    private void handled(Task task, Reference who, String measures, List<Reference> orders, Instant now) {
        Words.output(task, "measures", new StringType(measures));
        orders.forEach(order -> Words.output(task, "order", order.copy()));
        task.setOwner(who.copy());
        Communication told = communication(
                task, "handling", now, who, desk.performing(task).stream().toList());
        told.addPayload().setContent(new StringType(measures));
        desk.save(Communication.class, told);
    }

    private void answerNotice(Task task, Reference who, StepInput input, Instant now) {
        Communication notice = desk.openNotice(Words.reference(task))
                .orElseGet(() -> communication(task, "read-back", now, null, List.of(who)));
        notice.setStatus(Communication.CommunicationStatus.COMPLETED);
        notice.setReceived(Date.from(now));
        if (notice.getRecipient().stream().noneMatch(each -> Objects.equals(Words.user(each), Words.user(who)))) {
            notice.addRecipient(who.copy());
        }
        notice.addPayload().setContent(new StringType("read-back: yes"));
        medium(notice, input);
        note(notice, input);
        desk.save(Communication.class, notice);
    }

    private static void medium(Communication communication, StepInput input) {
        if (input.text("medium") != null) {
            communication.getMedium().clear();
            communication.addMedium(Words.concept(Words.PARTICIPATION, input.text("medium")));
        }
    }

    private static void note(Communication communication, StepInput input) {
        if (input.text("note") != null) {
            communication.addPayload().setContent(new StringType(input.text("note")));
        }
    }

    private Reference progressNote(Task task, Reference who, String text, Instant now) {
        DocumentReference document = new DocumentReference();
        document.setStatus(Enumerations.DocumentReferenceStatus.CURRENT);
        document.setDocStatus(DocumentReference.ReferredDocumentStatus.FINAL);
        document.setType(new CodeableConcept()
                .setText("危急值病程记录")
                .addCoding(new Coding("http://loinc.org", "11506-3", "Progress note")));
        document.setSubject(task.getFor().copy());
        document.setDate(Date.from(now));
        document.addAuthor(who.copy());
        document.addContent()
                .setAttachment(new Attachment()
                        .setContentType("text/plain; charset=utf-8")
                        .setData(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .setTitle("危急值病程记录")
                        .setCreation(Date.from(now)));
        if (task.getEncounter().hasReference()) {
            document.getContext().addEncounter(task.getEncounter().copy());
        }
        document.getContext().addRelated(new Reference(task.getFocus().getReference()));
        return desk.save(DocumentReference.class, document);
    }

    private static void reach(
            Task task, CriticalStep step, @Nullable Reference who, @Nullable String reason, Instant at) {
        task.setStatus(step.status());
        task.setBusinessStatus(new CodeableConcept().addCoding(new Coding(Words.STATUS, step.code(), step.display())));
        task.setLastModified(Date.from(at));
        CaseHistory.add(
                task,
                new CaseHistory.Event(step.code(), at, who == null || who.isEmpty() ? null : who, reason, null, null));
    }

    private void save(Task task, CriticalLimits limits) {
        Instant deadline = limits.deadline(task);
        if (deadline != null) {
            task.getRestriction().getPeriod().setEnd(Date.from(deadline));
        }
        Reference saved = desk.save(Task.class, task);
        if (!task.hasId()) {
            task.setId(new IdType(saved.getReference()));
        }
    }

    private static Communication communication(
            Task task, String kind, Instant sent, @Nullable Reference sender, List<Reference> recipients) {
        Communication communication = new Communication();
        communication.addPartOf(new Reference(Words.reference(task)));
        communication.setStatus(Communication.CommunicationStatus.COMPLETED);
        communication.addCategory(Words.concept(Words.CONTACT, kind));
        communication.setPriority(
                task.getPriority() == TaskPriority.STAT
                        ? Communication.CommunicationPriority.STAT
                        : Communication.CommunicationPriority.URGENT);
        communication.setSubject(task.getFor().copy());
        if (task.getEncounter().hasReference()) {
            communication.setEncounter(task.getEncounter().copy());
        }
        communication.addAbout(new Reference(task.getFocus().getReference()));
        communication.setSent(Date.from(sent));
        if (sender != null && !sender.isEmpty()) {
            communication.setSender(sender.copy());
        }
        recipients.forEach(each -> communication.addRecipient(each.copy()));
        communication.addMedium(Words.concept(Words.PARTICIPATION, "ELECTRONIC"));
        return communication;
    }

    private void provenance(
            Task task,
            CriticalStep step,
            @Nullable Reference who,
            Instant occurred,
            @Nullable String reason,
            @Nullable Signature signature) {
        Provenance provenance = new Provenance();
        provenance.addTarget(new Reference(Words.reference(task)));
        if (signature != null) {
            provenance.addTarget(new Reference(task.getFocus().getReference()));
            provenance.addSignature(signature);
        }
        provenance.setOccurred(new DateTimeType(Date.from(occurred)));
        provenance.setRecorded(Date.from(clock.instant()));
        provenance.setActivity(Words.concept(Words.STATUS, step.code()));
        if (reason != null) {
            provenance.addReason(new CodeableConcept().setText(reason));
        }
        Reference agent = who == null || who.isEmpty() ? desk.client("hub") : who;
        provenance
                .addAgent()
                .setType(new CodeableConcept()
                        .addCoding(new Coding(
                                "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                                step == CriticalStep.AUDITED ? "verifier" : "performer",
                                null)))
                .setWho(agent.copy());
        desk.save(Provenance.class, provenance);
    }

    /**
     * Hands on what is overdue. Idempotent: the Task tells what was done.
     *
     * @param now the present
     * @return how many escalations were made
     */
    int escalate(Instant now) {
        CriticalLimits limits = desk.limits();
        int made = 0;
        for (Task task : desk.openCases()) {
            if (CaseHistory.of(task).isEmpty()) {
                // Another system's Task, of which nobody knows what has happened.
                continue;
            }
            List<CriticalLimits.Lapse> due = limits.lapses(task, now);
            if (!due.isEmpty()) {
                transaction.executeWithoutResult(status -> escalate(task, due, limits, now));
                made += due.size();
            }
            alarm(task, now);
        }
        return made;
    }

    private void escalate(Task task, List<CriticalLimits.Lapse> due, CriticalLimits limits, Instant now) {
        for (CriticalLimits.Lapse lapse : due) {
            Reference target = target(task, lapse.target(), limits, now);
            CaseHistory.add(
                    task,
                    new CaseHistory.Event(CaseHistory.ESCALATED, now, target, null, lapse.limit(), lapse.target()));
            if (lapse.target().equals("exam-phone")) {
                phone(task, target, now);
            } else {
                task.setOwner(target.copy());
                task.getRestriction().addRecipient(target.copy());
            }
            // Tags are searched as they are: _tag finds what was ever overdue, by limit.
            if (task.getMeta().getTag(Words.LIMIT, lapse.limit()) == null) {
                task.getMeta().addTag(Words.LIMIT, lapse.limit(), null);
            }
            Communication told = communication(task, "escalation", now, null, List.of(target));
            told.addPayload().setContent(new StringType(lapse.limit() + " -> " + lapse.target()));
            desk.save(Communication.class, told);
        }
        task.setLastModified(Date.from(now));
        save(task, limits);
    }

    private Reference target(Task task, String target, CriticalLimits limits, Instant now) {
        Reference performing = desk.performing(task).orElseGet(desk::medicalAffairs);
        Reference place = task.getRestriction().getRecipient().stream()
                .map(each -> desk.named(each.copy()))
                .filter(each -> Words.department(each) != null)
                .findFirst()
                .orElse(performing);
        return switch (target) {
            case "exam-phone" -> performing;
            case "exam-head" -> desk.holder("director", performing);
            case "head-nurse" -> desk.holder("head-nurse", place);
            case "department-head" -> desk.holder("director", place);
            case "outpatient-office", "follow-up-centre" ->
                desk.department(target).orElseGet(desk::medicalAffairs);
            default ->
                limits.isOfficeTime(now, zone)
                        ? desk.medicalAffairs()
                        : desk.department("duty-officer").orElseGet(desk::medicalAffairs);
        };
    }

    /** Asks the performing department to phone: nobody has taken the case. */
    private void phone(Task task, Reference department, Instant now) {
        Task phone = new Task();
        phone.setStatus(Task.TaskStatus.REQUESTED).setIntent(Task.TaskIntent.ORDER);
        phone.setPriority(TaskPriority.STAT);
        phone.setCode(Words.concept(Words.TASK_KIND, Words.CRITICAL_PHONE));
        phone.addPartOf(new Reference(Words.reference(task)));
        phone.setFocus(new Reference(task.getFocus().getReference()));
        phone.setFor(task.getFor().copy());
        phone.setDescription(task.getDescription());
        phone.setOwner(department.copy());
        phone.setAuthoredOn(Date.from(now)).setLastModified(Date.from(now));
        desk.save(Task.class, phone);
    }

    /** Alarms medical affairs when no doctor or nurse may see a case that was sent (decision 16). */
    private void alarm(Task task, Instant now) {
        boolean waits =
                CaseHistory.step(task).filter(CriticalStep.NOTIFIED::equals).isPresent();
        boolean alarmed =
                CaseHistory.of(task).stream().anyMatch(event -> event.code().equals(CaseHistory.ALARMED));
        if (!waits || alarmed) {
            return;
        }
        String performing = Objects.requireNonNullElse(desk.departmentCode(desk.performing(task)), "");
        if (policy.isSeenBySomebody(Words.reference(task), performing)) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            Task current = desk.read(Task.class, Words.reference(task)).orElse(task);
            Reference office = desk.medicalAffairs();
            CaseHistory.add(
                    current,
                    new CaseHistory.Event(CaseHistory.ALARMED, now, office, null, null, Words.MEDICAL_AFFAIRS));
            current.getRestriction().addRecipient(office.copy());
            current.setLastModified(Date.from(now));
            save(current, desk.limits());
            Communication told = communication(current, "alarm", now, null, List.of(office));
            told.addPayload().setContent(new StringType("no doctor or nurse may see this case"));
            desk.save(Communication.class, told);
            Task alarm = new Task();
            alarm.addIdentifier()
                    .setSystem(Words.CASE)
                    .setValue(current.getIdElement().getIdPart() + "-alarm");
            alarm.setStatus(Task.TaskStatus.REQUESTED).setIntent(Task.TaskIntent.ORDER);
            alarm.setPriority(TaskPriority.STAT);
            alarm.setCode(Words.concept(Words.TASK_KIND, Words.CRITICAL_ALARM));
            // INVARIANT: names no patient, so that medical affairs see it whatever the level of the patient is.
            alarm.setDescription(
                    "一例危急值无人有权查看，请立即指定人员。案例 " + current.getIdElement().getIdPart());
            alarm.setOwner(office.copy());
            alarm.setAuthoredOn(Date.from(now)).setLastModified(Date.from(now));
            desk.save(Task.class, alarm);
        });
    }

    /** Looks at once whether somebody may see the cases of a report. */
    void alarm(String report) {
        desk.casesOf(report).forEach(each -> alarm(each, clock.instant()));
    }

    /**
     * Takes what another system says of the handling (CRIT-9): receipt, measures and note, with the times and people of
     * that system. What does not fit is kept in the history of the case and moves nothing (decision 24).
     *
     * @param feedback the Communication of that system; its {@code partOf} is the case
     */
    void feedback(Communication feedback) {
        Task task = desk.read(Task.class, feedback.getPartOfFirstRep().getReference())
                .filter(Words::isCase)
                .orElse(null);
        if (task == null) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            Instant now = clock.instant();
            Reference receiver = feedback.getRecipientFirstRep();
            Reference handler = feedback.getSender();
            Instant received = time(feedback.getReceived(), now);
            Instant handledAt = time(feedback.getSent(), now);
            CriticalStep step = CaseHistory.step(task).orElse(CriticalStep.CLOSED);
            String measures = feedback.getPayload().stream()
                    .filter(Communication.CommunicationPayloadComponent::hasContentStringType)
                    .map(each -> each.getContentStringType().getValue())
                    .findFirst()
                    .orElse(null);
            Reference note = feedback.getPayload().stream()
                    .filter(Communication.CommunicationPayloadComponent::hasContentReference)
                    .map(Communication.CommunicationPayloadComponent::getContentReference)
                    .findFirst()
                    .orElse(null);
            List<CriticalStep> taken = new ArrayList<>();
            if (step == CriticalStep.NOTIFIED && feedback.hasReceived()) {
                reach(task, CriticalStep.RECEIVED, receiver, null, received);
                taken.add(CriticalStep.RECEIVED);
                step = CriticalStep.RECEIVED;
            }
            if (measures != null && (step == CriticalStep.RECEIVED || step == CriticalStep.DOCTOR_INFORMED)) {
                reach(task, CriticalStep.HANDLED, handler, null, handledAt);
                Words.output(task, "measures", new StringType(measures));
                taken.add(CriticalStep.HANDLED);
                step = CriticalStep.HANDLED;
            }
            if (note != null && step == CriticalStep.HANDLED) {
                reach(task, CriticalStep.NOTED, handler, null, handledAt);
                Words.output(task, "note", note.copy());
                reach(task, CriticalStep.CLOSED, null, null, now);
                task.getExecutionPeriod().setEnd(Date.from(now));
                taken.add(CriticalStep.NOTED);
                taken.add(CriticalStep.CLOSED);
            }
            if (taken.isEmpty()) {
                CaseHistory.add(
                        task, new CaseHistory.Event("unexpected-transition", handledAt, handler, null, null, null));
                log.warn(
                        "the handling of a critical value was returned that does not fit; it is kept and moves nothing");
            }
            task.setLastModified(Date.from(now));
            save(task, desk.limits());
            for (CriticalStep each : taken) {
                Instant at = each == CriticalStep.RECEIVED ? received : handledAt;
                Reference who = each == CriticalStep.RECEIVED ? receiver : handler;
                provenance(task, each, each == CriticalStep.CLOSED ? null : who, at, null, null);
            }
        });
    }

    private static Instant time(@Nullable Date given, Instant now) {
        return given == null || given.toInstant().isAfter(now) ? now : given.toInstant();
    }

    /** Parameters of a step; what is not as expected answers 400 without quoting it. */
    private record StepInput(Parameters parameters) {

        private List<org.hl7.fhir.r4.model.Type> values(String name) {
            return parameters.getParameter().stream()
                    .filter(each -> name.equals(each.getName()))
                    .map(Parameters.ParametersParameterComponent::getValue)
                    .filter(Objects::nonNull)
                    .toList();
        }

        @Nullable
        String text(String name) {
            List<org.hl7.fhir.r4.model.Type> found = values(name);
            if (found.isEmpty()) {
                return null;
            }
            String text = found.get(0).primitiveValue();
            if (found.size() > 1 || text == null || text.isBlank() || text.length() > LONGEST) {
                throw new InvalidRequestException("expected one short text as parameter `" + name + "`");
            }
            return text.strip();
        }

        String required(String name) {
            String text = text(name);
            if (text == null) {
                throw new InvalidRequestException("expected the parameter `" + name + "`");
            }
            return text;
        }

        boolean flag(String name) {
            return values(name).stream().anyMatch(each -> each instanceof BooleanType flag && flag.booleanValue());
        }

        Instant instant(String name, Instant standard) {
            List<org.hl7.fhir.r4.model.Type> found = values(name);
            if (found.isEmpty()) {
                return standard;
            }
            if (found.get(0) instanceof org.hl7.fhir.r4.model.BaseDateTimeType time && time.getValue() != null) {
                return time.getValue().toInstant();
            }
            throw new InvalidRequestException("expected a time as parameter `" + name + "`");
        }

        List<Reference> references(String name) {
            return values(name).stream()
                    .filter(Reference.class::isInstance)
                    .map(Reference.class::cast)
                    .toList();
        }

        @Nullable
        Reference reference(String name) {
            return references(name).stream().findFirst().orElse(null);
        }

        /** Whoever was told, as a reference or by name. */
        @Nullable
        Reference recipient() {
            Reference reference = reference("recipient");
            if (reference != null) {
                return reference.copy();
            }
            String name = text("recipient");
            return name == null ? null : new Reference().setType("Practitioner").setDisplay(name);
        }

        Optional<Signature> signature() {
            return values("signature").stream()
                    .filter(Signature.class::isInstance)
                    .map(Signature.class::cast)
                    .findFirst();
        }
    }

    /** Whether a Task carries the history of this package. */
    static boolean isOurs(Task task) {
        return task.getExtension().stream().map(Extension::getUrl).anyMatch(Words.EVENT::equals);
    }
}
