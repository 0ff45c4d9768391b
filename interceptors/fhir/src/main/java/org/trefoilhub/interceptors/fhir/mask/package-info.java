/**
 * What of a resource leaves when a policy permits only a part of it: identities of patients masked, references to what is
 * hidden taken out.
 *
 * <p>Start from {@link org.trefoilhub.interceptors.fhir.mask.IdentityMask} and {@link
 * org.trefoilhub.interceptors.fhir.mask.HiddenReferences}. Both are pure: they work on copies, and tag what they changed.
 * Who may see what is decided elsewhere. Spec: FHIR R4 Security Labels, tags SUBSETTED and REDACTED of v3-ObservationValue.
 */
@NullMarked
package org.trefoilhub.interceptors.fhir.mask;

import org.jspecify.annotations.NullMarked;
