package org.trefoilhub.hub.critical;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirResourceDao;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.param.UriParam;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.ObservationDefinition;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.workflow.JudgedWrites;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/** What this package reads and writes in the FHIR store, as the hub itself. Writes join the transaction of the caller. */
final class CriticalDesk {

    private static final String SHIPPED = "/org/trefoilhub/ig/data/PlanDefinition/critical-limits.json";
    private static final int MOST = 1000;

    private final DaoRegistry daos;
    private final FactSource facts;
    private final PlanDefinition shipped;

    CriticalDesk(DaoRegistry daos, FactSource facts, FhirContext context) {
        this.daos = daos;
        this.facts = facts;
        try (InputStream in = CriticalDesk.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException("the guide lacks " + SHIPPED);
            }
            this.shipped = context.newJsonParser().parseResource(PlanDefinition.class, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <T extends Resource> Optional<T> read(Class<T> type, @Nullable String reference) {
        if (reference == null || !reference.startsWith(type.getSimpleName() + "/")) {
            return Optional.empty();
        }
        try {
            return Optional.of(dao(type).read(new IdType(reference), new SystemRequestDetails()));
        } catch (ResourceGoneException | ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    <T extends Resource> List<T> search(Class<T> type, SearchParameterMap search) {
        search.setLoadSynchronousUpTo(MOST);
        return dao(type).searchForResources(search, new SystemRequestDetails());
    }

    private static SearchParameterMap of(String parameter, ca.uhn.fhir.model.api.IQueryParameterType value) {
        SearchParameterMap search = SearchParameterMap.newSynchronous();
        search.add(parameter, value);
        return search;
    }

    <T extends Resource> Optional<T> byIdentifier(Class<T> type, String system, String value) {
        return search(type, of("identifier", new TokenParam(system, value))).stream()
                .min(java.util.Comparator.comparing(each -> each.getIdElement().getIdPart()));
    }

    /** Creates, or updates the version that was read: when somebody was faster it fails with 409. */
    <T extends Resource> Reference save(Class<T> type, T resource) {
        IFhirResourceDao<T> dao = dao(type);
        var outcome = resource.hasId()
                ? dao.update(resource, JudgedWrites.request())
                : dao.create(resource, JudgedWrites.request());
        return new Reference(outcome.getId().toUnqualifiedVersionless());
    }

    private <T extends Resource> IFhirResourceDao<T> dao(Class<T> type) {
        return daos.getResourceDao(type);
    }

    CriticalLimits limits() {
        List<PlanDefinition> stored = search(PlanDefinition.class, of("url", new UriParam(CriticalLimits.URL)));
        return CriticalLimits.of(stored.isEmpty() ? null : stored.get(0), shipped);
    }

    CriticalCatalogue catalogue() {
        return CriticalCatalogue.of(search(
                PlanDefinition.class, of("topic", new TokenParam(CriticalCatalogue.TOPICS, CriticalCatalogue.TOPIC))));
    }

    List<ObservationDefinition> ranges() {
        return search(ObservationDefinition.class, SearchParameterMap.newSynchronous());
    }

    /** The results of a report that carry a critical flag or code. */
    List<Observation> critical(DiagnosticReport report) {
        Set<String> results = new LinkedHashSet<>();
        report.getResult().forEach(each -> {
            if (each.hasReference() && each.getReference().startsWith("Observation/")) {
                results.add(new IdType(each.getReference())
                        .toUnqualifiedVersionless()
                        .getValue());
            }
        });
        if (results.isEmpty()) {
            return List.of();
        }
        List<Observation> found = new ArrayList<>();
        facts.load(results).forEach((reference, known) -> {
            if (known.codes().getOrDefault(FactKind.DATA_TYPE, Set.of()).contains("critical")) {
                read(Observation.class, reference).ifPresent(found::add);
            }
        });
        found.sort(java.util.Comparator.comparing(each -> each.getIdElement().getIdPart()));
        return found;
    }

    ResourceFacts facts(String reference) {
        return facts.load(Set.of(reference))
                .getOrDefault(reference, FactSource.of(reference.substring(0, reference.indexOf('/'))));
    }

    List<DiagnosticReport> reportsOf(String observation) {
        return search(DiagnosticReport.class, of("result", new ReferenceParam(observation)));
    }

    /** Prompts about a report that were dismissed. */
    List<org.hl7.fhir.r4.model.DetectedIssue> dismissals(String report) {
        return search(org.hl7.fhir.r4.model.DetectedIssue.class, of("implicated", new ReferenceParam(report)));
    }

    /** The cases of a report, oldest first. */
    List<Task> casesOf(String report) {
        SearchParameterMap search = of("focus", new ReferenceParam(report));
        search.add("code", new TokenParam(Words.TASK_KIND, Words.CRITICAL_VALUE));
        return sorted(search(Task.class, search));
    }

    List<Task> casesOfPatient(String patient) {
        SearchParameterMap search = of("patient", new ReferenceParam(patient));
        search.add("code", new TokenParam(Words.TASK_KIND, Words.CRITICAL_VALUE));
        return sorted(search(Task.class, search));
    }

    List<Task> openCases() {
        SearchParameterMap search = of("code", new TokenParam(Words.TASK_KIND, Words.CRITICAL_VALUE));
        TokenOrListParam open = new TokenOrListParam();
        for (String status : List.of("requested", "received", "accepted", "in-progress")) {
            open.add("http://hl7.org/fhir/task-status", status);
        }
        search.add("status", open);
        return sorted(search(Task.class, search));
    }

    private static List<Task> sorted(List<Task> tasks) {
        return tasks.stream()
                .sorted(java.util.Comparator.comparingLong(
                        each -> each.getIdElement().getIdPartAsLong()))
                .toList();
    }

    /** The notice to the ward that nobody has answered yet. */
    Optional<Communication> openNotice(String task) {
        SearchParameterMap search = of("part-of", new ReferenceParam(task));
        search.add("category", new TokenParam(Words.CONTACT, "dept-to-ward"));
        return search(Communication.class, search).stream()
                .filter(each -> each.getStatus() == Communication.CommunicationStatus.INPROGRESS)
                .reduce((first, second) -> second);
    }

    /** A person or client as Tasks name one: by name, and by the resource where there is one. */
    Reference actor(Subject subject) {
        return subject.user() == null ? client(subject.client()) : person(subject.user());
    }

    Reference person(String user) {
        Reference reference = byIdentifier(Practitioner.class, Words.USER, user)
                .map(each -> new Reference(Words.reference(each))
                        .setDisplay(each.getNameFirstRep().getText()))
                .orElseGet(() -> new Reference().setType("Practitioner"));
        reference.setIdentifier(new Identifier().setSystem(Words.USER).setValue(user));
        return reference;
    }

    Reference client(String client) {
        Reference reference = byIdentifier(Device.class, Words.CLIENT, client)
                .map(each -> new Reference(Words.reference(each)))
                .orElseGet(() -> new Reference().setType("Device"));
        reference.setIdentifier(new Identifier().setSystem(Words.CLIENT).setValue(client));
        return reference;
    }

    /** A department by its code; the code is enough where no Organization is stored. */
    Optional<Reference> department(String code) {
        return byIdentifier(Organization.class, Words.DEPARTMENT, code).map(this::department);
    }

    private Reference department(Organization organization) {
        Reference reference = new Reference(Words.reference(organization)).setDisplay(organization.getName());
        organization.getIdentifier().stream()
                .filter(each -> Words.DEPARTMENT.equals(each.getSystem()))
                .findFirst()
                .ifPresent(each -> reference.setIdentifier(
                        new Identifier().setSystem(Words.DEPARTMENT).setValue(each.getValue())));
        return reference;
    }

    Reference medicalAffairs() {
        return department(Words.MEDICAL_AFFAIRS).orElseGet(() -> {
            Reference reference = new Reference().setType("Organization");
            reference.setIdentifier(new Identifier().setSystem(Words.DEPARTMENT).setValue(Words.MEDICAL_AFFAIRS));
            return reference;
        });
    }

    /** A reference with the department or the user that it names, so that nobody has to look it up again. */
    Reference named(Reference reference) {
        if (reference.hasIdentifier() || !reference.hasReference()) {
            return reference;
        }
        String literal = reference.getReference();
        if (literal.startsWith("Organization/")) {
            return read(Organization.class, literal).map(this::department).orElse(reference);
        }
        String user = user(literal);
        if (user != null) {
            reference.setIdentifier(new Identifier().setSystem(Words.USER).setValue(user));
        }
        return reference;
    }

    private @Nullable String user(String literal) {
        String practitioner = literal.startsWith("PractitionerRole/")
                ? read(PractitionerRole.class, literal)
                        .map(role -> role.getPractitioner().getReference())
                        .orElse(null)
                : literal;
        return read(Practitioner.class, practitioner)
                .flatMap(each -> each.getIdentifier().stream()
                        .filter(one -> Words.USER.equals(one.getSystem()))
                        .map(Identifier::getValue)
                        .findFirst())
                .orElse(null);
    }

    /** Department codes and user names that references stand for. */
    record Addressees(Set<String> departments, Set<String> users) {
        boolean has(Subject subject) {
            return subject.user() != null
                    && (users.contains(subject.user())
                            || subject.departments().stream().anyMatch(departments::contains));
        }
    }

    Addressees addressees(Collection<Reference> references) {
        Set<String> departments = new LinkedHashSet<>();
        Set<String> users = new LinkedHashSet<>();
        for (Reference each : references) {
            Reference named = named(each.copy());
            String department = Words.department(named);
            String user = Words.user(named);
            if (department != null) {
                departments.add(department);
            }
            if (user != null) {
                users.add(user);
            }
            if (named.hasReference() && named.getReference().startsWith("CareTeam/")) {
                read(CareTeam.class, named.getReference())
                        .ifPresent(team -> team.getParticipant().forEach(participant -> {
                            String member = participant.getMember().hasReference()
                                    ? user(participant.getMember().getReference())
                                    : null;
                            if (member != null) {
                                users.add(member);
                            }
                        }));
            }
        }
        return new Addressees(departments, users);
    }

    /** Everybody who has the case: its owner and whoever it was sent to. */
    Addressees addressees(Task task) {
        List<Reference> all = new ArrayList<>(task.getRestriction().getRecipient());
        if (task.hasOwner()) {
            all.add(task.getOwner());
        }
        return addressees(all);
    }

    /** The performing department of a case. */
    Optional<Reference> performing(Task task) {
        if (Words.input(task, "performing-department") instanceof Reference department) {
            return Optional.of(department);
        }
        return task.hasFocus()
                ? read(DiagnosticReport.class, task.getFocus().getReference()).flatMap(this::performing)
                : Optional.empty();
    }

    Optional<Reference> performing(DiagnosticReport report) {
        return report.getPerformer().stream()
                .filter(each -> each.hasReference() && each.getReference().startsWith("Organization/"))
                .findFirst()
                .map(each -> named(each.copy()));
    }

    @Nullable
    String departmentCode(Optional<Reference> department) {
        return department.map(each -> Words.department(named(each.copy()))).orElse(null);
    }

    /** A person with a role in a department; the care team of that role; or else the department itself. */
    Reference holder(String role, Reference department) {
        SearchParameterMap search = of("role", new TokenParam(Words.ROLE, role));
        if (department.hasReference()) {
            search.add("organization", new ReferenceParam(department.getReference()));
            Optional<Reference> holder = search(PractitionerRole.class, search).stream()
                    .filter(each -> !each.hasActive() || each.getActive())
                    .findFirst()
                    .map(each -> named(new Reference(Words.reference(each))));
            if (holder.isPresent()) {
                return holder.get();
            }
        }
        String code = Words.department(department);
        return Optional.ofNullable(code)
                .flatMap(each -> byIdentifier(CareTeam.class, Words.CARE_TEAM, role + "-" + each))
                .map(team -> new Reference(Words.reference(team)).setDisplay(team.getName()))
                .orElse(department);
    }

    List<Encounter> encounters(String patient) {
        return search(Encounter.class, of("patient", new ReferenceParam(patient)));
    }

    /** The Organization behind a place. */
    Optional<Reference> departmentOf(Location location) {
        if (location.getManagingOrganization().hasReference()) {
            return read(Organization.class, location.getManagingOrganization().getReference())
                    .map(this::department);
        }
        return location.getPartOf().hasReference()
                ? read(Location.class, location.getPartOf().getReference()).flatMap(this::departmentOf)
                : Optional.empty();
    }
}
