package org.trefoilhub.dicom.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TransportTest {

    private ServerSocket listener;
    private Transport transport;
    private Socket peer;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        transport = Transport.connect(
                new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), Duration.ofSeconds(2));
        peer = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        transport.close();
        peer.close();
        listener.close();
    }

    private static long in(int millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void shouldGiveUpOnAPeerThatDoesNotRead() {
        ByteBuffer much = ByteBuffer.allocate(64 << 20);

        assertThatThrownBy(() -> transport.write(much, in(300))).isInstanceOf(SocketTimeoutException.class);

        assertThat(much.hasRemaining()).isTrue();
    }

    @Test
    void shouldGiveUpOnAPeerThatDoesNotWrite() {
        assertThatThrownBy(() -> transport.read(ByteBuffer.allocate(1), in(100)))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void shouldTellReadableFromReadAlready() throws IOException {
        assertThat(transport.readable()).isFalse();
        peer.getOutputStream().write(new byte[] {1, 2});
        ByteBuffer two = ByteBuffer.allocate(2);
        while (two.hasRemaining()) {
            transport.read(two, in(2000));
        }
        assertThat(transport.readable()).isFalse();
        assertThat(transport.readable()).isFalse();
        peer.close();
        assertThat(transport.read(ByteBuffer.allocate(1), in(2000))).isEqualTo(-1);
        assertThat(transport.readable()).isTrue();
    }

    @Test
    void shouldReturnFromAWaitWhenWokenUp() throws IOException {
        transport.wakeUp();
        assertThat(transport.read(ByteBuffer.allocate(1), in(10_000))).isZero();
    }

    @Test
    void shouldEndAWaitWhenClosedByAnotherThread() throws InterruptedException {
        Thread closer = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(200);
                transport.close();
            } catch (InterruptedException | IOException e) {
                throw new AssertionError(e);
            }
        });
        closer.start();
        assertThatThrownBy(() -> transport.read(ByteBuffer.allocate(1), in(10_000)))
                .isInstanceOf(ClosedChannelException.class);
        closer.join();
    }
}
