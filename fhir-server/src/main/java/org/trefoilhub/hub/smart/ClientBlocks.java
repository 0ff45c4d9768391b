package org.trefoilhub.hub.smart;

import java.sql.ResultSet;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Remembers when a client was shut out, in the hub's database: what it was issued until then stays dead when it comes
 * back. Held in memory too, because every request asks. Thread-safe.
 */
final class ClientBlocks {

    private static final String CLIENT = "client";

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();
    private final Map<String, Boolean> blocked = new ConcurrentHashMap<>();

    ClientBlocks(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        jdbc.sql("select name, blocked, not_before from trefoil.smart_block where kind = :kind")
                .param("kind", CLIENT)
                .query((ResultSet row) -> {
                    blocked.put(row.getString(1), row.getBoolean(2));
                    notBefore.put(
                            row.getString(1),
                            row.getObject(3, OffsetDateTime.class).toInstant());
                });
    }

    /** Whether a token is older than the last time its client was shut out. */
    boolean isDead(String client, @Nullable Instant issuedAt) {
        Instant since = notBefore.get(client);
        return since != null && (issuedAt == null || issuedAt.isBefore(since));
    }

    /**
     * Takes note of how a client stands.
     *
     * @param client client id
     * @param now whether it is shut out now
     * @return true when it was shut out since the last call
     */
    synchronized boolean note(String client, boolean now) {
        boolean before = Boolean.TRUE.equals(blocked.get(client));
        if (before == now) {
            return false;
        }
        Instant since = now ? clock.instant() : notBefore.getOrDefault(client, clock.instant());
        int updated = jdbc.sql(
                        """
                        update trefoil.smart_block set blocked = :blocked, not_before = :since
                        where kind = :kind and name = :name""")
                .param("blocked", now)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .param("kind", CLIENT)
                .param("name", client)
                .update();
        if (updated == 0) {
            jdbc.sql(
                            """
                            insert into trefoil.smart_block (kind, name, blocked, not_before, changed_by)
                            values (:kind, :name, :blocked, :since, 'Device')""")
                    .param("blocked", now)
                    .param("since", since.atOffset(ZoneOffset.UTC))
                    .param("kind", CLIENT)
                    .param("name", client)
                    .update();
        }
        notBefore.put(client, since);
        blocked.put(client, now);
        return now;
    }
}
