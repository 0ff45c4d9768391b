package org.trefoilhub.dicom.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Bytes with a position and a small window of look-ahead: a file (which can be skipped in), a stream or an array.
 *
 * <p>A file is read in windows that start small after each skip and grow while reading goes on, so that walking over many
 * large fragments reads little more than their headers.
 */
abstract class ByteSource implements Closeable {

    static final byte[] EMPTY_AT_END = new byte[0];
    static final int FIRST_WINDOW = 1 << 10;
    static final int LARGEST_WINDOW = 64 << 10;

    // INVARIANT: buffer[next..end) are the bytes from position() on
    byte[] buffer = new byte[LARGEST_WINDOW];
    int next;
    int end;
    private long base;
    private int window = 8 << 10;

    static ByteSource of(Path file) throws IOException {
        return new FileSource(FileChannel.open(file, StandardOpenOption.READ));
    }

    static ByteSource of(InputStream in) {
        return new StreamSource(in);
    }

    static ByteSource of(byte[] bytes) {
        return new ArraySource(bytes);
    }

    /** Offset of the next byte from the start. */
    final long position() {
        return base + next;
    }

    /** Number of bytes in all, or {@code Long.MAX_VALUE} if only the end will tell. */
    abstract long size();

    /** Whether skipped bytes can be found again: whether regions make sense. */
    boolean isFile() {
        return false;
    }

    /** Reads up to that many bytes at the given position, at least one; -1 at the end. */
    abstract int read(long position, byte[] into, int at, int length) throws IOException;

    /** Makes sure that {@code count} bytes are in the buffer; false if the input ends before. */
    final boolean has(int count) throws IOException {
        if (end - next >= count) {
            return true;
        }
        return fill(count);
    }

    boolean fill(int count) throws IOException {
        if (next > 0) {
            System.arraycopy(buffer, next, buffer, 0, end - next);
            base += next;
            end -= next;
            next = 0;
        }
        int goal = Math.min(buffer.length, Math.max(count, window));
        window = Math.min(LARGEST_WINDOW, window * 2);
        while (end < count) {
            int read = read(base + end, buffer, end, goal - end);
            if (read < 0) {
                return false;
            }
            end += read;
        }
        return true;
    }

    final int unsignedShort(int ahead, boolean bigEndian) {
        int first = buffer[next + ahead] & 0xFF;
        int second = buffer[next + ahead + 1] & 0xFF;
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    final int integer(int ahead, boolean bigEndian) {
        int first = unsignedShort(ahead, bigEndian);
        int second = unsignedShort(ahead + 2, bigEndian);
        return bigEndian ? first << 16 | second : second << 16 | first;
    }

    final int unsignedByte(int ahead) {
        return buffer[next + ahead] & 0xFF;
    }

    /** Skips that many bytes; false if the input ends before. */
    boolean skip(long count) throws IOException {
        if (count <= end - next) {
            next += (int) count;
            return true;
        }
        long left = count - (end - next);
        base += end;
        next = 0;
        end = 0;
        while (left > 0) {
            int read = read(base, buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                return false;
            }
            base += read;
            left -= read;
        }
        return true;
    }

    /** Goes back to a position read before; for sources that can be read again. */
    final void seekBack(long position) {
        base = position;
        next = 0;
        end = 0;
    }

    /** Jumps forward without reading; for sources of known size. */
    final void seek(long position) {
        long inside = position - base;
        if (inside >= next && inside <= end) {
            next = (int) inside;
            return;
        }
        base = position;
        next = 0;
        end = 0;
        window = FIRST_WINDOW;
    }

    /**
     * Reads that many bytes; {@link #EMPTY_AT_END}, to be compared by identity, if the input ends before. Memory grows with what is really there, not with what a
     * length field claims.
     */
    final byte[] readBytes(int count) throws IOException {
        byte[] bytes = new byte[Math.min(count, Math.max(end - next, 1 << 20))];
        int filled = Math.min(count, end - next);
        System.arraycopy(buffer, next, bytes, 0, filled);
        next += filled;
        while (filled < count) {
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(count, bytes.length * 2L));
            }
            if (bytes.length - filled < 512) {
                if (!has(Math.min(bytes.length - filled, 512))) {
                    return EMPTY_AT_END;
                }
                int part = Math.min(bytes.length - filled, end - next);
                System.arraycopy(buffer, next, bytes, filled, part);
                next += part;
                filled += part;
                continue;
            }
            // INVARIANT: the buffer is used up here
            base += next;
            next = 0;
            end = 0;
            int read = read(base, bytes, filled, bytes.length - filled);
            if (read < 0) {
                return EMPTY_AT_END;
            }
            base += read;
            filled += read;
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {}

    private static final class FileSource extends ByteSource {
        private final FileChannel channel;
        private final long size;

        FileSource(FileChannel channel) throws IOException {
            this.channel = channel;
            this.size = channel.size();
        }

        @Override
        long size() {
            return size;
        }

        @Override
        boolean isFile() {
            return true;
        }

        @Override
        boolean skip(long count) {
            if (count > size - position()) {
                return false;
            }
            seek(position() + count);
            return true;
        }

        @Override
        int read(long position, byte[] into, int at, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(into, at, length), position);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class StreamSource extends ByteSource {
        private final InputStream in;

        StreamSource(InputStream in) {
            this.in = in;
        }

        @Override
        long size() {
            return Long.MAX_VALUE;
        }

        @Override
        int read(long position, byte[] into, int at, int length) throws IOException {
            int read = in.read(into, at, length);
            while (read == 0) {
                read = in.read(into, at, length);
            }
            return read;
        }
    }

    private static final class ArraySource extends ByteSource {
        private final int size;

        ArraySource(byte[] bytes) {
            buffer = bytes;
            end = bytes.length;
            size = bytes.length;
        }

        @Override
        long size() {
            return size;
        }

        @Override
        boolean fill(int count) {
            return false; // all there is has been in the buffer from the start, which others share
        }

        @Override
        int read(long position, byte[] into, int at, int length) {
            return -1;
        }
    }
}
