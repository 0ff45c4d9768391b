package org.trefoilhub.hub.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/** docs/configuration.md names every setting under {@code trefoil} with the default that the code gives it. */
class ConfigurationDocumentTest {

    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    @Test
    void shouldNameEverySettingWithItsDefault() throws IOException {
        Map<String, String> documented = documented();
        Map<String, Optional<String>> expected =
                new TreeMap<>(KnownSettings.ofTheHub().defaults());
        Map<String, String> files = yaml("application.yaml");
        files.forEach((key, value) -> expected.put(key, Optional.of(value)));
        assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((key, value) -> {
            String cell = documented.get(key);
            if (value.isPresent()) {
                assertThat(cell).as(key).startsWith("`" + value.get().replace("${server.port}", "PORT") + "`");
            } else {
                assertThat(cell).as(key).startsWith("—");
            }
        });
        yaml("application-demo.yaml")
                .forEach((key, value) -> assertThat(documented.get(key)).as(key).contains("demo `" + value + "`"));
    }

    /** Default cell by key; a row may name several keys. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/configuration.md"))) {
            if (!line.startsWith("| `trefoil.")) {
                continue;
            }
            String[] cells = line.split("\\|");
            Matcher key = CODE.matcher(cells[1]);
            List<String> keys = new ArrayList<>();
            while (key.find()) {
                keys.add(key.group(1));
            }
            for (String one : keys) {
                assertThat(documented.put(one, cells[2].strip())).as(one).isNull();
            }
        }
        return documented;
    }

    private static Map<String, String> yaml(String name) {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource(name));
        Map<String, String> values = new TreeMap<>();
        yaml.getObject().forEach((key, value) -> {
            if (key.toString().startsWith("trefoil.")) {
                values.put(key.toString(), value.toString());
            }
        });
        return values;
    }
}
