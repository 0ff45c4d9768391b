package org.trefoilhub.hub.report.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Questionnaire.EnableWhenBehavior;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemEnableWhenComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemOperator;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemComponent;
import org.hl7.fhir.r4.model.Type;

/** Whether an item is asked at all. Spec: FHIR R4 Questionnaire.item.enableWhen; the nearest answer to the question counts. */
final class Enabled {

    private Enabled() {}

    static boolean is(
            QuestionnaireItemComponent item,
            List<QuestionnaireResponseItemComponent> siblings,
            QuestionnaireResponse answers) {
        if (!item.hasEnableWhen()) {
            return true;
        }
        boolean any = item.getEnableBehavior() == EnableWhenBehavior.ANY;
        for (QuestionnaireItemEnableWhenComponent when : item.getEnableWhen()) {
            List<Type> given = new ArrayList<>();
            collect(siblings, when.getQuestion(), given);
            if (given.isEmpty()) {
                collect(answers.getItem(), when.getQuestion(), given);
            }
            boolean holds = holds(when, given);
            if (holds == any) {
                return any;
            }
        }
        return !any;
    }

    private static void collect(List<QuestionnaireResponseItemComponent> items, String linkId, List<Type> into) {
        for (QuestionnaireResponseItemComponent item : items) {
            if (linkId.equals(item.getLinkId())) {
                item.getAnswer().forEach(answer -> into.add(answer.getValue()));
            } else {
                collect(item.getItem(), linkId, into);
            }
        }
    }

    private static boolean holds(QuestionnaireItemEnableWhenComponent when, List<Type> given) {
        QuestionnaireItemOperator operator = when.getOperator();
        Type wanted = when.getAnswer();
        return switch (operator) {
            case EXISTS -> wanted.primitiveValue().equals(Boolean.toString(!given.isEmpty()));
            case EQUAL -> given.stream().anyMatch(each -> equal(each, wanted));
            case NOT_EQUAL -> given.stream().noneMatch(each -> equal(each, wanted));
            case GREATER_THAN -> given.stream().anyMatch(each -> order(each, wanted) > 0);
            case LESS_THAN -> given.stream().anyMatch(each -> order(each, wanted) < 0);
            case GREATER_OR_EQUAL -> given.stream().anyMatch(each -> order(each, wanted) >= 0);
            case LESS_OR_EQUAL -> given.stream().anyMatch(each -> order(each, wanted) <= 0);
            case NULL -> false;
        };
    }

    private static boolean equal(Type one, Type other) {
        if (one instanceof Coding first && other instanceof Coding second) {
            return first.getCode().equals(second.getCode())
                    && (!second.hasSystem() || second.getSystem().equals(first.getSystem()));
        }
        if (isNumber(one) && isNumber(other)) {
            return order(one, other) == 0;
        }
        return one.equalsDeep(other);
    }

    private static int order(Type one, Type other) {
        if (isNumber(one) && isNumber(other)) {
            return new BigDecimal(one.primitiveValue()).compareTo(new BigDecimal(other.primitiveValue()));
        }
        return one.isPrimitive() && other.isPrimitive() ? one.primitiveValue().compareTo(other.primitiveValue()) : 0;
    }

    private static boolean isNumber(Type type) {
        return type instanceof DecimalType || type instanceof IntegerType;
    }
}
