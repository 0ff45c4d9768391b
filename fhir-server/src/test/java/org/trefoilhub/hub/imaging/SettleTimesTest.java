package org.trefoilhub.hub.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SettleTimesTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 100);
    private final SettleTimes times = new SettleTimes(Duration.ofMillis(1_000), now::get);

    @Test
    void shouldNotMakeANewStudyWait() {
        times.projected("1.2");
        assertThat(times.restOf("1.3")).isZero();
    }

    @Test
    void shouldRestAStudyThatWasJustProjected() {
        times.projected("1.2");
        pass(400);
        assertThat(times.restOf("1.2")).isEqualTo(Duration.ofMillis(600));
        pass(600);
        assertThat(times.restOf("1.2")).isZero();
    }

    @Test
    void shouldForgetOnlyWhatHasRested() {
        times.projected("1.2");
        pass(900);
        times.projected("1.3");
        pass(100);
        times.projected("1.4");
        assertThat(times.restOf("1.2")).isZero();
        assertThat(times.restOf("1.3")).isEqualTo(Duration.ofMillis(900));
    }

    private void pass(long millis) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
    }
}
