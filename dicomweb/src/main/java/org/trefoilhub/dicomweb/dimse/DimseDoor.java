package org.trefoilhub.dicomweb.dimse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.net.AssociationAcceptor;
import org.trefoilhub.dicom.net.AssociationPeer;
import org.trefoilhub.dicom.net.DicomServer;
import org.trefoilhub.dicom.net.DimseRequest;
import org.trefoilhub.dicom.net.DimseService;
import org.trefoilhub.dicom.net.DimseStatus;
import org.trefoilhub.dicom.net.RejectReason;
import org.trefoilhub.dicom.net.ServerOptions;
import org.trefoilhub.dicom.net.StorageScp;
import org.trefoilhub.dicom.net.VerificationScp;
import org.trefoilhub.dicomweb.archive.DimsePeers;

/**
 * Opens the DIMSE port with the application and closes it before anything else stops.
 *
 * <p>An association that calls another AE title than ours is rejected (source 1, reason 7), one of a peer that is not
 * configured as well (source 1, reason 3; PS3.8 table 9-21).
 *
 * <p>Thread-safe.
 */
public final class DimseDoor implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DimseDoor.class);

    private final ServerOptions options;
    private final String aeTitle;
    private final Duration shutdownGrace;
    private final DimsePeers peers;
    private final ArchiveReceiverFactory receivers;
    private final DimseAudit audit;
    private @Nullable DicomServer server;

    DimseDoor(
            ServerOptions options,
            String aeTitle,
            Duration shutdownGrace,
            DimsePeers peers,
            ArchiveReceiverFactory receivers,
            DimseAudit audit) {
        this.audit = audit;
        this.options = options;
        this.aeTitle = aeTitle;
        this.shutdownGrace = shutdownGrace;
        this.peers = peers;
        this.receivers = receivers;
    }

    /**
     * Binds the port.
     *
     * @throws UncheckedIOException when it cannot be bound
     */
    @Override
    public synchronized void start() {
        if (server != null) {
            return;
        }
        DicomServer started = new DicomServer(options, this::decide);
        try {
            started.start();
        } catch (IOException e) {
            started.close();
            throw new UncheckedIOException(
                    "cannot listen on " + options.bindAddress() + ", free the port or set trefoil.dimse.port", e);
        }
        server = started;
        log.info("DIMSE door of `{}` is open", aeTitle);
    }

    private AssociationAcceptor.Decision decide(AssociationPeer peer) {
        Optional<Subject> subject = aeTitle.equals(peer.calledAeTitle())
                ? peers.find(
                        peer.callingAeTitle(),
                        peer.calledAeTitle(),
                        peer.address().getAddress())
                : Optional.empty();
        if (!audit.association(peer, subject.orElse(null))) {
            return new AssociationAcceptor.Reject(RejectReason.TEMPORARY_CONGESTION);
        }
        if (!aeTitle.equals(peer.calledAeTitle())) {
            return new AssociationAcceptor.Reject(RejectReason.CALLED_AE_TITLE_NOT_RECOGNIZED);
        }
        return subject.<AssociationAcceptor.Decision>map(known -> new AssociationAcceptor.Accept(
                        List.of(new AuditedVerification(audit, known), new StorageScp(receivers.receiver(known)))))
                .orElseGet(() -> new AssociationAcceptor.Reject(RejectReason.CALLING_AE_TITLE_NOT_RECOGNIZED));
    }

    /** C-ECHO, told to the audit before it is answered. */
    private record AuditedVerification(DimseAudit audit, Subject subject) implements DimseService {

        private static final VerificationScp SERVICE = new VerificationScp();

        @Override
        public boolean supports(String sopClassUid) {
            return SERVICE.supports(sopClassUid);
        }

        @Override
        public DimseStatus handle(DimseRequest request) {
            DimseStatus status = SERVICE.handle(request);
            return audit.echo(request.peer(), subject) ? status : DimseStatus.of(DimseStatus.OUT_OF_RESOURCES);
        }
    }

    /**
     * The address bound.
     *
     * @throws IllegalStateException when the door is closed
     */
    public synchronized InetSocketAddress address() {
        DicomServer current = server;
        if (current == null) {
            throw new IllegalStateException("the DIMSE door is closed");
        }
        return current.address();
    }

    @Override
    public synchronized void stop() {
        DicomServer current = server;
        if (current != null) {
            current.stop(shutdownGrace);
            server = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return server != null;
    }
}
