package org.trefoilhub.hub.critical;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.ObservationDefinition;
import org.hl7.fhir.r4.model.ObservationDefinition.ObservationRangeCategory;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is critical in a report: coded flags open a case, rules and words only prompt. Pure.
 *
 * <p>A coded flag is an Observation with the interpretation HH, LL or AA and a code of {@code critical-finding} as its
 * code, value or interpretation. It opens a case unless the catalogue lists the finding as out of use; one that the
 * catalogue does not know opens a case all the same.
 *
 * <p>Words are looked for clause by clause; a clause that denies (未见, 排除 …) does not prompt, one that cannot exclude
 * (不能除外) does.
 */
final class CriticalResultRule {

    private static final Set<String> FLAGS = Set.of("HH", "LL", "AA");
    private static final Pattern CLAUSES = Pattern.compile("[，。；;！？!?\\n]|,(?!\\d)");
    private static final Pattern UNDENIED = Pattern.compile("(不能|不可|难以|未能|不)(完全)?(除外|排除)|未除外|待排|待除外");
    private static final Pattern DENIED = Pattern.compile("未见|未发现|未探及|未提示|未显示|未及|没有|并无|否认|除外|排除|不考虑|不支持|无(?!力|名|症状)");

    /**
     * A finding that opens a case.
     *
     * @param finding code and name
     * @param chinese name as people read it
     * @param second whether it is class II
     * @param observation the Observation that carries the flag
     */
    record Flagged(Coding finding, String chinese, boolean second, Observation observation) {}

    /**
     * A prompt for the writer.
     *
     * @param finding code and name, or null when a critical range alone says so
     * @param title name as people read it
     * @param kind {@code flag}, {@code rule}, {@code range} or {@code text}
     * @param evidence what it rests on: the word, the expression or the range
     * @param where FHIRPath of the element in the report or Observation
     */
    record Hint(@Nullable Coding finding, String title, String kind, String evidence, String where) {}

    /**
     * The patient as far as a critical range asks.
     *
     * @param gender code, or null when it is not known
     * @param years age in whole years at the exam, or null when it is not known
     */
    record Person(@Nullable String gender, @Nullable Integer years) {
        static final Person UNKNOWN = new Person(null, null);
    }

    private CriticalResultRule() {}

    static boolean isFlagged(Observation observation) {
        return observation.getStatus() != Observation.ObservationStatus.ENTEREDINERROR
                && observation.getStatus() != Observation.ObservationStatus.CANCELLED
                && observation.getInterpretation().stream()
                        .flatMap(concept -> concept.getCoding().stream())
                        .anyMatch(coding -> FLAGS.contains(coding.getCode()));
    }

    /** The coded findings of an Observation. */
    static List<Coding> findings(Observation observation) {
        List<CodeableConcept> concepts = new ArrayList<>(List.of(observation.getCode()));
        if (observation.hasValueCodeableConcept()) {
            concepts.add(observation.getValueCodeableConcept());
        }
        concepts.addAll(observation.getInterpretation());
        return concepts.stream()
                .flatMap(concept -> concept.getCoding().stream())
                .filter(coding -> Words.FINDING.equals(coding.getSystem()) && coding.hasCode())
                .toList();
    }

    /**
     * What opens cases.
     *
     * @param department performing department, or null when it is not known
     */
    static List<Flagged> flagged(
            CriticalCatalogue catalogue, @Nullable String department, List<Observation> observations) {
        Map<String, Flagged> flagged = new LinkedHashMap<>();
        for (Observation observation : observations) {
            if (!isFlagged(observation)) {
                continue;
            }
            for (Coding coding : findings(observation)) {
                CriticalCatalogue.Finding listed =
                        catalogue.find(coding.getCode(), department).orElse(null);
                if (listed == null) {
                    String name = coding.hasDisplay() ? coding.getDisplay() : coding.getCode();
                    flagged.putIfAbsent(coding.getCode(), new Flagged(coding, name, false, observation));
                } else if (listed.active()) {
                    flagged.putIfAbsent(
                            coding.getCode(),
                            new Flagged(listed.code(), listed.chinese(), listed.second(), observation));
                }
            }
        }
        return List.copyOf(flagged.values());
    }

