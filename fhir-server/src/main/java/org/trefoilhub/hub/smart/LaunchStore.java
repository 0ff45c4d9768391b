package org.trefoilhub.hub.smart;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Launches that wait for their app, in the hub's database; a handle is kept as its SHA-256 and serves once. Thread-safe.
 */
final class LaunchStore {

    private final SecureRandom random = new SecureRandom();
    private final JdbcClient jdbc;
    private final Duration lifetime;
    private final Clock clock;

    LaunchStore(JdbcClient jdbc, Duration lifetime, Clock clock) {
        this.jdbc = jdbc;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** How long a handle can be used. */
    Duration lifetime() {
        return lifetime;
    }

    /**
     * Prepares a launch.
     *
     * @param client id of the app
     * @param user who is going to use it
     * @param context what with
     * @return the handle, 256 random bits
     */
    String prepare(String client, String user, LaunchContext context) {
        Instant now = clock.instant();
        jdbc.sql("delete from trefoil.smart_launch where until_at < :now")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String handle = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        jdbc.sql(
                        """
                        insert into trefoil.smart_launch (hash, client_id, user_name, context, until_at)
                        values (:hash, :client, :user, :context, :until)""")
                .param("hash", Fingerprint.of(handle))
                .param("client", client)
                .param("user", user)
                .param("context", context.toJson())
                .param("until", now.plus(lifetime).atOffset(ZoneOffset.UTC))
                .update();
        return handle;
    }

    /**
     * Uses a handle up.
     *
     * @param handle as the app brought it
     * @param client id of the app that brought it
     * @param user who uses the app
     * @return the context; empty when the handle is unknown, used, too old, or meant for another app or person. A foreign
     *     handle stays as it is
     */
    Optional<LaunchContext> take(String handle, String client, String user) {
        String hash = Fingerprint.of(handle);
        Optional<LaunchContext> context = jdbc.sql(
                        """
                        select context from trefoil.smart_launch
                        where hash = :hash and client_id = :client and user_name = :user and until_at >= :now""")
                .param("hash", hash)
                .param("client", client)
                .param("user", user)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(String.class)
                .optional()
                .map(LaunchContext::ofJson);
        // Whoever deletes the row has it: of two that come at once one gets nothing.
        return context.isPresent()
                        && jdbc.sql("delete from trefoil.smart_launch where hash = :hash")
                                        .param("hash", hash)
                                        .update()
                                == 1
                ? context
                : Optional.empty();
    }
}
