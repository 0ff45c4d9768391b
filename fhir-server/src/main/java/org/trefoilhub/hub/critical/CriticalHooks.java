package org.trefoilhub.hub.critical;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.time.Clock;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.facts.FactRecorder;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * Follows the writes of the FHIR store: notes reports that may hold critical values, refuses what a person must not write
 * past the steps, and tells the consoles of cases that have changed.
 */
final class CriticalHooks implements FactRecorder.Listener {

    private final CriticalInbox inbox;
    private final CriticalCases cases;
    private final CriticalEvents events;
    private final RequestSubjects subjects;
    private final Runnable wake;
    private final Clock clock;

    CriticalHooks(
            CriticalInbox inbox,
            CriticalCases cases,
            CriticalEvents events,
            RequestSubjects subjects,
            Runnable wake,
            Clock clock) {
        this.inbox = inbox;
        this.cases = cases;
        this.events = events;
        this.subjects = subjects;
        this.wake = wake;
        this.clock = clock;
    }

    @Override
    public void recorded(Resource resource, boolean created, @Nullable RequestDetails request) {
        if (resource instanceof DiagnosticReport report) {
            if (report.hasResult()) {
                if (isPerson(request) && CriticalCases.isReleased(report)) {
                    cases.requireAudited(report);
                }
                note(Words.reference(report));
            }
        } else if (resource instanceof Observation observation) {
            if (!created && CriticalResultRule.isFlagged(observation)) {
                note(Words.reference(observation));
            }
        } else if (resource instanceof Communication communication) {
            if (created && isFeedback(communication)) {
                note(Words.reference(communication));
            }
        } else if (resource instanceof Task task && isWatched(task)) {
            if (Words.isCase(task) && isPerson(request)) {
                throw CriticalRefusals.refused(
                        CriticalErrorCode.WRITTEN_PAST_THE_STEPS,
                        "a critical value is opened by its report and changed by `$advance`");
            }
            afterCommit(() -> events.changed(task.copy()));
        }
    }

    static boolean isWatched(Task task) {
        return Words.isCase(task)
                || task.getCode().hasCoding(Words.TASK_KIND, Words.CRITICAL_ALARM)
                || task.getCode().hasCoding(Words.TASK_KIND, Words.CRITICAL_PHONE);
    }

    private static boolean isFeedback(Communication communication) {
        return communication.getCategory().stream().anyMatch(each -> each.hasCoding(Words.CONTACT, "his-feedback"));
    }

    private boolean isPerson(@Nullable RequestDetails request) {
        if (request == null || RequestSubjects.isSystem(request)) {
            return false;
        }
        Subject subject = subjects.of(request);
        return subject.user() != null;
    }

    private void note(String reference) {
        inbox.add(reference, clock.instant());
        afterCommit(wake);
    }

    private static void afterCommit(Runnable what) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    what.run();
                }
            });
        } else {
            what.run();
        }
    }
}
