package org.trefoilhub.hub.workflow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table of states and of the steps between them. Immutable and thread-safe.
 *
 * <p>The order of the states tells of two events at the same instant which came first. A sub-state belongs to another
 * state: whatever leads to or from that one leads to or from it, and sub-states of one state follow each other freely.
 * Reserved steps are taken by the hub alone and are never offered to people.
 */
public final class StateMachine {

    /**
     * One state.
     *
     * @param code code in the machine's code system, or the value of {@code status} itself
     * @param display Chinese name
     * @param status value of the resource's {@code status} element in this state
     * @param parent code of the state that this one details, or null
     * @param repeatable whether it may be reached again while it lasts, as printing may
     */
    public record State(String code, String display, String status, @Nullable String parent, boolean repeatable) {}

    /** What an event means for the state that is reached. */
    public enum Verdict {
        /** A legal step, and newer than the last one. */
        MOVES,
        /** What is known already. */
        REPEATS,
        /** The same state at a later time: it still held then. */
        CONFIRMS,
        /** Older than the last step: part of the history, moves nothing. */
        LATE,
        /** Newer, but no step leads there from here. */
        UNEXPECTED
    }

    private final String name;
    private final String codeSystem;
    private final Map<String, State> states;
    private final Map<String, Set<String>> steps;
    private final Map<String, Set<String>> reserved;
    private final Set<String> initial;

    private StateMachine(
            String name,
            String codeSystem,
            Map<String, State> states,
            Map<String, Set<String>> steps,
            Map<String, Set<String>> reserved,
            Set<String> initial) {
        this.initial = initial;
        this.name = name;
        this.codeSystem = codeSystem;
        this.states = states;
        this.steps = steps;
        this.reserved = reserved;
    }

    /**
     * Begins a table.
     *
     * @param name code of the Task kind, or the resource type
     * @param codeSystem system of the state codes
     * @return the builder
     */
    static Builder of(String name, String codeSystem) {
        return new Builder(name, codeSystem);
    }

    /**
     * Code of the Task kind, or the resource type.
     *
     * @return such as {@code exam-process}
     */
    public String name() {
        return name;
    }

    /**
     * System of the state codes.
     *
     * @return such as {@code https://trefoil-hub.org/fhir/CodeSystem/exam-status}
     */
    public String codeSystem() {
        return codeSystem;
    }

    /**
     * All states, sub-states behind the state that they detail.
     *
     * @return in the order of the process
     */
    public List<State> states() {
        return List.copyOf(states.values());
    }

    /**
     * A state by its code.
     *
     * @param code code
     * @return the state, or empty when the machine has none of that code
     */
    public Optional<State> state(String code) {
        return Optional.ofNullable(states.get(code));
    }

    /**
     * The state that others detail.
     *
     * @param code code of a state
     * @return the code of its parent, or the code itself
     */
    public String mainState(String code) {
        State state = states.get(code);
        return state == null || state.parent() == null ? code : state.parent();
    }

    /**
     * Whether no step leads on.
     *
     * @param code code of a state
     * @return true when the process has ended there
     */
    public boolean isTerminal(String code) {
        return steps.getOrDefault(mainState(code), Set.of()).isEmpty();
    }

    /**
     * The steps that a person may take.
     *
     * @param from code of the state that is reached
     * @return codes in the order of the process; empty at the end of it
     */
    public Set<String> legal(String from) {
        Set<String> legal = new LinkedHashSet<>();
        for (State to : states.values()) {
            if (isLegal(from, to.code())) {
                legal.add(to.code());
            }
        }
        return legal;
    }

    /**
     * Whether a step is in the table.
     *
     * @param from code of the state that is reached
     * @param to code of the state to reach
     * @return true for a step of the table and for steps among the sub-states of one state
     */
    public boolean isLegal(String from, String to) {
        if (!states.containsKey(from) || !states.containsKey(to)) {
            return false;
        }
        if (from.equals(to)) {
            return states.get(to).repeatable();
        }
        String here = mainState(from);
        String there = mainState(to);
        return here.equals(there)
                ? !isTerminal(here)
                : steps.getOrDefault(here, Set.of()).contains(there);
    }

