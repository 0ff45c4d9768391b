package org.trefoilhub.hub.smart;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test sets forward. */
final class ShiftedClock extends Clock {

    private final Clock base;
    private volatile Duration shift = Duration.ZERO;

    private ShiftedClock(Clock base) {
        this.base = base;
    }

    /** Stands still but for shifts. */
    static ShiftedClock at(String instant) {
        return new ShiftedClock(Clock.fixed(Instant.parse(instant), ZoneOffset.UTC));
    }

    /** Runs with the system. */
    static ShiftedClock running() {
        return new ShiftedClock(Clock.systemUTC());
    }

    void forward(Duration duration) {
        shift = shift.plus(duration);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return base.instant().plus(shift);
    }
}
