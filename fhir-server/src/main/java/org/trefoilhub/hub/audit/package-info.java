/**
 * The audit: every access leaves an event that nobody can change unnoticed.
 *
 * <p>Start with {@link org.trefoilhub.hub.audit.GroupedAuditTrail}, which writes, {@link
 * org.trefoilhub.hub.audit.AuditSealer}, which chains what was written, and {@link org.trefoilhub.hub.audit.AuditVerifier},
 * which proves the chain. {@link org.trefoilhub.hub.audit.AuditFilter} stands before every HTTP door, {@code
 * FhirAuditHooks} tells it what FHIR did, and {@code AuditEventProvider} shows the events as FHIR.
 *
 * <p>Events hold references, codes and queries. The table is only ever added to. Standards: IHE BALP, FHIR R4 AuditEvent.
 */
@NullMarked
package org.trefoilhub.hub.audit;

import org.jspecify.annotations.NullMarked;
