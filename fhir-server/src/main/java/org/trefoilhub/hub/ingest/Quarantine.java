package org.trefoilhub.hub.ingest;

import java.time.Clock;
import java.util.Date;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.connectors.mapping.Names;
import org.trefoilhub.connectors.source.IngestErrorCode;

/**
 * The exception queue as people see it: one Task of kind {@code ingest-exception} for each message in quarantine, with its
 * source, control id and code. It names no patient; the message itself stays in the log.
 */
final class Quarantine {

    private final IngestStore store;
    private final Names names;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Quarantine(IngestStore store, Names names, TransactionTemplate transaction, Clock clock) {
        this.store = store;
        this.names = names;
        this.transaction = transaction;
        this.clock = clock;
    }

    private String system() {
        return names.sid("ingest-exception");
    }

    /** Opens the Task of a message unless it is there. */
    void rejected(MessageLog.Row row, IngestErrorCode code) {
        String key = row.source() + "/" + row.id();
        transaction.executeWithoutResult(status -> {
            if (store.find(Names.condition("Task", system(), key)).isPresent()) {
                return;
            }
            Task task = new Task();
            task.addIdentifier().setSystem(system()).setValue(key);
            task.setStatus(TaskStatus.REQUESTED);
            task.setIntent(TaskIntent.ORDER);
            task.getCode().addCoding().setSystem(names.codeSystem("task-kind")).setCode("ingest-exception");
            task.setReasonCode(
                    new CodeableConcept().addCoding(new Coding(names.codeSystem("error-code"), code.code(), null)));
            Date now = Date.from(clock.instant());
            task.setAuthoredOn(now);
            task.setLastModified(now);
            input(task, "source", row.source());
            input(task, "message", row.kind());
            input(task, "control-id", row.controlId());
            store.save(task);
        });
    }

    private static void input(Task task, String name, String value) {
        if (!value.isEmpty()) {
            task.addInput()
                    .setType(new CodeableConcept().setText(name))
                    .setValue(new org.hl7.fhir.r4.model.StringType(value));
        }
    }

    /** Completes the Task of a message that could be applied after all. */
    void resolved(MessageLog.Row row) {
        transaction.executeWithoutResult(
                status -> store.find(Names.condition("Task", system(), row.source() + "/" + row.id()))
                        .map(Task.class::cast)
                        .filter(task -> task.getStatus() == TaskStatus.REQUESTED)
                        .ifPresent(task -> {
                            task.setStatus(TaskStatus.COMPLETED);
                            task.setLastModified(Date.from(clock.instant()));
                            store.save(task);
                        }));
    }
}
