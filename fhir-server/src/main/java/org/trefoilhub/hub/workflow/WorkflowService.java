package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.server.exceptions.ResourceVersionConflictException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/**
 * The one service through which every step of a process goes: those of people by {@link #advance}, events of devices and
 * source systems by {@link #report}.
 *
 * <p>A step, its Provenance and what follows from it (the columns of the exam process) are one transaction. It judges no
 * access: whoever calls has asked the policy. Thread-safe; joins the transaction of the caller when there is one, else it
 * opens one a step and tries again when another writer was faster.
 */
public final class WorkflowService {

    private static final int ATTEMPTS = 8;
    private static final int LOCKS = 256;
    private static final Duration FUTURE = Duration.ofMinutes(5);

    private final Records records;
    private final Trace trace;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    WorkflowService(Records records, Trace trace, TransactionTemplate transaction, Clock clock) {
        this.records = records;
        this.trace = trace;
        this.transaction = transaction;
        this.clock = clock;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /**
     * Takes a person's step.
     *
     * @param task reference of the Task, such as {@code Task/12}
     * @param step the step
     * @return the state that is reached
     * @throws ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException when the step is not legal; its outcome lists
     *     the legal ones
     * @throws ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException when there is no such Task
     */
    public Outcome advance(String task, Step step) {
        return advance(task, step, changed -> {});
    }

    /**
     * Takes a person's step and changes the Task in the same version.
     *
     * @param task reference of the Task
     * @param step the step
     * @param also changes the Task after its state is set, such as owner, output or restriction; never its state
     * @return the state that is reached
     */
    public Outcome advance(String task, Step step, Consumer<Task> also) {
        return inTransaction(task, () -> {
            Task stored = records.read(Task.class, task).orElseThrow(Refusals::notFound);
            StateMachine machine = machine(stored);
            Progress progress = progress(stored, machine);
            if (!machine.isLegal(progress.state(), step.to())) {
                throw IllegalSteps.illegal(machine, progress.state(), step.to());
            }
            Progress.Reported event = new Progress.Reported(step.to(), time(step, progress.since()));
            annotate(stored, step);
            take(stored, machine, progress, event, Actor.of(step.actor()), also);
            return new Outcome(StateMachine.Verdict.MOVES, step.to());
        });
    }

    /** A step of the hub that follows from another one; nothing happens when the table does not have it. */
    boolean follow(String task, String to, Instant occurred, Actor actor, Consumer<Task> also) {
        Task stored = records.read(Task.class, task).orElse(null);
        StateMachine machine = stored == null ? null : Machines.of(stored).orElse(null);
        String state = machine == null || stored == null
                ? null
                : Machines.stateOf(stored, machine).orElse(null);
        if (stored == null || machine == null || state == null || !machine.isLegalForHub(state, to)) {
            return false;
        }
        take(stored, machine, TaskStates.progress(stored, state), new Progress.Reported(to, occurred), actor, also);
        return true;
    }

    /**
     * Takes an event of a device or source system: what fits and is newer moves the process, everything else is recorded
     * and moves nothing.
     *
     * @param task reference of the Task
     * @param event the event; its state must be one of the table
     * @return what it meant, and the state that holds now, events that had waited for this one included
     * @throws ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException when the table has no such state
     * @throws ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException when there is no such Task
     */
    public Outcome report(String task, ReportedEvent event) {
        Outcome first = inTransaction(task, () -> receive(task, event));
        if (first.verdict() != StateMachine.Verdict.MOVES && first.verdict() != StateMachine.Verdict.CONFIRMS) {
            return first;
        }
        return new Outcome(first.verdict(), settle(task, Actor.of(event.source()), first.state()));
    }

    /** Takes the events that have waited and whose steps have become legal, one version each; the state that holds then. */
    String settle(String task, Actor actor, String state) {
        String now = state;
        Optional<String> next = inTransaction(task, () -> next(task, actor));
        while (next.isPresent()) {
            now = next.get();
            next = inTransaction(task, () -> next(task, actor));
        }
        return now;
    }

    private Outcome receive(String reference, ReportedEvent event) {
        Task task = records.read(Task.class, reference).orElseThrow(Refusals::notFound);
        StateMachine machine = machine(task);
        if (machine.state(event.to()).isEmpty()) {
            throw IllegalSteps.refused(
                    WorkflowErrorCode.UNKNOWN_STATE,
                    "expected one of "
                            + machine.states().stream()
                                    .map(StateMachine.State::code)
                                    .toList());
        }
        Progress progress = progress(task, machine);
        Actor actor = Actor.of(event);
        Progress.Reported reported = new Progress.Reported(event.to(), millis(event.occurred()));
        StateMachine.Verdict verdict = progress.judge(machine, reported);
        switch (verdict) {
            case MOVES -> take(task, machine, progress, reported, actor, changed -> {});
            case CONFIRMS, UNEXPECTED -> {
                TaskStates.write(task, machine, progress.take(machine, reported));
                trace.mark(task, new Trace.Note(machine, null, verdict, reported, actor, false));
                records.save(task);
            }
            case LATE -> trace.history(task, new Trace.Note(machine, null, verdict, reported, actor, false));
            case REPEATS -> {
                // Known already.
            }
        }
        return new Outcome(
                verdict,
                verdict == StateMachine.Verdict.MOVES || verdict == StateMachine.Verdict.CONFIRMS
                        ? event.to()
                        : progress.state());
    }

    private Optional<String> next(String reference, Actor actor) {
        Task task = records.read(Task.class, reference).orElseThrow(Refusals::notFound);
        StateMachine machine = machine(task);
        Progress progress = progress(task, machine);
        Optional<Progress.Reported> due = progress.due(machine);
        due.ifPresent(event -> take(task, machine, progress, event, actor, changed -> {}));
        return due.map(Progress.Reported::to);
    }

    private void take(
            Task task,
            StateMachine machine,
            Progress progress,
            Progress.Reported event,
            Actor actor,
            Consumer<Task> also) {
        TaskStates.write(task, machine, progress.reach(machine, event));
        also.accept(task);
        trace.mark(task, new Trace.Note(machine, progress.state(), StateMachine.Verdict.MOVES, event, actor, false));
        records.save(task);
    }

    private static void annotate(Task task, Step step) {
        if (step.note() != null) {
            Annotation note = task.addNote().setText(step.note());
            note.setAuthor(Actor.of(step.actor()).who());
        }
        if (step.reason() != null) {
            task.setStatusReason(new CodeableConcept().setText(step.reason()));
        }
    }

    /** When a person's step happened: as said, if that can be, else now; never before the last step. */
    private Instant time(Step step, @Nullable Instant since) {
        Instant now = millis(clock.instant());
        if (step.occurred() == null) {
            return since != null && since.isAfter(now) ? since : now;
        }
        Instant occurred = millis(step.occurred());
        if (occurred.isAfter(now.plus(FUTURE)) || since != null && occurred.isBefore(since)) {
            throw IllegalSteps.refused(
                    WorkflowErrorCode.WRONG_TIME, "expected a time after the last step and not in the future");
        }
        return occurred;
    }

    private static Instant millis(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }

    private static StateMachine machine(Task task) {
        return Machines.of(task)
                .orElseThrow(() -> IllegalSteps.refused(
                        WorkflowErrorCode.UNKNOWN_STATE, "no table is known for this kind of Task"));
    }

    private static Progress progress(Task task, StateMachine machine) {
        String state = Machines.stateOf(task, machine)
                .orElseThrow(() -> IllegalSteps.refused(
                        WorkflowErrorCode.UNKNOWN_STATE, "the Task is in no state that its table knows"));
        return TaskStates.progress(task, state);
    }

    /** Runs one step alone for its Task, and again when a writer outside this service was faster. */
    <T> T inTransaction(String reference, Supplier<T> step) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return step.get();
        }
        ReentrantLock lock = locks[Math.floorMod(reference.hashCode(), LOCKS)];
        lock.lock();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return Objects.requireNonNull(transaction.execute(status -> step.get()));
                } catch (ResourceVersionConflictException | ConcurrencyFailureException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                    pause(attempt);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(5, 20L << Math.min(attempt, 4)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
