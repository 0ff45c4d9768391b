package org.trefoilhub.hub.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docker-compose.yml} is accepted by docker-compose itself; no engine is needed to check it. */
class ComposeFileIT {

    @Test
    void shouldBeAcceptedByDockerCompose() throws Exception {
        ProcessBuilder compose = new ProcessBuilder(
                        "docker-compose", "-f", "docker-compose.yml", "config", "--services")
                .directory(Path.of("..").toFile())
                .redirectErrorStream(true);
        compose.environment().put("TREFOIL_DB_PASSWORD", "not-used");
        compose.environment().put("KEYCLOAK_ADMIN_PASSWORD", "not-used");
        Process process = compose.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines()).contains("postgres", "opensearch", "keycloak", "hub");
    }
}
