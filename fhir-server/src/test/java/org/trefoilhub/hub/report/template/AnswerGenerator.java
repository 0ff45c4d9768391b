package org.trefoilhub.hub.report.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemType;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemComponent;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseStatus;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/** Complete answers to any template, drawn by a seed: every item that is asked, groups twice where they may repeat. */
final class AnswerGenerator {

    private final Random random;

    AnswerGenerator(long seed) {
        random = new Random(seed);
    }

    QuestionnaireResponse complete(Questionnaire template, Patient patient, Date authored) {
        QuestionnaireResponse answers = new QuestionnaireResponse();
        answers.setQuestionnaire(template.getUrl() + "|" + template.getVersion());
        answers.setStatus(QuestionnaireResponseStatus.COMPLETED);
        answers.setAuthoredElement(new DateTimeType(authored));
        fill(template.getItem(), answers.getItem(), answers);
        Templates.CALCULATION.compute(template, answers, patient);
        decide(template.getItem(), answers.getItem());
        Templates.CALCULATION.compute(template, answers, patient);
        return answers;
    }

    private void fill(
            List<QuestionnaireItemComponent> asked,
            List<QuestionnaireResponseItemComponent> into,
            QuestionnaireResponse answers) {
        for (QuestionnaireItemComponent item : asked) {
            if (Sdc.calculated(item).isPresent() || !Enabled.is(item, into, answers)) {
                continue;
            }
            if (item.getType() == QuestionnaireItemType.GROUP) {
                for (int i = 0; i < (item.getRepeats() ? 2 : 1); i++) {
                    QuestionnaireResponseItemComponent group = new QuestionnaireResponseItemComponent();
                    group.setLinkId(item.getLinkId());
                    into.add(group);
                    fill(item.getItem(), group.getItem(), answers);
                }
            } else {
                into.add(Templates.answer(item.getLinkId(), value(item)));
            }
        }
    }

    /** What the rules leave open the doctor decides. */
    private void decide(List<QuestionnaireItemComponent> asked, List<QuestionnaireResponseItemComponent> given) {
        List<String> order =
                asked.stream().map(QuestionnaireItemComponent::getLinkId).toList();
        for (QuestionnaireItemComponent item : asked) {
            List<QuestionnaireResponseItemComponent> own = Calculation.instances(given, item.getLinkId());
            if (item.getType() == QuestionnaireItemType.GROUP) {
                own.forEach(group -> decide(item.getItem(), group.getItem()));
            } else if (item.getRequired() && own.isEmpty()) {
                int at = 0;
                while (at < given.size()
                        && order.indexOf(given.get(at).getLinkId()) < order.indexOf(item.getLinkId())) {
                    at++;
                }
                given.add(at, Templates.answer(item.getLinkId(), value(item)));
            }
        }
    }

    private Type value(QuestionnaireItemComponent item) {
        return switch (item.getType()) {
            case DECIMAL -> new DecimalType(number(item, 1));
            case INTEGER -> new IntegerType(number(item, 0).intValueExact());
            case BOOLEAN -> new BooleanType(random.nextInt(4) == 0);
            case DATE -> new DateType("2024-0" + (1 + random.nextInt(9)) + "-15");
            case CHOICE, OPENCHOICE ->
                item.getAnswerOption().isEmpty()
                        ? new Coding("http://hl7.org/fhir/sid/icd-10", "Z00.0", null)
                        : option(item);
            default -> new StringType(item.getText() + "：生成内容 " + random.nextInt(1000));
        };
    }

    private Coding option(QuestionnaireItemComponent item) {
        List<Coding> options = new ArrayList<>();
        item.getAnswerOption().forEach(each -> options.add((Coding) each.getValue()));
        Coding chosen = options.get(random.nextInt(options.size())).copy();
        chosen.getExtension().clear();
        return chosen;
    }

    private BigDecimal number(QuestionnaireItemComponent item, int scale) {
        BigDecimal low = Sdc.number(item, Sdc.MIN).orElse(BigDecimal.ONE);
        BigDecimal high = Sdc.number(item, Sdc.MAX).orElse(BigDecimal.TEN);
        // The lower half: real values are rarely near what could be typed at most.
        return high.subtract(low)
                .multiply(BigDecimal.valueOf(0.05 + 0.4 * random.nextDouble()))
                .add(low)
                .setScale(scale, RoundingMode.HALF_UP)
                .max(low.setScale(scale, RoundingMode.CEILING));
    }
}
