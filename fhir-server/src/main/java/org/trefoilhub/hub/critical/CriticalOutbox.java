package org.trefoilhub.hub.critical;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.hl7.fhir.r4.model.Task;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the HIS must be told of critical values (CRIT-8). A row is written in the transaction of the step and waits until
 * the other side has acknowledged it; attempts grow apart up to five minutes and never end.
 */
public final class CriticalOutbox {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final JdbcClient jdbc;

    CriticalOutbox(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One message.
     *
     * @param id number of the message, the same in every attempt
     * @param task reference of the case, such as {@code Task/12}; everything else is in it
     * @param event step that is told: {@code notified}, {@code false-positive} or {@code self-handled}
     * @param attempts attempts so far
     */
    public record Message(long id, String task, String event, int attempts) {}

    void add(Task task, CriticalStep event, Instant now) {
        jdbc.sql("insert into trefoil.critical_outbox (task, event, created_at, attempts, next_attempt)"
                        + " values (?, ?, ?, 0, ?)")
                .param(Words.reference(task))
                .param(event.code())
                .param(CriticalInbox.utc(now))
                .param(CriticalInbox.utc(now))
                .update();
    }

    /**
     * The messages to send now, oldest first.
     *
     * @param now the present
     * @return at most 100
     */
    public List<Message> due(Instant now) {
        return jdbc.sql("select id, task, event, attempts from trefoil.critical_outbox"
                        + " where acknowledged_at is null and next_attempt <= ? order by id fetch first 100 rows only")
                .param(CriticalInbox.utc(now))
                .query((row, at) -> new Message(
                        row.getLong("id"), row.getString("task"), row.getString("event"), row.getInt("attempts")))
                .list();
    }

    /**
     * The other side has taken a message.
     *
     * @param message the message
     * @param now the present
     */
    public void acknowledged(Message message, Instant now) {
        jdbc.sql("update trefoil.critical_outbox set acknowledged_at = ?, attempts = attempts + 1, last_error = null"
                        + " where id = ?")
                .param(CriticalInbox.utc(now))
                .param(message.id())
                .update();
    }

    /**
     * The other side has not taken a message; it is sent again later.
     *
     * @param message the message
     * @param why a code or a few words without patient data
     * @param now the present
     */
    public void failed(Message message, String why, Instant now) {
        Duration wait = Duration.ofSeconds(5L << Math.min(message.attempts(), 7));
        jdbc.sql("update trefoil.critical_outbox set attempts = attempts + 1, next_attempt = ?, last_error = ?"
                        + " where id = ?")
                .param(CriticalInbox.utc(now.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait)))
                .param(why.length() > 200 ? why.substring(0, 200) : why)
                .param(message.id())
                .update();
    }
}
