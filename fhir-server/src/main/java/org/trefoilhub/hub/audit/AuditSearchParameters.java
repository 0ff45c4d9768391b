package org.trefoilhub.hub.audit;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the search parameters of {@code /fhir/AuditEvent}; what it does not know is refused with 400. */
final class AuditSearchParameters {

    /** Key of the last event of the page before, in links that the hub makes. */
    static final String CURSOR = "_after";

    private static final int DEFAULT_COUNT = 20;
    private static final int MAX_COUNT = 500;

    /** Belong to the representation, not to the search. */
    private static final Set<String> FORMAT = Set.of("_format", "_pretty", "_elements", "_summary", "_text-mode");

    private final AuditSearch search = new AuditSearch();
    private final ZoneId zone;
    private final Function<String, List<String>> namesOfAgent;
    private int count = DEFAULT_COUNT;
    private boolean total = true;
    private boolean rows = true;

    private record Period(Instant from, Instant until) {}

    /**
     * Reads parameters.
     *
     * @param zone of dates without one
     * @param namesOfAgent user names and client ids of a Practitioner, PractitionerRole or Device by its reference
     * @throws InvalidRequestException when one is unknown or malformed
     */
    AuditSearchParameters(Map<String, String[]> parameters, ZoneId zone, Function<String, List<String>> namesOfAgent) {
        this.zone = zone;
        this.namesOfAgent = namesOfAgent;
        parameters.forEach((key, values) -> {
            for (String value : values) {
                read(key, value);
            }
        });
    }

    AuditSearch search() {
        return search;
    }

    /** Most events of the page, 0 for none. */
    int count() {
        return rows ? count : 0;
    }

    boolean wantsTotal() {
        return total;
    }

    private void read(String key, String value) {
        if (FORMAT.contains(key)) {
            rows &= !(key.equals("_summary") && value.equals("count"));
            return;
        }
        switch (key) {
            case "_count" -> count = Math.min(MAX_COUNT, number(key, value));
            case "_total" -> total = !value.equals("none");
            case "_sort" -> sort(value);
            case CURSOR -> search.after(longNumber(key, value));
            case "_id" -> ids(value);
            case "date", "_lastUpdated" -> date(value);
            case "type", "subtype" -> search.in(key, codes(value));
            case "action", "outcome" -> search.in(key, codes(value));
            case "agent-name" -> search.startsWith(List.of("user_name", "client"), list(value));
            case "agent-name:exact", "user" -> search.in("user_name", list(value));
            case "altid" -> either(codes(value));
            case "agent:identifier" -> either(codes(value));
            case "agent", "agent:Practitioner", "agent:Device", "agent:PractitionerRole" -> agent(key, value);
            case "address" -> search.startsWith(List.of("address"), list(value));
            case "patient", "patient:Patient" -> search.about(references("Patient", value));
            case "entity" -> search.about(references(null, value));
            case "entity:identifier" -> search.about(codes(value));
            case "trace" -> search.in("trace_id", list(value));
            case "interface" -> search.in("door", codes(value));
            default ->
                throw new InvalidRequestException(
                        "unknown search parameter; AuditEvent takes _id, _lastUpdated, _count, _sort, _total, date, type,"
                                + " subtype, action, outcome, agent, agent-name, altid, user, address, patient, entity,"
                                + " interface and trace");
        }
    }

    private void sort(String value) {
        switch (value) {
            case "date", "_lastUpdated", "_id" -> search.oldestFirst(true);
            case "-date", "-_lastUpdated", "-_id" -> search.oldestFirst(false);
            default -> throw new InvalidRequestException("audit events are sorted by `date` or `-date` only");
        }
    }

    private void ids(String value) {
        List<Long> numbers = new ArrayList<>();
        for (String id : list(value)) {
            if (id.matches("[1-8]?\\d{1,18}")) {
                numbers.add(Long.valueOf(id));
            }
        }
        if (numbers.isEmpty()) {
            search.never();
        } else {
            search.inNumbers("seq", numbers);
        }
    }

