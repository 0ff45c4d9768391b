package org.trefoilhub.dicom.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts associations and serves them, each on a thread of its own pool.
 *
 * <p>Bounded: {@link ServerOptions#maxAssociations()} associations at once; a few connections more are let in, only to
 * be told A-ASSOCIATE-RJ (local limit exceeded); beyond those a connection is closed at once.
 *
 * <p>Thread-safety: all methods from any thread. A server is started once.
 */
public final class DicomServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DicomServer.class);

    private static final int CONNECTIONS_BEYOND_ASSOCIATIONS = 16;
    private static final int BACKLOG = 128;
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_ACCEPT_FAILURE = Duration.ofMillis(200);

    private final ServerOptions options;
    private final AssociationAcceptor acceptor;
    private final ExecutorService pool;
    private final AtomicInteger associations = new AtomicInteger();
    private final Set<Transport> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;
    private @Nullable ServerSocketChannel listener;
    private @Nullable Thread listening;

    public DicomServer(ServerOptions options, AssociationAcceptor acceptor) {
        this.options = options;
        this.acceptor = acceptor;
        AtomicInteger number = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                0,
                options.maxAssociations() + CONNECTIONS_BEYOND_ASSOCIATIONS,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> new Thread(task, "dimse-" + number.incrementAndGet()));
    }

    /**
     * Binds the port and begins to accept.
     *
     * @throws IOException when the port cannot be bound
     */
    public synchronized void start() throws IOException {
        if (listener != null || stopping) {
            throw new IllegalStateException("a server is started once");
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(options.bindAddress(), BACKLOG);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        listener = channel;
        listening = new Thread(() -> listen(channel), "dimse-listener");
        listening.start();
        log.info("DIMSE listens on {}", address());
    }

    /**
     * The address bound.
     *
     * @throws IllegalStateException when not started
     */
    public synchronized InetSocketAddress address() {
        ServerSocketChannel channel = listener;
        if (channel == null) {
            throw new IllegalStateException("not started");
        }
        return (InetSocketAddress) channel.socket().getLocalSocketAddress();
    }

    /** Associations now, those in negotiation included. */
    public int associations() {
        return associations.get();
    }

    /**
     * Stops: no new association, requests under way are finished within the grace, idle associations are aborted at
     * once and all others after it. Returns when every thread has ended, or a moment after the grace.
     */
    public void stop(Duration grace) {
        ServerSocketChannel channel;
        synchronized (this) {
            stopping = true;
            channel = listener;
        }
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                log.warn("closing the listener failed", e);
            }
        }
        pool.shutdown();
        connections.forEach(Transport::wakeUp);
        boolean interrupted = false;
        try {
            if (!pool.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("{} connections did not end within the grace, they are cut", connections.size());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        for (Transport connection : connections) {
            try {
                connection.close();
            } catch (IOException e) {
                log.debug("closing a connection failed", e);
            }
        }
        try {
            if (!interrupted && !pool.awaitTermination(5, TimeUnit.SECONDS)) {
                log.error("a DIMSE service did not end after its connection was cut");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop(DEFAULT_GRACE);
    }

    private void listen(ServerSocketChannel channel) {
        while (!stopping) {
            try {
                admit(Transport.of(channel.accept()));
            } catch (IOException e) {
                if (stopping || !channel.isOpen()) {
                    return;
                }
                // Out of file descriptors, most likely: the associations under way will free some.
                log.error("accepting a connection failed", e);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_ACCEPT_FAILURE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(Transport connection) throws IOException {
        connections.add(connection);
        try {
            pool.execute(() -> serve(connection));
        } catch (RejectedExecutionException e) {
            connections.remove(connection);
            connection.close();
            if (!stopping) {
                log.warn("connection from {} closed: too many at once", connection.remoteAddress());
            }
        }
    }

    private void serve(Transport connection) {
        // Counted when the A-ASSOCIATE-RQ is in: silent connections take no place of an association.
        boolean[] counted = {false};
        try {
            new AssociationServant(
                            connection,
                            options,
                            acceptor,
                            request -> {
                                if (stopping) {
                                    return RejectReason.TEMPORARY_CONGESTION;
                                }
                                if (associations.incrementAndGet() > options.maxAssociations()) {
                                    associations.decrementAndGet();
                                    return RejectReason.LOCAL_LIMIT_EXCEEDED;
                                }
                                counted[0] = true;
                                return null;
                            },
                            () -> stopping)
                    .run();
        } catch (RuntimeException e) {
            log.error("an association ended on a failure of its own server", e);
        } finally {
            if (counted[0]) {
                associations.decrementAndGet();
            }
            connections.remove(connection);
            try {
                connection.close();
            } catch (IOException e) {
                log.debug("closing a connection failed", e);
            }
        }
    }
}
