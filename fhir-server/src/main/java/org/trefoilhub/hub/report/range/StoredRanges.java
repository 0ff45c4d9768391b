package org.trefoilhub.hub.report.range;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.DateParam;
import ca.uhn.fhir.rest.param.ParamPrefixEnum;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.ObservationDefinition;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Ranges as the hospital keeps them, and their hook into every write of an observation.
 *
 * <p>Reads the patient, the conditions and the gestational age as the system: what is normal for a patient does not depend on
 * who wrote the value down. Observations of an extraction are left to it, because it knows the answers too.
 */
@Interceptor
public final class StoredRanges {

    private static final String EXTRACTED = "https://trefoil-hub.org/fhir/sid/extraction";
    private static final String LOINC = "http://loinc.org";
    private static final int MOST_DEFINITIONS = 5_000;
    private static final int MOST_CONDITIONS = 500;
    private static final int ORDER = -500;

    private final DaoRegistry registry;
    private final ZoneId zone;
    private volatile @Nullable ReferenceRanges loaded;

    StoredRanges(DaoRegistry registry, ZoneId zone) {
        this.registry = registry;
        this.zone = zone;
    }

    /** The ranges in force. */
    public ReferenceRanges current() {
        ReferenceRanges known = loaded;
        if (known == null) {
            SearchParameterMap all = SearchParameterMap.newSynchronous();
            all.setLoadSynchronousUpTo(MOST_DEFINITIONS);
            List<ObservationDefinition> definitions = registry.getResourceDao(ObservationDefinition.class)
                    .searchForResources(all, new SystemRequestDetails());
            known = new ReferenceRanges(definitions);
            loaded = known;
        }
        return known;
    }

    /** Fills in range and flag of a new observation. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_CREATED, order = ORDER)
    public void creating(IBaseResource resource) {
        complete(resource);
    }

    /** Fills in range and flag of a changed observation. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_UPDATED, order = ORDER)
    public void updating(@Nullable IBaseResource before, IBaseResource resource) {
        complete(resource);
    }

    /** A new definition counts from its commit. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED)
    public void created(IBaseResource resource) {
        changed(resource);
    }

    /** A changed definition counts from its commit. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED)
    public void updated(@Nullable IBaseResource before, IBaseResource resource) {
        changed(resource);
    }

    /** A deleted definition is gone from its commit. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED)
    public void deleted(IBaseResource resource) {
        changed(resource);
    }

    private void changed(IBaseResource resource) {
        if (!(resource instanceof ObservationDefinition)) {
            return;
        }
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    loaded = null;
                }
            });
        } else {
            loaded = null;
        }
    }

    private void complete(IBaseResource resource) {
        if (!(resource instanceof Observation observation)
                || !observation.hasValueQuantity()
                || observation.getIdentifier().stream().anyMatch(each -> EXTRACTED.equals(each.getSystem()))) {
            return;
        }
        ReferenceRanges ranges = current();
        List<ObservationDefinition> definitions = ranges.of(observation.getCode());
        if (definitions.isEmpty()) {
            return;
        }
        if (ReferenceRanges.isOpen(observation)) {
            ranges.apply(observation, facts(observation, definitions));
        } else {
            ReferenceRanges.normalize(observation, definitions);
        }
    }

    private IntervalFacts facts(Observation observation, List<ObservationDefinition> definitions) {
        Instant at = instant(observation.getEffective());
        IntervalFacts facts = facts(observation.getSubject(), at);
        Set<String> more = new HashSet<>();
        keys(observation.getMethod(), more);
        keys(observation.getBodySite(), more);
        facts = facts.with(more);
        if (at != null && ReferenceRanges.asksForGestation(definitions)) {
            facts = facts.at(gestation(observation.getSubject(), at).orElse(null));
        }
        return facts;
    }

    /**
     * What is known of a patient at a moment.
     *
     * @param subject literal reference of the patient; anything else is nobody of whom something is known
     * @param at time of the observation; without it neither age nor diagnoses are known
     */
    public IntervalFacts facts(Reference subject, @Nullable Instant at) {
        if (at == null
                || !"Patient".equals(subject.getReferenceElement().getResourceType())
                || !subject.getReferenceElement().hasIdPart()) {
            return new IntervalFacts(null, null, null, Set.of());
        }
        SearchParameterMap byId = SearchParameterMap.newSynchronous(
                "_id", new TokenParam(subject.getReferenceElement().getIdPart()));
        List<Patient> found =
                registry.getResourceDao(Patient.class).searchForResources(byId, new SystemRequestDetails());
        if (found.isEmpty()) {
            return new IntervalFacts(null, null, null, Set.of());
        }
        Patient patient = found.get(0);
        LocalDate birth = patient.hasBirthDate()
                        && patient.getBirthDateElement().getValueAsString().length() == 10
                ? LocalDate.parse(patient.getBirthDateElement().getValueAsString())
                : null;
        Set<String> codes = new HashSet<>();
        SearchParameterMap conditions = SearchParameterMap.newSynchronous(
                "patient",
                new ReferenceParam("Patient/" + subject.getReferenceElement().getIdPart()));
        conditions.setLoadSynchronousUpTo(MOST_CONDITIONS);
        List<Condition> stored =
                registry.getResourceDao(Condition.class).searchForResources(conditions, new SystemRequestDetails());
        stored.stream().filter(each -> holds(each, at)).forEach(each -> keys(each.getCode(), codes));
        return new IntervalFacts(
                IntervalFacts.age(birth, at.atZone(zone).toLocalDate()),
                patient.hasGender() ? patient.getGender().toCode() : null,
                null,
                codes);
    }

