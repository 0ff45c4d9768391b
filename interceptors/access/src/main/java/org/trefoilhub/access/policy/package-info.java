/**
 * The policy engine: one pure answer for every door of the hub.
 *
 * <p>Start from {@link org.trefoilhub.access.policy.PolicyEngine} (the two questions a door may ask) and
 * {@link org.trefoilhub.access.policy.AccessPolicy} (one rule). A door obtains the engine from a
 * {@link org.trefoilhub.access.policy.PolicySource} for each request, asks, translates the answer and obeys.
 *
 * <p>Combining rules: label gate, highest priority band, deny beats permit, default deny; an evaluation error, an
 * obligation nobody knows, or a SMART scope that is missing deny. The answer does not depend on the order of the policies.
 *
 * <p>This package reads no clock, no database and no network; facts come in with the request. It knows neither FHIR
 * resources nor DICOM objects, only their kinds. Standards: SMART App Launch 2.2 (scopes), FHIR R4 Consent (the shape
 * the rules are kept in, mapped elsewhere).
 */
@NullMarked
package org.trefoilhub.access.policy;

import org.jspecify.annotations.NullMarked;
