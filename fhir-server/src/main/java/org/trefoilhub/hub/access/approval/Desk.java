package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirResourceDao;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.CareFact;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/** What this package reads and writes in the FHIR store, as the hub itself: the asker cannot see it yet. */
final class Desk {

    private static final String MEDICAL_RECORDS = "approver-medical-records";
    private static final String MEDICAL_AFFAIRS = "medical-affairs";

    private final DaoRegistry daos;
    private final FactSource facts;

    Desk(DaoRegistry daos, FactSource facts) {
        this.daos = daos;
        this.facts = facts;
    }

    /** Who is meant: exactly this identifier, and beside it the name or the date of birth. */
    record Wanted(Identifier identifier, @Nullable String name, @Nullable String birthDate) {}

    /** The patient who is meant, or empty when there is none, or more than one person. */
    Optional<Patient> find(Wanted wanted) {
        List<Patient> found =
                search(
                                Patient.class,
                                "identifier",
                                wanted.identifier().getSystem(),
                                wanted.identifier().getValue())
                        .stream()
                        .filter(patient -> patient.getIdentifier().stream()
                                .anyMatch(one -> same(
                                                one.getSystem(),
                                                wanted.identifier().getSystem())
                                        && same(
                                                one.getValue(),
                                                wanted.identifier().getValue())))
                        .filter(patient -> fits(patient, wanted))
                        .sorted(Comparator.comparing((Patient patient) -> !patient.getActive())
                                .thenComparing(patient -> patient.getIdElement().getIdPart()))
                        .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Set<String> persons = new TreeSet<>();
        found.forEach(patient -> persons.add(key(reference(patient))));
        return persons.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private String key(String reference) {
        ResourceFacts known = facts(reference);
        Set<String> identities = known.patients();
        return identities == null || identities.isEmpty() ? reference : new TreeSet<>(identities).first();
    }

    private static boolean fits(Patient patient, Wanted wanted) {
        if (wanted.name() != null) {
            return patient.getName().stream().anyMatch(name -> isCalled(name, wanted.name()));
        }
        return wanted.birthDate() != null
                && wanted.birthDate().equals(patient.getBirthDateElement().getValueAsString());
    }

    private static boolean isCalled(HumanName name, String wanted) {
        String given = String.join(
                "",
                name.getGiven().stream()
                        .map(one -> String.valueOf(one.getValue()))
                        .toList());
        return Stream.of(name.getText(), name.getFamily() + given, given + name.getFamily())
                .anyMatch(called -> plain(called).equals(plain(wanted)));
    }

    private static String plain(@Nullable String name) {
        return name == null ? "" : name.replaceAll("[\\s·]", "").toLowerCase(Locale.ROOT);
    }

    private static boolean same(@Nullable String one, @Nullable String other) {
        return one != null && one.equals(other);
    }

    /** Facts of a stored resource; nothing is known of one that is not there. */
    ResourceFacts facts(String reference) {
        return facts.load(Set.of(reference))
                .getOrDefault(reference, ResourceFacts.of(reference.substring(0, reference.indexOf('/'))));
    }

    /**
     * Who decides about access to a patient: the department that has the patient now, medical records once the patient has
     * left, and medical affairs where neither has named anybody.
     */
    Reference approver(@Nullable String patient) {
        String department = patient == null ? null : department(patient);
        return approvers(department == null ? MEDICAL_RECORDS : "approver-" + department)
                .orElseGet(this::medicalAffairs);
    }

    private @Nullable String department(String patient) {
        Set<CareFact> care = facts(patient).care();
        return care == null
                ? null
                : care.stream()
                        .filter(one -> one.current() && one.department() != null)
                        .max(Comparator.comparing(
                                        (CareFact one) -> one.encounterClass().equals("IMP"))
                                .thenComparing(CareFact::start))
                        .map(CareFact::department)
                        .orElse(null);
    }

    private Optional<Reference> approvers(String team) {
        return search(CareTeam.class, "identifier", Words.CARE_TEAM, team).stream()
                .filter(each -> each.getStatus() == CareTeam.CareTeamStatus.ACTIVE)
                .findFirst()
                .map(each -> new Reference(reference(each)).setDisplay(each.getName()));
    }

    /** The office that decides when nobody else does. */
    Reference medicalAffairs() {
        Reference reference = search(Organization.class, "identifier", Words.DEPARTMENT, MEDICAL_AFFAIRS).stream()
                .findFirst()
                .map(each -> new Reference(reference(each)).setDisplay(each.getName()))
                .orElseGet(() -> new Reference().setType("Organization"));
        reference.setIdentifier(new Identifier().setSystem(Words.DEPARTMENT).setValue(MEDICAL_AFFAIRS));
        return reference;
    }

    /** Whether a person decides for an owner: as a member of the care team, or at the head of the department. */
    boolean decidesFor(Subject subject, Reference owner) {
        if (subject.user() == null) {
            return false;
        }
        String literal = owner.getReference();
        if (literal != null && literal.startsWith("CareTeam/")) {
            return read(CareTeam.class, literal)
                    .filter(team -> team.getStatus() == CareTeam.CareTeamStatus.ACTIVE)
                    .map(team -> team.getParticipant().stream()
                            .anyMatch(participant -> isPerson(participant.getMember(), subject.user())))
                    .orElse(false);
        }
        String department = owner.getIdentifier().getValue();
        return Words.DEPARTMENT.equals(owner.getIdentifier().getSystem())
                && subject.departments().contains(department)
                && (subject.roles().contains("director") || subject.roles().contains(MEDICAL_AFFAIRS));
    }

    private boolean isPerson(Reference member, String user) {
        String literal = member.getReference();
        return literal != null
                && literal.startsWith("Practitioner/")
                && read(Practitioner.class, literal)
                        .map(person -> person.getIdentifier().stream()
                                .anyMatch(one -> Words.USER.equals(one.getSystem()) && user.equals(one.getValue())))
                        .orElse(false);
    }

    /** A person as Tasks name one: by user name, and by the resource where there is one. */
    Reference person(String user) {
        Reference reference = search(Practitioner.class, "identifier", Words.USER, user).stream()
                .findFirst()
                .map(person -> new Reference(reference(person))
                        .setDisplay(person.getNameFirstRep().getText()))
                .orElseGet(() -> new Reference().setType("Practitioner"));
        reference.setIdentifier(new Identifier().setSystem(Words.USER).setValue(user));
        return reference;
    }

    /** The encounter of a patient that began last. */
    Optional<Reference> latestEncounter(String patient) {
        SearchParameterMap search = SearchParameterMap.newSynchronous();
        search.add("patient", new ReferenceParam(patient));
        return dao(Encounter.class).searchForResources(search, new SystemRequestDetails()).stream()
                .max(Comparator.comparing((Encounter each) -> each.getPeriod().hasStart()
                        ? each.getPeriod().getStart().toInstant()
                        : Instant.EPOCH))
                .map(each -> new Reference(reference(each)));
    }

    <T extends Resource> List<T> search(Class<T> type, String parameter, @Nullable String system, String code) {
        SearchParameterMap search = SearchParameterMap.newSynchronous();
        search.add(parameter, new TokenParam(system, code));
        return dao(type).searchForResources(search, new SystemRequestDetails());
    }

    <T extends Resource> Optional<T> read(Class<T> type, String reference) {
        try {
            return Optional.of(dao(type).read(new IdType(reference), new SystemRequestDetails()));
        } catch (ResourceGoneException | ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Creates or updates; joins the transaction of the caller. */
    <T extends Resource> IIdType save(Class<T> type, T resource) {
        IFhirResourceDao<T> dao = dao(type);
        return (resource.hasId()
                        ? dao.update(resource, new SystemRequestDetails())
                        : dao.create(resource, new SystemRequestDetails()))
                .getId();
    }

    private <T extends Resource> IFhirResourceDao<T> dao(Class<T> type) {
        return daos.getResourceDao(type);
    }

    static String reference(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }
}
