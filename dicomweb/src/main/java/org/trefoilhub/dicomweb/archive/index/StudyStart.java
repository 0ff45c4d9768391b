package org.trefoilhub.dicomweb.archive.index;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.DocumentedDate;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;

/**
 * When a study began, as the policy counts it: to the second, or a whole day when there is no valid time.
 *
 * <p>Spec: DICOM PS3.3 section C.12.1.1.8 for the offset from UTC; without one the zone of the hospital counts.
 */
final class StudyStart {
    private static final DateTimeFormatter DA =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern TM = Pattern.compile("(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:\\.\\d{1,6})?)?)?");
    private static final Pattern OFFSET = Pattern.compile("([+-])(\\d{2})(\\d{2})");

    private StudyStart() {}

    static DocumentedDate of(DicomDataset dataset, ZoneId hospitalZone) {
        return of(
                dataset.string(Tag.StudyDate),
                dataset.string(Tag.StudyTime),
                dataset.string(Tag.TimezoneOffsetFromUTC),
                hospitalZone);
    }

    static DocumentedDate of(
            @Nullable String date, @Nullable String time, @Nullable String offset, ZoneId hospitalZone) {
        Optional<LocalDate> day = date(date);
        if (day.isEmpty()) {
            return DocumentedDate.NONE;
        }
        Optional<LocalTime> timeOfDay = time(time);
        if (timeOfDay.isEmpty()) {
            return new DocumentedDate(
                    day.get().atStartOfDay(hospitalZone).toInstant(),
                    day.get().plusDays(1).atStartOfDay(hospitalZone).toInstant());
        }
        Instant begin = day.get()
                .atTime(timeOfDay.get())
                .atZone(zone(offset, hospitalZone))
                .toInstant();
        return new DocumentedDate(begin, begin.plusSeconds(1));
    }

    private static Optional<LocalDate> date(@Nullable String da) {
        try {
            return da == null ? Optional.empty() : Optional.of(LocalDate.parse(da, DA));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<LocalTime> time(@Nullable String tm) {
        Matcher match = TM.matcher(tm == null ? "" : tm.strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalTime.of(part(match, 1), part(match, 2), Math.min(part(match, 3), 59)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int part(Matcher match, int group) {
        String text = match.group(group);
        return text == null ? 0 : Integer.parseInt(text);
    }

    private static ZoneId zone(@Nullable String offset, ZoneId hospitalZone) {
        Matcher match = OFFSET.matcher(offset == null ? "" : offset.strip());
        if (!match.matches()) {
            return hospitalZone;
        }
        int sign = match.group(1).equals("-") ? -1 : 1;
        try {
            return ZoneOffset.ofHoursMinutes(
                    sign * Integer.parseInt(match.group(2)), sign * Integer.parseInt(match.group(3)));
        } catch (DateTimeException e) {
            return hospitalZone;
        }
    }
}