    /** Whether a condition holds at a moment: begun by then, not over, and not refuted. */
    private static boolean holds(Condition condition, Instant at) {
        boolean refuted = condition.getVerificationStatus().getCoding().stream()
                .anyMatch(each -> Set.of("refuted", "entered-in-error").contains(each.getCode()));
        Instant begun = condition.hasOnset()
                ? instant(condition.getOnset())
                : condition.hasRecordedDate() ? condition.getRecordedDate().toInstant() : null;
        Instant over = condition.hasAbatement() ? instant(condition.getAbatement()) : null;
        boolean ended = condition.getClinicalStatus().getCoding().stream()
                .anyMatch(each -> Set.of("inactive", "remission", "resolved").contains(each.getCode()));
        if (refuted || begun != null && begun.isAfter(at)) {
            return false;
        }
        return over == null ? !ended : over.isAfter(at);
    }

    /** Weeks at a moment, counted on from the last gestational age of the two weeks before. */
    private Optional<BigDecimal> gestation(Reference subject, Instant at) {
        SearchParameterMap search = SearchParameterMap.newSynchronous(
                "patient",
                new ReferenceParam("Patient/" + subject.getReferenceElement().getIdPart()));
        search.add("code", new TokenOrListParam(LOINC, "11884-4", "18185-9", "11885-1"));
        search.add("date", new DateParam(ParamPrefixEnum.LESSTHAN_OR_EQUALS, Date.from(at)));
        search.setLoadSynchronousUpTo(50);
        List<Observation> found =
                registry.getResourceDao(Observation.class).searchForResources(search, new SystemRequestDetails());
        Instant best = null;
        BigDecimal weeks = null;
        for (Observation each : found) {
            Instant measured = instant(each.getEffective());
            boolean recent = measured != null && measured.isAfter(at.minus(14, ChronoUnit.DAYS));
            if (recent && each.hasValueQuantity() && (best == null || measured.isAfter(best))) {
                Optional<BigDecimal> value = Units.convert(each.getValueQuantity(), "wk");
                if (value.isPresent()) {
                    best = measured;
                    weeks = value.get()
                            .add(BigDecimal.valueOf(ChronoUnit.DAYS.between(measured, at))
                                    .divide(BigDecimal.valueOf(7), 2, RoundingMode.HALF_UP));
                }
            }
        }
        return Optional.ofNullable(weeks);
    }

    private static @Nullable Instant instant(@Nullable Type time) {
        if (time instanceof DateTimeType moment && moment.getValue() != null) {
            return moment.getValue().toInstant();
        }
        if (time instanceof Period period && period.hasStart()) {
            return period.getStart().toInstant();
        }
        return null;
    }

    private static void keys(CodeableConcept concept, Set<String> into) {
        concept.getCoding().forEach(coding -> into.add(IntervalFacts.key(coding)));
    }
}
