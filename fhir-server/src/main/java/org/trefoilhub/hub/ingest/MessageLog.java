package org.trefoilhub.hub.ingest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.connectors.ingest.RejectedChange;
import org.trefoilhub.connectors.source.IngestErrorCode;

/** What sources have sent, in {@code trefoil.ingest_message}; joins the caller's transaction where there is one. */
public final class MessageLog {

    private static final String COLUMNS = "id, source, control_id, kind, received, state, code, payload, attempts";

    private final JdbcClient jdbc;
    private final Clock clock;

    MessageLog(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A message as it is known. */
    record Row(
            long id,
            String source,
            String controlId,
            String kind,
            Instant received,
            String state,
            @Nullable String code,
            byte[] payload,
            int attempts) {

        /** Whether it is settled: the same message again changes nothing. */
        boolean isSettled() {
            return state.equals("APPLIED") || state.equals("SUPERSEDED") || state.equals("PARKED");
        }
    }

    /** Notes a message before it is looked at closer, or finds that it was sent before. */
    Row begin(String source, String controlId, String kind, byte[] payload) {
        String digest = digest(payload);
        Optional<Row> known = find(source, controlId, digest);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            jdbc.sql("insert into trefoil.ingest_message (source, control_id, digest, kind, received, state, payload,"
                            + " attempts) values (?, ?, ?, ?, ?, 'NEW', ?, 0)")
                    .params(
                            source,
                            cut(controlId, 200),
                            digest,
                            cut(kind, 40),
                            clock.millis(),
                            Base64.getEncoder().encodeToString(payload))
                    .update();
        } catch (DuplicateKeyException e) {
            // The same message on another connection.
            return find(source, controlId, digest).orElseThrow(() -> e);
        }
        return find(source, controlId, digest)
                .orElseThrow(() -> new IllegalStateException("a message that was noted is gone"));
    }

    private Optional<Row> find(String source, String controlId, String digest) {
        return jdbc.sql("select " + COLUMNS
                        + " from trefoil.ingest_message where source = ? and control_id = ? and digest = ?")
                .params(source, cut(controlId, 200), digest)
                .query((row, n) -> row(row))
                .optional();
    }

    private static Row row(java.sql.ResultSet row) throws java.sql.SQLException {
        String payload = row.getString("payload");
        return new Row(
                row.getLong("id"),
                row.getString("source"),
                row.getString("control_id"),
                row.getString("kind"),
                Instant.ofEpochMilli(row.getLong("received")),
                row.getString("state"),
                row.getString("code"),
                payload == null ? new byte[0] : Base64.getDecoder().decode(payload),
                row.getInt("attempts"));
    }

    /** It is applied or superseded; its bytes are no longer needed. */
    void settled(long id, String state) {
        jdbc.sql("update trefoil.ingest_message set state = ?, code = null, reason = null, waits_for = null,"
                        + " payload = null, next_try = null where id = ?")
                .params(state, id)
                .update();
    }

    /** It waits for something. */
    void parked(long id, String waitsFor, Duration until) {
        jdbc.sql("update trefoil.ingest_message set state = 'PARKED', waits_for = ?, attempts = attempts + 1,"
                        + " next_try = ? where id = ?")
                .params(cut(waitsFor, 600), clock.millis() + until.toMillis(), id)
                .update();
    }

    /** It goes to quarantine; what only lacks a translation is tried again. */
    void rejected(long id, IngestErrorCode code, String reason, @Nullable Duration again) {
        jdbc.sql("update trefoil.ingest_message set state = 'REJECTED', code = :code, reason = :reason,"
                        + " attempts = attempts + 1, next_try = :next where id = :id")
                .param("code", code.code())
                .param("reason", cut(reason, 1000))
                .param("next", again == null ? null : clock.millis() + again.toMillis(), java.sql.Types.BIGINT)
                .param("id", id)
                .update();
    }

    /** What is to be tried again now. */
    List<Row> due(int limit) {
        return jdbc.sql("select " + COLUMNS
                        + " from trefoil.ingest_message where state in ('PARKED', 'REJECTED') and next_try <= ?"
                        + " order by id limit ?")
                .params(clock.millis(), limit)
                .query((row, n) -> row(row))
                .list();
    }

    /** What waits for something that has arrived. */
    List<Row> waitingFor(String condition) {
        return jdbc.sql("select " + COLUMNS
                        + " from trefoil.ingest_message where state = 'PARKED' and waits_for = ? order by id")
                .param(cut(condition, 600))
                .query((row, n) -> row(row))
                .list();
    }

    /** The quarantine: what was refused and stays, newest first. */
    public List<RejectedChange> quarantine(int limit) {
        return jdbc.sql("select source, control_id, kind, code, reason, received from trefoil.ingest_message"
                        + " where state = 'REJECTED' order by id desc limit ?")
                .param(limit)
                .query((row, n) -> new RejectedChange(
                        row.getString("source"),
                        row.getString("control_id"),
                        row.getString("kind"),
                        code(row.getString("code")),
                        row.getString("reason"),
                        Instant.ofEpochMilli(row.getLong("received"))))
                .list();
    }

    private static IngestErrorCode code(String text) {
        for (IngestErrorCode code : IngestErrorCode.values()) {
            if (code.code().equals(text)) {
                return code;
            }
        }
        throw new IllegalStateException("the quarantine holds a code that this hub does not know");
    }

    /**
     * Whether something newer than this is stored; if not, notes that this is.
     *
     * @param reference conditional reference
     */
    boolean isSuperseded(String reference, Instant occurred) {
        String key = cut(reference, 600);
        Optional<Long> newest = jdbc.sql("select occurred from trefoil.ingest_version where reference = ?")
                .param(key)
                .query(Long.class)
                .optional();
        if (newest.isEmpty()) {
            jdbc.sql("insert into trefoil.ingest_version (reference, occurred) values (?, ?)")
                    .params(key, occurred.toEpochMilli())
                    .update();
            return false;
        }
        if (newest.get() > occurred.toEpochMilli()) {
            return true;
        }
        jdbc.sql("update trefoil.ingest_version set occurred = ? where reference = ?")
                .params(occurred.toEpochMilli(), key)
                .update();
        return false;
    }

    /** Keeps a key within its column and still different from others. */
    static String cut(String text, int length) {
        if (length < 100) {
            return text.length() <= length ? text : text.substring(0, length);
        }
        return text.length() <= length
                ? text
                : text.substring(0, length - 65) + "#"
                        + digest(text.getBytes(StandardCharsets.UTF_8)).substring(0, 64);
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
