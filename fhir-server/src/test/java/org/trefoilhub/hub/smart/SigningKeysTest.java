package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {

    private static final Duration ROTATION = Duration.ofDays(30);
    private static final Duration OVERLAP = Duration.ofHours(14);

    @TempDir
    Path directory;

    private final ShiftedClock clock = ShiftedClock.at("2026-03-01T08:00:00Z");

    private SigningKeys open() {
        return new SigningKeys(directory, clock, ROTATION, OVERLAP);
    }

    private static List<JWK> all(JWKSource<SecurityContext> source) throws KeySourceException {
        return source.get(
                new JWKSelector(
                        new JWKMatcher.Builder().algorithm(JWSAlgorithm.RS256).build()),
                null);
    }

    private static String signing(SigningKeys keys) throws KeySourceException {
        List<JWK> one = all(keys.signing());
        assertThat(one).hasSize(1);
        assertThat(one.get(0).isPrivate()).isTrue();
        return one.get(0).getKeyID();
    }

    private static List<String> published(SigningKeys keys) throws KeySourceException {
        List<JWK> list = all(keys.published());
        assertThat(list).noneMatch(JWK::isPrivate);
        return list.stream().map(JWK::getKeyID).toList();
    }

    @Test
    void shouldPublishTheNextKeyBeforeItSignsAndTheLastOneAfter() throws Exception {
        SigningKeys keys = open();
        String first = signing(keys);
        assertThat(published(keys)).containsExactly(first);

        clock.forward(ROTATION.minusDays(2));
        assertThat(published(keys)).containsExactly(first);

        clock.forward(Duration.ofDays(1));
        assertThat(published(keys)).hasSize(2).startsWith(first);
        assertThat(signing(keys)).isEqualTo(first);
        String second = published(keys).get(1);

        clock.forward(Duration.ofDays(1));
        assertThat(signing(keys)).isEqualTo(second);
        assertThat(published(keys)).containsExactly(first, second);

        clock.forward(OVERLAP.plusMinutes(1));
        assertThat(published(keys)).containsExactly(second);
        assertThat(signing(keys)).isEqualTo(second);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void shouldFindItsKeysAgainAfterARestart() throws Exception {
        SigningKeys keys = open();
        clock.forward(ROTATION.minusDays(1));
        List<String> known = published(keys);
        assertThat(known).hasSize(2);

        SigningKeys again = open();
        assertThat(published(again)).isEqualTo(known);
        assertThat(signing(again)).isEqualTo(known.get(0));
    }

    @Test
    void shouldFollowAHubThatSharesTheDirectory() throws Exception {
        SigningKeys one = open();
        SigningKeys other = open();
        clock.forward(ROTATION.minusDays(1));
        List<String> known = published(one);
        assertThat(published(other)).isEqualTo(known);
    }

    @Test
    void shouldKeepTheKeyOfAnEarlierVersion() throws IOException, KeySourceException {
        String first = signing(open());
        try (Stream<Path> files = Files.list(directory)) {
            Files.move(files.findFirst().orElseThrow(), directory.resolve("token-signing.jwk"));
        }
        assertThat(signing(open())).isEqualTo(first);
        assertThat(Files.getPosixFilePermissions(directory.resolve("token-signing.jwk")))
                .hasSize(2);
    }
}
