package org.trefoilhub.dicom.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.net.pdu.Pdu;
import org.trefoilhub.dicom.net.pdu.PduDecoder;
import org.trefoilhub.dicom.net.pdu.PduEncoder;
import org.trefoilhub.dicom.net.pdu.PduFormatException;

/**
 * The DICOM upper layer service of one connection: takes request primitives from its user, hands out indications, and
 * between them walks the state table.
 *
 * <p>There is no thread of its own. {@link #next} reads PDUs on the caller's thread until there is something to tell
 * it; the ARTIM timer is the deadline of those reads.
 *
 * <p>Thread-safety: one thread; {@link #shutDown()} and {@link #wakeUp()} from any.
 *
 * <p>Spec: DICOM PS3.8 section 9.2.
 */
final class UpperLayer implements UpperLayerEffects {

    /** What {@link #next} tells: an indication or confirmation, and the PDU that carried it, if one did. */
    record Signal(Indication what, @Nullable Pdu pdu) {}

    private static final Logger log = LoggerFactory.getLogger(UpperLayer.class);

    /** Enough for 128 presentation contexts that each propose every transfer syntax there is. */
    static final int MAX_ASSOCIATE_PDU_BYTES = 1 << 20;

    /** A body is read in steps of this size at first, so that a length alone allocates nothing. */
    private static final int INITIAL_BODY_BYTES = 16 * 1024;

    private final Duration artimTimeout;
    private final Duration pduTimeout;
    private final int maxPduLengthBytes;
    private final boolean requestor;
    private final Function<Pdu.AssociateRequest, @Nullable RejectReason> providerCheck;
    private final @Nullable InetSocketAddress connectTo;
    private final Duration connectTimeout;

    private volatile @Nullable Transport transport;
    private UpperLayerState state = UpperLayerState.IDLE;
    private final Deque<Signal> signals = new ArrayDeque<>();
    private final ByteBuffer header = ByteBuffer.allocate(PduDecoder.HEADER_BYTES);

    private boolean artimRunning;
    private long artimDeadline;
    private @Nullable Pdu received;
    private @Nullable Pdu sending;
    private @Nullable ByteBuffer sendingData;
    private int abortReason;
    // INVARIANT: once true, PDU boundaries are lost and whatever still arrives is thrown away.
    private boolean desynchronized;
    private @Nullable IOException transportFailure;

    private UpperLayer(
            boolean requestor,
            @Nullable Transport transport,
            @Nullable InetSocketAddress connectTo,
            Duration connectTimeout,
            Duration artimTimeout,
            Duration pduTimeout,
            int maxPduLengthBytes,
            Function<Pdu.AssociateRequest, @Nullable RejectReason> providerCheck) {
        this.requestor = requestor;
        this.transport = transport;
        this.connectTo = connectTo;
        this.connectTimeout = connectTimeout;
        this.artimTimeout = artimTimeout;
        this.pduTimeout = pduTimeout;
        this.maxPduLengthBytes = maxPduLengthBytes;
        this.providerCheck = providerCheck;
    }

    /** The acceptor's side of a connection that is open already: Sta2 when this returns. */
    static UpperLayer acceptor(
            Transport transport,
            Duration artimTimeout,
            Duration pduTimeout,
            int maxPduLengthBytes,
            Function<Pdu.AssociateRequest, @Nullable RejectReason> providerCheck)
            throws IOException {
        UpperLayer layer = new UpperLayer(
                false, transport, null, Duration.ZERO, artimTimeout, pduTimeout, maxPduLengthBytes, providerCheck);
        layer.fire(UpperLayerEvent.TRANSPORT_INDICATION);
        return layer;
    }

    /** The requestor's side, not connected yet: Sta1 when this returns. */
    static UpperLayer requestor(
            InetSocketAddress address,
            Duration connectTimeout,
            Duration artimTimeout,
            Duration pduTimeout,
            int maxPduLengthBytes) {
        return new UpperLayer(
                true, null, address, connectTimeout, artimTimeout, pduTimeout, maxPduLengthBytes, request -> null);
    }

    UpperLayerState state() {
        return state;
    }

    boolean established() {
        return state == UpperLayerState.ESTABLISHED;
    }

