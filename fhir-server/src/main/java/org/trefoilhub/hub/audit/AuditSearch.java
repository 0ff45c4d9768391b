package org.trefoilhub.hub.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search of the audit: conditions that all hold. Not thread-safe while it is put together. */
final class AuditSearch {

    private record Part(String sql, List<Object> values) {}

    private final List<Part> parts = new ArrayList<>();
    private @Nullable Long cursor;
    private boolean oldestFirst;

    /** One of the values equals a column. */
    AuditSearch in(String column, List<String> values) {
        String marks = String.join(",", Collections.nCopies(values.size(), "?"));
        parts.add(new Part("e." + column + " in (" + marks + ")", List.copyOf(values)));
        return this;
    }

    /** One of the numbers equals a column. */
    AuditSearch inNumbers(String column, List<Long> values) {
        String marks = String.join(",", Collections.nCopies(values.size(), "?"));
        parts.add(new Part("e." + column + " in (" + marks + ")", List.copyOf(values)));
        return this;
    }

    /** One of the values equals one of the columns. */
    AuditSearch inAny(List<String> columns, List<String> values) {
        String marks = String.join(",", Collections.nCopies(values.size(), "?"));
        List<Object> bound = new ArrayList<>();
        List<String> any = new ArrayList<>();
        for (String column : columns) {
            any.add("e." + column + " in (" + marks + ")");
            bound.addAll(values);
        }
        parts.add(new Part("(" + String.join(" or ", any) + ")", bound));
        return this;
    }

    /** A column lies before or after a period. */
    AuditSearch outside(String column, long from, long until) {
        parts.add(new Part("(e." + column + " < ? or e." + column + " >= ?)", List.of(from, until)));
        return this;
    }

    /** A column begins with one of the values, whatever their case. */
    AuditSearch startsWith(List<String> columns, List<String> values) {
        List<String> any = new ArrayList<>();
        List<Object> bound = new ArrayList<>();
        for (String column : columns) {
            for (String value : values) {
                any.add("lower(e." + column + ") like ? escape '!'");
                bound.add(value.toLowerCase(java.util.Locale.ROOT)
                                .replace("!", "!!")
                                .replace("%", "!%")
                                .replace("_", "!_")
                        + "%");
            }
        }
        parts.add(new Part("(" + String.join(" or ", any) + ")", bound));
        return this;
    }

    /** The event is about one of the references. */
    AuditSearch about(List<String> references) {
        String marks = String.join(",", Collections.nCopies(references.size(), "?"));
        parts.add(new Part(
                "e.seq in (select x.seq from trefoil.audit_entity x where x.reference in (" + marks + "))",
                List.copyOf(references)));
        return this;
    }

    /** A condition on the number or the time. */
    AuditSearch compare(String column, String operator, long value) {
        parts.add(new Part("e." + column + " " + operator + " ?", List.of(value)));
        return this;
    }

    /** Nothing. */
    AuditSearch never() {
        parts.add(new Part("1 = 0", List.of()));
        return this;
    }

    /** Goes on after an event of the page before. */
    AuditSearch after(long seq) {
        cursor = seq;
        return this;
    }

    AuditSearch oldestFirst(boolean oldest) {
        oldestFirst = oldest;
        return this;
    }

    boolean oldestFirst() {
        return oldestFirst;
    }

    /** The where clause, empty for everything; adds the values it needs. */
    String where(List<Object> values, boolean page) {
        List<String> all = new ArrayList<>();
        for (Part part : parts) {
            all.add(part.sql());
            values.addAll(part.values());
        }
        if (page && cursor != null) {
            all.add(oldestFirst ? "e.seq > ?" : "e.seq < ?");
            values.add(cursor);
        }
        return all.isEmpty() ? "" : " where " + String.join(" and ", all);
    }
}
