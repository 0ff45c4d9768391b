package org.trefoilhub.hub.smart.sso.scan;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Codes that wait for a person, from issue to use. Each has two halves: the device code, 256 random bits that stay with
 * whoever waits, and the user code, short enough to be typed, that the person confirms. In memory, thread-safe.
 *
 * <p>INVARIANT: a code leads to one login at most, and only within its lifetime.
 */
final class ScanCodes {

    /** As RFC 8628 section 6.1 advises: no vowels, no digits, about 34 bits. */
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

    private static final int USER_CODE_LENGTH = 8;
    private static final int MOST_CODES = 20_000;
    private static final int MOST_WRONG = 10;
    private static final Duration WRONG_REMEMBERED = Duration.ofMinutes(10);

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final Duration lifetime;
    private final Map<String, Entry> byDeviceCode = new HashMap<>();
    private final Map<String, Entry> byUserCode = new HashMap<>();
    private final Map<String, Wrong> wrong = new HashMap<>();

    ScanCodes(Clock clock, Duration lifetime) {
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** How far a code is. */
    enum State {
        /** Nobody has looked at it. */
        WAITING,
        /** A person looks at it on the phone. */
        SEEN,
        /** Confirmed, not used yet. */
        CONFIRMED,
        /** Refused by the person. */
        REFUSED,
        /** Too old, used, or never issued. */
        GONE
    }

    /**
     * Who waits, as the person is told.
     *
     * @param client OAuth client that asks for a token, or null for the login page
     * @param scopes what the client asks for
     * @param address network address
     * @param browser what the waiting program calls itself
     */
    record Asker(@Nullable String client, Set<String> scopes, String address, String browser) {
        Asker {
            scopes = Set.copyOf(scopes);
        }
    }

    /** A fresh code. */
    record Issued(String deviceCode, String userCode, Duration lifetime) {}

    /**
     * A code that waits for a decision.
     *
     * @param userCode as it is shown, {@code BCDF-GHJK}
     * @param asker who waits
     * @param since when it was issued
     */
    record Open(String userCode, Asker asker, Instant since) {}

    /**
     * A decision for somebody who waits.
     *
     * @param user who confirmed
     * @param session the login session in which it was confirmed
     * @param asker who waited
     */
    record Confirmed(String user, String session, Asker asker) {}

    private static final class Entry {
        private final String deviceCode;
        private final String userCode;
        private final Asker asker;
        private final Instant since;
        private State state = State.WAITING;
        private @Nullable String user;
        private @Nullable String session;

        Entry(String deviceCode, String userCode, Asker asker, Instant since) {
            this.deviceCode = deviceCode;
            this.userCode = userCode;
            this.asker = asker;
            this.since = since;
        }
    }

    private record Wrong(int times, Instant since) {}

    /**
     * Issues a code.
     *
     * @throws ScanException when too many codes wait
     */
    synchronized Issued issue(Asker asker) {
        sweep();
        if (byDeviceCode.size() >= MOST_CODES) {
            throw new ScanException(ScanErrorCode.TOO_MANY, "too many codes wait for a confirmation");
        }
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        String deviceCode = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        String userCode;
        do {
            userCode = userCode();
        } while (byUserCode.containsKey(userCode));
        Entry entry = new Entry(deviceCode, userCode, asker, clock.instant());
        byDeviceCode.put(deviceCode, entry);
        byUserCode.put(userCode, entry);
        return new Issued(deviceCode, shown(userCode), lifetime);
    }

    /** How far a code is, asked by who waits. */
    synchronized State state(String deviceCode) {
        Entry entry = live(byDeviceCode.get(deviceCode));
        return entry == null ? State.GONE : entry.state;
    }

    /**
     * A code as the person sees it; it counts as seen from now on.
     *
     * @param user who looks; too many wrong codes and he is not told any more
     * @param userCode as it was scanned or typed
     * @return the code, or empty when there is no such code to decide on
     */
    synchronized Optional<Open> look(String user, String userCode) {
        Entry entry = open(user, userCode);
        if (entry == null) {
            return Optional.empty();
        }
        entry.state = State.SEEN;
        return Optional.of(new Open(shown(entry.userCode), entry.asker, entry.since));
    }

    /**
     * Confirms or refuses a code.
     *
     * @return false when there is no such code to decide on
     */
    synchronized boolean decide(String user, String session, String userCode, boolean confirmed) {
        Entry entry = open(user, userCode);
        if (entry == null) {
            return false;
        }
        byUserCode.remove(entry.userCode);
        entry.state = confirmed ? State.CONFIRMED : State.REFUSED;
        entry.user = user;
        entry.session = session;
        return true;
    }

    /** Uses up a confirmed code; empty when it is not confirmed or is used already. */
    synchronized Optional<Confirmed> take(String deviceCode) {
        Entry entry = live(byDeviceCode.get(deviceCode));
        if (entry == null || entry.state != State.CONFIRMED || entry.user == null || entry.session == null) {
            return Optional.empty();
        }
        drop(entry);
        return Optional.of(new Confirmed(entry.user, entry.session, entry.asker));
    }

    /** Forgets a code whose page is gone. */
    synchronized void cancel(String deviceCode) {
        Entry entry = byDeviceCode.get(deviceCode);
        if (entry != null) {
            drop(entry);
        }
    }

    private @Nullable Entry open(String user, String typed) {
        Instant now = clock.instant();
        Wrong before = wrong.get(user);
        if (before != null && now.isAfter(before.since().plus(WRONG_REMEMBERED))) {
            wrong.remove(user);
            before = null;
        }
        if (before != null && before.times() >= MOST_WRONG) {
            return null;
        }
        Entry entry = live(byUserCode.get(plain(typed)));
        if (entry == null) {
            wrong.put(user, before == null ? new Wrong(1, now) : new Wrong(before.times() + 1, before.since()));
        }
        return entry;
    }

    private @Nullable Entry live(@Nullable Entry entry) {
        if (entry == null || clock.instant().isBefore(entry.since.plus(lifetime))) {
            return entry;
        }
        drop(entry);
        return null;
    }

    private void drop(Entry entry) {
        byDeviceCode.remove(entry.deviceCode);
        byUserCode.remove(entry.userCode);
    }

    private void sweep() {
        Instant oldest = clock.instant().minus(lifetime);
        byDeviceCode.values().removeIf(entry -> entry.since.isBefore(oldest));
        byUserCode.values().removeIf(entry -> entry.since.isBefore(oldest));
    }

    private String userCode() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < USER_CODE_LENGTH; i++) {
            code.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return code.toString();
    }

    private static String shown(String userCode) {
        return userCode.substring(0, 4) + "-" + userCode.substring(4);
    }

    /** What people add or change when they type: case, dashes, spaces. */
    private static String plain(String typed) {
        return typed.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
    }
}
