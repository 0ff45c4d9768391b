package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * Judges every write of a resource that has a table, whatever way it came: a create, update or patch, conditional or not,
 * alone or in a transaction. A person's illegal step is refused; what a source writes against the table keeps the state as
 * it is and is recorded. Once a step is stored, what follows from it is done in the same transaction.
 */
@Interceptor
public final class StepGuard {

    /** After the policy, which hides before anything is judged. */
    private static final int ORDER = -500;

    private final RequestSubjects subjects;
    private final Trace trace;
    private final ExamColumns columns;
    private final ReportSteps reports;
    private final WorkflowService service;
    private final List<TransitionListener> listeners;
    private final Clock clock;

    StepGuard(
            RequestSubjects subjects,
            Trace trace,
            ExamColumns columns,
            ReportSteps reports,
            WorkflowService service,
            List<TransitionListener> listeners,
            Clock clock) {
        this.subjects = subjects;
        this.trace = trace;
        this.columns = columns;
        this.reports = reports;
        this.service = service;
        this.listeners = List.copyOf(listeners);
        this.clock = clock;
    }

    /** Judges where a process begins. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_CREATED, order = ORDER)
    public void beforeCreate(IBaseResource resource, @Nullable RequestDetails request) {
        if (!Records.isOwn(request) && resource instanceof Resource created) {
            begin(created, actor(request));
        }
    }

    /** Judges a step. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_UPDATED, order = ORDER)
    public void beforeUpdate(@Nullable IBaseResource before, IBaseResource after, @Nullable RequestDetails request) {
        if (Records.isOwn(request) || !(after instanceof Resource changed)) {
            return;
        }
        if (!(before instanceof Resource stored)) {
            begin(changed, actor(request));
        } else if (stored instanceof Task from && changed instanceof Task to) {
            task(from, to, request);
        } else if (Machines.OF_TYPES.containsKey(changed.fhirType())) {
            other(stored, changed, request);
        }
    }

    /** Refuses to let a signed report vanish. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_DELETED, order = ORDER)
    public void beforeDelete(IBaseResource resource, @Nullable RequestDetails request) {
        if (resource instanceof DiagnosticReport report && States.isSigned(report)) {
            throw IllegalSteps.refused(
                    WorkflowErrorCode.SIGNED_REPORT, "a signed report is not deleted; it may be entered in error");
        }
    }

    /** Does what follows from a beginning. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED, order = ORDER)
    public void created(IBaseResource resource, @Nullable RequestDetails request) {
        if (resource instanceof Resource stored) {
            trace.take(stored).ifPresent(note -> record(stored, note));
        }
    }

    /** Does what follows from a step. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED, order = ORDER)
    public void updated(@Nullable IBaseResource before, IBaseResource after, @Nullable RequestDetails request) {
        if (after instanceof Resource stored) {
            trace.take(stored).ifPresent(note -> follow(stored, note, Records.isOwn(request)));
        }
    }

    private void record(Resource stored, Trace.Note note) {
        trace.write(stored, note);
        tell(stored, note);
    }

    private void follow(Resource stored, Trace.Note note, boolean own) {
        trace.write(stored, note);
        if (note.verdict() == StateMachine.Verdict.MOVES) {
            Instant occurred = note.event().occurred();
            if (stored instanceof Task task && note.machine() == Machines.EXAM_PROCESS) {
                columns.follow(task, note.event().to(), occurred, note.actor());
                if (note.event().to().equals(States.RECALLED)) {
                    reports.openRevision(task, note.actor(), occurred);
                }
            }
            if (stored instanceof DiagnosticReport report && !own) {
                if (note.actor().isPerson()) {
                    reports.follow(report, note.event().to(), occurred, note.actor());
                } else if (States.RECALLED.equals(note.from())) {
                    reports.lift(report, occurred, note.actor());
                }
            }
            tell(stored, note);
        }
        if (note.settle()) {
            service.settle(Records.reference(stored), note.actor(), note.event().to());
        }
    }

    private void tell(Resource stored, Trace.Note note) {
        TransitionListener.Transition transition = new TransitionListener.Transition(
                note.machine(),
                stored,
                note.from(),
                note.event().to(),
                note.event().occurred(),
                note.actor().subject());
        listeners.forEach(listener -> listener.moved(transition));
    }

    private void begin(Resource created, Actor actor) {
        if (created instanceof DiagnosticReport report) {
            requireNoReservedTag(report, actor);
        }
        StateMachine machine = created instanceof Task task
                ? Machines.of(task).orElse(null)
                : Machines.OF_TYPES.get(created.fhirType());
        if (machine == null) {
            return;
        }
        Optional<String> state = created instanceof Task task ? Machines.stateOf(task, machine) : States.of(created);
        if (state.isEmpty()) {
            if (actor.isPerson()) {
                throw IllegalSteps.refused(
                        WorkflowErrorCode.UNKNOWN_STATE,
                        "expected a state that the table of `" + machine.name() + "` knows");
            }
            return;
        }
        if (actor.isPerson() && !machine.isInitial(state.get())) {
            throw IllegalSteps.refused(
                    WorkflowErrorCode.ILLEGAL_STEP,
                    "nobody begins a `" + machine.name() + "` in `" + state.get() + "`");
        }
        if (created instanceof Task task && machine == Machines.EXAM_PROCESS) {
            Instant since = TaskStates.since(task);
            Instant occurred = since == null ? now() : since;
            if (since == null) {
                task.setLastModified(Date.from(occurred));
            }
            trace.mark(task, note(machine, null, StateMachine.Verdict.MOVES, state.get(), occurred, actor, false));
        }
    }

    private void task(Task before, Task after, @Nullable RequestDetails request) {
        StateMachine machine = Machines.of(before).orElse(null);
        if (machine == null) {
            if (Machines.of(after).isPresent()) {
                begin(after, actor(request));
            }
            return;
        }
        Actor actor = actor(request);
        if (Machines.of(after).orElse(null) != machine) {
            if (actor.isPerson()) {
                throw IllegalSteps.refused(WorkflowErrorCode.ILLEGAL_STEP, "the kind of a Task does not change");
            }
            after.setCode(before.getCode().copy());
        }
        Optional<String> from = Machines.stateOf(before, machine);
        if (from.isEmpty()) {
            // What began outside the table may find its way into it.
            return;
        }
        Optional<String> to = target(before, after, machine);
        Instant told = after.hasLastModified() && !after.getLastModified().equals(before.getLastModified())
                ? after.getLastModified().toInstant()
                : null;
        TaskStates.restore(before, after);
        if (to.equals(from)) {
            return;
        }
        if (to.isEmpty()) {
            if (actor.isPerson()) {
                throw IllegalSteps.illegal(machine, from.get(), "");
            }
            return;
        }
        Instant now = now();
        Progress progress = TaskStates.progress(before, from.get());
        if (actor.isPerson()) {
            if (!machine.isLegal(from.get(), to.get())) {
                throw IllegalSteps.illegal(machine, from.get(), to.get());
            }
            Instant since = progress.since();
            Instant occurred = since != null && since.isAfter(now) ? since : now;
            TaskStates.write(after, machine, progress.reach(machine, new Progress.Reported(to.get(), occurred)));
            trace.mark(after, note(machine, from.get(), StateMachine.Verdict.MOVES, to.get(), occurred, actor, false));
            return;
        }
        Progress.Reported event = new Progress.Reported(to.get(), told == null || told.isAfter(now) ? now : told);
        StateMachine.Verdict verdict = progress.judge(machine, event);
        TaskStates.write(after, machine, progress.take(machine, event));
        if (verdict == StateMachine.Verdict.LATE) {
            // The write may change nothing else, and is then not stored.
            trace.history(before, note(machine, from.get(), verdict, event.to(), event.occurred(), actor, false));
        } else if (verdict != StateMachine.Verdict.REPEATS) {
            trace.mark(
                    after,
                    note(
                            machine,
                            from.get(),
                            verdict,
                            event.to(),
                            event.occurred(),
                            actor,
                            verdict == StateMachine.Verdict.MOVES
                                    && !progress.waiting().isEmpty()));
        }
    }

    /** The state that a write asks for: its business status, or the first with its status when only that is another one. */
    private static Optional<String> target(Task before, Task after, StateMachine machine) {
        Optional<String> from = Machines.stateOf(before, machine);
        Optional<String> to = Machines.stateOf(after, machine);
        boolean statusOnly = to.equals(from) && after.getStatus() != before.getStatus();
        if (!statusOnly) {
            return to;
        }
        String status = after.hasStatus() ? after.getStatus().toCode() : "";
        return machine.states().stream()
                .filter(state -> state.status().equals(status))
                .map(StateMachine.State::code)
                .findFirst();
    }

