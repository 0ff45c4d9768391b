package org.trefoilhub.dicom.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.net.UpperLayer.Signal;
import org.trefoilhub.dicom.net.UpperLayerEffects.Indication;
import org.trefoilhub.dicom.net.pdu.DataValue;
import org.trefoilhub.dicom.net.pdu.Pdu;
import org.trefoilhub.dicom.net.pdu.PduDecoder;
import org.trefoilhub.dicom.net.pdu.PduEncoder;

/**
 * DIMSE messages on an established association: a command set, and after it perhaps a data set, cut into presentation
 * data values.
 *
 * <p>Whatever the peer does against PS3.7 ends with A-ABORT and a {@link DicomNetworkException}.
 *
 * <p>Thread-safety: one thread. Spec: DICOM PS3.7 section 6.3, PS3.8 annex E.
 */
final class DimseChannel {

    /** A command set is a handful of short fields; PS3.7 has none that comes near this. */
    static final int MAX_COMMAND_BYTES = 16 * 1024;

    /** Largest PDU this side sends when the peer names no limit. */
    private static final int MAX_SENT_PDU_BYTES = 256 * 1024;

    /** A message whose command set is complete; the data set, if any, is still to be read. */
    record Message(PresentationContext context, DicomDataset command, @Nullable DatasetInput dataset) {}

    /** Writes a data set to the wire. */
    @FunctionalInterface
    interface DatasetSource {
        void writeTo(OutputStream out) throws IOException;
    }

    private final UpperLayer layer;
    private final Map<Integer, PresentationContext> contexts;
    private final Duration pduTimeout;
    private final long maxDatasetBytes;
    private final int sentPduBytes;
    private final Deque<DataValue> values = new ArrayDeque<>();

    /**
     * @param peerMaxLengthBytes as the peer's Maximum Length item has it, 0 = no limit
     * @param maxDatasetBytes longest data set taken from the peer
     */
    DimseChannel(
            UpperLayer layer,
            Map<Integer, PresentationContext> contexts,
            long peerMaxLengthBytes,
            Duration pduTimeout,
            long maxDatasetBytes) {
        this.layer = layer;
        this.contexts = contexts;
        this.pduTimeout = pduTimeout;
        this.maxDatasetBytes = maxDatasetBytes;
        this.sentPduBytes =
                (int) (peerMaxLengthBytes == 0 ? MAX_SENT_PDU_BYTES : Math.min(peerMaxLengthBytes, MAX_SENT_PDU_BYTES));
    }

    /** Whether anything can be sent within this Maximum Length: one value of at least two bytes. */
    static boolean usable(long peerMaxLengthBytes) {
        return peerMaxLengthBytes == 0 || peerMaxLengthBytes >= DataValue.OVERHEAD_BYTES + 2;
    }

    // --- receiving -------------------------------------------------------------------------------------------------

    /**
     * The next message.
     *
     * @param wait how long the peer may be silent before it begins
     * @param stop see {@link UpperLayer#next}
     * @return null when stopped, or when the peer asks for release (which is then to be answered)
     */
    @Nullable
    Message receive(Duration wait, @Nullable BooleanSupplier stop) throws IOException {
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        int contextId = -1;
        while (true) {
            if (values.isEmpty()) {
                boolean begun = contextId >= 0;
                Signal signal = layer.next(begun ? pduTimeout : wait, begun ? null : stop);
                if (signal == null) {
                    return null;
                }
                if (signal.what() == Indication.RELEASE) {
                    if (begun) {
                        throw violation("A-RELEASE-RQ inside a command set");
                    }
                    return null;
                }
                addValues(signal);
            }
            DataValue value = values.remove();
            if (!value.command()) {
                throw violation("a data set fragment where a command set was expected");
            }
            if (contextId >= 0 && value.contextId() != contextId) {
                throw violation("a command set that changes its presentation context");
            }
            contextId = value.contextId();
            if (command.size() + value.data().remaining() > MAX_COMMAND_BYTES) {
                layer.abort();
                throw new DicomNetworkException(
                        ErrorCode.LIMIT_EXCEEDED, "a command set of more than " + MAX_COMMAND_BYTES + " bytes");
            }
            byte[] fragment = new byte[value.data().remaining()];
            value.data().get(fragment);
            command.writeBytes(fragment);
            if (value.last()) {
                return message(contextId, command.toByteArray());
            }
        }
    }

    private Message message(int contextId, byte[] commandBytes) throws IOException {
        PresentationContext context = contexts.get(contextId);
        if (context == null) {
            throw violation("a message on presentation context " + contextId + ", which was not accepted");
        }
        DicomDataset command;
        try {
            command = Commands.decode(commandBytes);
        } catch (IOException e) {
            layer.abort();
            throw new DicomNetworkException(ErrorCode.PROTOCOL_VIOLATION, "a command set that cannot be read", e);
        }
        if (Commands.field(command) < 0) {
            throw violation("a command set without a command field");
        }
        return new Message(context, command, Commands.hasDataset(command) ? new DatasetInput(contextId) : null);
    }

