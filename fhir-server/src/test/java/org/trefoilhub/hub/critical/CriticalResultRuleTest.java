package org.trefoilhub.hub.critical;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.fhirpath.IFhirPath;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DataRequirement;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.ObservationDefinition;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What opens a case, and what prompts. */
class CriticalResultRuleTest {

    private static final String LOINC = "http://loinc.org";
    private static final IFhirPath FHIRPATH = Shipped.FHIR.newFhirPath();

    private static List<CriticalResultRule.Hint> hints(
            CriticalCatalogue catalogue, String department, DiagnosticReport report, Observation... observations) {
        return CriticalResultRule.hints(
                report,
                List.of(observations),
                catalogue,
                List.of(),
                CriticalResultRule.Person.UNKNOWN,
                department,
                (observation, expression) -> FHIRPATH.evaluateFirst(observation, expression, BooleanType.class)
                        .map(BooleanType::booleanValue)
                        .orElse(false));
    }

    private static Set<String> codes(List<CriticalResultRule.Hint> hints) {
        return hints.stream()
                .map(hint ->
                        hint.finding() == null ? hint.kind() : hint.finding().getCode())
                .collect(Collectors.toSet());
    }

    private static Observation number(String code, String value, String unit) {
        Observation observation = new Observation();
        observation.setStatus(Observation.ObservationStatus.FINAL);
        observation.getCode().addCoding(new Coding(LOINC, code, null));
        observation.setValue(new Quantity()
                .setValue(new BigDecimal(value))
                .setSystem("http://unitsofmeasure.org")
                .setCode(unit));
        return observation;
    }

    private static Observation flag(String interpretation, String finding) {
        Observation observation = new Observation();
        observation.setStatus(Observation.ObservationStatus.FINAL);
        observation.getCode().addCoding(new Coding(Words.FINDING, finding, null));
        observation.addInterpretation(
                new CodeableConcept().addCoding(new Coding(Words.INTERPRETATION, interpretation, null)));
        return observation;
    }

    @Test
    void shouldHoldEveryFindingOfTheLists() {
        Set<String> listed = Shipped.catalogue().findings().stream()
                .map(finding -> finding.code().getCode())
                .collect(Collectors.toSet());
        assertThat(listed)
                .isEqualTo(Shipped.findings().getConcept().stream()
                        .map(concept -> concept.getCode())
                        .collect(Collectors.toSet()));
        range("CR-%02d", 13, listed);
        range("CU-%02d", 14, listed);
        range("CE-%02d", 14, listed);
        range("CN-%02d", 13, listed);
        range("CP-%02d", 10, listed);
        range("CM-%02d", 2, listed);
        range("CO-%02d", 4, listed);
        assertThat(Shipped.findings().getConcept()).allSatisfy(concept -> assertThat(
                        concept.getDesignationFirstRep().getValue())
                .as(concept.getCode())
                .matches(".*\\p{IsHan}.*"));
    }

    private static void range(String pattern, int count, Set<String> listed) {
        for (int i = 1; i <= count; i++) {
            assertThat(listed).contains(pattern.formatted(i));
        }
    }

