package org.trefoilhub.hub.audit;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.PayloadTooLargeException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.jspecify.annotations.Nullable;

/**
 * {@code /fhir/AuditEvent} over the table of the audit: read, search, and create for events of other systems. Nothing
 * changes or deletes one. The policy is asked before, as for every type.
 *
 * <p>Pages go on after the last event of the page before, so that events that come in meanwhile move nothing.
 */
public final class AuditEventProvider implements IResourceProvider {

    private static final int MAX_CONTENT = 900_000;
    private static final int NAME = 200;

    private final AuditTable table;
    private final GroupedAuditTrail trail;
    private final AuditSealer sealer;
    private final AuditEventMapper mapper;
    private final FhirContext context;
    private final ZoneId zone;
    private final String base;
    private final Function<String, List<String>> namesOfAgent;

    AuditEventProvider(
            AuditTable table,
            GroupedAuditTrail trail,
            AuditSealer sealer,
            AuditEventMapper mapper,
            FhirContext context,
            ZoneId zone,
            String base,
            Function<String, List<String>> namesOfAgent) {
        this.table = table;
        this.trail = trail;
        this.sealer = sealer;
        this.mapper = mapper;
        this.context = context;
        this.zone = zone;
        this.base = base;
        this.namesOfAgent = namesOfAgent;
    }

    @Override
    public Class<AuditEvent> getResourceType() {
        return AuditEvent.class;
    }

    /**
     * One event.
     *
     * @param id its id; the only version of each is 1
     * @return the event
     */
    @Read(version = true)
    public AuditEvent read(@IdParam IdType id) {
        boolean known = id.getIdPart().matches("[1-8]?\\d{1,18}")
                && (!id.hasVersionIdPart() || id.getVersionIdPart().equals("1"));
        AuditRow row = known ? find(Long.parseLong(id.getIdPart())) : null;
        if (row == null) {
            throw new ResourceNotFoundException(id);
        }
        return mapper.toFhir(row);
    }

    private @Nullable AuditRow find(long seq) {
        AuditRow placed = table.find(seq);
        if (placed == null) {
            // It may be durable but not in its place yet.
            sealer.seal();
            placed = table.find(seq);
        }
        return placed;
    }

    /**
     * Searches, newest first unless {@code _sort=date}.
     *
     * @param request request with the parameters that {@link AuditSearchParameters} reads
     * @return one page with links and, unless {@code _total=none}, the number of all
     */
    @Search(allowUnknownParams = true)
    public Bundle search(RequestDetails request) {
        Map<String, String[]> given = new TreeMap<>(request.getParameters());
        AuditSearchParameters parameters = new AuditSearchParameters(given, zone, namesOfAgent);
        // What is durable is found, also when it waits for its place.
        sealer.seal();
        Bundle page = new Bundle();
        page.setType(Bundle.BundleType.SEARCHSET);
        if (parameters.wantsTotal()) {
            page.setTotal(Math.toIntExact(Math.min(Integer.MAX_VALUE, table.count(parameters.search()))));
        }
        page.addLink().setRelation("self").setUrl(link(given, null));
        if (parameters.count() > 0) {
            List<AuditRow> rows = table.search(parameters.search(), parameters.count() + 1);
            boolean more = rows.size() > parameters.count();
            List<AuditRow> shown = more ? rows.subList(0, parameters.count()) : rows;
            for (AuditRow row : shown) {
                page.addEntry()
                        .setFullUrl(base + "/AuditEvent/" + row.seq())
                        .setResource(mapper.toFhir(row))
                        .getSearch()
                        .setMode(Bundle.SearchEntryMode.MATCH);
            }
            if (more) {
                page.addLink()
                        .setRelation("next")
                        .setUrl(link(given, shown.get(shown.size() - 1).seq()));
            }
        }
        return page;
    }

    private String link(Map<String, String[]> parameters, @Nullable Long after) {
        String query = parameters.entrySet().stream()
                .filter(entry -> after == null || !entry.getKey().equals(AuditSearchParameters.CURSOR))
                .flatMap(entry -> java.util.Arrays.stream(entry.getValue())
                        .map(value -> encode(entry.getKey()) + "=" + encode(value)))
                .collect(Collectors.joining("&"));
        if (after != null) {
            query += (query.isEmpty() ? "" : "&") + AuditSearchParameters.CURSOR + "=" + after;
        }
        return base + "/AuditEvent" + (query.isEmpty() ? "" : "?" + query);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Keeps an event that another system reports, in the same table and chain.
     *
     * @param event the event; its id is the hub's to give
     * @return the id
     */
    @Create
    public MethodOutcome create(@ResourceParam AuditEvent event) {
        if (!event.hasType() || !event.hasRecorded() || !event.hasAgent() || !event.hasSource()) {
            throw new UnprocessableEntityException("an audit event needs type, recorded, agent and source");
        }
        event.setId((String) null);
        String content = context.newJsonParser().encodeResourceToString(event);
        if (content.length() > MAX_CONTENT) {
            throw new PayloadTooLargeException("an audit event may have " + MAX_CONTENT + " characters");
        }
        AuditRow row = row(event, content);
        trail.commit(List.of(row));
        MethodOutcome outcome = new MethodOutcome(new IdType("AuditEvent", Long.toString(row.seq()), "1"), true);
        outcome.setResource(mapper.toFhir(row));
        return outcome;
    }

    private AuditRow row(AuditEvent event, String content) {
        TreeSet<String> entities = new TreeSet<>();
        event.getEntity().forEach(entity -> {
            if (entity.getWhat().hasReference()) {
                String[] parts = entity.getWhat().getReference().split("/");
                entities.add(AuditContent.cut(
                        parts.length < 2 ? parts[0] : parts[parts.length - 2] + "/" + parts[parts.length - 1], NAME));
            } else if (entity.getWhat().getIdentifier().hasValue()) {
                entities.add(AuditContent.cut(entity.getWhat().getIdentifier().getValue(), NAME));
            }
        });
        @Nullable String user = null;
        @Nullable String address = null;
        for (AuditEvent.AuditEventAgentComponent agent : event.getAgent()) {
            if (user == null && agent.hasAltId()) {
                user = AuditContent.cut(agent.getAltId(), NAME);
            }
            if (address == null && agent.getNetwork().hasAddress()) {
                address = AuditContent.cut(agent.getNetwork().getAddress(), 100);
            }
        }
        return new AuditRow(
                trail.nextSeq(),
                TimeUnit.MILLISECONDS.toMicros(event.getRecorded().getTime()),
                AuditContent.cut(event.getType().hasCode() ? event.getType().getCode() : "", 64),
                event.hasSubtype()
                        ? AuditContent.cut(
                                String.valueOf(event.getSubtypeFirstRep().getCode()), 64)
                        : null,
                event.hasAction() ? event.getAction().toCode() : "E",
                event.hasOutcome() ? event.getOutcome().toCode() : "0",
                null,
                RequestAudit.current()
                        .flatMap(RequestAudit::subject)
                        .map(subject -> AuditContent.cut(subject.client(), NAME))
                        .orElse(null),
                user,
                address,
                RequestAudit.current().map(RequestAudit::traceId).orElse(null),
                AuditRow.FHIR,
                content,
                entities);
    }
}