    /** The peer's end, once there is a connection. */
    InetSocketAddress remoteAddress() {
        return transport().remoteAddress();
    }

    // --- request and response primitives ---------------------------------------------------------------------------

    /** A-ASSOCIATE request: connects and sends A-ASSOCIATE-RQ. */
    void associate(Pdu.AssociateRequest request) throws IOException {
        fire(UpperLayerEvent.ASSOCIATE_REQUEST);
        sending = request;
        fire(UpperLayerEvent.TRANSPORT_CONFIRM);
    }

    void accept(Pdu.AssociateAccept accept) throws IOException {
        sending = accept;
        fire(UpperLayerEvent.ASSOCIATE_ACCEPT_RESPONSE);
    }

    void reject(RejectReason reason) throws IOException {
        sending = reason.pdu();
        fire(UpperLayerEvent.ASSOCIATE_REJECT_RESPONSE);
    }

    /** P-DATA request: the whole P-DATA-TF PDU, header included. */
    void data(ByteBuffer pdu) throws IOException {
        sendingData = pdu;
        fire(UpperLayerEvent.DATA_REQUEST);
    }

    void release() throws IOException {
        fire(UpperLayerEvent.RELEASE_REQUEST);
    }

    void respondToRelease() throws IOException {
        fire(UpperLayerEvent.RELEASE_RESPONSE);
    }

    /** A-ABORT request, in any state: does nothing when there is no association to abort. */
    void abort() throws IOException {
        switch (state) {
            case IDLE, AWAITING_ASSOCIATE_RQ, AWAITING_CLOSE -> log.trace("nothing to abort in {}", state);
            default -> fire(UpperLayerEvent.ABORT_REQUEST);
        }
    }

    /** Lets the peer close the connection, for as long as ARTIM runs; then closes it. */
    void awaitClose() {
        try {
            while (state == UpperLayerState.AWAITING_CLOSE) {
                receive(System.nanoTime(), null);
            }
        } catch (IOException e) {
            log.debug("connection failed while it was closing", e);
        } finally {
            shutDown();
        }
    }

    /** Closes the connection without a word, from any thread. */
    void shutDown() {
        close();
    }

    /** Makes a stoppable wait look at its condition. */
    void wakeUp() {
        Transport current = transport;
        if (current != null) {
            current.wakeUp();
        }
    }

    // --- indications -----------------------------------------------------------------------------------------------

