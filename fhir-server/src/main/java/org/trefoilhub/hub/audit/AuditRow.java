package org.trefoilhub.hub.audit;

import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One event as it is stored.
 *
 * @param seq its number; grows with time, with gaps
 * @param recorded microseconds since 1970, UTC
 * @param type code of its type
 * @param subtype code of its first subtype, or null
 * @param action one letter
 * @param outcome code of its outcome
 * @param door code of the interface, or null
 * @param client client id, or null
 * @param user user name, or null
 * @param address network address, or null
 * @param traceId id that log and answer carry, or null
 * @param format {@link #RECORD} or {@link #FHIR}
 * @param content the whole event as JSON
 * @param entities references that it is found by
 */
record AuditRow(
        long seq,
        long recorded,
        String type,
        @Nullable String subtype,
        String action,
        String outcome,
        @Nullable String door,
        @Nullable String client,
        @Nullable String user,
        @Nullable String address,
        @Nullable String traceId,
        String format,
        String content,
        SortedSet<String> entities) {

    /** The content is an {@code AuditRecord}. */
    static final String RECORD = "record";

    /** The content is an AuditEvent that another system sent. */
    static final String FHIR = "fhir";

    AuditRow {
        entities = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(entities));
    }
}