    /**
     * Whether a person may begin a process there; sources and loaders may begin in any state.
     *
     * @param code code of a state
     * @return true for every state of a table that names no first ones
     */
    public boolean isInitial(String code) {
        return initial.isEmpty() || initial.contains(mainState(code));
    }

    /** Whether the hub itself may take the step. */
    boolean isLegalForHub(String from, String to) {
        return isLegal(from, to)
                || reserved.getOrDefault(mainState(from), Set.of()).contains(mainState(to));
    }

    /**
     * Judges an event.
     *
     * @param from code of the state that is reached
     * @param since time of the event that led there, or null when that is not known
     * @param to code of the state that the event reports
     * @param occurred time of the event
     * @return what it means
     */
    public Verdict judge(String from, @Nullable Instant since, String to, Instant occurred) {
        if (from.equals(to) && occurred.equals(since)) {
            return Verdict.REPEATS;
        }
        if (since != null && (occurred.isBefore(since) || occurred.equals(since) && rank(to) < rank(from))) {
            return Verdict.LATE;
        }
        if (isLegal(from, to)) {
            return Verdict.MOVES;
        }
        return from.equals(to) ? Verdict.CONFIRMS : Verdict.UNEXPECTED;
    }

    /** Place of a state in the process. */
    int rank(String code) {
        return new ArrayList<>(states.keySet()).indexOf(code);
    }

    @Override
    public String toString() {
        return "StateMachine[" + name + "]";
    }

    /** Writes a table, state by state. */
    static final class Builder {
        private final String name;
        private final String codeSystem;
        private final Map<String, State> states = new LinkedHashMap<>();
        private final Map<String, Set<String>> steps = new LinkedHashMap<>();
        private final Map<String, Set<String>> reserved = new LinkedHashMap<>();

        private Set<String> initial = Set.of();

        private Builder(String name, String codeSystem) {
            this.name = name;
            this.codeSystem = codeSystem;
        }

        /** A state and the states that may follow it. */
        Builder state(String code, String display, String status, String... next) {
            return add(new State(code, display, status, null, false), next);
        }

        /** A state that may be reached again while it lasts. */
        Builder repeatable(String code, String display, String status, String... next) {
            return add(new State(code, display, status, null, true), next);
        }

        /** A detail of the state that was written last. */
        Builder detail(String code, String display) {
            State parent = List.copyOf(states.values()).stream()
                    .filter(state -> state.parent() == null)
                    .reduce((first, second) -> second)
                    .orElseThrow();
            states.put(code, new State(code, display, parent.status(), parent.code(), false));
            return this;
        }

        /** A step that the hub alone takes. */
        Builder reserved(String from, String to) {
            reserved.computeIfAbsent(from, key -> new LinkedHashSet<>()).add(to);
            return this;
        }

        /** The states in which a person may begin. */
        Builder begins(String... codes) {
            initial = Set.of(codes);
            return this;
        }

        private Builder add(State state, String... next) {
            states.put(state.code(), state);
            steps.put(state.code(), Set.of(next));
            return this;
        }

        /**
         * Ends the table.
         *
         * @throws IllegalStateException when a step leads to a state that is not in it
         */
        StateMachine build() {
            steps.values().forEach(next -> next.forEach(this::require));
            reserved.values().forEach(next -> next.forEach(this::require));
            reserved.keySet().forEach(this::require);
            initial.forEach(this::require);
            return new StateMachine(
                    name, codeSystem, new LinkedHashMap<>(states), Map.copyOf(steps), Map.copyOf(reserved), initial);
        }

        private void require(String code) {
            if (!states.containsKey(code)) {
                throw new IllegalStateException("the table " + name + " has no state `" + code + "`");
            }
        }
    }
}
