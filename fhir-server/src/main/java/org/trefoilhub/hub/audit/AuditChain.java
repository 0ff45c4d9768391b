package org.trefoilhub.hub.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The chain: the hash at a position covers the hash before it, the position, and every column of the event with the
 * references it is found by. SHA-256; texts carry their length, so that nothing can move from one column to the next.
 */
final class AuditChain {

    /** The hash before the first position. */
    static final String START = "0".repeat(64);

    private AuditChain() {}

    /**
     * The hash at a position.
     *
     * @param previous hash at the position before, {@link #START} at the first
     * @param position 1 for the first
     * @param row the event
     * @return 64 hexadecimal digits
     */
    static String hash(String previous, long position, AuditRow row) {
        MessageDigest digest = sha256();
        digest.update(HexFormat.of().parseHex(previous));
        number(digest, position);
        number(digest, row.seq());
        number(digest, row.recorded());
        text(digest, row.type());
        text(digest, row.subtype());
        text(digest, row.action());
        text(digest, row.outcome());
        text(digest, row.door());
        text(digest, row.client());
        text(digest, row.user());
        text(digest, row.address());
        text(digest, row.traceId());
        text(digest, row.format());
        text(digest, row.content());
        number(digest, row.entities().size());
        row.entities().forEach(reference -> text(digest, reference));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void number(MessageDigest digest, long value) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    private static void text(MessageDigest digest, @Nullable String value) {
        if (value == null) {
            number(digest, -1);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(digest, bytes.length);
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
