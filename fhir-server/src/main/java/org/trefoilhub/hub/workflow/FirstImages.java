package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenParam;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.trefoilhub.access.policy.Subject;

/**
 * Tells the exam process that images have come, for departments whose devices send no procedure steps: who has images has
 * been examined.
 *
 * <p>An event of a source like any other: an exam that nobody has checked in keeps its state and is flagged.
 */
public final class FirstImages {

    private static final String ACCESSION = Machines.CANONICAL + "/sid/accession";
    private static final StateMachine EXAM = Machines.EXAM_PROCESS;

    private final Records records;
    private final WorkflowService service;
    private final Clock clock;

    FirstImages(Records records, WorkflowService service, Clock clock) {
        this.records = records;
        this.service = service;
        this.clock = clock;
    }

    /**
     * The first images of a study are there; joins the transaction of the caller.
     *
     * @param accessionNumber accession number of the study, as the hub's identifier system holds it
     */
    public void arrived(String accessionNumber) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        TokenParam accession = new TokenParam(ACCESSION, accessionNumber);
        Map<String, Task> exams = new LinkedHashMap<>();
        records.search(Task.class, "group-identifier", accession)
                .forEach(task -> exams.put(Records.reference(task), task));
        for (ServiceRequest order : records.search(ServiceRequest.class, "identifier", accession)) {
            records.search(Task.class, "based-on", new ReferenceParam(Records.reference(order)))
                    .forEach(task -> exams.put(Records.reference(task), task));
        }
        exams.forEach((reference, task) -> examined(reference, task, now));
    }

    private void examined(String reference, Task task, Instant now) {
        if (Machines.of(task).orElse(null) != EXAM) {
            return;
        }
        int reached = Machines.stateOf(task, EXAM)
                .map(state -> EXAM.rank(EXAM.mainState(state)))
                .orElse(Integer.MAX_VALUE);
        if (reached >= EXAM.rank("examined")) {
            return;
        }
        Instant since = TaskStates.since(task);
        Instant at = since != null && since.isAfter(now) ? since : now;
        if (reached < EXAM.rank("in-exam")) {
            service.report(reference, ReportedEvent.of("in-exam", at, Subject.hub()));
        }
        service.report(reference, ReportedEvent.of("examined", at, Subject.hub()));
    }
}
