package org.trefoilhub.hub.report.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Expression;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemType;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemComponent;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/**
 * Computes the calculated items of a template anew, in the order of the template.
 *
 * <p>What an expression yields takes the place of what was sent; a difference is told. Where an expression yields nothing,
 * the rules do not decide, and what the doctor chose stays.
 *
 * <p>Spec: SDC calculatedExpression and variable (of the template and of the group that holds the item).
 */
final class Calculation {

    private static final BigDecimal TOLERANCE = new BigDecimal("0.0005");

    /** Digits after the point of every number in an expression. */
    private static final int SCALE = 10;

    private final Expressions expressions;

    Calculation(Expressions expressions) {
        this.expressions = expressions;
    }

    /**
     * Computes and writes into the answers.
     *
     * @param patient value of {@code %patient}; null when nothing is known
     * @return what had been sent differently
     * @throws Expressions.ExpressionException when an expression of the template is wrong
     */
    List<Problem> compute(Questionnaire template, QuestionnaireResponse answers, @Nullable Patient patient) {
        List<Problem> corrected = new ArrayList<>();
        Map<String, List<Base>> names = new HashMap<>();
        names.put("patient", patient == null ? List.of() : List.of(patient));
        for (QuestionnaireItemComponent item : template.getItem()) {
            if (item.getType() == QuestionnaireItemType.GROUP) {
                for (QuestionnaireResponseItemComponent instance : instances(answers.getItem(), item.getLinkId())) {
                    group(template, answers, item, instance, names, corrected);
                }
            } else {
                calculate(template, answers, answers, null, item, answers.getItem(), names, corrected);
            }
        }
        return corrected;
    }

    private void group(
            Questionnaire template,
            QuestionnaireResponse answers,
            QuestionnaireItemComponent group,
            QuestionnaireResponseItemComponent instance,
            Map<String, List<Base>> names,
            List<Problem> corrected) {
        for (QuestionnaireItemComponent item : group.getItem()) {
            if (item.getType() == QuestionnaireItemType.GROUP) {
                for (QuestionnaireResponseItemComponent inner : instances(instance.getItem(), item.getLinkId())) {
                    group(template, answers, item, inner, names, corrected);
                }
            } else {
                calculate(template, answers, instance, group, item, instance.getItem(), names, corrected);
            }
        }
    }

    private void calculate(
            Questionnaire template,
            QuestionnaireResponse answers,
            Base focus,
            @Nullable QuestionnaireItemComponent group,
            QuestionnaireItemComponent item,
            List<QuestionnaireResponseItemComponent> siblings,
            Map<String, List<Base>> known,
            List<Problem> corrected) {
        Optional<Expression> expression = Sdc.calculated(item);
        if (expression.isEmpty() || !Enabled.is(item, siblings, answers)) {
            return;
        }
        Map<String, List<Base>> names = new HashMap<>(known);
        variables(template.getExtension(), answers, answers, names);
        if (group != null) {
            variables(group.getExtension(), answers, focus, names);
        }
        names.put("qitem", List.of(item));
        Type value = value(item, expressions.evaluate(expression.get().getExpression(), answers, focus, names));
        if (value == null) {
            return;
        }
        QuestionnaireResponseItemComponent slot = instances(siblings, item.getLinkId()).stream()
                .findFirst()
                .orElseGet(() -> insert(template, group, item, siblings));
        if (slot.hasAnswer()) {
            if (slot.getAnswer().size() == 1 && same(slot.getAnswerFirstRep().getValue(), value)) {
                return;
            }
            corrected.add(new Problem(
                    ReportErrorCode.ANSWER_CORRECTED,
                    item.getLinkId(),
                    "the answer to `" + item.getLinkId() + "` was not what its expression yields, and was corrected"));
        }
        slot.getAnswer().clear();
        slot.addAnswer().setValue(value);
    }

    /** Adds an item where the template has it, so that the order of both stays the same. */
    private static QuestionnaireResponseItemComponent insert(
            Questionnaire template,
            @Nullable QuestionnaireItemComponent group,
            QuestionnaireItemComponent item,
            List<QuestionnaireResponseItemComponent> siblings) {
        List<String> order = (group == null ? template.getItem() : group.getItem())
                .stream().map(QuestionnaireItemComponent::getLinkId).toList();
        int own = order.indexOf(item.getLinkId());
        int at = 0;
        while (at < siblings.size() && order.indexOf(siblings.get(at).getLinkId()) < own) {
            at++;
        }
        QuestionnaireResponseItemComponent slot = new QuestionnaireResponseItemComponent();
        slot.setLinkId(item.getLinkId());
        siblings.add(at, slot);
        return slot;
    }

    private void variables(
            List<Extension> extensions, QuestionnaireResponse answers, Base focus, Map<String, List<Base>> names) {
        for (Extension extension : extensions) {
            if (Sdc.VARIABLE.equals(extension.getUrl()) && extension.getValue() instanceof Expression variable) {
                names.put(
                        variable.getName(),
                        expressions.evaluate(variable.getExpression(), answers, focus, names).stream()
                                .map(Calculation::precise)
                                .toList());
            }
        }
    }

    /** The engine divides to as many digits as its operands have: {@code 0.8 / 0.5} would be 2. */
    private static Base precise(Base value) {
        return value instanceof DecimalType number && number.getValue().scale() < SCALE
                ? new DecimalType(number.getValue().setScale(SCALE))
                : value;
    }

    static List<QuestionnaireResponseItemComponent> instances(
            List<QuestionnaireResponseItemComponent> items, String linkId) {
        return items.stream().filter(item -> linkId.equals(item.getLinkId())).toList();
    }

    /** The result as an answer of the item's type; null for none. */
    private static @Nullable Type value(QuestionnaireItemComponent item, List<Base> result) {
        if (result.size() != 1) {
            return null;
        }
        Base only = result.get(0);
        if (item.getType() == QuestionnaireItemType.CHOICE || item.getType() == QuestionnaireItemType.OPENCHOICE) {
            if (!(only instanceof Coding coding)) {
                return null;
            }
            Coding answer = coding.copy();
            answer.getExtension().clear();
            return answer;
        }
        String text = only instanceof PrimitiveType<?> primitive ? primitive.getValueAsString() : null;
        if (text == null) {
            return null;
        }
        return switch (item.getType()) {
            case DECIMAL -> new DecimalType(new BigDecimal(text));
            case INTEGER -> new IntegerType(new BigDecimal(text).intValueExact());
            case BOOLEAN -> new BooleanType(text);
            case DATE -> new DateType(text);
            default -> new StringType(text);
        };
    }

    static boolean same(@Nullable Type sent, Type computed) {
        if (sent instanceof Coding one && computed instanceof Coding other) {
            return IdentityKey.of(one).equals(IdentityKey.of(other));
        }
        if (sent instanceof DecimalType one && computed instanceof DecimalType other) {
            return one.getValue().subtract(other.getValue()).abs().compareTo(TOLERANCE) <= 0;
        }
        return sent != null && sent.equalsDeep(computed);
    }

    /** System and code, which make a coding what it is. */
    private record IdentityKey(@Nullable String system, @Nullable String code) {

        static IdentityKey of(Coding coding) {
            return new IdentityKey(coding.getSystem(), coding.getCode());
        }
    }
}
