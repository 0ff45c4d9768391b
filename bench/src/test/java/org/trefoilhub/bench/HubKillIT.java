package org.trefoilhub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole hub killed twice on each database; {@code ./trefoil bench kill-storm} does it twenty times. */
class HubKillIT {

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void shouldKeepEveryAcknowledgedInstanceWhenTheHubIsKilled(String database) throws Exception {
        KillStorm.Result result = Bench.killStorm(Path.of("..").toRealPath(), home, database, 2);

        assertThat(result.faults()).as("refusals, and breaks before the kill").isEmpty();
        assertThat(result.acknowledged())
                .as("instances stored before the kills")
                .isGreaterThan(20);
        assertThat(result.lost())
                .as("acknowledged instances missing afterwards")
                .isZero();
        assertThat(result.different()).as("acknowledged instances that changed").isZero();
        assertThat(result.dangling())
                .as("rows shown by a search without an object")
                .isZero();
    }
}
