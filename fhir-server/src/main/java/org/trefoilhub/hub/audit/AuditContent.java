package org.trefoilhub.hub.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditRecord;

/** Between an event and the row that keeps it. */
final class AuditContent {

    /** Longest reference, client or user name that is stored in a column; the content has them whole. */
    private static final int NAME = 200;

    private static final ObjectMapper JSON = JsonMapper.builder()
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

    /** The JSON that the mapper would write, without asking what an event consists of each time. */
    static String write(AuditRecord event) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = JSON.getFactory().createGenerator(text)) {
            json.writeStartObject();
            code(json, "type", event.type());
            json.writeArrayFieldStart("subtypes");
            for (AuditCode subtype : event.subtypes()) {
                code(json, null, subtype);
            }
            json.writeEndArray();
            json.writeStringField("action", event.action().name());
            json.writeStringField("outcome", event.outcome().name());
            optional(json, "reason", event.reason());
            optional(json, "door", event.door() == null ? null : event.door().name());
            optional(json, "client", event.client());
            optional(json, "user", event.user());
            texts(json, "roles", event.roles());
            texts(json, "departments", event.departments());
            optional(json, "address", event.address());
            texts(json, "purposes", event.purposes());
            texts(json, "patients", event.patients());
            texts(json, "resources", event.resources());
            optional(json, "study", event.study());
            optional(json, "query", event.query());
            texts(json, "policies", event.policies());
            json.writeObjectFieldStart("details");
            for (Map.Entry<String, String> detail : event.details().entrySet()) {
                json.writeStringField(detail.getKey(), detail.getValue());
            }
            json.writeEndObject();
            optional(json, "traceId", event.traceId());
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("an audit event cannot be written as JSON", e);
        }
        return text.toString();
    }

    private static void code(JsonGenerator json, @Nullable String field, AuditCode code) throws IOException {
        if (field != null) {
            json.writeFieldName(field);
        }
        json.writeStartObject();
        json.writeStringField("system", code.system());
        json.writeStringField("code", code.code());
        json.writeStringField("display", code.display());
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }

    private static void texts(JsonGenerator json, String field, Collection<String> values) throws IOException {
        json.writeArrayFieldStart(field);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
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
