package org.trefoilhub.hub.report.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemType;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemAnswerComponent;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemComponent;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/**
 * Compares answers with their template: unknown items, types, options, limits, repeats, and, once the answers are complete,
 * what is required.
 *
 * <p>Spec: FHIR R4 Questionnaire.item, QuestionnaireResponse.item; extensions minValue, maxValue, questionnaire-maxOccurs.
 */
final class AnswerCheck {

    private final QuestionnaireResponse answers;
    private final boolean complete;
    private final List<Problem> problems = new ArrayList<>();

    private AnswerCheck(QuestionnaireResponse answers, boolean complete) {
        this.answers = answers;
        this.complete = complete;
    }

    /**
     * What is wrong.
     *
     * @param complete whether required items must be there
     * @return in the order of the template; empty when nothing is wrong
     */
    static List<Problem> problems(Questionnaire template, QuestionnaireResponse answers, boolean complete) {
        AnswerCheck check = new AnswerCheck(answers, complete);
        check.level(template.getItem(), answers.getItem());
        return check.problems;
    }

    private void level(List<QuestionnaireItemComponent> asked, List<QuestionnaireResponseItemComponent> given) {
        Set<String> known = new HashSet<>();
        for (QuestionnaireItemComponent item : asked) {
            known.add(item.getLinkId());
            List<QuestionnaireResponseItemComponent> own = Calculation.instances(given, item.getLinkId());
            if (!Enabled.is(item, given, answers)) {
                if (own.stream().anyMatch(each -> each.hasAnswer() || each.hasItem())) {
                    add(item, "`%s` is not asked after the other answers");
                }
                continue;
            }
            if (item.getType() == QuestionnaireItemType.GROUP) {
                group(item, own);
            } else if (item.getType() != QuestionnaireItemType.DISPLAY) {
                question(item, own);
            }
        }
        for (QuestionnaireResponseItemComponent item : given) {
            if (!known.contains(item.getLinkId())) {
                problems.add(new Problem(
                        ReportErrorCode.ANSWER_INVALID,
                        item.getLinkId(),
                        "the template has no item `" + item.getLinkId() + "` there"));
            }
        }
    }

    private void group(QuestionnaireItemComponent item, List<QuestionnaireResponseItemComponent> own) {
        if (own.isEmpty() && item.getRequired()) {
            missing(item);
        }
        if (own.size() > 1 && !item.getRepeats()) {
            add(item, "`%s` is given once");
        }
        Sdc.number(item, Sdc.MAX_OCCURS)
                .filter(most -> own.size() > most.intValue())
                .ifPresent(most -> add(item, "`%s` is given at most " + most + " times"));
        if (own.isEmpty() && !item.getRepeats()) {
            // A group that is there once asks its questions whether or not it was sent.
            level(item.getItem(), List.of());
        }
        for (QuestionnaireResponseItemComponent instance : own) {
            level(item.getItem(), instance.getItem());
        }
    }

    private void question(QuestionnaireItemComponent item, List<QuestionnaireResponseItemComponent> own) {
        List<QuestionnaireResponseItemAnswerComponent> given = own.stream()
                .flatMap(each -> each.getAnswer().stream())
                .filter(QuestionnaireResponseItemAnswerComponent::hasValue)
                .toList();
        if (given.isEmpty()) {
            if (item.getRequired()) {
                missing(item);
            }
            return;
        }
        if (given.size() > 1 && !item.getRepeats()) {
            add(item, "`%s` has one answer");
        }
        for (QuestionnaireResponseItemAnswerComponent answer : given) {
            value(item, answer.getValue());
        }
    }

    private void missing(QuestionnaireItemComponent item) {
        if (complete) {
            add(item, "`%s` is required");
        }
    }

    private void value(QuestionnaireItemComponent item, Type value) {
        boolean typed =
                switch (item.getType()) {
                    case DECIMAL -> value instanceof DecimalType || value instanceof IntegerType;
                    case INTEGER -> value instanceof IntegerType;
                    case BOOLEAN -> value instanceof BooleanType;
                    case DATE -> value instanceof DateType;
                    case STRING, TEXT, URL -> value instanceof StringType;
                    case CHOICE -> value instanceof Coding;
                    case OPENCHOICE -> value instanceof Coding || value instanceof StringType;
                    default -> true;
                };
        if (!typed) {
            add(item, "`%s` takes an answer of type " + item.getType().toCode());
            return;
        }
        if (item.getType() == QuestionnaireItemType.CHOICE
                && item.hasAnswerOption()
                && item.getAnswerOption().stream()
                        .noneMatch(option -> option.getValue() instanceof Coding coding
                                && value instanceof Coding chosen
                                && coding.getCode().equals(chosen.getCode())
                                && Objects.equals(coding.getSystem(), chosen.getSystem()))) {
            add(item, "`%s` takes one of its options");
        }
        if (value instanceof DecimalType || value instanceof IntegerType) {
            BigDecimal number = new BigDecimal(value.primitiveValue());
            Optional<BigDecimal> low = Sdc.number(item, Sdc.MIN);
            Optional<BigDecimal> high = Sdc.number(item, Sdc.MAX);
            if (low.isPresent() && number.compareTo(low.get()) < 0
                    || high.isPresent() && number.compareTo(high.get()) > 0) {
                add(
                        item,
                        "`%s` lies between "
                                + low.map(BigDecimal::toPlainString).orElse("-") + " and "
                                + high.map(BigDecimal::toPlainString).orElse("-"));
            }
        }
        if (value instanceof StringType text
                && item.hasMaxLength()
                && text.getValue().length() > item.getMaxLength()) {
            add(item, "`%s` has at most " + item.getMaxLength() + " characters");
        }
    }

    private void add(QuestionnaireItemComponent item, String text) {
        problems.add(
                new Problem(ReportErrorCode.ANSWER_INVALID, item.getLinkId(), text.replace("%s", item.getLinkId())));
    }
}
