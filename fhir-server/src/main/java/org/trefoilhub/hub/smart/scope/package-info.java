/**
 * SMART scopes as patterns: what a client may hold at most, and what a request is cut down to.
 *
 * <p>Start from {@link org.trefoilhub.hub.smart.scope.SmartScope} (one resource scope) and
 * {@link org.trefoilhub.hub.smart.scope.ScopeNarrowing} (a request against a maximum). It will not judge data; what a
 * scope permits on a resource is asked of the policy engine.
 *
 * <p>Standard: SMART App Launch 2.2, section "Scopes for requesting FHIR resources" (v2 {@code .cruds} with a query by category, v1
 * {@code .read}, {@code .write}, {@code .*}).
 */
@NullMarked
package org.trefoilhub.hub.smart.scope;

import org.jspecify.annotations.NullMarked;
