package org.trefoilhub.dicomweb.dimse;

import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.trefoilhub.access.audit.AuditErrorCode;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.net.DicomNetworkException;
import org.trefoilhub.dicom.net.DimseStatus;
import org.trefoilhub.dicom.net.StorageScp;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.StoreContext;
import org.trefoilhub.dicomweb.archive.StoreOutcome;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * Stores what one peer sends, as that peer's subject.
 *
 * <p>Statuses (PS3.4 table B.2-1 and PS3.7 annex C): 0x0000 committed, or an equal object was there; 0xB000 to 0xBFFF
 * committed with a warning; 0xA700 no room, too large, database away; 0xA900 the data set does not match what was
 * announced; 0xC000 it cannot be understood; 0x0111 a different object has this SOP Instance UID; 0x0124 not permitted;
 * 0x0110 anything else, which is a fault of ours.
 */
final class ArchiveReceiver implements StorageScp.Receiver {

    private static final Logger log = LoggerFactory.getLogger(ArchiveReceiver.class);

    private final Archive archive;
    private final PolicySource policies;
    private final Clock clock;
    private final DimseAudit audit;
    private final Subject subject;

    ArchiveReceiver(Archive archive, PolicySource policies, Clock clock, DimseAudit audit, Subject subject) {
        this.audit = audit;
        this.archive = archive;
        this.policies = policies;
        this.clock = clock;
        this.subject = subject;
    }

    @Override
    public DimseStatus receive(StorageScp.Incoming incoming) throws IOException {
        MDC.put("traceId", UUID.randomUUID().toString());
        MDC.put("door", Door.DIMSE.code());
        MDC.put("subjectId", subject.id());
        try {
            Answer answer = store(incoming);
            return audit.store(incoming.peer(), subject, incoming.sopInstanceUid(), answer.outcome(), answer.status())
                    ? answer.status()
                    : new DimseStatus(
                            DimseStatus.OUT_OF_RESOURCES,
                            AuditErrorCode.UNAVAILABLE.code() + " the audit takes no events");
        } finally {
            MDC.remove("subjectId");
            MDC.remove("door");
            MDC.remove("traceId");
        }
    }

    /** The status of a request, with what the archive said if it was reached. */
    private record Answer(DimseStatus status, @Nullable StoreOutcome outcome) {
        static Answer of(DimseStatus status) {
            return new Answer(status, null);
        }
    }

    private Answer store(StorageScp.Incoming incoming) throws IOException {
        // Nothing could ever be permitted: say so before gigabytes are spooled.
        AccessScope scope = policies.current()
                .scope(subject, Action.SAVE, ResourceKind.IMAGING_STUDY, new Environment(Door.DIMSE, clock.instant()));
        if (scope instanceof AccessScope.None) {
            log.warn("C-STORE of {} refused: no policy permits it", incoming.sopInstanceUid());
            return Answer.of(notAuthorized());
        }
        try {
            StoreOutcome outcome = archive.as(subject, Door.DIMSE)
                    .store(
                            incoming.dataset(),
                            StoreContext.dataset(
                                    incoming.peer().callingAeTitle(),
                                    incoming.transferSyntax().uid(),
                                    incoming.sopClassUid(),
                                    incoming.sopInstanceUid()));
            return new Answer(status(outcome, incoming.sopInstanceUid()), outcome);
        } catch (AccessDeniedException e) {
            log.warn("C-STORE of {} refused by policy", incoming.sopInstanceUid());
            return Answer.of(notAuthorized());
        } catch (ArchiveException e) {
            log.error("{} C-STORE of {} failed", e.code().code(), incoming.sopInstanceUid(), e);
            int code = e.code() == DicomwebErrorCode.OUT_OF_RESOURCES
                    ? DimseStatus.OUT_OF_RESOURCES
                    : DimseStatus.PROCESSING_FAILURE;
            return Answer.of(new DimseStatus(code, e.code().code()));
        } catch (IOException e) {
            if (brokenByPeer(e)) {
                throw e;
            }
            log.error("C-STORE of {} failed on our own side", incoming.sopInstanceUid(), e);
            return Answer.of(new DimseStatus(DimseStatus.OUT_OF_RESOURCES, DicomwebErrorCode.OUT_OF_RESOURCES.code()));
        }
    }

    private static DimseStatus notAuthorized() {
        return new DimseStatus(DimseStatus.NOT_AUTHORIZED, DicomwebErrorCode.STORE_FORBIDDEN.code() + " not permitted");
    }

    private static DimseStatus status(StoreOutcome outcome, String sopInstanceUid) {
        if (outcome.stored()) {
            return DimseStatus.of(outcome.warningReason());
        }
        log.warn(
                "{} C-STORE of {} answered {}: {}",
                outcome.code(),
                sopInstanceUid,
                String.format("0x%04X", outcome.failureReason()),
                outcome.status());
        // A refusal must never pass for a success, whatever the outcome carries.
        int code = outcome.failureReason() == 0 ? DimseStatus.PROCESSING_FAILURE : outcome.failureReason();
        return new DimseStatus(code, comment(outcome.code(), outcome.detail()));
    }

    private static @Nullable String comment(@Nullable String code, @Nullable String detail) {
        if (code == null) {
            return detail;
        }
        return detail == null ? code : code + " " + detail;
    }

    private static boolean brokenByPeer(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DicomNetworkException) {
                return true;
            }
        }
        return false;
    }
}
