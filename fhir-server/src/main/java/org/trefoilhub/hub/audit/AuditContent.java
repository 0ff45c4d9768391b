package org.trefoilhub.hub.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.audit.AuditRecord;

/** Between an event and the row that keeps it. */
final class AuditContent {

    /** Longest reference, client or user name that is stored in a column; the content has them whole. */
    private static final int NAME = 200;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private AuditContent() {}

    /** The row of an event. */
    static AuditRow row(long seq, long recorded, AuditRecord event) {
        TreeSet<String> entities = new TreeSet<>();
        event.patients().forEach(reference -> entities.add(cut(reference, NAME)));
        event.resources().forEach(reference -> entities.add(cut(reference, NAME)));
        if (event.study() != null) {
            entities.add(cut("urn:oid:" + event.study(), NAME));
        }
        return new AuditRow(
                seq,
                recorded,
                event.type().code(),
                event.subtypes().isEmpty() ? null : event.subtypes().get(0).code(),
                event.action().code(),
                event.outcome().code(),
                event.door() == null ? null : event.door().code(),
                cutOrNull(event.client(), NAME),
                cutOrNull(event.user(), NAME),
                cutOrNull(event.address(), 100),
                cutOrNull(event.traceId(), 64),
                AuditRow.RECORD,
                write(event),
                entities);
    }

    private static String write(AuditRecord event) {
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an audit event cannot be written as JSON", e);
        }
    }

    /**
     * The event of a row.
     *
     * @throws IllegalStateException when the content is not what this hub writes
     */
    static AuditRecord record(AuditRow row) {
        try {
            return JSON.readValue(row.content(), AuditRecord.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the content of audit event " + row.seq() + " cannot be read", e);
        }
    }

    private static @Nullable String cutOrNull(@Nullable String text, int length) {
        return text == null ? null : cut(text, length);
    }

    static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
