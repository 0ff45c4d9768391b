package org.trefoilhub.hub.smart;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Remembers what may be used once, in the hub's database: a second process and a restart know it too. Thread-safe.
 */
final class OnceStore {

    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final Clock clock;
    private Instant sweptAt = Instant.EPOCH;

    OnceStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Uses something up.
     *
     * @param id what is used, any text
     * @param until when it can no longer be used anyway
     * @return false when it was used before
     */
    boolean use(String id, Instant until) {
        sweep();
        try {
            jdbc.sql("insert into trefoil.smart_once (id, until_at) values (:id, :until)")
                    .param("id", Fingerprint.of(id))
                    .param("until", until.atOffset(ZoneOffset.UTC))
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private synchronized void sweep() {
        Instant now = clock.instant();
        if (now.isBefore(sweptAt.plus(SWEEP_INTERVAL))) {
            return;
        }
        sweptAt = now;
        jdbc.sql("delete from trefoil.smart_once where until_at < :now")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }
}
