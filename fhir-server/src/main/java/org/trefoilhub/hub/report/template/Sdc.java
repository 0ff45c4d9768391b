package org.trefoilhub.hub.report.template;

import java.math.BigDecimal;
import java.util.Optional;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Expression;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Type;
import org.trefoilhub.hub.report.range.Extensions;

/** Addresses of the extensions that a template uses, and their values. */
final class Sdc {

    static final String BASE = "https://trefoil-hub.org/fhir";
    static final String CALCULATED =
            "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";
    static final String OBSERVATION_EXTRACT =
            "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-observationExtract";
    static final String VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable";
    static final String UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";
    static final String MIN = "http://hl7.org/fhir/StructureDefinition/minValue";
    static final String MAX = "http://hl7.org/fhir/StructureDefinition/maxValue";
    static final String MAX_OCCURS = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs";
    static final String ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue";

    /** Own: the answer is the body site of the measurements of its group. */
    static final String BODY_SITE = BASE + "/StructureDefinition/extract-body-site";

    private Sdc() {}

    static boolean isMarked(Element element, String url) {
        return Extensions.value(element, url) instanceof BooleanType marked && marked.booleanValue();
    }

    static Optional<Expression> calculated(QuestionnaireItemComponent item) {
        return Extensions.value(item, CALCULATED) instanceof Expression expression
                ? Optional.of(expression)
                : Optional.empty();
    }

    static Optional<Coding> unit(QuestionnaireItemComponent item) {
        return Extensions.value(item, UNIT) instanceof Coding unit ? Optional.of(unit) : Optional.empty();
    }

    static Optional<BigDecimal> number(Element element, String url) {
        Type value = Extensions.value(element, url);
        if (value instanceof DecimalType decimal) {
            return Optional.of(decimal.getValue());
        }
        return value instanceof IntegerType integer
                ? Optional.of(BigDecimal.valueOf(integer.getValue()))
                : Optional.empty();
    }
}
