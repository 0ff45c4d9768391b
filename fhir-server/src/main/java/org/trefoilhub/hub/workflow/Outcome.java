package org.trefoilhub.hub.workflow;

/**
 * What became of a step or an event.
 *
 * @param verdict {@code MOVES} when the state is another one now, else why it is not
 * @param state code of the state that holds now
 */
public record Outcome(StateMachine.Verdict verdict, String state) {}
