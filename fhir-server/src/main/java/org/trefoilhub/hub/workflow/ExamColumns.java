package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.param.ReferenceParam;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Slot;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the exam process: what order, appointment, study and report say in each state of the exam. They move with
 * the Task, in its transaction, as far as their own tables have the step; what they have passed already stays.
 *
 * <p>Spec: domain model §1.2.
 */
final class ExamColumns {

    /**
     * A row; null where the state says nothing of a column.
     *
     * @param order status of the ServiceRequest
     * @param appointment statuses of the Appointment that fit; the first is the one to move to
     * @param study status of the ImagingStudy
     * @param report state of the DiagnosticReport
     */
    record Row(@Nullable String order, List<String> appointment, @Nullable String study, @Nullable String report) {}

    static final Map<String, Row> ROWS = Map.ofEntries(
            Map.entry(
                    "requested",
                    new Row("active", List.of("cancelled", "proposed", "pending", "waitlist"), null, null)),
            Map.entry("booked", new Row("active", List.of("booked"), null, null)),
            Map.entry("checked-in", new Row("active", List.of("checked-in", "arrived"), null, null)),
            Map.entry("in-exam", new Row("active", List.of("arrived"), "registered", null)),
            Map.entry("examined", new Row("active", List.of("fulfilled"), "available", "registered")),
            Map.entry("writing", new Row("active", List.of("fulfilled"), "available", "partial")),
            Map.entry("preliminary", new Row("active", List.of("fulfilled"), "available", "preliminary")),
            Map.entry("verified", new Row("active", List.of("fulfilled"), "available", "verified")),
            Map.entry("released", new Row("completed", List.of("fulfilled"), "available", "released")),
            Map.entry("printed", new Row("completed", List.of("fulfilled"), "available", null)),
            Map.entry("cancelled", new Row("revoked", List.of("cancelled"), "cancelled", "cancelled")),
            Map.entry("recalled", new Row("completed", List.of(), null, "recalled")));

    private final Records records;
    private final Trace trace;

    ExamColumns(Records records, Trace trace) {
        this.records = records;
        this.trace = trace;
    }

    /** Moves what belongs to an exam to where its new state puts it. */
    void follow(Task task, String state, Instant occurred, Actor actor) {
        Row row = ROWS.get(Machines.EXAM_PROCESS.mainState(state));
        if (row == null) {
            return;
        }
        Set<String> orders = orders(task);
        for (String reference : orders) {
            records.read(ServiceRequest.class, reference).ifPresent(order -> move(order, row.order(), occurred, actor));
        }
        if (!row.appointment().isEmpty()) {
            of(Appointment.class, "based-on", orders, List.of())
                    .forEach(appointment -> appointment(appointment, row.appointment(), occurred, actor));
        }
        if (row.study() != null) {
            of(ImagingStudy.class, "basedon", orders, outputs(task, "ImagingStudy"))
                    .forEach(study -> move(study, row.study(), occurred, actor));
        }
        if (row.report() != null) {
            reports(task).forEach(report -> move(report, row.report(), occurred, actor));
        }
    }

    /** The reports of an exam. */
    List<DiagnosticReport> reports(Task task) {
        return of(DiagnosticReport.class, "based-on", orders(task), outputs(task, "DiagnosticReport"));
    }

    private void appointment(Appointment appointment, List<String> fitting, Instant occurred, Actor actor) {
        String now = States.of(appointment).orElse("");
        if (now.isEmpty()
                || fitting.contains(now)
                || Set.of("noshow", "cancelled").contains(now)) {
            return;
        }
        boolean moved = move(appointment, fitting.get(0), occurred, actor);
        if (moved && fitting.get(0).equals("cancelled")) {
            appointment.getSlot().stream()
                    .map(Reference::getReference)
                    .flatMap(reference -> records.read(Slot.class, reference).stream())
                    .filter(slot -> slot.getStatus() == Slot.SlotStatus.BUSY
                            || slot.getStatus() == Slot.SlotStatus.BUSYTENTATIVE)
                    .forEach(slot -> records.save(slot.setStatus(Slot.SlotStatus.FREE)));
        }
    }

    /** Whether the resource is in another state now. */
    private boolean move(Resource resource, @Nullable String to, Instant occurred, Actor actor) {
        StateMachine machine = Machines.OF_TYPES.get(resource.fhirType());
        Optional<String> from = States.of(resource);
        if (to == null || machine == null || from.isEmpty() || !machine.isLegal(from.get(), to)) {
            return false;
        }
        States.set(resource, to, occurred);
        if (resource instanceof DiagnosticReport) {
            trace.mark(
                    resource,
                    new Trace.Note(
                            machine,
                            from.get(),
                            StateMachine.Verdict.MOVES,
                            new Progress.Reported(to, occurred),
                            actor,
                            false));
        }
        records.save(resource);
        return true;
    }

    private <T extends Resource> List<T> of(Class<T> type, String parameter, Set<String> orders, List<String> outputs) {
        Map<String, T> found = new LinkedHashMap<>();
        for (String order : orders) {
            records.search(type, parameter, new ReferenceParam(order))
                    .forEach(each -> found.put(Records.reference(each), each));
        }
        for (String output : outputs) {
            if (!found.containsKey(output)) {
                records.read(type, output).ifPresent(each -> found.put(output, each));
            }
        }
        return List.copyOf(found.values());
    }

    /** References of the orders that an exam carries out. */
    static Set<String> orders(Task task) {
        Set<String> orders = new LinkedHashSet<>();
        Stream.concat(task.getBasedOn().stream(), Stream.of(task.getFocus()))
                .map(Reference::getReferenceElement)
                .filter(id -> "ServiceRequest".equals(id.getResourceType()) && id.hasIdPart())
                .forEach(id -> orders.add("ServiceRequest/" + id.getIdPart()));
        return orders;
    }

    private static List<String> outputs(Task task, String type) {
        return task.getOutput().stream()
                .filter(output -> output.getValue() instanceof Reference)
                .map(output -> ((Reference) output.getValue()).getReferenceElement())
                .filter(id -> type.equals(id.getResourceType()) && id.hasIdPart())
                .map(id -> type + "/" + id.getIdPart())
                .toList();
    }
}
