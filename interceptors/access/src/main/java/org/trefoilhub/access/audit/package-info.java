/**
 * The audit trail as the doors see it: what happened, and where to say so.
 *
 * <p>Start with {@link org.trefoilhub.access.audit.AuditTrail} (the port) and {@link
 * org.trefoilhub.access.audit.AuditRecord} (one event). Writes record inside their own transaction; everything else waits
 * until its record is durable and only then answers. When neither is possible the door must not answer.
 *
 * <p>Records hold references, codes and queries, never names of patients. Standards: FHIR R4 AuditEvent, IHE BALP, DICOM
 * PS3.15 annex A.5 (codes).
 */
@NullMarked
package org.trefoilhub.access.audit;

import org.jspecify.annotations.NullMarked;
