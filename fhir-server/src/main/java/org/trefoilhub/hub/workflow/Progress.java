package org.trefoilhub.hub.workflow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a process is, and which events wait because they do not fit yet. Immutable; pure.
 *
 * <p>Events of sources may come late, twice and in any order. An event that fits and is newer than the last step moves the
 * process; an older one never does; one that does not fit waits with its time, and moves the process as soon as what lies
 * between has come. So the events of a legal course end in the same state whatever order they come in.
 *
 * @param state code of the state that is reached
 * @param since time of the event that led there, or null when that is not known
 * @param waiting events that no step leads to yet, oldest first; each later than {@code since}
 */
public record Progress(String state, @Nullable Instant since, List<Reported> waiting) {

    /**
     * An event.
     *
     * @param to code of the state that it reports
     * @param occurred when it happened
     */
    public record Reported(String to, Instant occurred) {}

    /** Copies the list. */
    public Progress {
        waiting = List.copyOf(waiting);
    }

    /**
     * What an event means here.
     *
     * @param machine table of the process; must have the state of the event
     * @param event the event
     * @return the verdict; an event that waits already repeats itself
     */
    public StateMachine.Verdict judge(StateMachine machine, Reported event) {
        return waiting.contains(event)
                ? StateMachine.Verdict.REPEATS
                : machine.judge(state, since, event.to(), event.occurred());
    }

    /**
     * Takes an event of a source.
     *
     * @param machine table of the process; must have the state of the event
     * @param event the event
     * @return how far the process is then; {@link #due} tells whether an event that waited comes next
     */
    public Progress take(StateMachine machine, Reported event) {
        return switch (judge(machine, event)) {
            case REPEATS, LATE -> this;
            case UNEXPECTED -> new Progress(state, since, with(machine, event));
            case MOVES, CONFIRMS -> reach(machine, event);
        };
    }

    /**
     * The event that has waited and whose step has become legal.
     *
     * @param machine table of the process
     * @return the oldest such event, or empty
     */
    public Optional<Reported> due(StateMachine machine) {
        return waiting.stream()
                .filter(event ->
                        machine.judge(state, since, event.to(), event.occurred()) == StateMachine.Verdict.MOVES)
                .findFirst();
    }

    /**
     * Goes where an event leads, and forgets the waiting events that have become history.
     *
     * @param machine table of the process
     * @param event an event that moves or confirms
     * @return how far the process is then
     */
    public Progress reach(StateMachine machine, Reported event) {
        List<Reported> left = waiting.stream()
                .filter(other -> !other.equals(event))
                .filter(other -> switch (machine.judge(event.to(), event.occurred(), other.to(), other.occurred())) {
                    case REPEATS, LATE -> false;
                    case MOVES, CONFIRMS, UNEXPECTED -> true;
                })
                .toList();
        return new Progress(event.to(), event.occurred(), left);
    }

    private List<Reported> with(StateMachine machine, Reported more) {
        List<Reported> all = new ArrayList<>(waiting);
        all.add(more);
        all.sort(Comparator.comparing(Reported::occurred).thenComparing(event -> machine.rank(event.to())));
        return all;
    }
}
