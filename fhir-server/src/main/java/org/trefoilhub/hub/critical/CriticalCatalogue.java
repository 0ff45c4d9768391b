package org.trefoilhub.hub.critical;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DataRequirement;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.PlanDefinition.ActionConditionKind;
import org.hl7.fhir.r4.model.PlanDefinition.ActionPrecheckBehavior;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionActionComponent;
import org.hl7.fhir.r4.model.PlanDefinition.RequestPriority;
import org.jspecify.annotations.Nullable;

/**
 * The critical findings of the hospital by department, as its active PlanDefinitions with the topic
 * {@code critical-catalogue} list them. Immutable; pure.
 *
 * <p>An action is a finding; {@code priority} asap makes it class II, {@code precheckBehavior} no takes it out of use, an
 * {@code input} with a code filter binds it to exam items. Its parts are rules: text/plain is a word to look for,
 * text/fhirpath an expression over an Observation.
 *
 * <p>Spec: domain model §5; CRIT-18.
 */
final class CriticalCatalogue {

    /** Topic of the PlanDefinitions. */
    static final String TOPIC = "critical-catalogue";

    static final String TOPICS = Words.BASE + "/CodeSystem/knowledge-topic";
    static final String DEPARTMENTS = Words.BASE + "/CodeSystem/department";

    /**
     * A rule that prompts.
     *
     * @param language {@code text/plain} or {@code text/fhirpath}
     * @param expression the word, or the expression
     */
    record Rule(String language, String expression) {

        static final String WORD = "text/plain";
        static final String FHIRPATH = "text/fhirpath";
    }

    /**
     * A finding of one department.
     *
     * @param code code and name
     * @param chinese name as people read it
     * @param department department code, or null when it is for all
     * @param second whether it is class II: the same day instead of at once
     * @param active whether it is in use
     * @param items exam items that it is bound to; empty for all
     * @param rules what prompts for it
     */
    record Finding(
            Coding code,
            String chinese,
            @Nullable String department,
            boolean second,
            boolean active,
            Set<String> items,
            List<Rule> rules) {

        boolean isFor(@Nullable String performing, Set<String> exam) {
            return active
                    && (department == null || department.equals(performing))
                    && (items.isEmpty() || items.stream().anyMatch(exam::contains));
        }
    }

    private final List<Finding> findings;

    private CriticalCatalogue(List<Finding> findings) {
        this.findings = findings;
    }

    /** Reads those definitions that are active. */
    static CriticalCatalogue of(List<PlanDefinition> definitions) {
        List<Finding> findings = new ArrayList<>();
        for (PlanDefinition definition : definitions) {
            if (definition.getStatus() == PublicationStatus.ACTIVE) {
                String department = definition.getUseContext().stream()
                        .filter(context -> context.getValue() instanceof CodeableConcept)
                        .flatMap(context -> Words.code((CodeableConcept) context.getValue(), DEPARTMENTS).stream())
                        .findFirst()
                        .orElse(null);
                for (PlanDefinitionActionComponent action : definition.getAction()) {
                    finding(action, department).ifPresent(findings::add);
                }
            }
        }
        return new CriticalCatalogue(List.copyOf(findings));
    }

    private static Optional<Finding> finding(PlanDefinitionActionComponent action, @Nullable String department) {
        return action.getCode().stream()
                .flatMap(concept -> concept.getCoding().stream())
                .filter(coding -> Words.FINDING.equals(coding.getSystem()) && coding.hasCode())
                .findFirst()
                .map(coding -> new Finding(
                        coding,
                        action.hasTitle() ? action.getTitle() : String.valueOf(coding.getDisplay()),
                        department,
                        action.getPriority() == RequestPriority.ASAP,
                        action.getPrecheckBehavior() != ActionPrecheckBehavior.NO,
                        items(action),
                        rules(action)));
    }

    private static Set<String> items(PlanDefinitionActionComponent action) {
        Set<String> items = new TreeSet<>();
        for (DataRequirement input : action.getInput()) {
            input.getCodeFilter().stream()
                    .filter(filter -> "code".equals(filter.getPath()))
                    .flatMap(filter -> filter.getCode().stream())
                    .forEach(coding -> items.add(coding.getCode()));
        }
        return items;
    }

    private static List<Rule> rules(PlanDefinitionActionComponent action) {
        List<Rule> rules = new ArrayList<>();
        for (PlanDefinitionActionComponent part : action.getAction()) {
            part.getCondition().stream()
                    .filter(condition -> condition.getKind() == ActionConditionKind.APPLICABILITY
                            && condition.getExpression().hasExpression())
                    .forEach(condition -> rules.add(new Rule(
                            condition.getExpression().getLanguage(),
                            condition.getExpression().getExpression())));
        }
        return List.copyOf(rules);
    }

    /** All findings, those out of use included. */
    List<Finding> findings() {
        return findings;
    }

    /**
     * The entry of a code: that of the department first.
     *
     * @param code code of a finding
     * @param department performing department, or null when it is not known
     */
    Optional<Finding> find(String code, @Nullable String department) {
        List<Finding> named = findings.stream()
                .filter(each -> each.code().getCode().equals(code))
                .toList();
        return named.stream()
                .filter(each -> each.department() != null && each.department().equals(department))
                .findFirst()
                .or(() -> named.stream().findFirst());
    }
}
