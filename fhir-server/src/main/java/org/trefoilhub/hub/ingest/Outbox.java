package org.trefoilhub.hub.ingest;

import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Messages that wait for their receivers, in {@code trefoil.hl7v2_outbox}: put there in the transaction of what they tell
 * of, so that nothing is told that did not happen and nothing that happened is forgotten.
 */
public final class Outbox {

    private final JdbcClient jdbc;
    private final Clock clock;
    private volatile @Nullable Runnable listener;

    Outbox(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** What a message tells. */
    enum Kind {
        /** An exam has reached a state: ORM^O01. */
        STATUS,
        /** A report is out: ORU^R01. */
        REPORT,
        /** A critical value: ORU^R01. */
        CRITICAL;

        /** As Devices of receivers name it. */
        String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A message that waits. */
    record Row(
            long id,
            String receiver,
            Kind kind,
            String reference,
            @Nullable String status,
            Instant occurred,
            @Nullable String payload,
            int attempts) {}

    /** Who is woken when something is put here. */
    void onGrowth(Runnable woken) {
        listener = woken;
    }

    /**
     * Puts a message here as part of the caller's transaction.
     *
     * @param lane what must arrive in order
     */
    void add(String receiver, String lane, Kind kind, String reference, @Nullable String status, Instant occurred) {
        long now = clock.millis();
        jdbc.sql("insert into trefoil.hl7v2_outbox (receiver, lane, kind, reference, status, occurred, created, state,"
                        + " attempts, next_try) values (:receiver, :lane, :kind, :reference, :status, :occurred, :now,"
                        + " 'WAITING', 0, :now)")
                .param("receiver", receiver)
                .param("lane", lane)
                .param("kind", kind.name())
                .param("reference", reference)
                .param("status", status, Types.VARCHAR)
                .param("occurred", occurred.toEpochMilli())
                .param("now", now)
                .update();
        Runnable woken = listener;
        if (woken != null && TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    woken.run();
                }
            });
        }
    }

    /** Receivers for whom something is due. */
    List<String> receivers() {
        return jdbc.sql("select distinct receiver from trefoil.hl7v2_outbox where state = 'WAITING' and next_try <= ?")
                .param(clock.millis())
                .query(String.class)
                .list();
    }

    /** What is due for a receiver, the first of each lane alone. */
    List<Row> due(String receiver, int limit) {
        return jdbc.sql("select id, receiver, kind, reference, status, occurred, payload, attempts"
                        + " from trefoil.hl7v2_outbox o where receiver = ? and state = 'WAITING' and next_try <= ?"
                        + " and not exists (select 1 from trefoil.hl7v2_outbox e where e.receiver = o.receiver"
                        + " and e.lane = o.lane and e.state = 'WAITING' and e.id < o.id) order by id limit ?")
                .params(receiver, clock.millis(), limit)
                .query((row, n) -> new Row(
                        row.getLong("id"),
                        row.getString("receiver"),
                        Kind.valueOf(row.getString("kind")),
                        row.getString("reference"),
                        row.getString("status"),
                        Instant.ofEpochMilli(row.getLong("occurred")),
                        row.getString("payload"),
                        row.getInt("attempts")))
                .list();
    }

    /** Keeps the message as it is sent, so that every try sends the same. */
    void made(long id, String payload) {
        jdbc.sql("update trefoil.hl7v2_outbox set payload = ? where id = ?")
                .params(payload, id)
                .update();
    }

    /** The receiver has accepted it; its text is no longer needed. */
    void delivered(long id) {
        jdbc.sql("update trefoil.hl7v2_outbox set state = 'DELIVERED', payload = null, reason = null, delivered = ?"
                        + " where id = ?")
                .params(clock.millis(), id)
                .update();
    }

    /** It is not for this receiver, or there is nothing left to tell. */
    void withheld(long id, String reason) {
        jdbc.sql("update trefoil.hl7v2_outbox set state = 'WITHHELD', payload = null, reason = ? where id = ?")
                .params(MessageLog.cut(reason, 400), id)
                .update();
    }

    /** It is tried again later. */
    void failed(long id, String reason, Duration pause) {
        jdbc.sql("update trefoil.hl7v2_outbox set attempts = attempts + 1, next_try = ?, reason = ? where id = ?")
                .params(clock.millis() + pause.toMillis(), MessageLog.cut(reason, 400), id)
                .update();
    }

    /** How many messages wait, over all receivers. */
    public long waiting() {
        return jdbc.sql("select count(*) from trefoil.hl7v2_outbox where state = 'WAITING'")
                .query(Long.class)
                .single();
    }
}
