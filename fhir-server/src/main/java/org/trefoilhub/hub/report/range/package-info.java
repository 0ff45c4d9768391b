/**
 * Reference ranges and flags: which interval of an ObservationDefinition holds for a patient at the time of an
 * observation, and what is written into it.
 *
 * <p>Start with {@link org.trefoilhub.hub.report.range.IntervalChoice}, which chooses, and
 * {@link org.trefoilhub.hub.report.range.ReferenceRanges}, which writes. A range that a source has sent is never touched.
 *
 * <p>Spec: FHIR R4 ObservationDefinition.qualifiedInterval, Observation.referenceRange, v3 ObservationInterpretation, UCUM.
 */
@NullMarked
package org.trefoilhub.hub.report.range;

import org.jspecify.annotations.NullMarked;
