package org.trefoilhub.hub.report.range;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationReferenceRangeComponent;
import org.hl7.fhir.r4.model.ObservationDefinition;
import org.hl7.fhir.r4.model.ObservationDefinition.ObservationDefinitionQualifiedIntervalComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.SimpleQuantity;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;

/**
 * The definitions in force, by the codes they are for; writes the chosen range and flag into observations. Immutable.
 *
 * <p>What an observation says of range or flag already is left as it is: it came from its source.
 */
public final class ReferenceRanges {

    /** Extension of an observation: its value in the unit of the definition, when it was sent in another one. */
    public static final String NORMALIZED = "https://trefoil-hub.org/fhir/StructureDefinition/normalized-value";

    private static final String SOURCE = "https://trefoil-hub.org/fhir/StructureDefinition/interval-source";
    private static final String INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    private static final Map<IntervalChoice.Flag, String> WORDS = Map.of(
            IntervalChoice.Flag.LL, "危急偏低",
            IntervalChoice.Flag.L, "偏低",
            IntervalChoice.Flag.N, "正常",
            IntervalChoice.Flag.H, "偏高",
            IntervalChoice.Flag.HH, "危急偏高");

    private final Map<String, List<ObservationDefinition>> byCode = new HashMap<>();

    /** Files the definitions under each of their codes. */
    public ReferenceRanges(Collection<ObservationDefinition> definitions) {
        for (ObservationDefinition definition : definitions) {
            for (Coding coding : definition.getCode().getCoding()) {
                byCode.merge(
                        IntervalFacts.key(coding), List.of(definition), (known, more) -> java.util.stream.Stream.concat(
                                        known.stream(), more.stream())
                                .toList());
            }
        }
    }

