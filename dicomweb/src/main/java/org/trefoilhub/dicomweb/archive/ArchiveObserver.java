package org.trefoilhub.dicomweb.archive;

import java.util.Collection;
import org.trefoilhub.access.policy.Action;

/** Port to the audit: hears of what sessions show, store and delete, on the thread of the caller. */
@FunctionalInterface
public interface ArchiveObserver {

    /**
     * Something of these studies is about to be shown, or was stored or deleted.
     *
     * @param action what was done with it
     * @param studyInstanceUids the studies; may be empty
     */
    void touched(Action action, Collection<String> studyInstanceUids);
}
