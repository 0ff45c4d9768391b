/**
 * The exam's life: which state follows which, for people and for sources.
 *
 * <p>Start from {@link org.trefoilhub.hub.workflow.Machines}, the tables, and
 * {@link org.trefoilhub.hub.workflow.WorkflowService}, through which every step goes: {@code Task/$advance}, the operations
 * on reports, plain writes and messages. A person's illegal step is refused with the legal ones; an event of a source that
 * does not fit is kept with its time and moves nothing ({@link org.trefoilhub.hub.workflow.Progress}). Other kinds of Task
 * join by a {@link org.trefoilhub.hub.workflow.StepHandler}; who wants to know of steps is a
 * {@link org.trefoilhub.hub.workflow.TransitionListener}.
 *
 * <p>It judges no access: the policy engine does. Spec: domain model §1.1 to §1.6; FHIR R4 Task.
 */
@NullMarked
package org.trefoilhub.hub.workflow;

import org.jspecify.annotations.NullMarked;
