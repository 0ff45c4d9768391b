package org.trefoilhub.connectors.hl7v2;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

/**
 * Dates and times of HL7 v2 (DT, TM, TS): {@code YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]}. What has no zone is in
 * that of the hospital. The forms {@code 2024-02-03} and {@code 2024-02-03 10:11:12} that some systems write are taken too.
 */
public final class Hl7Time {

    private static final Pattern TS = Pattern.compile(
            "(\\d{4})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(\\d{2})?(?:(\\d{2})(?:\\.\\d{1,6})?)?)?)?)?([+-]\\d{4})?");
    private static final Pattern WRITTEN =
            Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})(?:[ T](\\d{2}):(\\d{2}):(\\d{2}))?");

    private Hl7Time() {}

    /**
     * A moment; parts left out are the earliest.
     *
     * @return empty when the text is empty
     * @throws IngestException with {@link IngestErrorCode#BAD_VALUE} when it is no time or does not exist
     */
    public static Optional<Instant> instant(String text, ZoneId zone, String field) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            Matcher ts = matcher(text);
            LocalDateTime local = LocalDateTime.of(
                    date(ts), java.time.LocalTime.of(number(ts, 4, 0), number(ts, 5, 0), number(ts, 6, 0)));
            String offset = ts.groupCount() > 6 ? ts.group(7) : null;
            return Optional.of((offset == null ? local.atZone(zone) : local.atZone(ZoneOffset.of(offset))).toInstant());
        } catch (DateTimeException e) {
            throw bad(field);
        }
    }

    /**
     * A day; when only year or year and month are known, as FHIR writes it.
     *
     * @return empty when the text is empty
     * @throws IngestException with {@link IngestErrorCode#BAD_VALUE} when it is no date or does not exist
     */
    public static Optional<String> date(String text, String field) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            Matcher ts = matcher(text);
            LocalDate date = date(ts);
            String day = date.toString();
            return Optional.of(
                    ts.group(3) != null ? day : ts.group(2) != null ? day.substring(0, 7) : day.substring(0, 4));
        } catch (DateTimeException e) {
            throw bad(field);
        }
    }

    private static Matcher matcher(String text) {
        Matcher ts = TS.matcher(text.strip());
        if (ts.matches()) {
            return ts;
        }
        Matcher written = WRITTEN.matcher(text.strip());
        if (written.matches()) {
            return written;
        }
        throw new DateTimeException("no time");
    }

    private static LocalDate date(Matcher ts) {
        return LocalDate.of(number(ts, 1, 0), number(ts, 2, 1), number(ts, 3, 1));
    }

    private static int number(Matcher matcher, int group, int otherwise) {
        String digits = matcher.group(group);
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    private static IngestException bad(String field) {
        return new IngestException(IngestErrorCode.BAD_VALUE, "expected an existing date or time in " + field);
    }
}
