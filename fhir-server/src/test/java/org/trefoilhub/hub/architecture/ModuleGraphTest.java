package org.trefoilhub.hub.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The module graph of docs/architecture.md is the one the byte code shows; {@code -Dgolden.update} redraws it. */
class ModuleGraphTest {

    private static final Pattern BLOCK = Pattern.compile(
            "(<!-- module graph: drawn by ModuleGraphTest -->\n```mermaid\n)(.*?)(\n```\n)", Pattern.DOTALL);

    @Test
    void shouldBeDrawnInTheDocumentation() throws IOException {
        Path document = repository().resolve("docs/architecture.md");
        String text = Files.readString(document, StandardCharsets.UTF_8);
        Matcher block = BLOCK.matcher(text);
        assertThat(block.find()).as("module graph in %s", document).isTrue();
        if (System.getProperty("golden.update") != null) {
            String updated = block.replaceFirst(
                    match -> Matcher.quoteReplacement(match.group(1) + Modules.mermaid() + match.group(3)));
            Files.writeString(document, updated, StandardCharsets.UTF_8);
            return;
        }
        assertThat(block.group(2)).isEqualTo(Modules.mermaid());
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
