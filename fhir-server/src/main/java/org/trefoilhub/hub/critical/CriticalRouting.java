package org.trefoilhub.hub.critical;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterLocationStatus;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * Where a critical value goes: to the place where the patient is now, not to the one that ordered.
 *
 * <p>In hospital or emergency: the ward of the encounter's active location. At a clinic: the ordering doctor, and the
 * clinic. Discharged: the responsible doctor of the last stay, else the ordering one, and the department that had the
 * patient. Where none of these is known, medical affairs. Spec: domain model §1.6.
 */
final class CriticalRouting {

    private final CriticalDesk desk;

    CriticalRouting(CriticalDesk desk) {
        this.desk = desk;
    }

    /**
     * Where a case goes.
     *
     * @param route {@code inpatient}, {@code outpatient} or {@code discharged}
     * @param owner who is responsible now
     * @param recipients everybody who is told, the owner among them
     * @param encounter the encounter that tells, or null
     */
    record Place(String route, Reference owner, List<Reference> recipients, @Nullable Reference encounter) {}

    /** The encounter that tells where the patient is: of those under way in-patients first; else the last one. */
    static Optional<Encounter> current(List<Encounter> all) {
        Comparator<Encounter> order = Comparator.comparing((Encounter each) -> isUnderWay(each))
                .thenComparing(each -> isUnderWay(each) ? rank(each) : 0)
                .thenComparing(CriticalRouting::start);
        return all.stream()
                .filter(each -> each.getStatus() != EncounterStatus.CANCELLED
                        && each.getStatus() != EncounterStatus.ENTEREDINERROR
                        && each.getStatus() != EncounterStatus.PLANNED)
                .max(order);
    }

    private static int rank(Encounter encounter) {
        return switch (String.valueOf(encounter.getClass_().getCode())) {
            case "IMP", "ACUTE", "NONAC" -> 3;
            case "EMER", "OBSENC" -> 2;
            default -> 1;
        };
    }

    private static boolean isUnderWay(Encounter encounter) {
        return encounter.getStatus() == EncounterStatus.INPROGRESS
                || encounter.getStatus() == EncounterStatus.ARRIVED
                || encounter.getStatus() == EncounterStatus.TRIAGED
                || encounter.getStatus() == EncounterStatus.ONLEAVE;
    }

    private static Instant start(Encounter encounter) {
        return encounter.getPeriod().hasStart()
                ? encounter.getPeriod().getStart().toInstant()
                : Instant.EPOCH;
    }

    /** Place where the patient of an encounter is: the active location that began last. */
    static Optional<Reference> location(Encounter encounter) {
        Comparator<Encounter.EncounterLocationComponent> order = Comparator.comparing(each ->
                each.getPeriod().hasStart() ? each.getPeriod().getStart().toInstant() : Instant.EPOCH);
        return encounter.getLocation().stream()
                .filter(each -> each.getStatus() == EncounterLocationStatus.ACTIVE
                        || !each.hasStatus() && !each.getPeriod().hasEnd())
                .max(order)
                .map(Encounter.EncounterLocationComponent::getLocation);
    }

    Place place(Task task) {
        String patient = task.getFor().getReference();
        List<Encounter> all = patient == null ? List.of() : desk.encounters(patient);
        Optional<Encounter> found = current(all);
        if (found.isEmpty()) {
            return outside("outpatient", task, Optional.empty(), null);
        }
        Encounter encounter = found.get();
        Reference reference = new Reference(Words.reference(encounter));
        Optional<Reference> department = department(encounter);
        if (!isUnderWay(encounter)) {
            return rank(encounter) > 1
                    ? outside("discharged", task, department, encounter)
                    : outside("outpatient", task, department, encounter);
        }
        if (rank(encounter) > 1 && department.isPresent()) {
            return new Place("inpatient", department.get(), List.of(department.get()), reference);
        }
        return outside("outpatient", task, department, encounter);
    }

    private Optional<Reference> department(Encounter encounter) {
        return location(encounter)
                .flatMap(each -> desk.read(Location.class, each.getReference()))
                .flatMap(desk::departmentOf)
                .or(() -> encounter.getServiceProvider().hasReference()
                        ? Optional.of(desk.named(encounter.getServiceProvider().copy()))
                        : Optional.empty());
    }

    private Place outside(String route, Task task, Optional<Reference> department, @Nullable Encounter encounter) {
        Optional<Reference> doctor = encounter != null && route.equals("discharged")
                ? responsible(encounter).or(() -> ordering(task))
                : ordering(task);
        List<Reference> recipients = new ArrayList<>();
        doctor.ifPresent(recipients::add);
        department.ifPresent(recipients::add);
        if (recipients.isEmpty()) {
            recipients.add(desk.medicalAffairs());
        }
        return new Place(
                route,
                recipients.get(0),
                recipients,
                encounter == null ? null : new Reference(Words.reference(encounter)));
    }

    private Optional<Reference> responsible(Encounter encounter) {
        return encounter.getParticipant().stream()
                .filter(each -> each.getIndividual().hasReference())
                .max(Comparator.comparing(each -> each.getType().stream()
                        .flatMap(concept -> concept.getCoding().stream())
                        .anyMatch(coding -> "ATND".equals(coding.getCode()))))
                .map(each -> desk.named(each.getIndividual().copy()));
    }

    private Optional<Reference> ordering(Task task) {
        return desk.read(DiagnosticReport.class, task.getFocus().getReference()).stream()
                .flatMap(report -> report.getBasedOn().stream())
                .flatMap(order -> desk.read(ServiceRequest.class, order.getReference()).stream())
                .map(ServiceRequest::getRequester)
                .filter(Reference::hasReference)
                .findFirst()
                .map(each -> desk.named(each.copy()));
    }
}
