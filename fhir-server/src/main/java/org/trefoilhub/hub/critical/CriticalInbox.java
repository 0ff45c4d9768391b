package org.trefoilhub.hub.critical;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What was written and must be looked at for critical values. A row is written in the transaction of the report and goes
 * when the look has succeeded, so neither a crash nor a failing look loses one.
 */
final class CriticalInbox {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final JdbcClient jdbc;

    CriticalInbox(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A row. */
    record Row(String reference, int attempts) {}

    /** Notes that something must be looked at; joins the transaction of the caller. */
    void add(String reference, Instant now) {
        int known = jdbc.sql("update trefoil.critical_inbox set attempts = 0, next_attempt = ? where reference = ?")
                .param(utc(now))
                .param(reference)
                .update();
        if (known == 0) {
            jdbc.sql("insert into trefoil.critical_inbox (reference, arrived_at, attempts, next_attempt)"
                            + " values (?, ?, 0, ?)")
                    .param(reference)
                    .param(utc(now))
                    .param(utc(now))
                    .update();
        }
    }

    List<Row> due(Instant now) {
        return jdbc.sql("select reference, attempts from trefoil.critical_inbox where next_attempt <= ?"
                        + " order by arrived_at fetch first 100 rows only")
                .param(utc(now))
                .query((row, at) -> new Row(row.getString("reference"), row.getInt("attempts")))
                .list();
    }

    /** Takes a row out unless it was written again since. */
    void done(Row row) {
        jdbc.sql("delete from trefoil.critical_inbox where reference = ? and attempts = ?")
                .param(row.reference())
                .param(row.attempts())
                .update();
    }

    /** Marks a row as being looked at, so that a write in the meantime shows. */
    Row begin(Row row) {
        jdbc.sql("update trefoil.critical_inbox set attempts = ? where reference = ? and attempts = ?")
                .param(row.attempts() + 1)
                .param(row.reference())
                .param(row.attempts())
                .update();
        return new Row(row.reference(), row.attempts() + 1);
    }

    void failed(Row row, Instant now) {
        Duration wait = Duration.ofSeconds(1L << Math.min(row.attempts(), 8));
        jdbc.sql("update trefoil.critical_inbox set next_attempt = ? where reference = ? and attempts = ?")
                .param(utc(now.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait)))
                .param(row.reference())
                .param(row.attempts())
                .update();
    }

    /** Whether a message of another system comes for the first time; joins the transaction of the caller. */
    boolean isNew(String key, Instant now) {
        int known = jdbc.sql("select count(*) from trefoil.critical_feedback where message_key = ?")
                .param(key)
                .query(Integer.class)
                .single();
        if (known > 0) {
            return false;
        }
        try {
            jdbc.sql("insert into trefoil.critical_feedback (message_key, taken_at) values (?, ?)")
                    .param(key)
                    .param(utc(now))
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
