package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.param.ReferenceParam;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/**
 * Signs, releases and recalls reports, and moves the exam along with its report.
 *
 * <p>Who may do so is asked before. Spec: domain model §1.2 and §1.5; FHIR R4 DiagnosticReport.
 */
final class ReportSteps {

    private static final Set<String> CORRECTED = Set.of("amended", "corrected", "appended");
    private static final Set<String> OUT = Set.of("released", "amended", "corrected", "appended");
    private static final Map<String, String> OF_EXAM = Map.of(
            "partial",
            "writing",
            "preliminary",
            "preliminary",
            "verified",
            "verified",
            "released",
            "released",
            States.RECALLED,
            States.RECALLED);

    private final Records records;
    private final WorkflowService service;
    private final ExamColumns columns;
    private final Trace trace;

    ReportSteps(Records records, WorkflowService service, ExamColumns columns, Trace trace) {
        this.records = records;
        this.service = service;
        this.columns = columns;
        this.trace = trace;
    }

    /** Signs a report; it is not shown outside its department yet. */
    String verify(String reference, Actor actor, Instant now) {
        return service.inTransaction(reference, () -> {
            DiagnosticReport report = read(reference);
            step(report, "verified", actor, now);
            follow(report, "verified", now, actor);
            return state(report);
        });
    }

    /** Releases a verified report, or a recalled one once it has been amended, corrected or completed. */
    String release(String reference, Actor actor, Instant now) {
        return service.inTransaction(reference, () -> {
            DiagnosticReport report = read(reference);
            if (state(report).equals(States.RECALLED)) {
                if (!CORRECTED.contains(report.getStatus().toCode())) {
                    throw IllegalSteps.refused(
                            WorkflowErrorCode.NOT_READY,
                            "a recalled report is released once it is amended, corrected or appended");
                }
                lift(report, now, actor);
                return report.getStatus().toCode();
            }
            step(report, "released", actor, now);
            follow(report, "released", now, actor);
            return state(report);
        });
    }

    /** Hides a released report at once and opens its revision. */
    String recall(String reference, String reason, Actor actor, Instant now) {
        return service.inTransaction(reference, () -> {
            DiagnosticReport report = read(reference);
            step(report, States.RECALLED, actor, now);
            List<Task> exams = exams(report);
            openRevision(report, exams.stream().findFirst().orElse(null), actor, now, reason);
            follow(report, States.RECALLED, now, actor);
            return States.RECALLED;
        });
    }

    private DiagnosticReport read(String reference) {
        return records.read(DiagnosticReport.class, reference).orElseThrow(Refusals::notFound);
    }

    private static String state(DiagnosticReport report) {
        return States.of(report).orElse("unknown");
    }

    private void step(DiagnosticReport report, String to, Actor actor, Instant now) {
        StateMachine machine = Machines.DIAGNOSTIC_REPORT;
        String from = state(report);
        if (!machine.isLegal(from, to)) {
            throw IllegalSteps.illegal(machine, from, to);
        }
        States.set(report, to, now);
        mark(report, from, to, actor, now);
        records.save(report);
    }

    private void mark(DiagnosticReport report, String from, String to, Actor actor, Instant now) {
        trace.mark(
                report,
                new Trace.Note(
                        Machines.DIAGNOSTIC_REPORT,
                        from,
                        StateMachine.Verdict.MOVES,
                        new Progress.Reported(to, now),
                        actor,
                        false));
    }

    /** Shows a recalled report again and closes its revision. */
    void lift(DiagnosticReport report, Instant now, Actor actor) {
        records.untag(report, new Meta().addTag(new Coding(States.RELEASE_STATE, States.RECALLED, null)));
        DiagnosticReport stored = read(Records.reference(report));
        stored.setIssued(Date.from(now));
        mark(stored, States.RECALLED, stored.getStatus().toCode(), actor, now);
        records.save(stored);
        revisions(report)
                .forEach(task -> service.follow(
                        Records.reference(task), "released", now, actor, changed -> changed.getExecutionPeriod()
                                .setEnd(Date.from(now))));
        exams(report).forEach(task -> service.follow(Records.reference(task), "released", now, actor, changed -> {}));
    }

    /** Moves the exams of a report to where its new state puts them, and the revision of a recalled one. */
    void follow(DiagnosticReport report, String state, Instant occurred, Actor actor) {
        String to = OF_EXAM.get(state);
        if (to == null) {
            return;
        }
        for (Task exam : exams(report)) {
            String reference = Records.reference(exam);
            boolean moved = service.follow(reference, to, occurred, actor, changed -> {});
            if (!moved && to.equals("released")) {
                // Written, signed and released in one go.
                service.follow(reference, "verified", occurred, actor, changed -> {});
                service.follow(reference, to, occurred, actor, changed -> {});
            }
        }
    }

