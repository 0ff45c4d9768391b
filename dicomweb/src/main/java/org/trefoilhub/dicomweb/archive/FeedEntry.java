package org.trefoilhub.dicomweb.archive;

import java.time.Instant;

/**
 * One change of the archive.
 *
 * @param sequence position in the feed, from 1 upwards without gaps
 * @param timestamp when the change was committed
 */
public record FeedEntry(
        long sequence,
        Action action,
        String studyInstanceUid,
        String seriesInstanceUid,
        String sopInstanceUid,
        Instant timestamp) {

    /** Kind of change. */
    public enum Action {
        CREATED,
        DELETED
    }
}
