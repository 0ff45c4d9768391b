package org.trefoilhub.connectors.mllp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Sends messages over one connection and waits for each answer. Not thread-safe. */
public final class MllpClient implements AutoCloseable {

    private static final int LARGEST_ANSWER = 1024 * 1024;

    private final Socket socket;
    private final FrameReader answers;

    /**
     * Connects.
     *
     * @param address where the receiver listens
     * @param patience how long to wait for the connection, and for each answer
     * @throws IOException when it cannot be reached
     */
    public MllpClient(InetSocketAddress address, Duration patience) throws IOException {
        socket = new Socket();
        try {
            int milliseconds = Math.toIntExact(patience.toMillis());
            socket.connect(address, milliseconds);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(milliseconds);
            answers = new FrameReader(socket.getInputStream(), LARGEST_ANSWER, patience, System::nanoTime);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends one message.
     *
     * @param message its bytes without a frame
     * @return the answer without its frame
     * @throws IOException when the connection breaks, no answer comes in time, or it is no frame
     */
    public byte[] send(byte[] message) throws IOException {
        MllpServer.write(new BufferedOutputStream(socket.getOutputStream()), message);
        return answers.next().orElseThrow(() -> new FrameException(FrameException.Fault.TRUNCATED));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
