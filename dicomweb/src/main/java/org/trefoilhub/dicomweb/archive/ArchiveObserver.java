package org.trefoilhub.dicomweb.archive;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /**
     * Something of a study is about to be shown whose patient was found along with it.
     *
     * @param studyInstanceUid the study
     * @param patient reference such as {@code Patient/12}; null when the keeper of the patients has linked none
     */
    default void shown(String studyInstanceUid, @Nullable String patient) {
        touched(Action.VIEW, List.of(studyInstanceUid));
    }
}
