/**
 * Asks the policy engine at every hook through which FHIR data can enter or leave.
 *
 * <p>Start from {@link org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement}, which registers everything, and
 * {@code OperationGate}, which maps every interaction to the permission it needs.
 *
 * <p>Two nets lie one under the other: the gate refuses what could never be permitted before anything runs; the storage
 * hooks ask again for each resource that is read or written, wherever it came from (transactions, includes, pages). What
 * the second net removes from a search that the first let through is counted as drift. Unknown operations, scopes that
 * cannot be translated and requests without an identity are refused.
 *
 * <p>Requests that the server makes of itself pass; exports and notifications, which HAPI runs that way, have their own
 * hooks. Spec: FHIR R4 RESTful API, FHIR Bulk Data Access 2.0, FHIR R4 Subscription.
 */
@NullMarked
package org.trefoilhub.interceptors.fhir.enforce;

import org.jspecify.annotations.NullMarked;