    /** The definitions of what an observation measures; empty when there are none. */
    public List<ObservationDefinition> of(CodeableConcept code) {
        return code.getCoding().stream()
                .map(coding -> byCode.getOrDefault(IntervalFacts.key(coding), List.of()))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Whether any interval for an observation asks for the gestational age. */
    static boolean asksForGestation(List<ObservationDefinition> definitions) {
        return definitions.stream()
                .flatMap(definition -> definition.getQualifiedInterval().stream())
                .anyMatch(ObservationDefinitionQualifiedIntervalComponent::hasGestationalAge);
    }

    /** Whether the source has said nothing of range and flag. */
    static boolean isOpen(Observation observation) {
        return observation.hasValueQuantity()
                && observation.getValueQuantity().hasValue()
                && !observation.getValueQuantity().hasComparator()
                && !observation.hasReferenceRange()
                && !observation.hasInterpretation();
    }

    /**
     * Adds the value in the unit of the definition when the observation has it in another one, so that one curve can hold
     * both.
     */
    static void normalize(Observation observation, List<ObservationDefinition> definitions) {
        observation.getExtension().removeIf(each -> NORMALIZED.equals(each.getUrl()));
        String unit = unit(definitions);
        if (unit == null || !observation.hasValueQuantity()) {
            return;
        }
        Quantity value = observation.getValueQuantity();
        if (!unit.equals(value.getCode())) {
            Units.convert(value, unit)
                    .ifPresent(converted -> observation.addExtension(NORMALIZED, quantity(converted, unit)));
        }
    }

    /**
     * Writes range and flag, when there is an interval for this patient and the observation has none yet.
     *
     * @param observation its value must be a quantity with a UCUM code
     * @param facts of the patient at the time of the observation
     */
    public void apply(Observation observation, IntervalFacts facts) {
        List<ObservationDefinition> definitions = of(observation.getCode());
        normalize(observation, definitions);
        String unit = unit(definitions);
        if (unit == null || !isOpen(observation)) {
            return;
        }
        Optional<BigDecimal> value = Units.convert(observation.getValueQuantity(), unit);
        if (value.isEmpty()) {
            return;
        }
        IntervalChoice.Flag flag = IntervalChoice.flag(definitions, facts, value.get());
        if (flag == null) {
            return;
        }
        observation
                .addInterpretation()
                .addCoding()
                .setSystem(INTERPRETATION)
                .setCode(flag.name())
                .setDisplay(WORDS.get(flag));
        IntervalChoice.reference(definitions, facts)
                .filter(chosen -> chosen.interval().hasRange())
                .ifPresent(chosen -> observation.addReferenceRange(range(
                        chosen, facts, unit, observation.getValueQuantity().getCode())));
    }

    private static ObservationReferenceRangeComponent range(
            IntervalChoice.Interval chosen, IntervalFacts facts, String unit, String wanted) {
        ObservationDefinitionQualifiedIntervalComponent interval = chosen.interval();
        ObservationReferenceRangeComponent range = new ObservationReferenceRangeComponent();
        Reference source = new Reference();
        if (chosen.definition().getIdElement().hasIdPart()) {
            source.setReference("ObservationDefinition/"
                    + chosen.definition().getIdElement().getIdPart());
        }
        chosen.definition().getIdentifier().stream().findFirst().ifPresent(source::setIdentifier);
        range.addExtension(SOURCE, source);
        if (Extensions.value(interval, IntervalChoice.ID) instanceof StringType text) {
            range.addExtension(IntervalChoice.ID, text.copy());
        }
        Range limits = interval.getRange();
        StringBuilder text = new StringBuilder();
        BigDecimal low = limits.hasLow() ? IntervalChoice.limit(limits.getLow(), facts) : null;
        BigDecimal high = limits.hasHigh() ? IntervalChoice.limit(limits.getHigh(), facts) : null;
        low = low == null ? null : Units.convert(low, unit, wanted).orElse(low);
        high = high == null ? null : Units.convert(high, unit, wanted).orElse(high);
        if (low != null) {
            range.setLow(simple(low, wanted));
        }
        if (high != null) {
            range.setHigh(simple(high, wanted));
        }
        if (low != null && high != null) {
            text.append(low.toPlainString()).append("–");
            if (IntervalChoice.isExclusive(limits.getHigh())) {
                text.append("<");
            }
            text.append(high.toPlainString());
        } else if (low != null) {
            text.append(IntervalChoice.isExclusive(limits.getLow()) ? "> " : "≥ ")
                    .append(low.toPlainString());
        } else if (high != null) {
            text.append(IntervalChoice.isExclusive(limits.getHigh()) ? "< " : "≤ ")
                    .append(high.toPlainString());
        }
        if (!wanted.equals("1")) {
            text.append(' ').append(wanted.equals("[ppth]") ? "‰" : wanted.equals("mm[Hg]") ? "mmHg" : wanted);
        }
        if (interval.hasCondition()) {
            text.append("（").append(interval.getCondition()).append("）");
        }
        range.setText(text.toString());
        if (interval.hasGender()) {
            range.addAppliesTo()
                    .addCoding()
                    .setSystem("http://hl7.org/fhir/administrative-gender")
                    .setCode(interval.getGender().toCode());
        }
        interval.getAppliesTo().forEach(each -> range.addAppliesTo(each.copy()));
        for (Extension condition : interval.getExtensionsByUrl(IntervalChoice.CONDITION)) {
            if (condition.getValue() instanceof CodeableConcept codes) {
                // Only what holds of this patient.
                CodeableConcept holding = new CodeableConcept();
                codes.getCoding().stream().filter(facts::holds).forEach(coding -> holding.addCoding(coding.copy()));
                range.addAppliesTo(holding);
            }
        }
        if (interval.hasAge()) {
            range.setAge(interval.getAge().copy());
        }
        return range;
    }

    private static @Nullable String unit(List<ObservationDefinition> definitions) {
        return definitions.isEmpty()
                ? null
                : definitions
                        .get(0)
                        .getQuantitativeDetails()
                        .getUnit()
                        .getCodingFirstRep()
                        .getCode();
    }

    private static Quantity quantity(BigDecimal value, String unit) {
        return new Quantity()
                .setValue(value)
                .setUnit(unit)
                .setSystem(Units.UCUM)
                .setCode(unit);
    }

    private static Quantity simple(BigDecimal value, String unit) {
        SimpleQuantity quantity = new SimpleQuantity();
        quantity.setValue(value).setUnit(unit).setSystem(Units.UCUM).setCode(unit);
        return quantity;
    }
}
