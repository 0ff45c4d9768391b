package org.trefoilhub.hub.report.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.UsageContext;
import org.jspecify.annotations.Nullable;

/**
 * How well a template fits an exam; pure. Exam item 8, diagnosis 4 (by the beginning of the ICD code), body part 3, exam type
 * 2, exam kind 1, a favourite of the user 1 more; sex and age must fit.
 *
 * @param template the template
 * @param score above zero
 * @param reasons what matched, in words, the weightiest first
 */
record Recommendation(Questionnaire template, int score, List<String> reasons) {

    private static final Comparator<Recommendation> BEST_FIRST = Comparator.comparingInt(Recommendation::score)
            .reversed()
            .thenComparing(each -> String.valueOf(each.template().getUrl()));

    /**
     * The exam that a template is wanted for; every part may be missing.
     *
     * @param items codes of exam items
     * @param sites codes of body parts
     * @param types codes of exam types, {@code plain} or {@code enhanced}
     * @param diagnoses ICD-10 codes
     * @param kinds codes of exam kinds
     * @param sex code of {@code administrative-gender}
     * @param age completed years
     * @param favourites literal references of the user's favourites
     */
    record Exam(
            Set<String> items,
            Set<String> sites,
            Set<String> types,
            Set<String> diagnoses,
            Set<String> kinds,
            @Nullable String sex,
            @Nullable Integer age,
            Set<String> favourites) {}

    /** The templates that fit, best first. Only active ones, and of a template with several versions the newest. */
    static List<Recommendation> rank(List<Questionnaire> templates, Exam exam) {
        List<Recommendation> found = new ArrayList<>();
        for (Questionnaire template : templates) {
            if (template.getStatus() == PublicationStatus.ACTIVE && template.hasUseContext()) {
                Recommendation each = of(template, exam);
                if (each != null) {
                    found.add(each);
                }
            }
        }
        found.sort(BEST_FIRST);
        return found;
    }

    private static @Nullable Recommendation of(Questionnaire template, Exam exam) {
        List<String> reasons = new ArrayList<>();
        int score = 0;
        score += match(template, "exam-item", exam.items(), false, 8, "检查项目", reasons);
        score += match(template, "diagnosis", exam.diagnoses(), true, 4, "诊断", reasons);
        score += match(template, "body-site", exam.sites(), false, 3, "部位", reasons);
        score += match(template, "exam-type", exam.types(), false, 2, "检查类型", reasons);
        score += match(template, "exam-kind", exam.kinds(), false, 1, "检查类别", reasons);
        if (score == 0 || !fits(template, exam)) {
            return null;
        }
        if (exam.favourites()
                .contains("Questionnaire/" + template.getIdElement().getIdPart())) {
            score++;
            reasons.add("收藏");
        }
        return new Recommendation(template, score, List.copyOf(reasons));
    }

    private static int match(
            Questionnaire template,
            String name,
            Set<String> asked,
            boolean prefix,
            int points,
            String word,
            List<String> reasons) {
        for (UsageContext context : template.getUseContext()) {
            if (name.equals(context.getCode().getCode()) && context.getValue() instanceof CodeableConcept concept) {
                for (Coding coding : concept.getCoding()) {
                    String code = coding.getCode();
                    boolean hit = asked.stream()
                            .anyMatch(each -> prefix ? each.startsWith(code) : Objects.equals(each, code));
                    if (hit) {
                        reasons.add(word + " " + code + " +" + points);
                        return points;
                    }
                }
            }
        }
        return 0;
    }

    private static boolean fits(Questionnaire template, Exam exam) {
        for (UsageContext context : template.getUseContext()) {
            String code = context.getCode().getCode();
            if ("sex".equals(code)
                    && exam.sex() != null
                    && context.getValue() instanceof CodeableConcept sex
                    && sex.getCoding().stream().noneMatch(each -> exam.sex().equals(each.getCode()))) {
                return false;
            }
            if ("age-range".equals(code) && exam.age() != null && context.getValue() instanceof Range range) {
                BigDecimal age = BigDecimal.valueOf(exam.age());
                if (range.hasLow() && age.compareTo(range.getLow().getValue()) < 0
                        || range.hasHigh() && age.compareTo(range.getHigh().getValue()) > 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
