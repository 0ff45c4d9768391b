package org.trefoilhub.hub.report.range;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.Period;
import java.util.HashSet;
import java.util.Set;
import org.hl7.fhir.r4.model.Coding;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a patient at the time of an observation, as far as reference intervals ask for it.
 *
 * @param age completed years at that time; null when unknown
 * @param sex code of {@code administrative-gender}; null when unknown
 * @param gestation gestational age in weeks; null when not pregnant or unknown
 * @param codes diagnoses, methods and answers that hold then, {@code system|code} each
 */
public record IntervalFacts(
        @Nullable Integer age, @Nullable String sex, @Nullable BigDecimal gestation, Set<String> codes) {

    private static final String ICD_10 = "http://hl7.org/fhir/sid/icd-10";

    public IntervalFacts {
        codes = Set.copyOf(codes);
    }

    /**
     * Completed years at a date.
     *
     * @return null when either date is unknown
     */
    public static @Nullable Integer age(@Nullable LocalDate birth, @Nullable LocalDate at) {
        return birth == null || at == null ? null : Period.between(birth, at).getYears();
    }

    /** The same patient with more that holds. */
    public IntervalFacts with(Set<String> more) {
        Set<String> all = new HashSet<>(codes);
        all.addAll(more);
        return new IntervalFacts(age, sex, gestation, all);
    }

    /** The same patient at a gestational age in weeks. */
    public IntervalFacts at(@Nullable BigDecimal weeks) {
        return weeks == null ? this : new IntervalFacts(age, sex, weeks, codes);
    }

    /** {@code system|code} of a coding. */
    public static String key(Coding coding) {
        return coding.getSystem() + "|" + coding.getCode();
    }

    /** Whether a code holds; of ICD-10 every code below the asked one counts, {@code E11} for {@code E11.9}. */
    boolean holds(Coding asked) {
        String key = key(asked);
        if (codes.contains(key)) {
            return true;
        }
        return ICD_10.equals(asked.getSystem()) && codes.stream().anyMatch(each -> each.startsWith(key));
    }
}
