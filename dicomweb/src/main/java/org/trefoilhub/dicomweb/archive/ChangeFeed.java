package org.trefoilhub.dicomweb.archive;

import java.util.List;

/**
 * Append-only sequence of what became visible or was deleted. Readers keep their own offset, best in the transaction of
 * what they do with the entries; reading again from an old offset gives the same entries again.
 *
 * <p>For the hub's own projections, not for clients: it is not filtered by policy. Thread-safe.
 */
public interface ChangeFeed {

    /**
     * Entries after a sequence number, in order.
     *
     * @param after last sequence number already handled; 0 for the beginning
     * @param limit most entries wanted, at least 1
     * @return empty when there is nothing new; an entry is never skipped by a later one, however commits race
     */
    List<FeedEntry> read(long after, int limit);

    /** Sequence number of the last entry, 0 when the feed is empty. */
    long last();

    /**
     * Calls the listener whenever this process has made the feed longer, after the commit. What other processes append is
     * only found by reading, so a reader polls as well.
     *
     * @param listener returns at once and throws nothing; it is called by the thread that stores
     */
    void onGrowth(Runnable listener);
}
