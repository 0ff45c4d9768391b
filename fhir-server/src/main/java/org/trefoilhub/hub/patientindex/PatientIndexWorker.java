package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Keeps the index up to date in the background. What waits stands in a table, so a restart loses nothing. */
final class PatientIndexWorker implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PatientIndexWorker.class);

    private final PatientIndex index;
    private final LinkTable table;
    private final Duration interval;
    private @Nullable ScheduledExecutorService executor;

    PatientIndexWorker(PatientIndex index, LinkTable table, Duration interval) {
        this.index = index;
        this.table = table;
        this.interval = interval;
    }

    private void run() {
        try {
            int done;
            do {
                done = index.work();
            } while (done > 0 && !Thread.currentThread().isInterrupted());
        } catch (DataAccessException | TransactionException | BaseServerResponseException e) {
            log.warn("patients could not be indexed; the next turn tries again", e);
        }
    }

    @Override
    public synchronized void start() {
        int unknown = table.queueUnknown();
        if (unknown > 0) {
            log.info("{} patients wait for the index", unknown);
        }
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "patient-index");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(this::run, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
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