    /** The exams that a report is about. */
    List<Task> exams(DiagnosticReport report) {
        Map<String, Task> found = new LinkedHashMap<>();
        for (Reference order : report.getBasedOn()) {
            if ("ServiceRequest".equals(order.getReferenceElement().getResourceType())
                    && order.getReferenceElement().hasIdPart()) {
                records
                        .search(
                                Task.class,
                                "based-on",
                                new ReferenceParam("ServiceRequest/"
                                        + order.getReferenceElement().getIdPart()))
                        .stream()
                        .filter(task -> Machines.of(task).orElse(null) == Machines.EXAM_PROCESS)
                        .forEach(task -> found.put(Records.reference(task), task));
            }
        }
        return List.copyOf(found.values());
    }

    /** Opens the revision of every report of a recalled exam. */
    void openRevision(Task exam, Actor actor, Instant now) {
        columns.reports(exam).stream()
                .filter(States::isRecalled)
                .forEach(report -> openRevision(
                        report, exam, actor, now, exam.getStatusReason().getText()));
    }

    private void openRevision(
            DiagnosticReport report, @Nullable Task exam, Actor actor, Instant now, @Nullable String reason) {
        if (!revisions(report).isEmpty()) {
            return;
        }
        StateMachine machine = Machines.REPORT_REVISION;
        Task task = new Task();
        task.setCode(new CodeableConcept().addCoding(new Coding(Machines.TASK_KIND, machine.name(), "报告修订")));
        task.setIntent(Task.TaskIntent.ORDER).setPriority(Task.TaskPriority.URGENT);
        task.setFocus(new Reference(Records.reference(report)));
        task.setFor(report.getSubject().copy())
                .setEncounter(report.getEncounter().copy());
        task.setAuthoredOn(Date.from(now)).setRequester(actor.who());
        task.getExecutionPeriod().setStart(Date.from(now));
        if (reason != null) {
            task.getReasonCode().setText(reason);
        }
        if (exam != null) {
            task.addPartOf(new Reference(Records.reference(exam)));
            task.setOwner(exam.getOwner().copy());
            task.setGroupIdentifier(exam.getGroupIdentifier().copy());
        }
        TaskStates.write(task, machine, new Progress(States.RECALLED, now, List.of()));
        trace.mark(
                task,
                new Trace.Note(
                        machine,
                        null,
                        StateMachine.Verdict.MOVES,
                        new Progress.Reported(States.RECALLED, now),
                        actor,
                        false));
        records.save(task);
    }

    /** The open revisions of a report. */
    private List<Task> revisions(DiagnosticReport report) {
        return records.search(Task.class, "focus", new ReferenceParam(Records.reference(report))).stream()
                .filter(task -> Machines.of(task).orElse(null) == Machines.REPORT_REVISION)
                .filter(task -> task.getStatus() == Task.TaskStatus.INPROGRESS)
                .toList();
    }

    /**
     * Sets the time of release, which is the server's for people; an update that leaves it out does not take it away.
     *
     * @return state that the update asks for
     */
    static Optional<String> release(
            DiagnosticReport before, DiagnosticReport after, String from, String to, Actor actor, Instant now) {
        boolean recalled = from.equals(States.RECALLED);
        boolean wasOut = OUT.contains(from) || recalled;
        if (wasOut && States.isSigned(after)) {
            boolean same = after.getStatus() == before.getStatus();
            if (same && (actor.isPerson() || !after.hasIssued()) || recalled && actor.isPerson()) {
                after.setIssuedElement(before.getIssuedElement().copy());
            } else if (actor.isPerson() || !after.hasIssued()) {
                after.setIssued(Date.from(now));
            }
        } else if (to.equals("released") && actor.isPerson()) {
            after.setIssued(Date.from(now));
        }
        return States.report(after, recalled);
    }

    /** Whether a source brings the next version of a report. */
    static boolean isCorrected(DiagnosticReport before, DiagnosticReport after) {
        return after.hasStatus()
                && CORRECTED.contains(after.getStatus().toCode())
                && !Objects.equals(before.getStatus(), after.getStatus());
    }

    /** Refuses to change what somebody has signed under the same signature. */
    static void requireSameSigned(DiagnosticReport before, DiagnosticReport after, String from) {
        if (!from.equals("verified") && !from.equals("released")) {
            return;
        }
        if (!bare(before).equalsDeep(bare(after))) {
            throw IllegalSteps.refused(
                    WorkflowErrorCode.ILLEGAL_STEP,
                    from.equals("verified")
                            ? "a verified report is sent back to `partial` before it changes"
                            : "a released report changes as `amended`, `corrected` or `appended`");
        }
    }

    private static DiagnosticReport bare(DiagnosticReport report) {
        DiagnosticReport copy = report.copy();
        copy.setMeta(null);
        copy.setText(null);
        copy.setId((String) null);
        return copy;
    }

    /** Puts a report back as it was. */
    static void restore(DiagnosticReport from, DiagnosticReport to) {
        to.setIdentifier(null)
                .setBasedOn(null)
                .setCategory(null)
                .setPerformer(null)
                .setResultsInterpreter(null)
                .setSpecimen(null)
                .setResult(null)
                .setImagingStudy(null)
                .setMedia(null)
                .setConclusionCode(null)
                .setPresentedForm(null)
                .setContained(null)
                .setExtension(null)
                .setModifierExtension(null);
        org.hl7.fhir.r4.model.IdType id = to.getIdElement();
        from.copyValues(to);
        to.setIdElement(id);
    }
}
