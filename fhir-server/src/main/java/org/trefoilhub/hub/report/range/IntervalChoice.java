package org.trefoilhub.hub.report.range;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.ObservationDefinition;
import org.hl7.fhir.r4.model.ObservationDefinition.ObservationDefinitionQualifiedIntervalComponent;
import org.hl7.fhir.r4.model.ObservationDefinition.ObservationRangeCategory;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.jspecify.annotations.Nullable;

/**
 * Chooses reference and critical intervals; pure.
 *
 * <p>An interval stays when every qualifier that it states holds: sex, age, gestational age, what it applies to and each
 * {@code interval-condition}. Most qualifiers win; between equals the higher {@code interval-priority} of the hospital, then
 * the order of the definitions. Without any there is no flag. Limits belong to the range unless marked
 * {@code exclusive-limit}.
 */
public final class IntervalChoice {

    private static final String BASE = "https://trefoil-hub.org/fhir/StructureDefinition/";
    static final String CONDITION = BASE + "interval-condition";
    static final String PRIORITY = BASE + "interval-priority";
    static final String EXCLUSIVE = BASE + "exclusive-limit";
    static final String PER_YEAR = BASE + "limit-per-year-of-age";
    static final String ID = BASE + "interval-id";

    private IntervalChoice() {}

    /**
     * One interval that holds.
     *
     * @param definition where it comes from
     * @param interval as it is stored; without range when it says that no range applies
     * @param qualifiers how many qualifiers it states
     */
    public record Interval(
            ObservationDefinition definition,
            ObservationDefinitionQualifiedIntervalComponent interval,
            int qualifiers) {}

    /** Where a value lies. */
    public enum Flag {
        /** Below the lower limit of a critical interval. */
        LL,
        /** Below the reference range. */
        L,
        /** Within the reference range. */
        N,
        /** Above the reference range. */
        H,
        /** Above the upper limit of a critical interval. */
        HH
    }

    /**
     * The reference interval that holds.
     *
     * @return empty when none does; an interval without range when it says that none applies
     */
    public static Optional<Interval> reference(List<ObservationDefinition> definitions, IntervalFacts facts) {
        return holding(definitions, facts, ObservationRangeCategory.REFERENCE).stream()
                .findFirst();
    }

    /**
     * Where a value lies.
     *
     * @param value in the unit of the definitions
     * @return null when no interval says so
     */
    public static @Nullable Flag flag(List<ObservationDefinition> definitions, IntervalFacts facts, BigDecimal value) {
        List<Interval> critical = holding(definitions, facts, ObservationRangeCategory.CRITICAL);
        for (boolean high : new boolean[] {true, false}) {
            List<Interval> side = critical.stream()
                    .filter(each -> each.interval().getRange().hasLow() == high)
                    .toList();
            boolean hit = side.stream()
                    .filter(each -> each.qualifiers() == side.get(0).qualifiers())
                    .anyMatch(each -> compare(each.interval().getRange(), facts, value) == 0);
            if (hit) {
                return high ? Flag.HH : Flag.LL;
            }
        }
        Optional<Interval> reference = reference(definitions, facts);
        if (reference.isEmpty() || !reference.get().interval().hasRange()) {
            return null;
        }
        int where = compare(reference.get().interval().getRange(), facts, value);
        return where < 0 ? Flag.L : where > 0 ? Flag.H : Flag.N;
    }

    /** Best first. */
    private static List<Interval> holding(
            List<ObservationDefinition> definitions, IntervalFacts facts, ObservationRangeCategory category) {
        List<Interval> found = new ArrayList<>();
        for (ObservationDefinition definition : definitions) {
            for (ObservationDefinitionQualifiedIntervalComponent interval : definition.getQualifiedInterval()) {
                ObservationRangeCategory own =
                        interval.hasCategory() ? interval.getCategory() : ObservationRangeCategory.REFERENCE;
                if (own == category) {
                    int qualifiers = qualifiers(interval, facts);
                    if (qualifiers >= 0) {
                        found.add(new Interval(definition, interval, qualifiers));
                    }
                }
            }
        }
        found.sort(Comparator.comparingInt(Interval::qualifiers)
                .thenComparingInt(IntervalChoice::priority)
                .reversed());
        return found;
    }

    private static int priority(Interval interval) {
        return Extensions.value(interval.interval(), PRIORITY) instanceof IntegerType priority
                ? priority.getValue()
                : 0;
    }

    /** How many qualifiers an interval states; negative when one does not hold. */
    private static int qualifiers(ObservationDefinitionQualifiedIntervalComponent interval, IntervalFacts facts) {
        int count = 0;
        if (interval.hasGender()) {
            if (!interval.getGender().toCode().equals(facts.sex())) {
                return -1;
            }
            count++;
        }
        if (interval.hasAge()) {
            Integer age = facts.age();
            if (age == null || compare(interval.getAge(), facts, BigDecimal.valueOf(age)) != 0) {
                return -1;
            }
            count++;
        }
        if (interval.hasGestationalAge()) {
            BigDecimal weeks = facts.gestation();
            if (weeks == null || compare(interval.getGestationalAge(), facts, weeks) != 0) {
                return -1;
            }
            count++;
        }
        for (CodeableConcept population : interval.getAppliesTo()) {
            if (population.getCoding().stream().noneMatch(facts::holds)) {
                return -1;
            }
            count++;
        }
        for (Extension condition : interval.getExtensionsByUrl(CONDITION)) {
            if (!(condition.getValue() instanceof CodeableConcept codes)
                    || codes.getCoding().stream().noneMatch(facts::holds)) {
                return -1;
            }
            count++;
        }
        return count;
    }

    /** Negative below, 0 within, positive above. */
    static int compare(Range range, IntervalFacts facts, BigDecimal value) {
        BigDecimal low = limit(range.getLow(), facts);
        if (range.hasLow() && low != null) {
            int order = value.compareTo(low);
            if (order < 0 || order == 0 && isExclusive(range.getLow())) {
                return -1;
            }
        }
        BigDecimal high = limit(range.getHigh(), facts);
        if (range.hasHigh() && high != null) {
            int order = value.compareTo(high);
            if (order > 0 || order == 0 && isExclusive(range.getHigh())) {
                return 1;
            }
        }
        return 0;
    }

    static boolean isExclusive(Quantity limit) {
        return Extensions.value(limit, EXCLUSIVE) instanceof BooleanType exclusive && exclusive.booleanValue();
    }

    /** The limit as a number; some grow with the age. */
    static @Nullable BigDecimal limit(Quantity limit, IntervalFacts facts) {
        if (Extensions.value(limit, PER_YEAR) instanceof DecimalType perYear && facts.age() != null) {
            return perYear.getValue().multiply(BigDecimal.valueOf(facts.age())).stripTrailingZeros();
        }
        return limit.getValue();
    }
}
