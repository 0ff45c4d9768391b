package org.trefoilhub.hub.imaging;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.dicomweb.archive.ChangeFeed;
import org.trefoilhub.dicomweb.archive.FeedEntry;

/**
 * Follows the archive's change feed and keeps the ImagingStudy of every study current, at most two seconds behind an
 * idle hub.
 *
 * <p>One thread, woken by every store of this process; what others store it finds by looking at the feed now and then.
 * Entries of one study that come together are projected once; a study that is still arriving is projected at most once
 * per settle time, a new one at once. The resource and the offset in the feed commit in one transaction, so a crash anywhere
 * repeats work but loses none. A study that fails again and again goes to a review Task and the line moves on; when even
 * that fails (the database is away) the projector waits and tries again.
 */
public final class ImagingStudyProjector implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ImagingStudyProjector.class);
    private static final int BATCH = 1_000;
    private static final int ATTEMPTS = 4;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ChangeFeed feed;
    private final FeedOffset offset;
    private final StudyProjection projection;
    private final DicomwebEndpoint endpoint;
    private final ReviewTasks reviews;
    private final TransactionTemplate transaction;
    private final Duration pollInterval;
    private final SettleTimes settleTimes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signalled = lock.newCondition();
    private boolean wake;
    private boolean listening;
    private volatile boolean running;
    private @Nullable Thread thread;

    ImagingStudyProjector(
            ChangeFeed feed,
            FeedOffset offset,
            StudyProjection projection,
            DicomwebEndpoint endpoint,
            ReviewTasks reviews,
            TransactionTemplate transaction,
            ImagingProperties properties) {
        this.feed = feed;
        this.offset = offset;
        this.projection = projection;
        this.endpoint = endpoint;
        this.reviews = reviews;
        this.transaction = transaction;
        this.pollInterval = properties.pollInterval();
        this.settleTimes = new SettleTimes(properties.settleTime(), System::nanoTime);
    }

    private void wakeUp() {
        lock.lock();
        try {
            wake = true;
            signalled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Starts again from the beginning of the feed: every ImagingStudy is made anew from the archive. */
    public void rebuild() {
        transaction.executeWithoutResult(status -> offset.write(0));
        wakeUp();
    }

    /** How many feed entries are not projected yet. */
    public long lag() {
        return feed.last() - offset.read();
    }

    @Override
    public void start() {
        lock.lock();
        try {
            if (running) {
                return;
            }
            running = true;
            if (!listening) {
                feed.onGrowth(this::wakeUp);
                listening = true;
            }
            Thread started = new Thread(this::follow, "imaging-study-projector");
            started.setDaemon(true);
            started.start();
            thread = started;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        running = false;
        Thread current = thread;
        if (current == null) {
            return;
        }
        wakeUp();
        try {
            current.join(TimeUnit.SECONDS.toMillis(10));
            if (current.isAlive()) {
                log.warn("the ImagingStudy projector did not stop within 10 s; its open transaction is rolled back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void follow() {
        int failures = 0;
        while (running) {
            try {
                Duration rest = projectBatch();
                failures = 0;
                if (rest == null) {
                    pause(pollInterval, true);
                } else {
                    pause(rest, false);
                }
            } catch (RuntimeException e) {
                failures++;
                Duration pause = backOff(failures);
                log.warn(
                        "ImagingStudy projection is held up ({}); next try in {} s",
                        e.getClass().getSimpleName(),
                        pause.toSeconds(),
                        e);
                pause(pause, false);
            }
        }
    }

    /** Projects what is new; how long to rest before the next look, null when there was nothing. */
    private @Nullable Duration projectBatch() {
        long position = offset.read();
        List<FeedEntry> entries = feed.read(position, BATCH);
        if (entries.isEmpty()) {
            return null;
        }
        Map<String, Long> firstSequenceOf = new LinkedHashMap<>();
        for (FeedEntry entry : entries) {
            firstSequenceOf.putIfAbsent(entry.studyInstanceUid(), entry.sequence());
        }
        long end = entries.get(entries.size() - 1).sequence();
        List<String> studies = List.copyOf(firstSequenceOf.keySet());
        for (int i = 0; i < studies.size() && running; i++) {
            Duration rest = settleTimes.restOf(studies.get(i));
            if (!rest.isZero()) {
                return rest;
            }
            // INVARIANT: every entry up to `handled` belongs to a study that is projected by then.
            long handled = i + 1 < studies.size() ? firstSequenceOf.get(studies.get(i + 1)) - 1 : end;
            project(studies.get(i), handled);
            settleTimes.projected(studies.get(i));
        }
        return Duration.ZERO;
    }

    private void project(String studyInstanceUid, long handled) {
        for (int attempt = 1; ; attempt++) {
            try {
                transaction.executeWithoutResult(status -> {
                    projection.project(studyInstanceUid);
                    offset.write(handled);
                });
                endpoint.remember();
                return;
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !running) {
                    giveUp(studyInstanceUid, handled, e);
                    return;
                }
                log.info("projection of study {} failed, trying again", studyInstanceUid);
                pause(Duration.ofMillis(250L << attempt), false);
            }
        }
    }

    private void giveUp(String studyInstanceUid, long handled, RuntimeException cause) {
        if (!running) {
            throw cause;
        }
        transaction.executeWithoutResult(status -> {
            reviews.open(studyInstanceUid, ReviewTasks.Reason.PROJECTION_FAILED);
            offset.write(handled);
        });
        log.warn("study {} could not be projected and waits for review", studyInstanceUid, cause);
    }

    private static Duration backOff(int failures) {
        Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private void pause(Duration longest, boolean wakeable) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (left > 0 && running && !(wakeable && wake)) {
                left = signalled.awaitNanos(left);
            }
            wake = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        } finally {
            lock.unlock();
        }
    }
}