    /**
     * The next indication; reads PDUs until there is one.
     *
     * @param wait how long the peer may be silent; a PDU that has begun may take the PDU timeout on top
     * @param stop looked at when woken up between PDUs: when true the answer is null; null = not stoppable
     * @throws DicomNetworkException TIMED_OUT after the wait, with the association aborted
     */
    @Nullable
    Signal next(Duration wait, @Nullable BooleanSupplier stop) throws IOException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (signals.isEmpty()) {
            if (state == UpperLayerState.IDLE || state == UpperLayerState.AWAITING_CLOSE) {
                throw new DicomNetworkException(
                        ErrorCode.CONNECTION_LOST, "the association is closed", transportFailure);
            }
            if (!receive(deadline, stop)) {
                return null;
            }
        }
        return signals.remove();
    }

    /** An indication that has come already, or whose PDU has begun to; null when the peer said nothing. */
    @Nullable
    Signal poll() throws IOException {
        if (!signals.isEmpty()) {
            return signals.remove();
        }
        if (!established() || !transport().readable()) {
            return null;
        }
        return next(pduTimeout, null);
    }

    /** Why an association ended, as the exception its user gets. */
    static DicomNetworkException ended(Signal signal, @Nullable IOException failure) {
        if (signal.pdu() instanceof Pdu.Abort abort) {
            return new DicomNetworkException(
                    ErrorCode.ABORTED_BY_PEER,
                    "the peer aborted the association, source " + abort.source() + " reason " + abort.reason(),
                    abort,
                    null);
        }
        if (signal.what() == Indication.RELEASE) {
            return new DicomNetworkException(ErrorCode.RELEASED_BY_PEER, "the peer released the association too early");
        }
        if (failure instanceof PduFormatException) {
            return new DicomNetworkException(
                    ErrorCode.PROTOCOL_VIOLATION, "invalid PDU: " + failure.getMessage(), failure);
        }
        if (failure instanceof SocketTimeoutException) {
            return new DicomNetworkException(
                    ErrorCode.TIMED_OUT, "the peer was too slow: " + failure.getMessage(), failure);
        }
        if (signal.pdu() != null) {
            return new DicomNetworkException(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "unexpected PDU of type " + signal.pdu().type(),
                    failure);
        }
        return new DicomNetworkException(ErrorCode.CONNECTION_LOST, "the connection was lost", failure);
    }

    /** The failure behind the last provider abort, if it was one of transport or format. */
    @Nullable
    IOException failure() {
        return transportFailure;
    }

    // --- the machine -----------------------------------------------------------------------------------------------

    private void fire(UpperLayerEvent event) throws IOException {
        UpperLayerAction action = UpperLayerTable.action(event, state);
        UpperLayerState before = state;
        try {
            state = action.perform(this);
        } catch (IOException e) {
            if (before == UpperLayerState.IDLE) {
                throw e;
            }
            // The connection broke under the action: that is Evt17 in the state the action began in.
            transportFailure = e;
            received = null;
            close();
            if (event != UpperLayerEvent.TRANSPORT_CLOSED) {
                fire(UpperLayerEvent.TRANSPORT_CLOSED);
            }
        }
        log.trace("{} in {}: {} -> {}", event.label(), before.label(), action.label(), state.label());
    }

    /** Reads one PDU, or notices that there will be none, and fires what follows; false = stopped. */
    private boolean receive(long deadline, @Nullable BooleanSupplier stop) throws IOException {
        received = null;
        UpperLayerEvent event;
        try {
            Pdu pdu = readPdu(artimRunning ? artimDeadline : deadline, stop);
            if (pdu == null) {
                return false;
            }
            received = pdu;
            event = eventOf(pdu);
            abortReason = Pdu.Abort.UNEXPECTED_PDU;
        } catch (PduFormatException e) {
            log.debug("invalid PDU: {}", e.getMessage());
            transportFailure = e;
            abortReason = e.abortReason();
            event = UpperLayerEvent.INVALID_PDU;
        } catch (SocketTimeoutException e) {
            if (artimRunning) {
                event = UpperLayerEvent.ARTIM_EXPIRED;
            } else {
                abort();
                throw new DicomNetworkException(
                        ErrorCode.TIMED_OUT, "the peer was silent or too slow in " + state.label(), e);
            }
        } catch (IOException e) {
            transportFailure = e;
            close();
            event = UpperLayerEvent.TRANSPORT_CLOSED;
        }
        fire(event);
        return true;
    }

    private static UpperLayerEvent eventOf(Pdu pdu) {
        return switch (pdu.type()) {
            case 0x01 -> UpperLayerEvent.ASSOCIATE_RQ_PDU;
            case 0x02 -> UpperLayerEvent.ASSOCIATE_AC_PDU;
            case 0x03 -> UpperLayerEvent.ASSOCIATE_RJ_PDU;
            case 0x04 -> UpperLayerEvent.DATA_PDU;
            case 0x05 -> UpperLayerEvent.RELEASE_RQ_PDU;
            case 0x06 -> UpperLayerEvent.RELEASE_RP_PDU;
            default -> UpperLayerEvent.ABORT_PDU;
        };
    }

    private @Nullable Pdu readPdu(long deadline, @Nullable BooleanSupplier stop) throws IOException {
        if (desynchronized) {
            discard(deadline);
        }
        header.clear();
        while (header.position() == 0) {
            if (stop != null && stop.getAsBoolean()) {
                return null;
            }
            readSome(header, deadline);
        }
        // From the first byte on the whole PDU has to come within the PDU timeout.
        long pduDeadline = artimRunning ? artimDeadline : System.nanoTime() + pduTimeout.toNanos();
        while (header.hasRemaining()) {
            readSome(header, pduDeadline);
        }
        int type = header.get(0) & 0xFF;
        long length = header.getInt(2) & 0xFFFFFFFFL;
        long limit =
                switch (type) {
                    case 0x01, 0x02 -> MAX_ASSOCIATE_PDU_BYTES;
                    case 0x04 -> maxPduLengthBytes;
                    case 0x03, 0x05, 0x06, 0x07 -> 4;
                    default -> -1;
                };
        if (length > limit) {
            desynchronized = true;
            throw PduDecoder.isKnownType(type)
                    ? PduFormatException.tooLong(type, length, limit)
                    : PduFormatException.unknownType(type);
        }
        ByteBuffer body = ByteBuffer.allocate((int) Math.min(length, INITIAL_BODY_BYTES));
        while (body.position() < length) {
            if (!body.hasRemaining()) {
                byte[] grown = Arrays.copyOf(body.array(), (int) Math.min(length, body.capacity() * 4L));
                body = ByteBuffer.wrap(grown).position(body.position());
            }
            readSome(body, pduDeadline);
        }
        return PduDecoder.decode(type, body.flip());
    }

    private void readSome(ByteBuffer into, long deadline) throws IOException {
        if (transport().read(into, deadline) < 0) {
            throw new java.io.EOFException("the peer closed the connection");
        }
    }

    private void discard(long deadline) throws IOException {
        ByteBuffer waste = ByteBuffer.allocate(INITIAL_BODY_BYTES);
        while (true) {
            if (System.nanoTime() - deadline >= 0) {
                throw new SocketTimeoutException("deadline passed");
            }
            waste.clear();
            readSome(waste, deadline);
        }
    }

    private Transport transport() {
        return Objects.requireNonNull(transport, "no connection");
    }

    // --- effects of the actions ------------------------------------------------------------------------------------

    @Override
    public void connect() throws IOException {
        InetSocketAddress address = Objects.requireNonNull(connectTo, "only a requestor connects");
        try {
            transport = Transport.connect(address, connectTimeout);
        } catch (IOException e) {
            throw new DicomNetworkException(
                    ErrorCode.CONNECT_FAILED,
                    "no connection to " + address.getHostString() + " port " + address.getPort(),
                    e);
        }
    }

    @Override
    public void send(Outgoing what) throws IOException {
        ByteBuffer bytes =
                switch (what) {
                    case ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ ->
                        encoded(Objects.requireNonNull(sending, "nothing to send"));
                    case P_DATA_TF -> Objects.requireNonNull(sendingData, "nothing to send");
                    case RELEASE_RQ -> encoded(new Pdu.ReleaseRequest());
                    case RELEASE_RP -> encoded(new Pdu.ReleaseResponse());
                    case ABORT_BY_USER -> encoded(new Pdu.Abort(Pdu.Abort.SOURCE_USER, 0));
                    case ABORT_BY_PROVIDER -> encoded(new Pdu.Abort(Pdu.Abort.SOURCE_PROVIDER, abortReason));
                };
        // What ends an association is not worth a long wait for a peer that does not read.
        Duration patience = what == Outgoing.P_DATA_TF ? pduTimeout : min(pduTimeout, artimTimeout);
        transport().write(bytes, System.nanoTime() + patience.toNanos());
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static ByteBuffer encoded(Pdu pdu) {
        return ByteBuffer.wrap(PduEncoder.encode(pdu));
    }

    @Override
    public void indicate(Indication what) {
        signals.add(new Signal(what, received));
    }

    @Override
    public void close() {
        Transport current = transport;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                log.debug("closing a connection failed", e);
            }
        }
    }

    @Override
    public void startArtim() {
        artimRunning = true;
        artimDeadline = System.nanoTime() + artimTimeout.toNanos();
    }

    @Override
    public void stopArtim() {
        artimRunning = false;
    }

    @Override
    public boolean acceptableByProvider() {
        if (received instanceof Pdu.AssociateRequest request) {
            RejectReason reason = providerCheck.apply(request);
            if (reason == null) {
                return true;
            }
            sending = reason.pdu();
            return false;
        }
        throw new IllegalStateException("no A-ASSOCIATE-RQ to judge");
    }

    @Override
    public boolean requestor() {
        return requestor;
    }

    @Override
    public boolean abortedByUser() {
        return received instanceof Pdu.Abort abort && abort.source() == Pdu.Abort.SOURCE_USER;
    }
}
