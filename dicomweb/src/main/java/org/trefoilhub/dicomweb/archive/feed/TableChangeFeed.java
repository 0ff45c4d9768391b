package org.trefoilhub.dicomweb.archive.feed;

import java.util.List;
import org.trefoilhub.dicomweb.archive.ChangeFeed;
import org.trefoilhub.dicomweb.archive.FeedEntry;
import org.trefoilhub.dicomweb.archive.index.StudyIndex;

/** The feed as the table that {@link StudyIndex} appends to in the transaction of each change. */
public final class TableChangeFeed implements ChangeFeed {
    private final StudyIndex index;

    public TableChangeFeed(StudyIndex index) {
        this.index = index;
    }

    @Override
    public List<FeedEntry> read(long after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("the limit must be positive");
        }
        return index.feed(after, limit);
    }

    @Override
    public long last() {
        return index.lastSequence();
    }

    @Override
    public void onGrowth(Runnable listener) {
        index.onGrowth(listener);
    }
}
