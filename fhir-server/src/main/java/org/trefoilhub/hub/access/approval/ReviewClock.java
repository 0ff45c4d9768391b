package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.interceptors.fhir.facts.FactStore;

/**
 * What time alone brings: a review that waits for more than a day goes to medical affairs, and care teams end with their
 * period. What is due stands in the Tasks, so a restart loses nothing.
 */
public final class ReviewClock implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReviewClock.class);
    private static final long MINUTES = 1;
    private static final String ESCALATED = "escalated";

    private final Desk desk;
    private final FactStore facts;
    private final Trail trail;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private @Nullable ScheduledExecutorService executor;

    ReviewClock(Desk desk, FactStore facts, Trail trail, TransactionTemplate transaction, Clock clock) {
        this.desk = desk;
        this.facts = facts;
        this.trail = trail;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Does what is due.
     *
     * @param now the present
     * @return how many reviews were handed on
     */
    public int tick(Instant now) {
        transaction.executeWithoutResult(status -> facts.endCareTeams(now));
        int escalated = 0;
        for (Task waiting : desk.search(Task.class, "code", Words.TASK_TYPE, Words.BREAK_GLASS_REVIEW)) {
            if (isDue(waiting, now)) {
                transaction.executeWithoutResult(status -> escalate(waiting, now));
                escalated++;
            }
        }
        return escalated;
    }

    private static boolean isDue(Task task, Instant now) {
        Date due = task.getRestriction().getPeriod().getEnd();
        return task.getStatus() == Task.TaskStatus.REQUESTED
                && due != null
                && !now.isBefore(due.toInstant())
                && !task.getBusinessStatus().hasCoding(Words.STATUS, ESCALATED);
    }

    private void escalate(Task task, Instant now) {
        Reference office = desk.medicalAffairs();
        task.setOwner(office);
        task.setPriority(Task.TaskPriority.STAT);
        task.setBusinessStatus(Words.concept(Words.STATUS, ESCALATED));
        task.setLastModified(Date.from(now));
        desk.save(Task.class, task);
        trail.write(AuditRecord.of(AuditCode.SECURITY_ALERT, AuditAction.EXECUTE)
                .subtype(AuditCode.ACCESS_DECISION)
                .resource(Desk.reference(task))
                .patients(task.getFor().hasReference() ? List.of(task.getFor().getReference()) : List.of())
                .detail("decision", ESCALATED)
                .build());
    }

    private void run() {
        try {
            tick(clock.instant());
        } catch (DataAccessException | BaseServerResponseException e) {
            log.warn("reviews of emergency access could not be looked after; the next minute tries again", e);
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "review-clock");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(this::run, MINUTES, MINUTES, TimeUnit.MINUTES);
        executor = started;
    }

    @Override
    public synchronized void stop() {
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return executor != null;
    }
}