    private void other(Resource before, Resource after, @Nullable RequestDetails request) {
        StateMachine machine = Machines.OF_TYPES.get(after.fhirType());
        Actor actor = actor(request);
        boolean recalled = before instanceof DiagnosticReport report && States.isRecalled(report);
        if (after instanceof DiagnosticReport report && !recalled) {
            requireNoReservedTag(report, actor);
        }
        Optional<String> from = States.of(before);
        Optional<String> to =
                after instanceof DiagnosticReport report ? States.report(report, recalled) : States.of(after);
        if (from.isEmpty() || machine.state(from.get()).isEmpty()) {
            return;
        }
        Instant now = now();
        if (before instanceof DiagnosticReport stored && after instanceof DiagnosticReport changed) {
            to = ReportSteps.release(stored, changed, from.get(), to.orElse(""), actor, now);
        }
        boolean corrected = recalled
                && !actor.isPerson()
                && ReportSteps.isCorrected((DiagnosticReport) before, (DiagnosticReport) after);
        if (to.equals(from) && !corrected) {
            if (before instanceof DiagnosticReport stored
                    && after instanceof DiagnosticReport changed
                    && actor.isPerson()) {
                ReportSteps.requireSameSigned(stored, changed, from.get());
            }
            return;
        }
        String target = to.orElse("");
        if (corrected && after instanceof DiagnosticReport changed) {
            // A source says with the next version that the report holds again.
            target = changed.getStatus().toCode();
        }
        if (machine.isLegal(from.get(), target)) {
            trace.mark(after, note(machine, from.get(), StateMachine.Verdict.MOVES, target, now, actor, false));
            return;
        }
        if (actor.isPerson()) {
            throw IllegalSteps.illegal(machine, from.get(), target);
        }
        if (before instanceof DiagnosticReport stored && after instanceof DiagnosticReport changed) {
            ReportSteps.restore(stored, changed);
        } else {
            States.set(after, from.get(), now);
        }
        if (machine.state(target).isPresent()) {
            // The write may change nothing else, and is then not stored.
            trace.write(before, note(machine, from.get(), StateMachine.Verdict.UNEXPECTED, target, now, actor, false));
        }
    }

    private static void requireNoReservedTag(DiagnosticReport report, Actor actor) {
        if (States.isRecalled(report)) {
            if (actor.isPerson()) {
                throw IllegalSteps.refused(WorkflowErrorCode.RESERVED_TAG, "a report is recalled by `$recall`");
            }
            report.getMeta().getTag().removeIf(tag -> States.RELEASE_STATE.equals(tag.getSystem()));
        }
    }

    private static Trace.Note note(
            StateMachine machine,
            @Nullable String from,
            StateMachine.Verdict verdict,
            String to,
            Instant occurred,
            Actor actor,
            boolean settle) {
        return new Trace.Note(machine, from, verdict, new Progress.Reported(to, occurred), actor, settle);
    }

    private Actor actor(@Nullable RequestDetails request) {
        return Actor.of(request == null || RequestSubjects.isSystem(request) ? Subject.hub() : subjects.of(request));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
