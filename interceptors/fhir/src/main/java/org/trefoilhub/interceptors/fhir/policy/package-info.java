/**
 * Turns Consent resources of profile AccessPolicy into policies of the engine.
 *
 * <p>Start from {@link org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper} (one Consent) and
 * {@link org.trefoilhub.interceptors.fhir.policy.PolicyBundle} (a whole set, as the hub ships it).
 *
 * <p>The mapping is strict: an element, extension or code that it does not know is an error and the set is refused, because
 * a condition that is silently dropped opens access. Spec: FHIR R4 Consent; the profile is an access policy of the
 * hospital, not a patient's privacy consent.
 */
@NullMarked
package org.trefoilhub.interceptors.fhir.policy;

import org.jspecify.annotations.NullMarked;
