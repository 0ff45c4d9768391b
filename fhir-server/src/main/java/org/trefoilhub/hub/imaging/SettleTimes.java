package org.trefoilhub.hub.imaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * When each study was projected last, so that one that is still arriving is not projected again at once, while a new one
 * need not wait. One thread.
 */
final class SettleTimes {

    private final long settleNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Long> projectedAt = new HashMap<>();

    SettleTimes(Duration settleTime, LongSupplier nanoTime) {
        this.settleNanos = settleTime.toNanos();
        this.nanoTime = nanoTime;
    }

    /** How long the study has to rest before it is projected again; zero for one that may be projected now. */
    Duration restOf(String studyInstanceUid) {
        Long last = projectedAt.get(studyInstanceUid);
        return last == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, settleNanos - (nanoTime.getAsLong() - last)));
    }

    /** Notes that the study has just been projected. */
    void projected(String studyInstanceUid) {
        long now = nanoTime.getAsLong();
        projectedAt.values().removeIf(last -> now - last >= settleNanos);
        projectedAt.put(studyInstanceUid, now);
    }
}
