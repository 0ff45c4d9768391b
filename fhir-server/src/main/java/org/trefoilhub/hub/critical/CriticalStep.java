package org.trefoilhub.hub.critical;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.workflow.Machines;
import org.trefoilhub.hub.workflow.StateMachine;

/**
 * The step table: what each step makes of the Task, who takes it and what it needs.
 *
 * <p>Spec: domain model §1.6; decision 26 ({@code completed} only after handled and noted).
 */
public enum CriticalStep {
    /** A doctor of the performing department recognised the finding. */
    FOUND("found", TaskStatus.REQUESTED, EnumSet.of(Actor.HUB), EnumSet.noneOf(Need.class), "audit"),
    /** Two different doctors of the performing department have signed. */
    AUDITED("audited", TaskStatus.REQUESTED, EnumSet.of(Actor.EXAM_DOCTOR), EnumSet.noneOf(Need.class), "notify"),
    /** The ward where the patient is now was told. */
    NOTIFIED("notified", TaskStatus.REQUESTED, EnumSet.of(Actor.EXAM_DOCTOR), EnumSet.noneOf(Need.class), "receive"),
    /** A nurse or doctor there took it and read it back. */
    RECEIVED(
            "received",
            TaskStatus.RECEIVED,
            EnumSet.of(Actor.WARD_NURSE, Actor.WARD_DOCTOR),
            EnumSet.of(Need.READ_BACK),
            "inform"),
    /** The nurse told a doctor. */
    DOCTOR_INFORMED(
            "doctor-informed",
            TaskStatus.ACCEPTED,
            EnumSet.of(Actor.WARD_NURSE, Actor.WARD_DOCTOR),
            EnumSet.of(Need.RECIPIENT_OR_DOCTOR),
            "handle"),
    /** The doctor has acted. */
    HANDLED("handled", TaskStatus.INPROGRESS, EnumSet.of(Actor.WARD_DOCTOR), EnumSet.of(Need.MEASURES), "note"),
    /** The progress note is written and linked. */
    NOTED("noted", TaskStatus.INPROGRESS, EnumSet.of(Actor.WARD_DOCTOR), EnumSet.of(Need.NOTE), null),
    /** Done. */
    CLOSED("closed", TaskStatus.COMPLETED, EnumSet.of(Actor.HUB), EnumSet.noneOf(Need.class), null),
    /** The performing department has treated the patient itself. */
    SELF_HANDLED(
            "self-handled",
            TaskStatus.CANCELLED,
            EnumSet.of(Actor.EXAM_DOCTOR),
            EnumSet.of(Need.REASON, Need.MEASURES),
            null),
    /** A second doctor of the performing department has withdrawn it. */
    FALSE_POSITIVE(
            "false-positive",
            TaskStatus.CANCELLED,
            EnumSet.of(Actor.SECOND_EXAM_DOCTOR),
            EnumSet.of(Need.REASON),
            null),
    /** The patient has moved; a new case follows where the patient is now. */
    TRANSFERRED(
            "transferred",
            TaskStatus.CANCELLED,
            EnumSet.of(Actor.WARD_NURSE, Actor.WARD_DOCTOR, Actor.EXAM_DOCTOR, Actor.MEDICAL_AFFAIRS),
            EnumSet.of(Need.REASON),
            null),
    /** Nobody can be reached. */
    LOST(
            "lost",
            TaskStatus.FAILED,
            EnumSet.of(Actor.WARD_NURSE, Actor.WARD_DOCTOR, Actor.EXAM_DOCTOR, Actor.MEDICAL_AFFAIRS),
            EnumSet.of(Need.REASON),
            null);

    /** Who takes a step. */
    public enum Actor {
        /** A doctor of the performing department. */
        EXAM_DOCTOR,
        /** A doctor of the performing department who is not the one that found it. */
        SECOND_EXAM_DOCTOR,
        /** A nurse of the place that has the case. */
        WARD_NURSE,
        /** A doctor of the place that has the case, or the doctor who has it himself. */
        WARD_DOCTOR,
        /** Medical affairs. */
        MEDICAL_AFFAIRS,
        /** The hub itself. */
        HUB
    }

    /** What a step needs. */
    public enum Need {
        /** {@code readBack} is true: the content was repeated. */
        READ_BACK,
        /** {@code reason}. */
        REASON,
        /** {@code measures}: what was done. */
        MEASURES,
        /** {@code document}, or the text of the note as {@code note}. */
        NOTE,
        /** {@code recipient}: the doctor, unless a doctor takes the step. */
        RECIPIENT_OR_DOCTOR
    }

    private final String code;
    private final TaskStatus status;
    private final Set<Actor> actors;
    private final Set<Need> needs;
    private final @Nullable String limit;

    CriticalStep(String code, TaskStatus status, EnumSet<Actor> actors, EnumSet<Need> needs, @Nullable String limit) {
        this.code = code;
        this.status = status;
        this.actors = actors;
        this.needs = needs;
        this.limit = limit;
    }

    /**
     * Code in {@code CodeSystem/critical-status}.
     *
     * @return such as {@code doctor-informed}
     */
    public String code() {
        return code;
    }

    /** Chinese name. */
    String display() {
        return Machines.CRITICAL_VALUE
                .state(code)
                .map(StateMachine.State::display)
                .orElse(code);
    }

    /** Status of the Task after the step. */
    TaskStatus status() {
        return status;
    }

    /** Who may take the step. */
    Set<Actor> actors() {
        return Set.copyOf(actors);
    }

    /** What the step needs. */
    Set<Need> needs() {
        return Set.copyOf(needs);
    }

    /** Code of the limit that runs after the step, or null when none does. */
    @Nullable
    String limit() {
        return limit;
    }

    /** Whether the case waits for the performing department. */
    boolean isBeforeNotification() {
        return this == FOUND || this == AUDITED;
    }

    /** Steps that may follow, as the one table of the workflow has them. */
    Set<CriticalStep> next() {
        Set<CriticalStep> next = EnumSet.noneOf(CriticalStep.class);
        Machines.CRITICAL_VALUE.legal(code).forEach(each -> of(each).ifPresent(next::add));
        return next;
    }

    /** Steps that people may take from here, by code: an emergency release aside, {@code found} leads to {@code audited}. */
    Set<CriticalStep> offered() {
        Set<CriticalStep> offered = EnumSet.noneOf(CriticalStep.class);
        next().stream()
                .filter(step -> !step.actors.equals(EnumSet.of(Actor.HUB)))
                .forEach(offered::add);
        return offered;
    }

    boolean isEnd() {
        return next().isEmpty();
    }

    /**
     * A step by its code.
     *
     * @param code code in {@code CodeSystem/critical-status}
     * @return the step, or empty when there is none
     */
    public static Optional<CriticalStep> of(String code) {
        return Arrays.stream(values()).filter(step -> step.code.equals(code)).findFirst();
    }
}
