package org.trefoilhub.dicom.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A TCP connection whose reads and writes both have a deadline.
 *
 * <p>Java's blocking sockets know a read timeout only; a peer that stops reading would hold a thread for ever. So the
 * channel is non-blocking and each connection has a selector of its own. Deadlines are values of
 * {@link System#nanoTime()}.
 *
 * <p>Thread-safety: one thread reads and writes; any thread may {@link #close()} or {@link #wakeUp()}.
 */
final class Transport implements Closeable {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final InetSocketAddress remoteAddress;

    private Transport(SocketChannel channel, Selector selector, SelectionKey key, InetSocketAddress remoteAddress) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
        this.remoteAddress = remoteAddress;
    }

    /** Takes over an accepted connection; closes it when that fails. */
    static Transport of(SocketChannel channel) throws IOException {
        Selector selector = null;
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.configureBlocking(false);
            InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
            selector = Selector.open();
            return new Transport(channel, selector, channel.register(selector, 0), remote);
        } catch (IOException e) {
            if (selector != null) {
                selector.close();
            }
            channel.close();
            throw e;
        }
    }

    /** Connects within the timeout. */
    static Transport connect(InetSocketAddress address, Duration timeout) throws IOException {
        if (address.isUnresolved()) {
            throw new java.net.UnknownHostException("host `" + address.getHostString() + "` is not known");
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis())));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return of(channel);
    }

    InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /**
     * Waits for bytes and reads some.
     *
     * @return the number read; -1 at the end of the stream; 0 when {@link #wakeUp()} was called meanwhile
     * @throws SocketTimeoutException when the deadline passed
     */
    int read(ByteBuffer into, long deadlineNanos) throws IOException {
        int count = channel.read(into);
        if (count != 0) {
            return count;
        }
        await(SelectionKey.OP_READ, deadlineNanos);
        count = channel.read(into);
        if (count == 0 && System.nanoTime() - deadlineNanos >= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        return count;
    }

    /**
     * Writes all that remains.
     *
     * @throws SocketTimeoutException when the deadline passed
     */
    void write(ByteBuffer from, long deadlineNanos) throws IOException {
        while (from.hasRemaining()) {
            if (channel.write(from) == 0) {
                await(SelectionKey.OP_WRITE, deadlineNanos);
            }
        }
    }

    /** Whether a read would return at once. */
    boolean readable() throws IOException {
        try {
            key.interestOps(SelectionKey.OP_READ);
            // The ready set of a key that is not selected anew is stale, only the count tells.
            boolean ready = selector.selectNow() > 0;
            selector.selectedKeys().clear();
            return ready;
        } catch (ClosedSelectorException | java.nio.channels.CancelledKeyException e) {
            throw closed(e);
        }
    }

    /** Makes the current or the next wait return early. */
    void wakeUp() {
        selector.wakeup();
    }

    private void await(int operation, long deadlineNanos) throws IOException {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        try {
            key.interestOps(operation);
            selector.select(1 + TimeUnit.NANOSECONDS.toMillis(left));
            selector.selectedKeys().clear();
        } catch (ClosedSelectorException | java.nio.channels.CancelledKeyException e) {
            throw closed(e);
        }
    }

    private static ClosedChannelException closed(RuntimeException cause) {
        ClosedChannelException closed = new ClosedChannelException();
        closed.initCause(cause);
        return closed;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            selector.close();
        }
    }
}
