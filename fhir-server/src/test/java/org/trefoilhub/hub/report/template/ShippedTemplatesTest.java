package org.trefoilhub.hub.report.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trefoilhub.hub.report.range.IntervalFacts;

/** What is shipped is what the sources say, enough of it for each department, and each template works. */
class ShippedTemplatesTest {

    private static final Path SOURCES = Path.of("../ig/templates");

    static Stream<String> templates() {
        return Templates.all().keySet().stream();
    }

    @Test
    @Tag("TPL-1")
    void TPL_1_theShippedFilesAreWhatTheSourcesMake() throws IOException, NoSuchAlgorithmException {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            files.filter(file -> file.toString().endsWith(".txt")).sorted().forEach(sources::add);
        }
        sources.add(Path.of("../ig/ranges/ranges.txt"));
        sources.add(SOURCES.resolve("generate.mjs"));
        for (Path source : sources) {
            hash.update(Files.readAllBytes(source));
        }
        TreeMap<String, Path> made = new TreeMap<>();
        for (String type : List.of("Questionnaire", "ObservationDefinition")) {
            try (Stream<Path> files = Files.list(Templates.DATA.resolve(type))) {
                files.filter(file -> file.getFileName().toString().matches("(template|range)-.*"))
                        .forEach(file -> made.put(type + "/" + file.getFileName(), file));
            }
        }
        for (Path file : made.values()) {
            hash.update(Files.readAllBytes(file));
        }
        assertThat(Files.readString(Templates.DATA.resolve("templates.sha256")).strip())
                .as("run node ig/templates/generate.mjs")
                .isEqualTo(HexFormat.of().formatHex(hash.digest()));
    }

    @Test
    @Tag("TPL-2")
    @Tag("TPL-6")
    @Tag("TPL-7")
    void TPL_2_everyDepartmentHasItsTemplates() {
        Map<String, Integer> byKind = new HashMap<>();
        Templates.all().values().forEach(template -> byKind.merge(kind(template), 1, Integer::sum));
        assertThat(byKind)
                .containsAllEntriesOf(Map.of(
                        "US",
                        6,
                        "ENDO-GI",
                        5,
                        "ENDO-RESP",
                        3,
                        "ENDO-ENT",
                        3,
                        "PATH",
                        5,
                        "ECG",
                        4,
                        "NM",
                        5,
                        "OPH",
                        4,
                        "DENT",
                        4,
                        "PED",
                        4))
                .containsEntry("RAD", 8);
        assertThat(Templates.all()).hasSize(51);
    }

    private static String kind(Questionnaire template) {
        return template.getUseContext().stream()
                .filter(context -> context.getCode().getCode().equals("exam-kind"))
                .map(context -> ((CodeableConcept) context.getValue())
                        .getCodingFirstRep()
                        .getCode())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("templates")
    @Tag("TPL-1")
    void TPL_1_everyItemIsNamedInBothLanguagesAndCodedWhereItIsMeasured(String code) {
        Set<String> ids = new HashSet<>();
        check(Templates.all().get(code).getItem(), ids);
        assertThat(ids).contains("findings", "impression", "positivity", "critical", "conclusion-code", "exam-order");
    }

    private static void check(List<QuestionnaireItemComponent> items, Set<String> ids) {
        for (QuestionnaireItemComponent item : items) {
            assertThat(ids.add(item.getLinkId())).as(item.getLinkId()).isTrue();
            assertThat(item.getText()).isNotBlank();
            if (Sdc.isMarked(item, Sdc.OBSERVATION_EXTRACT)) {
                assertThat(item.getCode()).as(item.getLinkId()).isNotEmpty();
            }
            Sdc.unit(item)
                    .ifPresent(unit -> assertThat(org.trefoilhub.hub.report.range.UnitsProbe.isKnown(unit.getCode()))
                            .as(item.getLinkId() + " " + unit.getCode())
                            .isTrue());
            check(item.getItem(), ids);
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    @Tag("TPL-2")
    void TPL_2_generatedAnswersAreComplete_andLeadToTheSameReportTwice(String code) {
        Questionnaire template = Templates.all().get(code);
        Patient patient = new Patient();
        patient.setBirthDate(Date.from(Instant.parse("2015-03-02T00:00:00Z")));
        for (int seed = 0; seed < 5; seed++) {
            QuestionnaireResponse answers = new AnswerGenerator(seed)
                    .complete(template, patient, Date.from(Instant.parse("2025-03-01T02:00:00Z")));
            answers.setId("a" + seed);
            assertThat(Templates.CALCULATION.compute(template, answers, patient))
                    .isEmpty();
            assertThat(AnswerCheck.problems(template, answers, true)).isEmpty();

            IntervalFacts facts = new IntervalFacts(45, "female", null, Set.of());
            Extraction.Extracted first = Extraction.of(template, answers, Templates.ranges(), facts);
            Extraction.Extracted second = Extraction.of(template, answers, Templates.ranges(), facts);

            DiagnosticReport report = new DiagnosticReport();
            first.into(report);
            assertThat(report.getConclusion()).startsWith("诊断意见");
            assertThat(first.observations().stream()
                            .map(each -> each.getIdentifierFirstRep().getValue()))
                    .doesNotHaveDuplicates()
                    .hasSizeGreaterThanOrEqualTo(4);
            for (int i = 0; i < first.observations().size(); i++) {
                Observation one = first.observations().get(i);
                assertThat(one.equalsDeep(second.observations().get(i))).isTrue();
            }
        }
    }
}
