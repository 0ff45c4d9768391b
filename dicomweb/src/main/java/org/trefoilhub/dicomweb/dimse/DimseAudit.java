package org.trefoilhub.dicomweb.dimse;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditException;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.net.AssociationPeer;
import org.trefoilhub.dicom.net.DimseStatus;
import org.trefoilhub.dicomweb.archive.StoreOutcome;
import org.trefoilhub.dicomweb.archive.StudyPatients;

/**
 * The events of the DIMSE door. Each is durable before its answer leaves; when that fails the association is rejected, or
 * the request answered as failed, so that the peer sends again.
 */
final class DimseAudit {

    private static final Logger log = LoggerFactory.getLogger(DimseAudit.class);
    private static final String CALLING = "calling-ae-title";

    private final AuditTrail trail;
    private final StudyPatients patients;

    DimseAudit(AuditTrail trail, StudyPatients patients) {
        this.trail = trail;
        this.patients = patients;
    }

    /**
     * An association, accepted or rejected.
     *
     * @param subject the peer, or null when it is rejected
     * @return false when the event is not durable
     */
    boolean association(AssociationPeer peer, @Nullable Subject subject) {
        AuditRecord.Builder event = event(AuditCode.NETWORK_ENTRY, AuditAction.EXECUTE, peer, subject)
                .subtype(AuditCode.ASSOCIATION)
                .detail("called-ae-title", peer.calledAeTitle());
        if (subject == null) {
            event.failed(AuditOutcome.MINOR_FAILURE, "association rejected");
        }
        return recorded(event.build());
    }

    /** C-ECHO; false when the event is not durable. */
    boolean echo(AssociationPeer peer, Subject subject) {
        return recorded(event(AuditCode.NETWORK_ENTRY, AuditAction.EXECUTE, peer, subject)
                .subtype(AuditCode.C_ECHO)
                .build());
    }

    /**
     * C-STORE.
     *
     * @param outcome what the archive said, or null when it was not reached
     * @return false when the event is not durable
     */
    boolean store(
            AssociationPeer peer,
            Subject subject,
            String sopInstanceUid,
            @Nullable StoreOutcome outcome,
            DimseStatus status) {
        AuditRecord.Builder event = event(AuditCode.INSTANCES_TRANSFERRED, AuditAction.CREATE, peer, subject)
                .subtype(AuditCode.C_STORE)
                .detail("sop-instance-uid", sopInstanceUid);
        if (outcome != null && outcome.studyInstanceUid() != null) {
            event.study(outcome.studyInstanceUid()).patients(patients.of(List.of(outcome.studyInstanceUid())));
        }
        if (outcome == null || !outcome.stored()) {
            String reason = String.format("0x%04X", status.code());
            event.failed(
                    AuditOutcome.MINOR_FAILURE,
                    outcome == null || outcome.code() == null ? reason : reason + " " + outcome.code());
        }
        return recorded(event.build());
    }

    private static AuditRecord.Builder event(
            AuditCode type, AuditAction action, AssociationPeer peer, @Nullable Subject subject) {
        AuditRecord.Builder event = AuditRecord.of(type, action)
                .door(Door.DIMSE)
                .address(peer.address().getAddress().getHostAddress())
                .detail(CALLING, peer.callingAeTitle())
                .traceId(MDC.get("traceId"));
        return subject == null ? event : event.subject(subject);
    }

    private boolean recorded(AuditRecord event) {
        try {
            trail.record(event);
            return true;
        } catch (AuditException e) {
            log.error(
                    "{} a DIMSE request fails because its audit event is not durable",
                    e.code().code());
            return false;
        }
    }
}
