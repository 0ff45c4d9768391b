package org.trefoilhub.hub.imaging;

import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.trefoilhub.hub.guide.HubProfiles;

/**
 * Tasks for a person where the projector must not decide by itself.
 *
 * <p>One Task per study and reason, found again by its identifier, so that repeating a projection makes no second one.
 */
final class ReviewTasks {

    /** Why a person has to look. */
    enum Reason {
        PATIENT_ID_MISSING("patient-id-missing", "study without patient id: assign it to a patient"),
        PROJECTION_FAILED("projection-failed", "study could not be shown in FHIR");

        private final String code;
        private final String text;

        Reason(String code, String text) {
            this.code = code;
            this.text = text;
        }
    }

    private final FhirStore store;
    private final IdentifierSystems systems;
    private final Clock clock;

    ReviewTasks(FhirStore store, IdentifierSystems systems, Clock clock) {
        this.store = store;
        this.systems = systems;
        this.clock = clock;
    }

    /** Opens the Task unless it exists, whatever its state. */
    void open(String studyInstanceUid, Reason reason) {
        String value = reason.code + "-" + studyInstanceUid;
        if (find(value).isPresent()) {
            return;
        }
        Task task = new Task();
        HubProfiles.claim(task, HubProfiles.IMAGING_REVIEW);
        task.addIdentifier().setSystem(systems.of("imaging-review")).setValue(value);
        task.setStatus(TaskStatus.REQUESTED);
        task.setIntent(TaskIntent.ORDER);
        task.getCode().addCoding().setSystem(systems.codeSystem("task-kind")).setCode("imaging-review");
        task.getReasonCode()
                .setText(reason.text)
                .addCoding()
                .setSystem(systems.codeSystem("imaging-review-reason"))
                .setCode(reason.code);
        task.setFocus(new Reference().setType("ImagingStudy").setIdentifier(IdentifierSystems.study(studyInstanceUid)));
        Date now = Date.from(clock.instant());
        task.setAuthoredOn(now);
        task.setLastModified(now);
        store.save(Task.class, task);
    }

    /** Completes the Task when it is still open: what it asked for is settled. */
    void close(String studyInstanceUid, Reason reason) {
        find(reason.code + "-" + studyInstanceUid)
                .filter(task -> task.getStatus() == TaskStatus.REQUESTED)
                .ifPresent(task -> {
                    task.setStatus(TaskStatus.COMPLETED);
                    task.setLastModified(Date.from(clock.instant()));
                    store.save(Task.class, task);
                });
    }

    private Optional<Task> find(String value) {
        return store.byIdentifier(Task.class, systems.of("imaging-review"), value);
    }
}