    @Test
    void shouldEvaluateEveryRuleOfTheCatalogue() {
        for (CriticalCatalogue.Finding finding : Shipped.catalogue().findings()) {
            assertThat(finding.rules()).as(finding.code().getCode()).isNotEmpty();
            for (CriticalCatalogue.Rule rule : finding.rules()) {
                if (rule.language().equals(CriticalCatalogue.Rule.FHIRPATH)) {
                    assertThat(FHIRPATH.evaluateFirst(number("0-0", "1", "1"), rule.expression(), BooleanType.class)
                                    .map(BooleanType::booleanValue))
                            .as(rule.expression())
                            .hasValue(false);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"34.9, true", "30, true", "35, false", "55, false"})
    @Tag("CRIT-7")
    void shouldPromptForAnEjectionFractionBelow35(String value, boolean prompts) {
        List<CriticalResultRule.Hint> hints =
                hints(Shipped.catalogue(), "ultrasound", new DiagnosticReport(), number("18043-0", value, "%"));
        assertThat(codes(hints).contains("CU-07")).isEqualTo(prompts);
    }

    @ParameterizedTest
    @CsvSource({
        "主动脉夹层（DeBakey I型）。, true",
        "考虑主动脉夹层可能。, true",
        "主动脉夹层待排。, true",
        "不能除外主动脉夹层。, true",
        "未见主动脉夹层。, false",
        "主动脉未见明显夹层征象。, false",
        "排除主动脉夹层。, false",
        "无主动脉夹层征象。, false",
        "主动脉未见钙化，主动脉夹层形成。, true",
        "升主动脉增宽。, false"
    })
    @Tag("CRIT-7")
    void shouldPromptForWordsThatAreNotDenied(String conclusion, boolean prompts) {
        DiagnosticReport report = new DiagnosticReport();
        report.setConclusion(conclusion);
        assertThat(codes(hints(Shipped.catalogue(), "ultrasound", report)).contains("CU-09"))
                .isEqualTo(prompts);
    }

    @ParameterizedTest
    @CsvSource({"Forrest Ia", "ForrestⅠa级", "forrest ia"})
    @Tag("CRIT-11")
    void shouldPromptForForrestIa(String text) {
        Observation answer = new Observation();
        answer.setStatus(Observation.ObservationStatus.PRELIMINARY);
        answer.getCode().setText("Forrest分级");
        answer.setValue(new CodeableConcept().setText(text));
        assertThat(codes(hints(Shipped.catalogue(), "endoscopy", new DiagnosticReport(), answer)))
                .containsExactly("CN-01");
        answer.setValue(new StringType("Forrest III"));
        assertThat(hints(Shipped.catalogue(), "endoscopy", new DiagnosticReport(), answer))
                .isEmpty();
    }

    @Test
    void shouldPromptOnlyForFindingsOfTheDepartment() {
        DiagnosticReport report = new DiagnosticReport();
        report.setConclusion("双侧肺动脉栓塞");
        assertThat(codes(hints(Shipped.catalogue(), "radiology", report))).containsExactly("CR-01");
        assertThat(hints(Shipped.catalogue(), "endoscopy", report)).isEmpty();
    }

    @Test
    void shouldPromptForTheCriticalRangeOfTheDefinitions() {
        ObservationDefinition definition = new ObservationDefinition();
        definition.getCode().addCoding(new Coding(LOINC, "2823-3", null));
        definition
                .addQualifiedInterval()
                .setCategory(ObservationDefinition.ObservationRangeCategory.CRITICAL)
                .getRange()
                .setLow(new Quantity().setValue(new BigDecimal("6.2")).setCode("mmol/L"));
        List<CriticalResultRule.Hint> hints = CriticalResultRule.hints(
                new DiagnosticReport(),
                List.of(number("2823-3", "6.5", "mmol/L"), number("2823-3", "4.0", "mmol/L")),
                Shipped.catalogue(),
                List.of(definition),
                new CriticalResultRule.Person("male", 60),
                null,
                (observation, expression) -> false);
        assertThat(codes(hints)).containsExactly("range");
        assertThat(hints).hasSize(1);
        assertThat(hints.get(0).evidence()).isEqualTo("≥ 6.2 mmol/L");
    }

    @Test
    void shouldOpenForCodedFlagsAlone() {
        CriticalCatalogue catalogue = Shipped.catalogue();
        assertThat(CriticalResultRule.flagged(
                        catalogue, "radiology", List.of(flag("AA", "CR-02"), flag("AA", "CR-02"))))
                .as("one case a finding")
                .hasSize(1);
        assertThat(CriticalResultRule.flagged(catalogue, "radiology", List.of(flag("A", "CR-02"))))
                .as("abnormal is not critical")
                .isEmpty();
        assertThat(CriticalResultRule.flagged(catalogue, "ultrasound", List.of(number("18043-0", "20", "%"))))
                .as("a number alone prompts, it does not flag")
                .isEmpty();
        Observation wrong = flag("AA", "CR-02");
        wrong.setStatus(Observation.ObservationStatus.ENTEREDINERROR);
        assertThat(CriticalResultRule.flagged(catalogue, "radiology", List.of(wrong)))
                .isEmpty();
        assertThat(CriticalResultRule.flagged(catalogue, "radiology", List.of(flag("HH", "ZZ-99"))))
                .as("a finding that nobody listed is not dropped")
                .hasSize(1);
        assertThat(CriticalResultRule.flagged(catalogue, "pathology", List.of(flag("AA", "CP-02")))
                        .get(0)
                        .second())
                .isTrue();
    }

    @Test
    @Tag("CRIT-18")
    void shouldFollowAnEditedCatalogue() {
        List<PlanDefinition> edited = Shipped.catalogues();
        PlanDefinition ultrasound = edited.get(1);
        PlanDefinition.PlanDefinitionActionComponent added = ultrasound.addAction();
        added.setTitle("肝脓肿破裂").addCode().addCoding(new Coding(Words.FINDING, "CU-90", "Ruptured liver abscess"));
        DataRequirement.DataRequirementCodeFilterComponent items =
                added.addInput().addCodeFilter();
        items.setPath("code").addCode(new Coding(Words.EXAM_ITEM, "US-ABDOMEN", null));
        added.addAction()
                .addCondition()
                .setKind(PlanDefinition.ActionConditionKind.APPLICABILITY)
                .getExpression()
                .setLanguage("text/plain")
                .setExpression("肝脓肿破裂");
        DiagnosticReport report = new DiagnosticReport();
        report.setConclusion("肝脓肿破裂");
        report.getCode().addCoding(new Coding(Words.EXAM_ITEM, "US-ABDOMEN", null));
        assertThat(codes(hints(CriticalCatalogue.of(edited), "ultrasound", report)))
                .containsExactly("CU-90");
        report.getCode().getCodingFirstRep().setCode("US-ECHO");
        assertThat(hints(CriticalCatalogue.of(edited), "ultrasound", report))
                .as("bound to its item")
                .isEmpty();

        ultrasound.getAction().stream()
                .filter(action -> action.getCodeFirstRep().hasCoding(Words.FINDING, "CU-09"))
                .forEach(action -> action.setPrecheckBehavior(PlanDefinition.ActionPrecheckBehavior.NO));
        assertThat(CriticalResultRule.flagged(CriticalCatalogue.of(edited), "ultrasound", List.of(flag("AA", "CU-09"))))
                .as("out of use")
                .isEmpty();
    }
}
