package org.trefoilhub.connectors.mapping;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.source.SourceChange;

/** Collects what one message says. Not thread-safe. */
final class ChangeBuilder {

    private final Hl7Message message;
    private final MappingContext context;
    private final Bundle bundle = new Bundle().setType(BundleType.TRANSACTION);
    private final List<SourceChange.ExamEvent> events = new ArrayList<>();
    private final List<SourceChange.Merge> merges = new ArrayList<>();
    private final Set<String> requires = new LinkedHashSet<>();
    private String lane = "";

    ChangeBuilder(Hl7Message message, MappingContext context) {
        this.message = message;
        this.context = context;
    }

    /** Creates or updates the resource with this identifier. */
    void put(Resource resource, String system, String value) {
        String condition = entry(resource, system, value);
        last().setMethod(HTTPVerb.PUT).setUrl(condition);
    }

    /** Creates the resource unless one has the identifier. */
    void createOnce(Resource resource, String system, String value) {
        String condition = entry(resource, system, value);
        last().setMethod(HTTPVerb.POST)
                .setUrl(resource.fhirType())
                .setIfNoneExist(condition.substring(condition.indexOf('?') + 1));
    }

    private String entry(Resource resource, String system, String value) {
        String condition = Names.condition(resource.fhirType(), system, value);
        resource.getMeta()
                .addTag(
                        context.names().codeSystem("source-system"),
                        context.source().code(),
                        null);
        bundle.addEntry()
                .setFullUrl("urn:uuid:" + UUID.nameUUIDFromBytes(condition.getBytes(StandardCharsets.UTF_8)))
                .setResource(resource);
        return condition;
    }

    private Bundle.BundleEntryRequestComponent last() {
        return bundle.getEntry().get(bundle.getEntry().size() - 1).getRequest();
    }

    void event(String order, String status, Instant occurred, @Nullable String actor, @Nullable String reason) {
        events.add(new SourceChange.ExamEvent(order, status, occurred, actor, reason));
    }

    void merge(String survivor, String loser) {
        merges.add(new SourceChange.Merge(survivor, loser));
    }

    void require(String condition) {
        requires.add(condition);
    }

    void lane(String value) {
        lane = value;
    }

    /** A moment as FHIR writes it, in the zone of the hospital. */
    DateTimeType time(Instant instant) {
        DateTimeType time = new DateTimeType(Date.from(instant));
        time.setTimeZone(TimeZone.getTimeZone(context.zone()));
        return time;
    }

    SourceChange build(Instant eventTime) {
        return new SourceChange(
                context.source().code(),
                message.controlId(),
                message.kind(),
                eventTime,
                lane,
                bundle,
                events,
                merges,
                List.copyOf(requires));
    }
}
