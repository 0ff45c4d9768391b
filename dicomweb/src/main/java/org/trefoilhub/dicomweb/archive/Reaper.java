package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.trefoilhub.dicomweb.archive.blob.BlobId;
import org.trefoilhub.dicomweb.archive.blob.BlobStore;
import org.trefoilhub.dicomweb.archive.index.StudyIndex;

/**
 * Takes away what a crash left behind: spools, ingests that were never committed, blobs that nothing refers to. Each is
 * logged.
 *
 * <p>Only things older than the grace period are touched, so a store under way is safe; even if it were not, its commit
 * would fail rather than refer to a missing blob.
 */
final class Reaper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final int BATCH = 500;

    private final BlobStore blobs;
    private final StudyIndex index;
    private final Clock clock;
    private final Duration grace;
    private final Duration interval;
    private @Nullable ScheduledExecutorService executor;

    Reaper(BlobStore blobs, StudyIndex index, Clock clock, Duration grace, Duration interval) {
        this.blobs = blobs;
        this.index = index;
        this.clock = clock;
        this.grace = grace;
        this.interval = interval;
    }

    /** What one sweep took away. */
    record Swept(int spools, int ingests, int blobs) {}

    /**
     * Sweeps once.
     *
     * @throws IOException if the blob store cannot be read
     */
    Swept sweep() throws IOException {
        Instant limit = clock.instant().minus(grace);
        int spools = blobs.sweepSpools(limit);
        if (spools > 0) {
            LOG.warn("swept {} spools of uploads that broke off", spools);
        }
        int ingests = 0;
        List<StudyIndex.StaleIngest> stale;
        do {
            stale = index.staleIngests(limit);
            for (StudyIndex.StaleIngest ingest : stale) {
                if (index.expire(ingest)) {
                    boolean blob = blobs.delete(ingest.blobId());
                    LOG.warn(
                            "swept ingest {} that was never committed{}",
                            ingest.watermark(),
                            blob ? ", with its blob" : "");
                    ingests++;
                }
            }
        } while (!stale.isEmpty());
        return new Swept(spools, ingests, sweepOrphans(limit));
    }

    private int sweepOrphans(Instant limit) throws IOException {
        int[] swept = {0};
        List<BlobId> batch = new ArrayList<>(BATCH);
        try {
            blobs.forEachOlderThan(limit, id -> {
                batch.add(id);
                if (batch.size() == BATCH) {
                    swept[0] += deleteUnreferenced(batch);
                    batch.clear();
                }
            });
            swept[0] += deleteUnreferenced(batch);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return swept[0];
    }

    private int deleteUnreferenced(List<BlobId> ids) {
        Set<BlobId> referenced = index.referenced(ids);
        int deleted = 0;
        for (BlobId id : ids) {
            if (!referenced.contains(id)) {
                try {
                    if (blobs.delete(id)) {
                        LOG.warn("swept blob {} that nothing refers to", id);
                        deleted++;
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return deleted;
    }

    private void sweepQuietly() {
        try {
            sweep();
        } catch (IOException | DataAccessException e) {
            LOG.error("the sweep of the archive failed and will be tried again", e);
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "archive-reaper");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(
                this::sweepQuietly, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
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
