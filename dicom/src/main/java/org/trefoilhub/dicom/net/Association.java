package org.trefoilhub.dicom.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicom.net.DimseChannel.DatasetSource;
import org.trefoilhub.dicom.net.UpperLayer.Signal;
import org.trefoilhub.dicom.net.UpperLayerEffects.Indication;
import org.trefoilhub.dicom.net.pdu.Pdu;
import org.trefoilhub.dicom.net.pdu.Pdu.AnsweredContext;
import org.trefoilhub.dicom.net.pdu.UserInformation;
import org.trefoilhub.dicom.net.pdu.UserItem;

/**
 * An association this side opened, to use the services of a peer (SCU).
 *
 * <p>One request at a time; each method returns when the peer has answered. After a {@link DicomNetworkException} the
 * association is closed and further calls throw the same.
 *
 * <p>Thread-safety: one thread at a time.
 *
 * <p>Spec: DICOM PS3.8 section 9, PS3.7 sections 9.1.1 (C-STORE) and 9.1.5 (C-ECHO).
 */
public final class Association implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(Association.class);

    private static final Duration ARTIM = Duration.ofSeconds(5);
    private static final long MAX_DATASET_BYTES = 16L << 30;
    private static final int MAX_MESSAGE_ID = 0xFFFF;

    private final UpperLayer layer;
    private final DimseChannel channel;
    private final Duration responseTimeout;
    private final Map<Integer, PresentationContext> contexts;
    private int lastMessageId;

    private Association(
            UpperLayer layer,
            DimseChannel channel,
            Duration responseTimeout,
            Map<Integer, PresentationContext> contexts) {
        this.layer = layer;
        this.channel = channel;
        this.responseTimeout = responseTimeout;
        this.contexts = contexts;
    }

    /**
     * Connects and negotiates.
     *
     * @return the association established, even when the peer accepted none of the presentation contexts
     * @throws DicomNetworkException CONNECT_FAILED, ASSOCIATION_REJECTED, ABORTED_BY_PEER, TIMED_OUT,
     *     CONNECTION_LOST or PROTOCOL_VIOLATION
     */
    public static Association open(AssociationRequest request) throws IOException {
        UpperLayer layer = UpperLayer.requestor(
                request.address(),
                request.connectTimeout(),
                ARTIM,
                request.responseTimeout(),
                request.maxPduLengthBytes());
        boolean opened = false;
        try {
            layer.associate(associateRequest(request));
            Signal signal = layer.next(request.responseTimeout(), null);
            if (signal == null) {
                throw new IllegalStateException("an unstoppable wait was stopped");
            }
            if (signal.pdu() instanceof Pdu.AssociateReject reject) {
                throw new DicomNetworkException(
                        ErrorCode.ASSOCIATION_REJECTED,
                        "the peer rejected the association, result " + reject.result() + " source " + reject.source()
                                + " reason " + reject.reason(),
                        reject,
                        null);
            }
            if (signal.what() != Indication.ASSOCIATE_ACCEPTED
                    || !(signal.pdu() instanceof Pdu.AssociateAccept accept)) {
                throw UpperLayer.ended(signal, layer.failure());
            }
            long peerMaxLengthBytes = accept.userInformation().maximumLength();
            if (!DimseChannel.usable(peerMaxLengthBytes)) {
                layer.abort();
                throw new DicomNetworkException(
                        ErrorCode.PROTOCOL_VIOLATION,
                        "the peer takes PDUs of " + peerMaxLengthBytes + " bytes at most, which holds nothing");
            }
            Map<Integer, PresentationContext> contexts = contexts(layer, request, accept);
            DimseChannel channel =
                    new DimseChannel(layer, contexts, peerMaxLengthBytes, request.responseTimeout(), MAX_DATASET_BYTES);
            opened = true;
            return new Association(layer, channel, request.responseTimeout(), contexts);
        } finally {
            if (!opened) {
                layer.awaitClose();
            }
        }
    }

    private static Pdu.AssociateRequest associateRequest(AssociationRequest request) {
        List<Pdu.ProposedContext> proposed = new ArrayList<>();
        for (AssociationRequest.Proposal proposal : request.proposals()) {
            proposed.add(new Pdu.ProposedContext(
                    2 * proposed.size() + 1,
                    proposal.abstractSyntax(),
                    proposal.transferSyntaxes().stream()
                            .map(TransferSyntax::uid)
                            .toList()));
        }
        return new Pdu.AssociateRequest(
                1,
                request.calledAeTitle(),
                request.callingAeTitle(),
                Pdu.DICOM_APPLICATION_CONTEXT,
                proposed,
                new UserInformation(List.of(
                        new UserItem.MaximumLength(request.maxPduLengthBytes()),
                        new UserItem.ImplementationClassUid(DicomWriter.IMPLEMENTATION_CLASS_UID),
                        new UserItem.ImplementationVersionName(DicomWriter.IMPLEMENTATION_VERSION_NAME))));
    }

    private static Map<Integer, PresentationContext> contexts(
            UpperLayer layer, AssociationRequest request, Pdu.AssociateAccept accept) throws IOException {
        Map<Integer, PresentationContext> contexts = new LinkedHashMap<>();
        for (AnsweredContext answer : accept.presentationContexts()) {
            String transferSyntaxUid = answer.transferSyntax();
            if (answer.result() != AnsweredContext.Result.ACCEPTANCE || transferSyntaxUid == null) {
                continue;
            }
            int index = (answer.id() - 1) / 2;
            Optional<TransferSyntax> transferSyntax =
                    index >= request.proposals().size()
                            ? Optional.empty()
                            : request.proposals().get(index).transferSyntaxes().stream()
                                    .filter(syntax -> syntax.uid().equals(transferSyntaxUid))
                                    .findFirst();
            if (transferSyntax.isEmpty()) {
                layer.abort();
                throw new DicomNetworkException(
                        ErrorCode.PROTOCOL_VIOLATION,
                        "the peer accepted for presentation context " + answer.id() + " what was not proposed");
            }
            String abstractSyntax = request.proposals().get(index).abstractSyntax();
            contexts.put(answer.id(), new PresentationContext(answer.id(), abstractSyntax, transferSyntax.get()));
        }
        return contexts;
    }

    /** The presentation contexts the peer accepted, in the order of its answer. */
    public List<PresentationContext> contexts() {
        return List.copyOf(contexts.values());
    }

    /**
     * C-ECHO.
     *
     * @throws DicomNetworkException NO_PRESENTATION_CONTEXT when verification was not negotiated; otherwise as the
     *     association breaks
     */
    public DimseStatus echo() throws IOException {
        PresentationContext context = contexts.values().stream()
                .filter(c -> c.abstractSyntax().equals(VerificationScp.SOP_CLASS_UID))
                .findFirst()
                .orElseThrow(() -> noContext(VerificationScp.SOP_CLASS_UID));
        int messageId = nextMessageId();
        return exchange(context, Commands.echoRequest(messageId, VerificationScp.SOP_CLASS_UID), messageId, null);
    }

    /**
     * C-STORE of a file.
     *
     * <p>When its transfer syntax was accepted the data set goes out byte for byte, straight from the file. Otherwise
     * an uncompressed data set is re-encoded into an accepted uncompressed syntax; compressed pixels are never touched.
     *
     * @throws DicomNetworkException NO_PRESENTATION_CONTEXT when no accepted context can carry the file (the association
     *     stays usable); otherwise as the association breaks
     * @throws org.trefoilhub.dicom.io.DicomFormatException when the file is not DICOM
     */
    public DimseStatus store(Path file) throws IOException {
        DicomFile head = DicomReader.read(file, ReadOptions.DEFAULT.withStopTag(Tag.PixelData));
        String sopClassUid = uid(head, Tag.MediaStorageSOPClassUID, Tag.SOPClassUID);
        String sopInstanceUid = uid(head, Tag.MediaStorageSOPInstanceUID, Tag.SOPInstanceUID);
        Optional<PresentationContext> same = context(sopClassUid, head.transferSyntax());
        if (same.isPresent()) {
            return store(same.get(), sopClassUid, sopInstanceUid, out -> {
                try (InputStream in = Files.newInputStream(file)) {
                    in.skipNBytes(head.datasetOffset());
                    in.transferTo(out);
                }
            });
        }
        PresentationContext other = contexts.values().stream()
                .filter(c -> c.abstractSyntax().equals(sopClassUid))
                .filter(c -> !c.transferSyntax().encapsulated()
                        && !head.transferSyntax().encapsulated())
                .findFirst()
                .orElseThrow(() -> noContext(sopClassUid));
        DicomFile whole = DicomReader.read(file, ReadOptions.DEFAULT);
        return store(
                other,
                sopClassUid,
                sopInstanceUid,
                out -> DicomWriter.writeDataset(out, whole.dataset(), other.transferSyntax(), file));
    }

    /**
     * C-STORE of a data set that is already in the transfer syntax of an accepted context.
     *
     * @param dataset without file meta information; read to its end, not closed
     * @throws DicomNetworkException NO_PRESENTATION_CONTEXT when the pair was not accepted; otherwise as the
     *     association breaks
     */
    public DimseStatus store(
            String sopClassUid, String sopInstanceUid, TransferSyntax transferSyntax, InputStream dataset)
            throws IOException {
        PresentationContext context = context(sopClassUid, transferSyntax).orElseThrow(() -> noContext(sopClassUid));
        return store(context, sopClassUid, sopInstanceUid, dataset::transferTo);
    }

    private DimseStatus store(
            PresentationContext context, String sopClassUid, String sopInstanceUid, DatasetSource dataset)
            throws IOException {
        int messageId = nextMessageId();
        return exchange(context, Commands.storeRequest(messageId, sopClassUid, sopInstanceUid), messageId, dataset);
    }

    private static String uid(DicomFile file, int metaTag, int tag) throws IOException {
        String uid = file.fileMeta().string(metaTag);
        if (uid == null) {
            uid = file.dataset().string(tag);
        }
        if (uid == null) {
            throw new org.trefoilhub.dicom.io.DicomFormatException(
                    ErrorCode.NOT_DICOM, tag, -1, "a UID without which nothing is stored is missing");
        }
        return uid;
    }

    private Optional<PresentationContext> context(String sopClassUid, TransferSyntax transferSyntax) {
        return contexts.values().stream()
                .filter(c -> c.abstractSyntax().equals(sopClassUid)
                        && c.transferSyntax().uid().equals(transferSyntax.uid()))
                .findFirst();
    }

    private static DicomNetworkException noContext(String sopClassUid) {
        return new DicomNetworkException(
                ErrorCode.NO_PRESENTATION_CONTEXT, "no presentation context was accepted for `" + sopClassUid + "`");
    }

    private int nextMessageId() {
        lastMessageId = lastMessageId % MAX_MESSAGE_ID + 1;
        return lastMessageId;
    }

    private DimseStatus exchange(
            PresentationContext context, DicomDataset command, int messageId, @Nullable DatasetSource dataset)
            throws IOException {
        boolean done = false;
        try {
            channel.send(context, command, dataset);
            DimseChannel.Message answer = channel.receive(responseTimeout, null);
            if (answer == null) {
                throw new DicomNetworkException(
                        ErrorCode.RELEASED_BY_PEER, "the peer released the association instead of answering");
            }
            int answered =
                    answer.command().integer(Tag.MessageIDBeingRespondedTo).orElse(-1);
            if (Commands.field(answer.command()) != (Commands.field(command) | Commands.RESPONSE)
                    || answered != messageId
                    || answer.dataset() != null) {
                throw new DicomNetworkException(
                        ErrorCode.PROTOCOL_VIOLATION, "the peer sent something else than the answer awaited");
            }
            done = true;
            return Commands.status(answer.command());
        } finally {
            if (!done) {
                // Half a message may be out: nothing more can be said on this association.
                abort();
            }
        }
    }

    /**
     * Releases the association in order and closes the connection. Does nothing when it is closed already.
     *
     * @throws DicomNetworkException when the peer breaks off instead of confirming; the connection is closed then too
     */
    public void release() throws IOException {
        if (!layer.established()) {
            layer.awaitClose();
            return;
        }
        try {
            layer.release();
            while (true) {
                Signal signal = layer.next(responseTimeout, null);
                if (signal == null) {
                    throw new IllegalStateException("an unstoppable wait was stopped");
                }
                switch (signal.what()) {
                    case RELEASE_CONFIRMED -> {
                        return;
                    }
                    // Both sides asked at once (PS3.8 section 9.2.2.1, release collision).
                    case RELEASE -> layer.respondToRelease();
                    case DATA -> log.debug("a late message before the release was confirmed is dropped");
                    default -> throw UpperLayer.ended(signal, layer.failure());
                }
            }
        } finally {
            layer.awaitClose();
        }
    }

    /** Aborts the association and closes the connection. Does nothing when it is closed already. */
    public void abort() {
        try {
            layer.abort();
        } catch (IOException e) {
            log.debug("an association could not be aborted in order", e);
        } finally {
            layer.awaitClose();
        }
    }

    /** {@link #release()}, and {@link #abort()} when that fails. */
    @Override
    public void close() {
        try {
            release();
        } catch (IOException e) {
            log.debug("an association could not be released in order", e);
            abort();
        }
    }
}
