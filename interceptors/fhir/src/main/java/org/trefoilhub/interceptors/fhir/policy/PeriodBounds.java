package org.trefoilhub.interceptors.fhir.policy;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;
import org.jspecify.annotations.Nullable;

/**
 * The instants that a Period covers (FHIR R4 datatypes, Period): the end is inclusive, so that a day, a second or any
 * other precision ends with its last moment; days begin in the hospital's time zone.
 *
 * @param zone the hospital's time zone
 */
public record PeriodBounds(ZoneId zone) {

    /**
     * First instant.
     *
     * @param period a period
     * @return null when it has no start
     */
    public @Nullable Instant start(Period period) {
        return period.hasStart() ? bound(period.getStartElement(), true) : null;
    }

    /**
     * First instant after it.
     *
     * @param period a period
     * @return null when it has no end
     */
    public @Nullable Instant end(Period period) {
        return period.hasEnd() ? bound(period.getEndElement(), false) : null;
    }

    private Instant bound(DateTimeType date, boolean begin) {
        TemporalPrecisionEnum precision = date.getPrecision();
        int later = begin ? 0 : 1;
        LocalDate day =
                switch (precision) {
                    case YEAR -> LocalDate.of(date.getYear(), 1, 1).plusYears(later);
                    case MONTH ->
                        YearMonth.of(date.getYear(), date.getMonth() + 1)
                                .plusMonths(later)
                                .atDay(1);
                    case DAY ->
                        LocalDate.of(date.getYear(), date.getMonth() + 1, date.getDay())
                                .plusDays(later);
                    default -> null;
                };
        if (day != null) {
            return day.atStartOfDay(zone).toInstant();
        }
        Instant instant = date.getValue().toInstant();
        if (begin) {
            return instant;
        }
        return instant.plus(
                precision == TemporalPrecisionEnum.MILLI
                        ? Duration.ofMillis(1)
                        : precision == TemporalPrecisionEnum.SECOND ? Duration.ofSeconds(1) : Duration.ofMinutes(1));
    }
}
