package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginBrakeTest {

    private final ShiftedClock clock = ShiftedClock.at("2026-03-01T08:00:00Z");
    private final LoginBrake brake = new LoginBrake(5, Duration.ofMinutes(5), clock);

    @Test
    void shouldDoubleTheWaitAfterTheFreeAttempts() {
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(brake.begin("li", "10.0.0.1")).isEmpty();
        }
        for (int seconds : new int[] {2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
            assertThat(brake.begin("li", "10.0.0.2")).contains(Duration.ofSeconds(seconds));
            clock.forward(Duration.ofSeconds(seconds));
            assertThat(brake.begin("LI ", "10.0.0.2")).isEmpty();
        }
    }

    @Test
    void shouldForgiveAnAccountThatSucceeds() {
        for (int attempt = 0; attempt < 50; attempt++) {
            assertThat(brake.begin("li", "10.0.0.1")).isEmpty();
            brake.succeeded("li", "10.0.0.1");
        }
    }

    @Test
    void shouldSlowAnAddressThatTriesManyAccounts() {
        for (int attempt = 0; attempt < 50; attempt++) {
            assertThat(brake.begin("user" + attempt, "10.0.0.1")).isEmpty();
        }
        assertThat(brake.begin("another", "10.0.0.1")).isPresent();
        assertThat(brake.begin("another", "10.0.0.2")).isEmpty();
    }

    @Test
    void shouldCountFailuresThatWereNotBegunHere() {
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(brake.waiting("his", "10.0.0.1")).isEmpty();
            brake.failed("his", "10.0.0.1");
        }
        assertThat(brake.waiting("his", "10.0.0.1")).isPresent();
        brake.forget("his");
        assertThat(brake.waiting("his", "10.0.0.1")).isEmpty();
    }
}
