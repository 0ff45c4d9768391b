/**
 * Critical values: from a finding that must be told at once to the note of how it was handled.
 *
 * <p>Start from {@link org.trefoilhub.hub.critical.CriticalCases}, which opens cases and takes their steps, and
 * {@link org.trefoilhub.hub.critical.EscalationClock}, which does what time alone brings. Pure parts:
 * {@link org.trefoilhub.hub.critical.CriticalResultRule} (what opens a case, what prompts),
 * {@link org.trefoilhub.hub.critical.CriticalLimits} (limits, escalation), {@link org.trefoilhub.hub.critical.CriticalStep}
 * (who takes which step and what it needs). The case is a FHIR Task and nothing else; a popup is a view of it.
 *
 * <p>Catalogue and limits are PlanDefinitions of the store, read when they are used. Who sees a case the policy engine
 * says. Spec: domain model §1.6 and §5; FHIR R4 Task, Communication, Provenance, PlanDefinition.
 */
@NullMarked
package org.trefoilhub.hub.critical;

import org.jspecify.annotations.NullMarked;
