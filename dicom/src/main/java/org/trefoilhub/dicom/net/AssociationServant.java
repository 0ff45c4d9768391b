package org.trefoilhub.dicom.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.net.UpperLayer.Signal;
import org.trefoilhub.dicom.net.UpperLayerEffects.Indication;
import org.trefoilhub.dicom.net.pdu.Pdu;
import org.trefoilhub.dicom.net.pdu.Pdu.AnsweredContext;
import org.trefoilhub.dicom.net.pdu.Pdu.ProposedContext;
import org.trefoilhub.dicom.net.pdu.UserInformation;
import org.trefoilhub.dicom.net.pdu.UserItem;

/** The acceptor's side of one connection, from its first byte to its last, on one thread. */
final class AssociationServant {

    private static final Logger log = LoggerFactory.getLogger(AssociationServant.class);

    private final Transport transport;
    private final ServerOptions options;
    private final AssociationAcceptor acceptor;
    private final Function<Pdu.AssociateRequest, @Nullable RejectReason> admission;
    private final BooleanSupplier stopping;

    private final Map<Integer, PresentationContext> contexts = new HashMap<>();
    private final Map<String, DimseService> services = new HashMap<>();
    private long requests;

    /**
     * @param admission the provider's own check: null = it may come in
     * @param stopping true once the server wants to stop
     */
    AssociationServant(
            Transport transport,
            ServerOptions options,
            AssociationAcceptor acceptor,
            Function<Pdu.AssociateRequest, @Nullable RejectReason> admission,
            BooleanSupplier stopping) {
        this.transport = transport;
        this.options = options;
        this.acceptor = acceptor;
        this.admission = admission;
        this.stopping = stopping;
    }

    /** Serves until the connection is closed. */
    void run() {
        UpperLayer layer;
        try {
            layer = UpperLayer.acceptor(
                    transport, options.artimTimeout(), options.idleTimeout(), options.maxPduLengthBytes(), request -> {
                        RejectReason form = form(request);
                        return form == null ? admission.apply(request) : form;
                    });
        } catch (IOException e) {
            log.debug("connection failed before it began", e);
            return;
        }
        try {
            associate(layer);
        } catch (DicomNetworkException e) {
            log.warn("{} association with {} ended: {}", e.code().code(), transport.remoteAddress(), e.getMessage());
        } catch (IOException e) {
            log.warn("association with {} failed", transport.remoteAddress(), e);
        } finally {
            layer.awaitClose();
        }
    }

    /** What the provider can say without asking anybody. */
    private static @Nullable RejectReason form(Pdu.AssociateRequest request) {
        if ((request.protocolVersion() & 1) == 0) {
            return RejectReason.PROTOCOL_VERSION_NOT_SUPPORTED;
        }
        return null;
    }

    private void associate(UpperLayer layer) throws IOException {
        Signal signal;
        try {
            signal = layer.next(options.artimTimeout(), null);
        } catch (DicomNetworkException e) {
            log.debug("no association from {}: {}", transport.remoteAddress(), e.getMessage());
            return;
        }
        if (signal == null
                || signal.what() != Indication.ASSOCIATE
                || !(signal.pdu() instanceof Pdu.AssociateRequest request)) {
            return;
        }
        InetSocketAddress address = transport.remoteAddress();
        String calling = AeTitles.printable(request.callingAeTitle());
        String called = AeTitles.printable(request.calledAeTitle());
        RejectReason reason = judge(request);
        AssociationPeer peer = new AssociationPeer(
                request.callingAeTitle(),
                request.calledAeTitle(),
                address,
                request.userInformation().implementationClassUid());
        List<DimseService> offered = List.of();
        if (reason == null) {
            AssociationAcceptor.Decision decision = decide(peer);
            if (decision instanceof AssociationAcceptor.Accept accept) {
                offered = accept.services();
            } else if (decision instanceof AssociationAcceptor.Reject reject) {
                reason = reject.reason();
            }
        }
        if (reason != null) {
            log.info("association rejected: calling `{}` called `{}` from {}: {}", calling, called, address, reason);
            layer.reject(reason);
            return;
        }
        layer.accept(answer(request, offered));
        if (!layer.established()) {
            return;
        }
        log.info(
                "association accepted: calling `{}` called `{}` from {}, {} of {} presentation contexts",
                calling,
                called,
                address,
                contexts.size(),
                request.presentationContexts().size());
        try {
            serve(layer, peer, request.userInformation().maximumLength());
        } finally {
            log.info("association of `{}` from {} ended after {} requests", calling, address, requests);
        }
    }

    private static @Nullable RejectReason judge(Pdu.AssociateRequest request) {
        if (!request.applicationContextName().equals(Pdu.DICOM_APPLICATION_CONTEXT)) {
            return RejectReason.APPLICATION_CONTEXT_NAME_NOT_SUPPORTED;
        }
        if (!AeTitles.valid(request.callingAeTitle())) {
            return RejectReason.CALLING_AE_TITLE_NOT_RECOGNIZED;
        }
        if (!AeTitles.valid(request.calledAeTitle())) {
            return RejectReason.CALLED_AE_TITLE_NOT_RECOGNIZED;
        }
        return DimseChannel.usable(request.userInformation().maximumLength())
                ? null
                : RejectReason.ACSE_NO_REASON_GIVEN;
    }

    private AssociationAcceptor.Decision decide(AssociationPeer peer) {
        try {
            return acceptor.decide(peer);
        } catch (RuntimeException e) {
            log.error("the decision on an association from {} failed, it is rejected", peer.address(), e);
            return new AssociationAcceptor.Reject(RejectReason.TEMPORARY_CONGESTION);
        }
    }

