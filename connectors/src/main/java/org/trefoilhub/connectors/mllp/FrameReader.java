package org.trefoilhub.connectors.mllp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Takes frames from a stream: {@code 0x0B} message {@code 0x1C 0x0D}.
 *
 * <p>Line ends between frames are passed over, as many senders write them. Memory grows with what arrives and never beyond
 * the limit. Not thread-safe.
 */
final class FrameReader {

    static final int START = 0x0B;
    static final int END = 0x1C;
    static final int CR = 0x0D;

    private static final int CHUNK = 8 * 1024;

    private final InputStream stream;
    private final int maxBytes;
    private final long frameNanos;
    private final LongSupplier nanoTime;
    private final byte[] chunk = new byte[CHUNK];
    private int position;
    private int limit;

    /**
     * A reader.
     *
     * @param stream whose reads may throw {@link SocketTimeoutException} when nothing comes
     * @param maxBytes largest message
     * @param frameTimeout longest time for a frame; looked at whenever bytes arrive or a read times out
     * @param nanoTime clock of a running time
     */
    FrameReader(InputStream stream, int maxBytes, Duration frameTimeout, LongSupplier nanoTime) {
        this.stream = stream;
        this.maxBytes = maxBytes;
        this.frameNanos = frameTimeout.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * The next message.
     *
     * @return its bytes, or empty when the stream ends between frames
     * @throws FrameException when it is no frame
     * @throws SocketTimeoutException when nothing comes between frames
     */
    Optional<byte[]> next() throws IOException {
        int first = skipLineEnds();
        if (first < 0) {
            return Optional.empty();
        }
        if (first != START) {
            throw new FrameException(FrameException.Fault.NO_START);
        }
        long deadline = nanoTime.getAsLong() + frameNanos;
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (true) {
            int end = position;
            while (end < limit && chunk[end] != END) {
                end++;
            }
            if (message.size() + (end - position) > maxBytes) {
                throw new FrameException(FrameException.Fault.TOO_LARGE);
            }
            message.write(chunk, position, end - position);
            position = end;
            if (position < limit) {
                position++;
                if (read(deadline) != CR) {
                    throw new FrameException(FrameException.Fault.BAD_END);
                }
                return Optional.of(message.toByteArray());
            }
            fill(deadline);
        }
    }

    private int skipLineEnds() throws IOException {
        int skipped = 0;
        while (true) {
            if (position == limit) {
                limit = stream.read(chunk);
                position = 0;
                if (limit <= 0) {
                    limit = 0;
                    return -1;
                }
            }
            int next = chunk[position++] & 0xFF;
            if (next != CR && next != '\n') {
                return next;
            }
            skipped++;
            if (skipped > CHUNK) {
                throw new FrameException(FrameException.Fault.NO_START);
            }
        }
    }

    private int read(long deadline) throws IOException {
        if (position == limit) {
            fill(deadline);
        }
        return chunk[position++] & 0xFF;
    }

    private void fill(long deadline) throws IOException {
        if (nanoTime.getAsLong() - deadline > 0) {
            throw new FrameException(FrameException.Fault.TOO_SLOW);
        }
        try {
            limit = stream.read(chunk);
        } catch (SocketTimeoutException e) {
            FrameException slow = new FrameException(FrameException.Fault.TOO_SLOW);
            slow.initCause(e);
            throw slow;
        }
        position = 0;
        if (limit <= 0) {
            limit = 0;
            throw new FrameException(FrameException.Fault.TRUNCATED);
        }
    }
}