    private void either(List<String> names) {
        search.inAny(List.of("user_name", "client"), names);
    }

    private void agent(String key, String value) {
        List<String> names = new ArrayList<>();
        String type = key.contains(":") ? key.substring(key.indexOf(':') + 1) + "/" : "";
        for (String reference : list(value)) {
            names.addAll(namesOfAgent.apply(reference.contains("/") ? reference : type + reference));
        }
        if (names.isEmpty()) {
            search.never();
        } else {
            either(names);
        }
    }

    private static List<String> references(@Nullable String type, String value) {
        return list(value).stream()
                .map(reference -> {
                    if (reference.startsWith("urn:") || type == null && !reference.contains("/")) {
                        return reference;
                    }
                    String[] parts = reference.split("/");
                    return parts.length < 2
                            ? type + "/" + reference
                            : parts[parts.length - 2] + "/" + parts[parts.length - 1];
                })
                .toList();
    }

    private void date(String value) {
        boolean prefixed = value.length() > 2 && Character.isLetter(value.charAt(0));
        String prefix = prefixed ? value.substring(0, 2) : "eq";
        Period period = period(prefixed ? value.substring(2) : value);
        long from = micros(period.from());
        long until = micros(period.until());
        switch (prefix) {
            case "eq", "ap" -> search.compare("recorded", ">=", from).compare("recorded", "<", until);
            case "ne" -> search.outside("recorded", from, until);
            case "lt", "eb" -> search.compare("recorded", "<", from);
            case "gt", "sa" -> search.compare("recorded", ">=", until);
            case "ge" -> search.compare("recorded", ">=", from);
            case "le" -> search.compare("recorded", "<", until);
            default -> throw new InvalidRequestException("unknown prefix of a date");
        }
    }

    private Period period(String value) {
        try {
            // A plus sign in an address arrives as a blank.
            String text = value.replace(' ', '+');
            if (text.length() == 4) {
                return days(Year.parse(text).atDay(1), ChronoUnit.YEARS);
            }
            if (text.length() == 7) {
                return days(YearMonth.parse(text).atDay(1), ChronoUnit.MONTHS);
            }
            if (text.length() == 10) {
                return days(LocalDate.parse(text), ChronoUnit.DAYS);
            }
            boolean zoned = text.endsWith("Z") || text.substring(10).matches(".*[+-]\\d{2}:\\d{2}");
            Instant from = zoned
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
            String time = text.substring(11).replaceAll("(Z|[+-]\\d{2}:\\d{2})$", "");
            Instant until = time.contains(".")
                    ? from.plusMillis(1)
                    : from.plus(1, time.length() == 5 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS);
            return new Period(from, until);
        } catch (DateTimeException | StringIndexOutOfBoundsException e) {
            throw new InvalidRequestException("a date of the search is malformed", e);
        }
    }

    private Period days(LocalDate first, ChronoUnit unit) {
        return new Period(
                first.atStartOfDay(zone).toInstant(),
                first.plus(1, unit).atStartOfDay(zone).toInstant());
    }

    private static long micros(Instant instant) {
        return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + instant.getNano() / 1000;
    }

    private static List<String> list(String value) {
        List<String> values = Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
        if (values.isEmpty()) {
            throw new InvalidRequestException("a search parameter is empty");
        }
        return values;
    }

    private static List<String> codes(String value) {
        return list(value).stream()
                .map(token -> token.substring(token.indexOf('|') + 1))
                .toList();
    }

    private static int number(String key, String value) {
        return (int) Math.min(Integer.MAX_VALUE, longNumber(key, value));
    }

    private static long longNumber(String key, String value) {
        if (!value.matches("[1-8]?\\d{1,18}")) {
            throw new InvalidRequestException("expected a number for `" + key + "`");
        }
        return Long.parseLong(value);
    }
}
