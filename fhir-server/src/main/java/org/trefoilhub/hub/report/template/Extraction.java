package org.trefoilhub.hub.report.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemType;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemAnswerComponent;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.report.range.IntervalFacts;
import org.trefoilhub.hub.report.range.ReferenceRanges;
import org.trefoilhub.hub.report.range.Units;

/**
 * Turns checked answers into observations and the content of a report; pure.
 *
 * <p>Every observation has the identifier {@code <answers>/<linkId>/<index of its group>} in the system of extractions, so
 * that the same answers always lead to the same observations.
 *
 * <p>Spec: SDC observation-based and definition-based extraction, as far as {@code DiagnosticReport.conclusion} and
 * {@code conclusionCode} go.
 */
final class Extraction {

    /** Identifier system of everything that is extracted. */
    static final String IDENTIFIER = Sdc.BASE + "/sid/extraction";

    private static final String REPORT = "http://hl7.org/fhir/StructureDefinition/DiagnosticReport#DiagnosticReport.";
    private static final String GESTATIONAL_AGE = "11884-4";

    private final Questionnaire template;
    private final QuestionnaireResponse answers;
    private final ReferenceRanges ranges;
    private final List<Observation> observations = new ArrayList<>();
    private final List<CodeableConcept> conclusionCodes = new ArrayList<>();
    private @Nullable String conclusion;
    private IntervalFacts facts;

    /**
     * What came out.
     *
     * @param observations in the order of the template, not yet stored
     * @param conclusion text of the impression; null when there is none
     * @param conclusionCodes coded impressions
     */
    record Extracted(
            List<Observation> observations, @Nullable String conclusion, List<CodeableConcept> conclusionCodes) {

        /** Writes the impression into a report; what the template does not ask stays. */
        void into(DiagnosticReport report) {
            report.setConclusion(conclusion);
            report.setConclusionCode(conclusionCodes);
        }
    }

    private Extraction(
            Questionnaire template, QuestionnaireResponse answers, ReferenceRanges ranges, IntervalFacts facts) {
        this.template = template;
        this.answers = answers;
        this.ranges = ranges;
        this.facts = facts;
    }

    /**
     * Extracts.
     *
     * @param answers checked, with an id
     * @param ranges reference ranges in force
     * @param patient what is known of the patient at the time of the exam
     */
    static Extracted of(
            Questionnaire template, QuestionnaireResponse answers, ReferenceRanges ranges, IntervalFacts patient) {
        Extraction extraction = new Extraction(template, answers, ranges, patient);
        extraction.learn();
        extraction.level(template.getItem(), answers.getItem(), null, 0, extraction.facts);
        return new Extracted(extraction.observations, extraction.conclusion, extraction.conclusionCodes);
    }

    /** The answers themselves say what the patient has: those of no group, the coded conclusions, the gestational age. */
    private void learn() {
        Set<String> known = new HashSet<>();
        for (QuestionnaireItemComponent item : template.getItem()) {
            boolean once = item.getType() == QuestionnaireItemType.GROUP && !item.getRepeats();
            for (QuestionnaireResponseItemComponent given :
                    Calculation.instances(answers.getItem(), item.getLinkId())) {
                keys(List.of(given), known);
                if (once) {
                    keys(given.getItem(), known);
                }
                boolean isGestation = item.getCode().stream().anyMatch(code -> GESTATIONAL_AGE.equals(code.getCode()));
                if (isGestation && given.getAnswerFirstRep().getValue() instanceof DecimalType weeks) {
                    facts = facts.at(weeks.getValue());
                }
                if (given.getAnswerFirstRep().getValue() instanceof BooleanType holds && holds.booleanValue()) {
                    item.getCode().forEach(code -> known.add(IntervalFacts.key(code)));
                }
            }
        }
        facts = facts.with(known);
    }

    private static void keys(List<QuestionnaireResponseItemComponent> items, Set<String> into) {
        for (QuestionnaireResponseItemComponent item : items) {
            for (QuestionnaireResponseItemAnswerComponent answer : item.getAnswer()) {
                if (answer.getValue() instanceof Coding coding) {
                    into.add(IntervalFacts.key(coding));
                }
            }
        }
    }

    private void level(
            List<QuestionnaireItemComponent> asked,
            List<QuestionnaireResponseItemComponent> given,
            @Nullable String group,
            int index,
            IntervalFacts known) {
        CodeableConcept site = site(asked, given);
        for (QuestionnaireItemComponent item : asked) {
            List<QuestionnaireResponseItemComponent> own = Calculation.instances(given, item.getLinkId());
            if (item.getType() == QuestionnaireItemType.GROUP) {
                for (int i = 0; i < own.size(); i++) {
                    Set<String> inner = new HashSet<>();
                    keys(own.get(i).getItem(), inner);
                    level(
                            item.getItem(),
                            own.get(i).getItem(),
                            item.getRepeats() ? item.getText() + " " + (i + 1) : null,
                            item.getRepeats() ? i + 1 : 0,
                            known.with(inner));
                }
                continue;
            }
            for (QuestionnaireResponseItemComponent each : own) {
                for (QuestionnaireResponseItemAnswerComponent answer : each.getAnswer()) {
                    define(item, answer);
                }
                if (Sdc.isMarked(item, Sdc.OBSERVATION_EXTRACT)
                        && each.getAnswerFirstRep().hasValue()) {
                    observations.add(observation(item, each.getAnswerFirstRep().getValue(), group, index, site, known));
                }
            }
        }
    }

