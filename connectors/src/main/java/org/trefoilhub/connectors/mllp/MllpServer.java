package org.trefoilhub.connectors.mllp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for messages and answers each on its connection, in order.
 *
 * <p>One thread for each connection, no more of them than {@link MllpOptions#maxConnections()}. A connection that is
 * silent, slow or sends no frames is closed. Thread-safe.
 */
public final class MllpServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MllpServer.class);
    private static final int BACKLOG = 50;

    private final MllpOptions options;
    private final MessageHandler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "mllp");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable ServerSocket listening;

    /** A server that does not listen yet. */
    public MllpServer(MllpOptions options, MessageHandler handler) {
        this.options = options;
        this.handler = handler;
    }

    /**
     * Binds the port.
     *
     * @throws IOException when it cannot be bound
     */
    public synchronized void start() throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(options.bindAddress(), BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        listening = socket;
        threads.execute(() -> accept(socket));
    }

    /**
     * The address bound.
     *
     * @throws IllegalStateException when it does not listen
     */
    public synchronized InetSocketAddress address() {
        ServerSocket socket = listening;
        if (socket == null) {
            throw new IllegalStateException("the MLLP server does not listen");
        }
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                if (connections.incrementAndGet() > options.maxConnections()) {
                    connections.decrementAndGet();
                    log.warn("an MLLP connection is closed: {} are open", options.maxConnections());
                    closeQuietly(connection);
                    continue;
                }
                open.add(connection);
                threads.execute(() -> {
                    try {
                        serve(connection);
                    } finally {
                        open.remove(connection);
                        closeQuietly(connection);
                        connections.decrementAndGet();
                    }
                });
            } catch (SocketException e) {
                if (!socket.isClosed()) {
                    log.warn("an MLLP connection could not be accepted", e);
                }
            } catch (IOException e) {
                log.warn("an MLLP connection could not be accepted", e);
            }
        }
    }

    private void serve(Socket connection) {
        InetAddress peer = connection.getInetAddress();
        try {
            connection.setTcpNoDelay(true);
            connection.setSoTimeout(Math.toIntExact(options.idleTimeout().toMillis()));
            FrameReader frames = new FrameReader(
                    connection.getInputStream(), options.maxMessageBytes(), options.frameTimeout(), System::nanoTime);
            OutputStream answers = new BufferedOutputStream(connection.getOutputStream());
            Optional<byte[]> message = frames.next();
            while (message.isPresent()) {
                write(answers, handler.handle(message.get(), peer));
                message = frames.next();
            }
        } catch (FrameException e) {
            log.info("an MLLP connection is closed: {}", e.fault());
            handler.broken(e.fault(), peer);
        } catch (SocketTimeoutException e) {
            log.debug("an idle MLLP connection is closed");
        } catch (IOException e) {
            log.info("an MLLP connection broke: {}", e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            log.error("an MLLP connection is closed after a fault of the hub", e);
        }
    }

    static void write(OutputStream stream, byte[] message) throws IOException {
        stream.write(FrameReader.START);
        stream.write(message);
        stream.write(FrameReader.END);
        stream.write(FrameReader.CR);
        stream.flush();
    }

    /**
     * Stops: takes no more connections, lets the messages under way end within the time given, then closes everything.
     *
     * @param grace how long to wait for them
     */
    public void stop(Duration grace) {
        ServerSocket socket;
        synchronized (this) {
            socket = listening;
            listening = null;
        }
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                log.warn("the MLLP port could not be closed", e);
            }
        }
        for (Socket connection : open) {
            try {
                // The message under way is still answered; the next read finds the end.
                connection.shutdownInput();
            } catch (IOException e) {
                log.debug("an MLLP connection was closed already");
            }
        }
        threads.shutdown();
        try {
            if (!threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS) && connections.get() > 0) {
                log.warn("{} MLLP connections did not end in time", connections.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(MllpServer::closeQuietly);
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("an MLLP connection could not be closed", e);
        }
    }
}