    /**
     * What the writer should be asked about. Findings that are flagged already are not asked about again.
     *
     * @param report as it is being written
     * @param observations its results, stored or not
     * @param catalogue findings in use
     * @param ranges definitions whose critical intervals count
     * @param person the patient
     * @param department performing department, or null when it is not known
     * @param fhirpath evaluates an expression on an Observation
     */
    static List<Hint> hints(
            DiagnosticReport report,
            List<Observation> observations,
            CriticalCatalogue catalogue,
            List<ObservationDefinition> ranges,
            Person person,
            @Nullable String department,
            BiPredicate<Observation, String> fhirpath) {
        Set<String> known = new TreeSet<>();
        observations.stream().filter(CriticalResultRule::isFlagged).forEach(each -> findings(each)
                .forEach(coding -> known.add(coding.getCode())));
        Set<String> items = new TreeSet<>();
        report.getCode().getCoding().forEach(coding -> items.add(String.valueOf(coding.getCode())));
        List<Hint> hints = new ArrayList<>();
        Set<Observation> explained = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        for (CriticalCatalogue.Finding finding : catalogue.findings()) {
            if (finding.isFor(department, items)
                    && !known.contains(finding.code().getCode())) {
                hint(finding, report, observations, fhirpath, explained).ifPresent(hints::add);
            }
        }
        for (Observation observation : observations) {
            if (explained.contains(observation) || !findings(observation).isEmpty()) {
                continue;
            }
            String range = criticalRange(observation, ranges, person);
            if (range != null) {
                hints.add(new Hint(null, name(observation), "range", range, "Observation.value"));
            } else if (isFlagged(observation)) {
                hints.add(new Hint(null, name(observation), "flag", "HH/LL/AA", "Observation.interpretation"));
            }
        }
        return hints;
    }

    private static java.util.Optional<Hint> hint(
            CriticalCatalogue.Finding finding,
            DiagnosticReport report,
            List<Observation> observations,
            BiPredicate<Observation, String> fhirpath,
            Set<Observation> explained) {
        for (CriticalCatalogue.Rule rule : finding.rules()) {
            if (rule.language().equals(CriticalCatalogue.Rule.FHIRPATH)) {
                for (Observation observation : observations) {
                    if (fhirpath.test(observation, rule.expression())) {
                        explained.add(observation);
                        return java.util.Optional.of(new Hint(
                                finding.code(), finding.chinese(), "rule", rule.expression(), "Observation.value"));
                    }
                }
            } else if (rule.language().equals(CriticalCatalogue.Rule.WORD)) {
                if (says(report.getConclusion(), rule.expression())) {
                    return java.util.Optional.of(new Hint(
                            finding.code(),
                            finding.chinese(),
                            "text",
                            rule.expression(),
                            "DiagnosticReport.conclusion"));
                }
                for (Observation observation : observations) {
                    if (says(text(observation), rule.expression())) {
                        return java.util.Optional.of(new Hint(
                                finding.code(), finding.chinese(), "text", rule.expression(), "Observation.value"));
                    }
                }
            }
        }
        return java.util.Optional.empty();
    }

    private static @Nullable String text(Observation observation) {
        if (observation.hasValueStringType()) {
            return observation.getValueStringType().getValue();
        }
        if (observation.hasValueCodeableConcept()) {
            CodeableConcept value = observation.getValueCodeableConcept();
            return value.hasText() ? value.getText() : value.getCodingFirstRep().getDisplay();
        }
        return null;
    }

    private static String name(Observation observation) {
        CodeableConcept code = observation.getCode();
        if (code.hasText()) {
            return code.getText();
        }
        return String.valueOf(
                code.getCodingFirstRep().hasDisplay()
                        ? code.getCodingFirstRep().getDisplay()
                        : code.getCodingFirstRep().getCode());
    }

