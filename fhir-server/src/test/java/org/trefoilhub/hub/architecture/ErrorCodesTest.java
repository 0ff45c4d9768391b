package org.trefoilhub.hub.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Error codes are unique and documented: {@code docs/errors.md} is made of the enums' sources; {@code -Dgolden.update} rewrites it. */
class ErrorCodesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CONSTANT = Pattern.compile(
            "(?:/\\*\\*((?:(?!\\*/).)*)\\*/\\s*)?\\b([A-Z][A-Z0-9_]*)\\(\\s*\"(TREFOIL-[A-Z]{3}-\\d{4})\"(?:,\\s*\"([^\"]*)\")?",
            Pattern.DOTALL);

    private record Code(String code, String meaning, String file) {}

    @Test
    void shouldListEveryCodeOnceInTheDocumentation() throws IOException {
        List<Code> codes = codes();

        assertThat(codes).hasSizeGreaterThan(20);
        assertThat(codes.stream().map(Code::code)).doesNotHaveDuplicates();
        assertThat(codes).allSatisfy(c -> assertThat(c.meaning()).as(c.code()).isNotBlank());

        StringBuilder page = new StringBuilder(
                """
                # Error codes

                Made of the sources by `ErrorCodesTest`; run it with `-Dgolden.update` after a change. A code never changes its meaning. FHIR answers carry it in
                `OperationOutcome.issue.details.coding`, DICOMweb answers in `code` of the Problem Details.

                | code | meaning |
                |---|---|
                """);
        codes.forEach(c -> page.append("| ")
                .append(c.code())
                .append(" | ")
                .append(c.meaning())
                .append(" |\n"));
        Path document = ROOT.resolve("docs/errors.md");
        if (System.getProperty("golden.update") != null) {
            Files.writeString(document, page);
        }
        assertThat(Files.readString(document)).isEqualTo(page.toString());
    }

    private static List<Code> codes() throws IOException {
        List<Code> codes = new ArrayList<>();
        for (String module :
                List.of("dicom", "interceptors/access", "interceptors/fhir", "dicomweb", "connectors", "fhir-server")) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path source : sources.filter(
                                p -> p.getFileName().toString().endsWith("ErrorCode.java"))
                        .toList()) {
                    Matcher constant = CONSTANT.matcher(Files.readString(source));
                    while (constant.find()) {
                        String meaning =
                                constant.group(4) != null ? constant.group(4) : String.valueOf(constant.group(1));
                        codes.add(new Code(
                                constant.group(3),
                                meaning.replaceAll("\\s*\\n\\s*\\*?\\s*", " ")
                                        .replaceAll("\\{@code ([^}]*)}", "`$1`")
                                        .replaceAll("\\{@link (?:[^}]*[#.])?([^}]*)}", "$1")
                                        .strip(),
                                source.getFileName().toString()));
                    }
                }
            }
        }
        codes.sort(Comparator.comparing(Code::code));
        return codes;
    }
}
