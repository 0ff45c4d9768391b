package org.trefoilhub.hub.smart;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows whether a login session is still in use: it ends a while after its last use and at the latest a while after it
 * began. Kept in memory, because every request asks, and written to the register now and then for a restart. Thread-safe.
 */
final class LoginActivity {

    private static final Duration WRITE_INTERVAL = Duration.ofMinutes(1);
    private static final int MOST_KEPT = 50_000;

    private final LoginRegister register;
    private final Duration idle;
    private final Duration longest;
    private final Clock clock;
    private final Map<String, Use> uses = new ConcurrentHashMap<>();

    /** One session: when it began, when it was used last, and until when that is written. */
    private record Use(Instant startedAt, Instant seenAt, Instant writtenAt) {}

    LoginActivity(LoginRegister register, Duration idle, Duration longest, Clock clock) {
        this.register = register;
        this.idle = idle;
        this.longest = longest;
        this.clock = clock;
    }

    /**
     * Uses a session.
     *
     * @param session id of a login session
     * @return false when it has ended or has been left alone for too long; it is not used then
     */
    boolean use(String session) {
        Instant now = clock.instant();
        Use use = known(session).orElse(null);
        if (use == null || !isOpen(use, now)) {
            return false;
        }
        boolean write = now.isAfter(use.writtenAt().plus(WRITE_INTERVAL));
        uses.computeIfPresent(session, (id, kept) -> new Use(kept.startedAt(), now, write ? now : kept.writtenAt()));
        if (write) {
            register.seen(session, now);
        }
        return true;
    }

    /** Whether a session could be used now; that is no use of it. */
    boolean isOpen(String session) {
        return known(session).filter(use -> isOpen(use, clock.instant())).isPresent();
    }

    /** Forgets a session that has ended. */
    void forget(String session) {
        uses.remove(session);
    }

    private boolean isOpen(Use use, Instant now) {
        return now.isBefore(use.seenAt().plus(idle))
                && now.isBefore(use.startedAt().plus(longest));
    }

    private Optional<Use> known(String session) {
        Use kept = uses.get(session);
        if (kept != null) {
            return Optional.of(kept);
        }
        Optional<Use> stored =
                register.find(session).map(login -> new Use(login.startedAt(), login.seenAt(), login.seenAt()));
        stored.ifPresent(use -> {
            if (uses.size() >= MOST_KEPT) {
                uses.clear();
            }
            uses.putIfAbsent(session, use);
        });
        return stored;
    }
}
