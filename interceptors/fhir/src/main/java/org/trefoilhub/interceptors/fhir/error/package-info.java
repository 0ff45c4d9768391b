/**
 * How the FHIR door says no: every error becomes an OperationOutcome with a stable code.
 *
 * <p>Start from {@link org.trefoilhub.interceptors.fhir.error.OutcomeInterceptor} (all errors on their way out) and
 * {@link org.trefoilhub.interceptors.fhir.error.Refusals} (refusals of policy).
 *
 * <p>Texts carry no patient data and no names of the code; a hidden and an absent resource answer with the same bytes.
 * Spec: FHIR R4 OperationOutcome, FHIR R4 RESTful API "HTTP status codes".
 */
@NullMarked
package org.trefoilhub.interceptors.fhir.error;

import org.jspecify.annotations.NullMarked;