    private void define(QuestionnaireItemComponent item, QuestionnaireResponseItemAnswerComponent answer) {
        if (!item.hasDefinition() || !item.getDefinition().startsWith(REPORT)) {
            return;
        }
        switch (item.getDefinition().substring(REPORT.length())) {
            case "conclusion" -> conclusion = answer.getValue().primitiveValue();
            case "conclusionCode" -> {
                CodeableConcept concept = new CodeableConcept();
                if (answer.getValue() instanceof Coding coding) {
                    concept.addCoding(coding.copy());
                } else {
                    concept.setText(answer.getValue().primitiveValue());
                }
                conclusionCodes.add(concept);
            }
            default -> {
                // Other elements of a report are those of the order and of the workflow.
            }
        }
    }

    private Observation observation(
            QuestionnaireItemComponent item,
            Type value,
            @Nullable String group,
            int index,
            @Nullable CodeableConcept site,
            IntervalFacts known) {
        Observation observation = new Observation();
        observation.addIdentifier(identifier(answers.getIdElement().getIdPart(), item.getLinkId(), index));
        if (answers.hasBasedOn()) {
            answers.getBasedOn().stream()
                    .filter(each ->
                            "ServiceRequest".equals(each.getReferenceElement().getResourceType()))
                    .forEach(each -> observation.addBasedOn(each.copy()));
        }
        observation.setStatus(ObservationStatus.PRELIMINARY);
        observation
                .addCategory()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/observation-category")
                .setCode("imaging");
        item.getCode().forEach(code -> observation.getCode().addCoding(code.copy()));
        observation.getCode().setText(group == null ? item.getText() : item.getText() + "（" + group + "）");
        observation.setSubject(answers.getSubject().copy());
        if (answers.hasEncounter()) {
            observation.setEncounter(answers.getEncounter().copy());
        }
        if (answers.hasAuthored()) {
            observation.setEffective(answers.getAuthoredElement().copy());
        }
        if (answers.hasAuthor()) {
            observation.addPerformer(answers.getAuthor().copy());
        }
        if (site != null) {
            observation.setBodySite(site);
        }
        observation.addDerivedFrom(
                new Reference("QuestionnaireResponse/" + answers.getIdElement().getIdPart()));
        observation.setValue(value(item, value));
        ranges.apply(observation, known);
        return observation;
    }

    /** The identifier of what is extracted from one item. */
    static Identifier identifier(String answers, String linkId, int index) {
        return new Identifier().setSystem(IDENTIFIER).setValue(answers + "/" + linkId + "/" + index);
    }

    private static Type value(QuestionnaireItemComponent item, Type answer) {
        if (answer instanceof DecimalType || answer instanceof IntegerType) {
            Coding unit = Sdc.unit(item).orElse(new Coding(Units.UCUM, "1", "1"));
            return new Quantity()
                    .setValue(new BigDecimal(answer.primitiveValue()))
                    .setUnit(unit.hasDisplay() ? unit.getDisplay() : unit.getCode())
                    .setSystem(unit.getSystem())
                    .setCode(unit.getCode());
        }
        if (answer instanceof Coding coding) {
            CodeableConcept concept = new CodeableConcept().addCoding(coding.copy());
            if (coding.hasDisplay()) {
                concept.setText(coding.getDisplay());
            }
            return concept;
        }
        if (answer instanceof BooleanType flag) {
            return flag.copy();
        }
        if (answer instanceof DateType date) {
            return new DateTimeType(date.getValueAsString());
        }
        return new StringType(answer.primitiveValue());
    }

    /** Where the measurements of a group were taken: its marked answer, else the body part of the template. */
    private @Nullable CodeableConcept site(
            List<QuestionnaireItemComponent> asked, List<QuestionnaireResponseItemComponent> given) {
        for (QuestionnaireItemComponent item : asked) {
            if (Sdc.isMarked(item, Sdc.BODY_SITE)) {
                for (QuestionnaireResponseItemComponent own : Calculation.instances(given, item.getLinkId())) {
                    Type answer = own.getAnswerFirstRep().getValue();
                    if (answer instanceof Coding coding) {
                        return new CodeableConcept().addCoding(coding.copy()).setText(coding.getDisplay());
                    }
                    if (answer != null && answer.isPrimitive()) {
                        return new CodeableConcept().setText(answer.primitiveValue());
                    }
                }
            }
        }
        return template.getUseContext().stream()
                .filter(context -> "body-site".equals(context.getCode().getCode()))
                .map(context -> context.getValue())
                .filter(CodeableConcept.class::isInstance)
                .map(value -> ((CodeableConcept) value).copy())
                .findFirst()
                .orElse(null);
    }
}
