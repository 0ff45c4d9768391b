package org.trefoilhub.hub.critical;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * What happens without anybody asking: reports that were written are looked at for critical values, overdue cases go to
 * the next role, and messages to the HIS are sent until they are acknowledged.
 *
 * <p>Everything that is due stands in the store, so a restart loses nothing and a second look changes nothing.
 */
public final class EscalationClock implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EscalationClock.class);
    private static final long INBOX_SECONDS = 2;
    private static final long ESCALATION_SECONDS = 15;

    private final CriticalInbox inbox;
    private final CriticalDesk desk;
    private final CriticalCases cases;
    private final CriticalOutbox outbox;
    private final ObjectProvider<CriticalMessageSender> senders;
    private final Clock clock;
    private @Nullable ScheduledExecutorService executor;

    EscalationClock(
            CriticalInbox inbox,
            CriticalDesk desk,
            CriticalCases cases,
            CriticalOutbox outbox,
            ObjectProvider<CriticalMessageSender> senders,
            Clock clock) {
        this.inbox = inbox;
        this.desk = desk;
        this.cases = cases;
        this.outbox = outbox;
        this.senders = senders;
        this.clock = clock;
    }

    /**
     * Hands on what is overdue.
     *
     * @param now the present
     * @return how many escalations were made
     */
    public synchronized int tick(Instant now) {
        return cases.escalate(now);
    }

    /** Looks at what was written since. */
    synchronized void drain() {
        for (CriticalInbox.Row waiting : inbox.due(clock.instant())) {
            CriticalInbox.Row row = inbox.begin(waiting);
            try {
                look(row.reference());
                inbox.done(row);
            } catch (DataAccessException | BaseServerResponseException e) {
                log.warn("a report could not be looked at for critical values; it is tried again", e);
                inbox.failed(row, clock.instant());
            }
        }
    }

    private void look(String reference) {
        if (reference.startsWith("Observation/")) {
            desk.read(Observation.class, reference)
                    .ifPresent(flagged -> desk.reportsOf(reference).forEach(report -> look(Words.reference(report))));
        } else if (reference.startsWith("Communication/")) {
            desk.read(Communication.class, reference).ifPresent(this::take);
        } else {
            desk.read(DiagnosticReport.class, reference).ifPresent(report -> {
                cases.look(reference);
                cases.alarm(reference);
            });
        }
    }

    private void take(Communication feedback) {
        String key = feedback.getPartOfFirstRep().getReference() + "#"
                + feedback.getIdentifierFirstRep().getSystem() + "|"
                + feedback.getIdentifierFirstRep().getValue();
        if (!feedback.hasIdentifier()) {
            key = Words.reference(feedback);
        }
        if (inbox.isNew(key, clock.instant())) {
            cases.feedback(feedback);
        }
    }

    /**
     * Sends what waits for the HIS.
     *
     * @param now the present
     * @return how many messages were acknowledged
     */
    public synchronized int send(Instant now) {
        CriticalMessageSender sender = senders.getIfAvailable();
        int taken = 0;
        if (sender != null) {
            for (CriticalOutbox.Message message : outbox.due(now)) {
                CriticalMessageSender.Answer answer = sender.send(message);
                if (answer.taken()) {
                    outbox.acknowledged(message, now);
                    taken++;
                } else {
                    outbox.failed(message, answer.reason(), now);
                }
            }
        }
        return taken;
    }

    /** Looks soon instead of at the next turn. */
    void wake() {
        ScheduledExecutorService running;
        synchronized (lifecycle) {
            running = executor;
        }
        if (running != null) {
            try {
                running.execute(this::inboxTurn);
            } catch (RejectedExecutionException e) {
                log.debug("the hub is ending; the next start looks", e);
            }
        }
    }

    private void inboxTurn() {
        try {
            drain();
            send(clock.instant());
        } catch (DataAccessException | BaseServerResponseException e) {
            log.warn("critical values could not be looked for; the next turn tries again", e);
        }
    }

    private void escalationTurn() {
        try {
            tick(clock.instant());
        } catch (DataAccessException | BaseServerResponseException e) {
            log.warn("overdue critical values could not be looked after; the next turn tries again", e);
        }
    }

    private final Object lifecycle = new Object();

    @Override
    public void start() {
        synchronized (lifecycle) {
            ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "escalation-clock");
                thread.setDaemon(true);
                return thread;
            });
            started.scheduleWithFixedDelay(this::inboxTurn, INBOX_SECONDS, INBOX_SECONDS, TimeUnit.SECONDS);
            started.scheduleWithFixedDelay(
                    this::escalationTurn, ESCALATION_SECONDS, ESCALATION_SECONDS, TimeUnit.SECONDS);
            executor = started;
        }
    }

    @Override
    public void stop() {
        synchronized (lifecycle) {
            if (executor != null) {
                executor.shutdownNow();
                executor = null;
            }
        }
    }

    @Override
    public boolean isRunning() {
        synchronized (lifecycle) {
            return executor != null;
        }
    }
}