    /** Whether a text says a word without denying it. */
    static boolean says(@Nullable String text, String word) {
        if (text == null) {
            return false;
        }
        String wanted = folded(word);
        for (String clause : CLAUSES.split(text)) {
            String folded = folded(clause);
            int at = folded.indexOf(wanted);
            if (at < 0) {
                continue;
            }
            String before = folded.substring(0, at);
            String after = folded.substring(at + wanted.length());
            boolean open = UNDENIED.matcher(folded).find();
            boolean denied = DENIED.matcher(before).find()
                    || after.startsWith("除外")
                    || after.startsWith("可排除")
                    || after.startsWith("阴性");
            if (open || !denied) {
                return true;
            }
        }
        return false;
    }

    private static String folded(String text) {
        return text.replaceAll("\\s", "")
                .replace("Ⅰ", "I")
                .replace("Ⅱ", "II")
                .replace("Ⅲ", "III")
                .replace("Ⅳ", "IV")
                .toLowerCase(java.util.Locale.ROOT);
    }

    /** The critical interval of the person that holds the value, as text, or null. */
    private static @Nullable String criticalRange(
            Observation observation, List<ObservationDefinition> definitions, Person person) {
        if (!observation.hasValueQuantity() || !observation.getValueQuantity().hasValue()) {
            return null;
        }
        Quantity value = observation.getValueQuantity();
        for (ObservationDefinition definition : definitions) {
            boolean same = definition.getCode().getCoding().stream()
                    .anyMatch(coding -> observation.getCode().hasCoding(coding.getSystem(), coding.getCode()));
            if (!same) {
                continue;
            }
            for (ObservationDefinition.ObservationDefinitionQualifiedIntervalComponent interval :
                    definition.getQualifiedInterval()) {
                if (interval.getCategory() == ObservationRangeCategory.CRITICAL
                        && isFor(interval, person)
                        && contains(interval.getRange(), value)) {
                    return text(interval.getRange());
                }
            }
        }
        return null;
    }

    /** Whether an interval is for a person; one with a condition is not judged here: whether that fits the flag says. */
    private static boolean isFor(
            ObservationDefinition.ObservationDefinitionQualifiedIntervalComponent interval, Person person) {
        if (interval.hasCondition()
                || interval.hasExtension()
                || interval.hasAppliesTo()
                || interval.hasGestationalAge()) {
            return false;
        }
        boolean sex = !interval.hasGender()
                || person.gender() == null
                || person.gender().equals(interval.getGender().toCode());
        Range age = interval.getAge();
        Integer years = person.years();
        boolean old = years == null
                || (!age.getLow().hasValue() || age.getLow().getValue().compareTo(BigDecimal.valueOf(years)) <= 0)
                        && (!age.getHigh().hasValue()
                                || age.getHigh().getValue().compareTo(BigDecimal.valueOf(years)) >= 0);
        return sex && old;
    }

    private static boolean contains(Range range, Quantity value) {
        BigDecimal number = value.getValue();
        boolean bounded = range.hasLow() || range.hasHigh();
        return bounded
                && fits(range.getLow(), value)
                && fits(range.getHigh(), value)
                && (!range.getLow().hasValue()
                        || number.compareTo(range.getLow().getValue()) >= 0)
                && (!range.getHigh().hasValue()
                        || number.compareTo(range.getHigh().getValue()) <= 0);
    }

    private static boolean fits(Quantity limit, Quantity value) {
        return !limit.hasCode() || limit.getCode().equals(value.getCode());
    }

    private static String text(Range range) {
        String low =
                range.getLow().hasValue() ? "≥ " + range.getLow().getValue().toPlainString() : "";
        String high =
                range.getHigh().hasValue() ? "≤ " + range.getHigh().getValue().toPlainString() : "";
        String unit = range.getLow().hasCode()
                ? range.getLow().getCode()
                : range.getHigh().getCode();
        return (low + " " + high).strip() + (unit == null ? "" : " " + unit);
    }
}
