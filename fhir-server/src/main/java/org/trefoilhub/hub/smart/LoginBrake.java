package org.trefoilhub.hub.smart;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Slows down whoever guesses secrets: after some failures in a row every attempt on the same account, or from the same
 * address, has to wait, twice as long each time.
 *
 * <p>An attempt counts as failed when it begins and is forgiven when it succeeds, so that many at once gain nothing. It
 * makes no difference whether the account exists, and a waiting account does not take the right secret either. Counted
 * per process and forgotten some time after the last attempt; names are kept as hashes only. Thread-safe.
 */
public final class LoginBrake {

    private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
    private static final Duration MEMORY = Duration.ofMinutes(15);
    private static final int ATTEMPTS_OF_AN_ADDRESS = 10;
    private static final int MAXIMUM_KEPT = 100_000;

    private final int attempts;
    private final Duration longest;
    private final Clock clock;
    private final Cache<String, Failures> kept;

    private record Failures(int count, Instant until) {}

    /**
     * A brake.
     *
     * @param attempts failures in a row of one account that are free; an address has ten times as many
     * @param longest the longest wait
     * @param clock the hub's clock
     */
    LoginBrake(int attempts, Duration longest, Clock clock) {
        this.attempts = attempts;
        this.longest = longest;
        this.clock = clock;
        this.kept = Caffeine.newBuilder()
                .expireAfterAccess(MEMORY.plus(longest))
                .maximumSize(MAXIMUM_KEPT)
                .build();
    }

    /**
     * Begins an attempt.
     *
     * @param account the name that is claimed, existing or not
     * @param address where the attempt comes from
     * @return empty when it may go on, else how long to wait; it must not be tried then
     */
    public Optional<Duration> begin(String account, String address) {
        Optional<Duration> wait = waiting(account, address);
        if (wait.isEmpty()) {
            failed(account, address);
        }
        return wait;
    }

    /**
     * Asks without beginning, where several attempts at once are normal.
     *
     * @param account the name that is claimed
     * @param address where the attempt comes from
     * @return how long to wait, or empty
     */
    public Optional<Duration> waiting(String account, String address) {
        Instant now = clock.instant();
        Duration wait = longer(left(account(account), now), left(address(address), now));
        return wait.isZero() ? Optional.empty() : Optional.of(wait);
    }

    /**
     * Counts a failure that was not begun here.
     *
     * @param account the name that was claimed
     * @param address where the attempt came from
     */
    public void failed(String account, String address) {
        Instant now = clock.instant();
        fail(account(account), attempts, now);
        fail(address(address), attempts * ATTEMPTS_OF_AN_ADDRESS, now);
    }

    /**
     * Forgives the attempts of an account: its secret was right.
     *
     * @param account as it was begun
     * @param address as it was begun
     */
    public void succeeded(String account, String address) {
        kept.invalidate(account(account));
        succeededAt(address);
    }

    /**
     * Forgives what {@link #failed} counted of an account.
     *
     * @param account as it was claimed
     */
    public void forget(String account) {
        kept.invalidate(account(account));
    }

    /**
     * Asks for an address alone, where no name is claimed before it is proven.
     *
     * @param address where the attempt comes from
     * @return how long to wait, or empty
     */
    public Optional<Duration> waitingAt(String address) {
        Duration wait = left(address(address), clock.instant());
        return wait.isZero() ? Optional.empty() : Optional.of(wait);
    }

    /**
     * Counts a failure of an address alone.
     *
     * @param address where the attempt came from
     */
    public void failedAt(String address) {
        fail(address(address), attempts * ATTEMPTS_OF_AN_ADDRESS, clock.instant());
    }

    /**
     * Forgives an address one failure: somebody there has proven who he is.
     *
     * @param address where the attempt came from
     */
    public void succeededAt(String address) {
        kept.asMap()
                .computeIfPresent(
                        address(address),
                        (key, failures) ->
                                failures.count() <= 1 ? null : new Failures(failures.count() - 1, failures.until()));
    }

    private Duration left(String key, Instant now) {
        Failures failures = kept.getIfPresent(key);
        return failures == null || !failures.until().isAfter(now)
                ? Duration.ZERO
                : Duration.between(now, failures.until());
    }

    private void fail(String key, int free, Instant now) {
        kept.asMap().compute(key, (ignored, failures) -> {
            int count = failures == null ? 1 : failures.count() + 1;
            return new Failures(count, count < free ? now : now.plus(delay(count - free)));
        });
    }

    /** How long the attempt after {@code excess} too many has to wait. */
    private Duration delay(int excess) {
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(excess, 20));
        return delay.compareTo(longest) < 0 ? delay : longest;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static String account(String name) {
        return "account " + Fingerprint.of(name.strip().toLowerCase(Locale.ROOT));
    }

    private static String address(String address) {
        return "address " + address;
    }
}
