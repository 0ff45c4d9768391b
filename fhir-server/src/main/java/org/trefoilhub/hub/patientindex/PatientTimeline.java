package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.OperationParam;
import ca.uhn.fhir.rest.api.SearchTotalModeEnum;
import ca.uhn.fhir.rest.api.SortOrderEnum;
import ca.uhn.fhir.rest.api.SortSpec;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.param.DateParam;
import ca.uhn.fhir.rest.param.ParamPrefixEnum;
import ca.uhn.fhir.rest.param.ReferenceOrListParam;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/**
 * {@code Patient/{id}/$timeline}: one page of the time axis of a person, newest first, over all linked identities.
 *
 * <p>Encounters, orders, appointments, procedures, studies and reports with a date. Each type is searched as the asker, so the
 * policy narrows and masks as in any search; a type that is closed to the asker is left out. A page ends behind a moment, never
 * inside one, so it may be longer than asked.
 */
public final class PatientTimeline {

    private static final int USUAL = 20;
    private static final int MOST = 100;
    /** Entries of one moment that a page can hold beyond its length. */
    private static final int TIES = 50;

    /** Date parameter by type. */
    private static final Map<String, String> TYPES = Map.of(
            "Encounter", "date",
            "ServiceRequest", "authored",
            "Appointment", "date",
            "Procedure", "date",
            "ImagingStudy", "started",
            "DiagnosticReport", "date");

    private final DaoRegistry daos;
    private final PatientIndexHooks identities;
    private final String fhirBase;

    PatientTimeline(DaoRegistry daos, PatientIndexHooks identities, String fhirBase) {
        this.daos = daos;
        this.identities = identities;
        this.fhirBase = fhirBase;
    }

    private record Moment(Instant time, Resource resource) {}

    /**
     * One page.
     *
     * @param id source Patient or golden record
     * @param count entries of the page, 1 to 100, default 20
     * @param before only what lies before this instant; the link {@code next} carries it
     * @param request who asks
     * @return searchset without total, with link {@code next} while there is more
     */
    @Operation(name = "$timeline", type = Patient.class, idempotent = true)
    public Bundle timeline(
            @IdParam IdType id,
            @OperationParam(name = "_count", min = 0, max = 1) @Nullable IntegerType count,
            @OperationParam(name = "before", min = 0, max = 1) @Nullable StringType before,
            RequestDetails request) {
        int length = count == null ? USUAL : Math.min(MOST, Math.max(1, count.getValue()));
        Instant until = before == null ? null : instant(before.getValue());
        Set<String> person = identities.identities(id.getIdPart());
        List<Moment> moments = new ArrayList<>();
        Map<String, String[]> asked = request.getParameters();
        // The storage would take the length of the page for the length of each search.
        request.setParameters(new HashMap<>());
        try {
            TYPES.forEach((type, date) -> moments.addAll(search(type, date, person, length, until, request)));
        } finally {
            request.setParameters(asked);
        }
        moments.sort(Comparator.comparing(Moment::time)
                .reversed()
                .thenComparing(moment -> moment.resource().fhirType())
                .thenComparing(moment -> moment.resource().getIdElement().getIdPartAsLong()));
        int end = Math.min(length, moments.size());
        while (end > 0
                && end < moments.size()
                && moments.get(end).time().equals(moments.get(end - 1).time())) {
            end++;
        }
        Bundle page = new Bundle();
        page.setType(Bundle.BundleType.SEARCHSET);
        String address = fhirBase + "/Patient/" + id.getIdPart() + "/$timeline?_count=" + length;
        page.addLink().setRelation("self").setUrl(address + (until == null ? "" : "&before=" + encoded(until)));
        if (end < moments.size()) {
            page.addLink()
                    .setRelation("next")
                    .setUrl(address + "&before=" + encoded(moments.get(end - 1).time()));
        }
        for (Moment moment : moments.subList(0, end)) {
            page.addEntry()
                    .setFullUrl(fhirBase + "/" + moment.resource().fhirType() + "/"
                            + moment.resource().getIdElement().getIdPart())
                    .setResource(moment.resource())
                    .getSearch()
                    .setMode(Bundle.SearchEntryMode.MATCH);
        }
        return page;
    }

    private List<Moment> search(
            String type, String date, Set<String> person, int length, @Nullable Instant until, RequestDetails request) {
        SearchParameterMap search = new SearchParameterMap();
        ReferenceOrListParam patients = new ReferenceOrListParam();
        person.forEach(identity -> patients.add(new ReferenceParam(identity)));
        search.add("patient", patients);
        if (until != null) {
            search.add(date, new DateParam(ParamPrefixEnum.LESSTHAN, Date.from(until)));
        }
        search.setSort(new SortSpec(date, SortOrderEnum.DESC));
        search.setLoadSynchronousUpTo(length + TIES);
        search.setSearchTotalMode(SearchTotalModeEnum.NONE);
        List<Moment> moments = new ArrayList<>();
        try {
            for (IBaseResource found :
                    daos.getResourceDao(type).search(search, request).getResources(0, length + TIES)) {
                Instant time = time(found);
                if (time != null && (until == null || time.isBefore(until))) {
                    moments.add(new Moment(time, (Resource) found));
                }
            }
        } catch (ForbiddenOperationException e) {
            // The policy closes the whole type to the asker.
            return List.of();
        }
        return moments;
    }

    private static @Nullable Instant time(IBaseResource resource) {
        if (resource instanceof Encounter encounter) {
            return start(encounter.getPeriod());
        }
        if (resource instanceof ServiceRequest order) {
            return instant(order.getAuthoredOn());
        }
        if (resource instanceof Appointment appointment) {
            return instant(appointment.getStart());
        }
        if (resource instanceof Procedure procedure) {
            return start(procedure.getPerformed());
        }
        if (resource instanceof ImagingStudy study) {
            return instant(study.getStarted());
        }
        return resource instanceof DiagnosticReport report ? start(report.getEffective()) : null;
    }

    private static @Nullable Instant start(@Nullable Type time) {
        if (time instanceof Period period) {
            return instant(period.getStart());
        }
        return time instanceof BaseDateTimeType moment ? instant(moment.getValue()) : null;
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidRequestException("expected an instant with its zone in `before`", e);
        }
    }

    private static String encoded(Instant time) {
        return URLEncoder.encode(time.toString(), StandardCharsets.UTF_8);
    }
}
