package org.trefoilhub.hub.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The end of the chain as the hub last saw it, in a file outside the database: whoever cuts off the end of the table, or
 * makes the chain anew, cannot also change this. The line is authenticated by a key beside the file.
 */
final class AuditCheckpoint {

    private static final String MAGIC = "trefoil-audit-1";
    private static final String ALGORITHM = "HmacSHA256";

    private final Path file;
    private final Path key;

    AuditCheckpoint(Path file) {
        this.file = file;
        this.key = file.resolveSibling("key");
    }

    Path file() {
        return file;
    }

    /**
     * The end of the chain that was kept, or empty before the first.
     *
     * @throws AuditTamperedException when the file is not what this hub wrote
     */
    Optional<AuditTable.Head> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String[] parts = Files.readString(file).strip().split(" ");
            if (parts.length != 4 || !parts[0].equals(MAGIC) || !Files.exists(key)) {
                throw new AuditTamperedException("the checkpoint file is damaged or its key is gone");
            }
            String text = MAGIC + " " + parts[1] + " " + parts[2];
            boolean genuine = MessageDigest.isEqual(
                    mac(text).getBytes(StandardCharsets.US_ASCII), parts[3].getBytes(StandardCharsets.US_ASCII));
            if (!genuine) {
                throw new AuditTamperedException("the checkpoint file was changed");
            }
            return Optional.of(new AuditTable.Head(Long.parseLong(parts[1]), parts[2]));
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of the audit cannot be read", e);
        }
    }

    /** Keeps the end of the chain, durably. */
    void write(AuditTable.Head head) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            String text = MAGIC + " " + head.position() + " " + head.hash();
            String line = text + " " + mac(text) + "\n";
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            try (FileChannel channel = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of the audit cannot be written", e);
        }
    }

    private String mac(String text) throws IOException {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private byte[] key() throws IOException {
        if (!Files.exists(key)) {
            byte[] fresh = new byte[32];
            new SecureRandom().nextBytes(fresh);
            Path draft = key.resolveSibling("key.new");
            Files.deleteIfExists(draft);
            if (Files.getFileStore(key.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
                Files.createFile(
                        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(
                    draft, HexFormat.of().formatHex(fresh), StandardOpenOption.CREATE, StandardOpenOption.DSYNC);
            Files.move(draft, key, StandardCopyOption.ATOMIC_MOVE);
        }
        return HexFormat.of().parseHex(Files.readString(key).strip());
    }
}