    // --- negotiation -----------------------------------------------------------------------------------------------

    private Pdu.AssociateAccept answer(Pdu.AssociateRequest request, List<DimseService> offered) {
        List<AnsweredContext> answers = new ArrayList<>();
        for (ProposedContext proposed : request.presentationContexts()) {
            answers.add(answer(proposed, offered));
        }
        return new Pdu.AssociateAccept(
                1,
                request.calledAeTitle(),
                request.callingAeTitle(),
                Pdu.DICOM_APPLICATION_CONTEXT,
                answers,
                userInformation(request.userInformation()));
    }

    private AnsweredContext answer(ProposedContext proposed, List<DimseService> offered) {
        String sopClassUid = proposed.abstractSyntax();
        Optional<DimseService> service =
                offered.stream().filter(s -> s.supports(sopClassUid)).findFirst();
        if (service.isEmpty()) {
            return new AnsweredContext(proposed.id(), AnsweredContext.Result.ABSTRACT_SYNTAX_NOT_SUPPORTED, null);
        }
        Optional<TransferSyntax> chosen = service.get().choose(sopClassUid, proposed.transferSyntaxes());
        if (chosen.isEmpty()) {
            return new AnsweredContext(proposed.id(), AnsweredContext.Result.TRANSFER_SYNTAXES_NOT_SUPPORTED, null);
        }
        services.put(sopClassUid, service.get());
        contexts.put(proposed.id(), new PresentationContext(proposed.id(), sopClassUid, chosen.get()));
        return new AnsweredContext(
                proposed.id(), AnsweredContext.Result.ACCEPTANCE, chosen.get().uid());
    }

    private UserInformation userInformation(UserInformation requested) {
        List<UserItem> items = new ArrayList<>();
        items.add(new UserItem.MaximumLength(options.maxPduLengthBytes()));
        items.add(new UserItem.ImplementationClassUid(DicomWriter.IMPLEMENTATION_CLASS_UID));
        if (requested.first(UserItem.AsynchronousOperationsWindow.class).isPresent()) {
            items.add(new UserItem.AsynchronousOperationsWindow(1, 1));
        }
        Set<String> answered = new HashSet<>();
        requested.all(UserItem.RoleSelection.class).forEach(role -> {
            // The requestor may be the user of what is served here, never its provider.
            if (services.containsKey(role.sopClassUid()) && answered.add(role.sopClassUid())) {
                items.add(new UserItem.RoleSelection(role.sopClassUid(), role.scu(), false));
            }
        });
        items.add(new UserItem.ImplementationVersionName(DicomWriter.IMPLEMENTATION_VERSION_NAME));
        Set<String> negotiated = new HashSet<>();
        requested.all(UserItem.ExtendedNegotiation.class).forEach(extended -> {
            DimseService service = services.get(extended.sopClassUid());
            if (service != null && negotiated.add(extended.sopClassUid())) {
                byte @Nullable [] information = service.negotiate(extended.sopClassUid(), extended.information());
                if (information != null) {
                    items.add(new UserItem.ExtendedNegotiation(extended.sopClassUid(), information));
                }
            }
        });
        return new UserInformation(items);
    }

    // --- service ---------------------------------------------------------------------------------------------------

    private void serve(UpperLayer layer, AssociationPeer peer, long peerMaxLengthBytes) throws IOException {
        DimseChannel channel =
                new DimseChannel(layer, contexts, peerMaxLengthBytes, options.idleTimeout(), options.maxDatasetBytes());
        while (true) {
            DimseChannel.Message message = channel.receive(options.idleTimeout(), stopping);
            if (message == null) {
                if (layer.state() == UpperLayerState.AWAITING_RELEASE_RESPONSE) {
                    layer.respondToRelease();
                } else {
                    log.info("association with {} aborted: the server stops", peer.address());
                    layer.abort();
                }
                return;
            }
            int field = Commands.field(message.command());
            if (field == Commands.C_CANCEL_RQ) {
                // Nothing here runs while another request is read, so there is nothing to cancel (PS3.7 section 9.3).
                continue;
            }
            if ((field & Commands.RESPONSE) != 0
                    || Commands.messageId(message.command()).isEmpty()) {
                layer.abort();
                throw new DicomNetworkException(
                        ErrorCode.PROTOCOL_VIOLATION, "a response or a request without message ID was received");
            }
            requests++;
            DimseStatus status = handle(layer, peer, message);
            DimseChannel.DatasetInput dataset = message.dataset();
            if (dataset != null) {
                dataset.drain();
            }
            channel.send(message.context(), Commands.response(message.command(), status), null);
        }
    }

    private DimseStatus handle(UpperLayer layer, AssociationPeer peer, DimseChannel.Message message)
            throws IOException {
        DimseService service = services.get(message.context().abstractSyntax());
        if (service == null) {
            throw new IllegalStateException("an accepted presentation context without its service");
        }
        try {
            return service.handle(new DimseRequest(peer, message.context(), message.command(), message.dataset()));
        } catch (IOException e) {
            if (!layer.established()) {
                throw e;
            }
            log.error("a service failed on its own side, answered as processing failure", e);
        } catch (RuntimeException e) {
            log.error("a service failed, answered as processing failure", e);
        }
        return new DimseStatus(DimseStatus.PROCESSING_FAILURE, "internal error, see the log of the server");
    }
}
