/**
 * The access policies in force: Consent resources of profile AccessPolicy in the FHIR store, compiled in memory.
 *
 * <p>Start with {@link org.trefoilhub.hub.access.LivePolicies} (the compiled set and how a change reaches it) and
 * {@link org.trefoilhub.hub.access.PolicyChanges} (the storage hooks that refuse what cannot be understood and put in
 * force what was committed). {@link org.trefoilhub.hub.access.SeededPolicies} writes what the hub ships into an empty
 * store, once.
 *
 * <p>Fails closed: while the stored policies cannot be loaded, nothing but their repair by a steward is permitted. This
 * package does not decide anything itself and knows no door.
 *
 * <p>Standards: FHIR R4 Consent; domain model "Consent as access policy".
 */
@NullMarked
package org.trefoilhub.hub.access;

import org.jspecify.annotations.NullMarked;
