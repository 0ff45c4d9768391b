package org.trefoilhub.hub.access;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.StringParam;
import ca.uhn.fhir.rest.param.TokenParam;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.smart.LaunchRecords;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/**
 * Stored records as the policies show them at the door {@code smart-launch}. Candidates are found as the system, every one
 * of them is then decided for who asks, and nothing of the others is used.
 *
 * <p>A patient whose name a policy masks is not found by it, for a hit would tell the name; by his number he is.
 */
final class StoredLaunchRecords implements LaunchRecords {

    private static final Set<Obligation> MASKS = Set.of(Obligation.MASK_NAME, Obligation.MASK_DEMOGRAPHICS);
    private static final Set<Encounter.EncounterStatus> ACTIVE = Set.of(
            Encounter.EncounterStatus.ARRIVED,
            Encounter.EncounterStatus.TRIAGED,
            Encounter.EncounterStatus.INPROGRESS,
            Encounter.EncounterStatus.ONLEAVE);
    private static final int MOST_CANDIDATES = 500;

    private final DaoRegistry daos;
    private final PolicySource policies;
    private final FactSource facts;
    private final String numberSystem;
    private final ZoneId zone;
    private final Clock clock;

    StoredLaunchRecords(
            DaoRegistry daos, PolicySource policies, FactSource facts, String canonical, ZoneId zone, Clock clock) {
        this.daos = daos;
        this.policies = policies;
        this.facts = facts;
        this.numberSystem = canonical + "/sid/patient-id";
        this.zone = zone;
        this.clock = clock;
    }

    @Override
    public boolean areVisible(Subject subject, List<String> references, @Nullable String patient) {
        Set<String> wanted = new HashSet<>(references);
        Map<String, ResourceFacts> known = facts.load(wanted);
        return known.keySet().containsAll(wanted)
                && known.values().stream()
                        .allMatch(each ->
                                isAbout(each, patient) && decide(subject, each).permitted(MASKS));
    }

    private static boolean isAbout(ResourceFacts known, @Nullable String patient) {
        Set<String> patients = known.patients();
        return patient == null || (patients != null && patients.contains("Patient/" + patient));
    }

    @Override
    public List<FoundPatient> patients(Subject subject, String text) {
        Map<String, FoundPatient> found = new LinkedHashMap<>();
        SearchParameterMap byNumber = SearchParameterMap.newSynchronous("identifier", new TokenParam(null, text));
        SearchParameterMap byName = SearchParameterMap.newSynchronous("name", new StringParam(text));
        visible(subject, byNumber, true).forEach(patient -> found.putIfAbsent(patient.id(), patient));
        visible(subject, byName, false).stream()
                .sorted(Comparator.comparing(FoundPatient::name))
                .forEach(patient -> found.putIfAbsent(patient.id(), patient));
        return found.values().stream().limit(LIMIT).toList();
    }

    @Override
    public Optional<FoundPatient> patient(Subject subject, String id) {
        return visible(subject, SearchParameterMap.newSynchronous("_id", new TokenParam(id)), true).stream()
                .findFirst();
    }

    private List<FoundPatient> visible(Subject subject, SearchParameterMap query, boolean maskedToo) {
        List<Patient> candidates = candidates(Patient.class, query);
        Map<String, ResourceFacts> known = facts.load(
                candidates.stream().map(StoredLaunchRecords::reference).toList());
        List<FoundPatient> found = new ArrayList<>();
        for (Patient patient : candidates) {
            ResourceFacts each = known.get(reference(patient));
            PolicyDecision decision = each == null ? null : decide(subject, each);
            if (decision != null
                    && decision.permitted(MASKS)
                    && (maskedToo || decision.obligations().isEmpty())) {
                found.add(found(patient, decision.obligations()));
            }
        }
        return found;
    }

    @Override
    public List<FoundEncounter> encounters(Subject subject, String patient) {
        List<Encounter> candidates = candidates(
                Encounter.class,
                SearchParameterMap.newSynchronous("subject", new ReferenceParam("Patient/" + patient)));
        Map<String, ResourceFacts> known = facts.load(
                candidates.stream().map(StoredLaunchRecords::reference).toList());
        return candidates.stream()
                .filter(encounter -> {
                    ResourceFacts each = known.get(reference(encounter));
                    return each != null && decide(subject, each).permitted(MASKS);
                })
                .map(StoredLaunchRecords::found)
                .sorted(Comparator.comparing(FoundEncounter::start, Comparator.nullsLast(Comparator.reverseOrder())))
                .limit(LIMIT)
                .toList();
    }

    private <T extends IBaseResource> List<T> candidates(Class<T> type, SearchParameterMap query) {
        query.setLoadSynchronousUpTo(MOST_CANDIDATES);
        return daos.getResourceDao(type).search(query, new SystemRequestDetails()).getAllResources().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private PolicyDecision decide(Subject subject, ResourceFacts known) {
        return policies.current()
                .decide(AccessRequest.of(
                        subject, Action.VIEW, known, new Environment(Door.SMART_LAUNCH, clock.instant())));
    }

    private static String reference(IBaseResource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }

    private FoundPatient found(Patient patient, Set<Obligation> obligations) {
        boolean bare = obligations.contains(Obligation.MASK_DEMOGRAPHICS);
        String name = name(patient);
        Date birth = bare ? null : patient.getBirthDate();
        return new FoundPatient(
                patient.getIdElement().getIdPart(),
                obligations.isEmpty() ? name : masked(name),
                patient.hasGender() ? patient.getGender().toCode() : null,
                birth == null ? null : LocalDate.ofInstant(birth.toInstant(), zone),
                bare ? null : number(patient));
    }

    private static String masked(String name) {
        return name.isEmpty() ? "*" : name.substring(0, name.offsetByCodePoints(0, 1)) + "*";
    }

    private static String name(Patient patient) {
        for (HumanName name : patient.getName()) {
            if (name.hasText()) {
                return name.getText();
            }
            String family = name.hasFamily() ? name.getFamily() : "";
            String given = name.getGivenAsSingleString();
            if (!family.isEmpty() || !given.isEmpty()) {
                boolean latin = (family + given).chars().allMatch(letter -> letter < 0x250);
                return latin ? (given + " " + family).strip() : family + given.replace(" ", "");
            }
        }
        return "";
    }

    private @Nullable String number(Patient patient) {
        return patient.getIdentifier().stream()
                .filter(identifier -> identifier.hasValue()
                        && identifier.hasSystem()
                        && identifier.getSystem().startsWith(numberSystem))
                .map(Identifier::getValue)
                .findFirst()
                .orElse(null);
    }

    private static FoundEncounter found(Encounter encounter) {
        Date start = encounter.getPeriod().getStart();
        Instant began = start == null ? null : start.toInstant();
        String place =
                encounter.hasServiceProvider() && encounter.getServiceProvider().hasDisplay()
                        ? encounter.getServiceProvider().getDisplay()
                        : encounter.getLocationFirstRep().getLocation().getDisplay();
        return new FoundEncounter(
                encounter.getIdElement().getIdPart(),
                encounter.getClass_().getCode(),
                began,
                encounter.hasStatus() && ACTIVE.contains(encounter.getStatus()),
                place);
    }
}
