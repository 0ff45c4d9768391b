package org.trefoilhub.dicomweb.archive.blob;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as files under one root, in 4096 folders named by the first three digits of the id.
 *
 * <p>Layout: {@code root/spool/*.part} for blobs in the making and {@code root/blobs/xyz/xyz….dcm} for durable ones; both
 * must lie in one file system so that a move is atomic. A put flushes the file, moves it, and flushes the folder.
 */
public final class FileSystemBlobStore implements BlobStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileSystemBlobStore.class);
    private static final String SUFFIX = ".dcm";
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path spools;
    private final Path blobs;
    private final SecureRandom random = new SecureRandom();
    private final Set<String> knownFolders = ConcurrentHashMap.newKeySet();

    /**
     * Opens a store, creating its folders if need be.
     *
     * @param root folder of the store; used by one hub only
     * @throws IOException if the folders cannot be made
     */
    public FileSystemBlobStore(Path root) throws IOException {
        this.spools = Files.createDirectories(root.resolve("spool"));
        this.blobs = Files.createDirectories(root.resolve("blobs"));
        syncFolder(root);
    }

    @Override
    public BlobId newId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return new BlobId(HexFormat.of().formatHex(bytes));
    }

    @Override
    public Spool spool() throws IOException {
        return new FileSpool(spools.resolve(newId().value() + ".part"));
    }

    @Override
    public Blob put(BlobId id, Spool spool) throws IOException {
        if (!(spool instanceof FileSpool file)) {
            throw new IllegalArgumentException("the spool belongs to another store");
        }
        file.out.close();
        String sha256 = file.force();
        String folderName = id.value().substring(0, 3);
        Path folder = blobs.resolve(folderName);
        if (!knownFolders.contains(folderName)) {
            Files.createDirectories(folder);
            syncFolder(blobs);
            knownFolders.add(folderName);
        }
        Path target = pathOf(id);
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(id.value());
        }
        Files.move(file.path, target, StandardCopyOption.ATOMIC_MOVE);
        file.put = true;
        syncFolder(folder);
        return new Blob(id, file.length, sha256);
    }

    @Override
    public InputStream openRange(BlobId id, long offset, long lengthBytes) throws IOException {
        FileChannel channel = FileChannel.open(pathOf(id), StandardOpenOption.READ);
        try {
            if (offset < 0 || lengthBytes < 0 || offset > channel.size() - lengthBytes) {
                throw new EOFException("blob " + id + " is shorter than expected");
            }
            channel.position(offset);
            return new RangeInputStream(channel, offset, lengthBytes);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Path localFile(BlobId id) throws IOException {
        Path path = pathOf(id);
        if (!Files.exists(path)) {
            throw new NoSuchFileException(id.value());
        }
        return path;
    }

    @Override
    public boolean delete(BlobId id) throws IOException {
        return Files.deleteIfExists(pathOf(id));
    }

    @Override
    public void forEachOlderThan(Instant instant, Consumer<BlobId> action) throws IOException {
        FileTime limit = FileTime.from(instant);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(blobs)) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                    for (Path file : files) {
                        String name = file.getFileName().toString();
                        if (name.length() == 32 + SUFFIX.length()
                                && Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                            action.accept(new BlobId(name.substring(0, 32)));
                        }
                    }
                }
            }
        }
    }

    @Override
    public int sweepSpools(Instant instant) throws IOException {
        FileTime limit = FileTime.from(instant);
        int swept = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(spools, "*.part")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).compareTo(limit) < 0 && Files.deleteIfExists(file)) {
                    swept++;
                }
            }
        }
        return swept;
    }

    private Path pathOf(BlobId id) {
        return blobs.resolve(id.value().substring(0, 3)).resolve(id.value() + SUFFIX);
    }

    private static void syncFolder(Path folder) throws IOException {
        if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return; // a folder cannot be opened there, and the file system journals its entries by itself
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** A file under {@code spool/} that is hashed while it is written. */
    private static final class FileSpool implements Spool {
        private final Path path;
        private final FileChannel channel;
        private final MessageDigest digest = sha256();
        private final OutputStream out;
        private long length;
        private boolean put;
        private @Nullable String hash;

        FileSpool(Path path) throws IOException {
            this.path = path;
            this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            this.out = new BufferedOutputStream(new ChannelOut(), BUFFER_BYTES);
        }

        @Override
        public OutputStream out() {
            return out;
        }

        @Override
        public Path file() {
            return path;
        }

        @Override
        public long lengthBytes() {
            return length;
        }

        String force() throws IOException {
            try (FileChannel again = FileChannel.open(path, StandardOpenOption.WRITE)) {
                again.force(true);
            }
            String result = hash;
            if (result == null) {
                result = HexFormat.of().formatHex(digest.digest());
                hash = result;
            }
            return result;
        }

        @Override
        public void close() throws IOException {
            try {
                channel.close();
            } finally {
                if (!put && !Files.deleteIfExists(path)) {
                    LOG.debug("spool {} was gone already", path.getFileName());
                }
            }
        }

        /** Writes through to the file; closing it closes the file for writing. */
        private final class ChannelOut extends OutputStream {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                digest.update(bytes, offset, count);
                length += count;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    /** A part of a file that can send itself to another stream. */
    private static final class RangeInputStream extends InputStream {
        private final FileChannel channel;
        private long position;
        private long remaining;

        RangeInputStream(FileChannel channel, long offset, long lengthBytes) {
            this.channel = channel;
            this.position = offset;
            this.remaining = lengthBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (remaining == 0) {
                return -1;
            }
            int read = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(count, remaining)), position);
            if (read < 0) {
                throw new EOFException("the blob was cut short while it was read");
            }
            position += read;
            remaining -= read;
            return read;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.max(0, Math.min(count, remaining));
            position += skipped;
            remaining -= skipped;
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(remaining, Integer.MAX_VALUE);
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, remaining))];
            long sent = 0;
            int read;
            while ((read = read(buffer, 0, buffer.length)) > 0) {
                out.write(buffer, 0, read);
                sent += read;
            }
            return sent;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