    private void addValues(Signal signal) throws IOException {
        if (signal.pdu() instanceof Pdu.PresentationData data && signal.what() == Indication.DATA) {
            values.addAll(data.values());
            return;
        }
        throw UpperLayer.ended(signal, layer.failure());
    }

    private DicomNetworkException violation(String what) throws IOException {
        layer.abort();
        return new DicomNetworkException(ErrorCode.PROTOCOL_VIOLATION, "the peer sent " + what);
    }

    /**
     * The data set of one message, read from the wire as it is consumed. Its end is the last fragment; when the
     * association breaks before that, reading throws and never looks like an end.
     */
    final class DatasetInput extends InputStream {
        private final int contextId;
        private long count;
        private boolean complete;
        private @Nullable IOException broken;
        private @Nullable DataValue current;

        private DatasetInput(int contextId) {
            this.contextId = contextId;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            while (true) {
                DataValue value = current;
                if (value != null && value.data().hasRemaining()) {
                    int read = Math.min(length, value.data().remaining());
                    value.data().get(into, offset, read);
                    return read;
                }
                if (complete || (value != null && value.last())) {
                    complete = true;
                    current = null;
                    return -1;
                }
                advance();
            }
        }

        @Override
        public int available() {
            DataValue value = current;
            return value == null ? 0 : value.data().remaining();
        }

        private void advance() throws IOException {
            if (broken != null) {
                throw new DicomNetworkException(ErrorCode.CONNECTION_LOST, "the data set was broken off", broken);
            }
            try {
                if (values.isEmpty()) {
                    addValues(Objects.requireNonNull(layer.next(pduTimeout, null)));
                }
                DataValue value = values.remove();
                if (value.command() || value.contextId() != contextId) {
                    throw violation("something else before the end of a data set");
                }
                count += value.data().remaining();
                if (count > maxDatasetBytes) {
                    layer.abort();
                    throw new DicomNetworkException(
                            ErrorCode.LIMIT_EXCEEDED, "a data set of more than " + maxDatasetBytes + " bytes");
                }
                current = value;
            } catch (IOException e) {
                broken = e;
                throw e;
            }
        }

        /** Reads on to the end, so that the association can go on with the next message. */
        void drain() throws IOException {
            byte[] waste = new byte[8192];
            while (read(waste, 0, waste.length) >= 0) {
                // Nothing to do with it.
            }
        }

        /** Leaves the association as it is; what is unread is drained by its owner. */
        @Override
        public void close() {
            // Nothing is held.
        }
    }

    // --- sending ---------------------------------------------------------------------------------------------------

    /** Sends a command set, and a data set after it when there is one. */
    void send(PresentationContext context, DicomDataset command, @Nullable DatasetSource dataset) throws IOException {
        try (ValueOutput out = new ValueOutput(context.id(), true)) {
            out.write(Commands.encode(command));
            out.finish();
        }
        if (dataset != null) {
            try (ValueOutput out = new ValueOutput(context.id(), false)) {
                dataset.writeTo(out);
                out.finish();
            }
        }
    }

    /** Cuts what is written into P-DATA-TF PDUs of one value each, as long as the peer allows. */
    private final class ValueOutput extends OutputStream {
        private static final int PREFIX_BYTES = PduDecoder.HEADER_BYTES + DataValue.OVERHEAD_BYTES;

        private final int contextId;
        private final boolean command;
        private final ByteBuffer pdu;

        ValueOutput(int contextId, boolean command) {
            this.contextId = contextId;
            this.command = command;
            // Every fragment has an even length: dcmtk, for one, aborts otherwise.
            int fragmentBytes = (sentPduBytes - DataValue.OVERHEAD_BYTES) & ~1;
            this.pdu = ByteBuffer.allocate(PREFIX_BYTES + fragmentBytes).position(PREFIX_BYTES);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int at = offset;
            int left = length;
            while (left > 0) {
                // A full buffer waits for the next byte: only then is it known not to be the last fragment.
                if (!pdu.hasRemaining()) {
                    flushValue(false);
                }
                int part = Math.min(left, pdu.remaining());
                pdu.put(from, at, part);
                at += part;
                left -= part;
            }
        }

        void finish() throws IOException {
            // Only a deflated data set can end odd; it is then padded with a NUL (PS3.5 section A.5).
            if ((pdu.position() & 1) != 0) {
                pdu.put((byte) 0);
            }
            flushValue(true);
        }

        private void flushValue(boolean last) throws IOException {
            pdu.flip();
            PduEncoder.putDataHeader(pdu, contextId, command, last);
            checkPeer();
            layer.data(pdu);
            if (!layer.established()) {
                Signal signal = Objects.requireNonNull(layer.next(pduTimeout, null));
                throw UpperLayer.ended(signal, layer.failure());
            }
            pdu.clear().position(PREFIX_BYTES);
        }

        private void checkPeer() throws IOException {
            // A peer that answers or aborts before it has everything is heard here, not after gigabytes.
            if (values.isEmpty()) {
                Signal signal = layer.poll();
                if (signal != null) {
                    addValues(signal);
                }
            }
            if (!layer.established()) {
                throw new DicomNetworkException(
                        ErrorCode.CONNECTION_LOST, "the association is closed", layer.failure());
            }
        }
    }
}
