package org.trefoilhub.hub.report.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Questionnaire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RecommendationTest {

    private static List<String> codes(
            Set<String> items, Set<String> types, Set<String> diagnoses, @Nullable String sex, @Nullable Integer age) {
        return Recommendation.rank(
                        List.copyOf(Templates.all().values()),
                        new Recommendation.Exam(items, Set.of(), types, diagnoses, Set.of("RAD"), sex, age, Set.of()))
                .stream()
                .map(each -> each.template().getCodeFirstRep().getCode())
                .toList();
    }

    @Test
    @Tag("TPL-3")
    void TPL_3_plainAndEnhancedLiverGiveDifferentTemplates() {
        assertThat(codes(Set.of("CT-LIVER"), Set.of("plain"), Set.of(), null, null))
                .startsWith("RAD-T8");
        assertThat(codes(Set.of("CT-LIVER-CE"), Set.of("enhanced"), Set.of(), null, null))
                .startsWith("RAD-T2");
    }

    @Test
    @Tag("TPL-8")
    void TPL_8_anotherDiagnosisChangesTheRanking() {
        List<String> lung = codes(Set.of(), Set.of(), Set.of("C34.1"), null, null);
        List<String> prostate = codes(Set.of(), Set.of(), Set.of("C61"), "male", 70);
        assertThat(lung).startsWith("RAD-T1");
        assertThat(prostate).startsWith("RAD-T3");
    }

    @Test
    @Tag("TPL-8")
    void TPL_8_sexAndAgeMustFit() {
        assertThat(codes(Set.of("MR-PROSTATE"), Set.of(), Set.of(), "female", 70))
                .doesNotContain("RAD-T3");
        assertThat(codes(Set.of("DX-BONEAGE"), Set.of(), Set.of(), "female", 30))
                .doesNotContain("PE-T1");
        assertThat(codes(Set.of("DX-BONEAGE"), Set.of(), Set.of(), "female", 12))
                .startsWith("PE-T1");
    }

    @Test
    @Tag("TPL-8")
    void TPL_8_everyMatchCountsItsPointsAndIsTold() {
        Questionnaire liver = Templates.all().get("RAD-T2").copy();
        liver.setId("Questionnaire/7");
        Recommendation best = Recommendation.rank(
                        List.of(liver),
                        new Recommendation.Exam(
                                Set.of("CT-LIVER-CE"),
                                Set.of("10200004"),
                                Set.of("enhanced"),
                                Set.of("K74.6"),
                                Set.of("RAD"),
                                "male",
                                60,
                                Set.of("Questionnaire/7")))
                .get(0);
        assertThat(best.score()).isEqualTo(8 + 4 + 3 + 2 + 1 + 1);
        assertThat(best.reasons()).hasSize(6).first().asString().contains("CT-LIVER-CE");
    }

    @Test
    @Tag("TPL-1")
    void TPL_1_aRetiredTemplateIsNotRecommended() {
        List<Questionnaire> all = new ArrayList<>();
        Questionnaire retired = Templates.all().get("RAD-T1").copy();
        retired.setStatus(PublicationStatus.RETIRED);
        all.add(retired);
        assertThat(Recommendation.rank(
                        all,
                        new Recommendation.Exam(
                                Set.of("CT-CHEST"), Set.of(), Set.of(), Set.of(), Set.of(), null, null, Set.of())))
                .isEmpty();
    }
}
