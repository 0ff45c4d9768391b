package org.trefoilhub.hub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SettingsCheckTest {

    private static final Pattern READ =
            Pattern.compile("(?:\\$\\{|ConditionalOnProperty\\(\"|getProperty\\(\")(trefoil\\.[a-z0-9.-]+)");
    private static final KnownSettings KNOWN = KnownSettings.ofTheHub();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trefoil.home",
                "trefoil.public-url",
                "trefoil.publicUrl",
                "trefoil.tls.port",
                "trefoil.tls.self-signed",
                "trefoil.dimse.port",
                "trefoil.demo.data",
                "trefoil.demo.load",
                "trefoil.smart.accounts",
                "trefoil.smart.access-token-ttl",
                "trefoil.archive.root",
                "trefoil.rendering.concurrent",
                "trefoil.imaging.default-issuers.CT1",
                "trefoil.smart.certificate.trust-anchors[0]",
                "trefoil.smart.certificate.users[3F@CN=CA,C=CN]",
                "trefoil-other.key",
                "server.port"
            })
    void shouldTakeWhatSomethingReads(String key) {
        assertThatCode(() -> check(key, "x").refuseUnknownKeys(KNOWN)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "trefoil.tls.selfsignd,trefoil.tls.self-signed",
        "trefoil.dimse.aetitle.x,trefoil.dimse.ae-title",
        "trefoil.archve.root,trefoil.archive.root",
        "trefoil.url,trefoil"
    })
    void shouldRefuseWhatNothingReadsAndNameTheNearest(String key, String nearest) {
        assertThatThrownBy(() -> check(key, "secret").refuseUnknownKeys(KNOWN))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("TREFOIL-CFG-0001: unknown settings `" + key + "`")
                .hasMessageContaining("did you mean `" + nearest)
                .hasMessageContaining("docs/configuration.md")
                .hasMessageNotContaining("secret");
    }

    @Test
    void shouldKnowEnvironmentVariables() {
        assertThat(KNOWN.knowsVariable("TREFOIL_PUBLIC_URL")).isTrue();
        assertThat(KNOWN.knowsVariable("TREFOIL_TLS_SELFSIGNED")).isTrue();
        assertThat(KNOWN.knowsVariable("TREFOIL_PUBLIC_ADDRESS")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:h2:file:./x", "jdbc:h2:async:./x;WRITE_DELAY=0", "JDBC:H2:mem:x"})
    void shouldRefuseH2InProduction(String url) {
        SettingsCheck check = check("spring.datasource.url", url, "prod");
        assertThatThrownBy(check::refuseDemoDatabase)
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("TREFOIL-CFG-0002")
                .hasMessageContaining("TREFOIL_DATABASE_URL");
        assertThatCode(() -> check("spring.datasource.url", url, "demo").refuseDemoDatabase())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "TRUE"})
    void shouldNotPermitEverythingInProduction(String value) {
        SettingsCheck check = check("trefoil.bench.permit-all", value, "prod");
        assertThatThrownBy(check::refuseBenchSwitches)
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("TREFOIL-CFG-0004");
        assertThatCode(() -> check("trefoil.bench.permit-all", value, "demo").refuseBenchSwitches())
                .doesNotThrowAnyException();
    }

    @Test
    void shouldTakePostgresqlInProduction() {
        assertThatCode(() -> check("spring.datasource.url", "jdbc:postgresql://db/trefoil", "prod")
                        .refuseDemoDatabase())
                .doesNotThrowAnyException();
    }

    /** A key that the code reads by name is not forgotten in the list. */
    @Test
    void shouldKnowEveryKeyThatTheSourcesRead() throws IOException {
        TreeSet<String> read = new TreeSet<>();
        for (String folder : new String[] {"src/main", "../dicomweb/src/main"}) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|ya?ml)"))
                        .toList()) {
                    Matcher key = READ.matcher(Files.readString(file));
                    while (key.find()) {
                        read.add(key.group(1));
                    }
                }
            }
        }
        assertThat(read).contains("trefoil.public-url", "trefoil.demo.data");
        assertThat(read).allMatch(key -> KNOWN.knows(ConfigurationPropertyName.of(key)));
    }

    private static SettingsCheck check(String key, String value, String... profiles) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("given", Map.of(key, value)));
        environment.setActiveProfiles(profiles);
        ConfigurationPropertySources.attach(environment);
        return new SettingsCheck(environment);
    }
}
