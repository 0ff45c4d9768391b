package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Slows down who tries out identifiers: a person may ask ten times in ten minutes. Counts are lost at a restart. Thread-safe.
 */
final class Brake {

    private static final int MOST = 10;
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final Clock clock;
    private final Map<String, Deque<Instant>> asked = new ConcurrentHashMap<>();

    Brake(Clock clock) {
        this.clock = clock;
    }

    /** Too many attempts. */
    static final class TooManyRequests extends BaseServerResponseException {

        private static final long serialVersionUID = 1L;

        TooManyRequests() {
            super(429, "too many attempts; wait some minutes");
        }
    }

    /**
     * Counts an attempt.
     *
     * @param key who does what
     * @return false when it is one too many; it is not counted then
     */
    boolean admits(String key) {
        Instant now = clock.instant();
        boolean[] admitted = new boolean[1];
        asked.compute(key, (who, known) -> {
            Deque<Instant> times = known == null ? new ArrayDeque<>() : known;
            while (!times.isEmpty() && times.peekFirst().isBefore(now.minus(WINDOW))) {
                times.removeFirst();
            }
            admitted[0] = times.size() < MOST;
            if (admitted[0]) {
                times.addLast(now);
            }
            return times;
        });
        return admitted[0];
    }
}
