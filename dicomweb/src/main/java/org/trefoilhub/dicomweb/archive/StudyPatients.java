package org.trefoilhub.dicomweb.archive;

import java.util.Collection;
import java.util.Set;

/** Whose studies they are, for the audit. Thread-safe. */
@FunctionalInterface
public interface StudyPatients {

    /**
     * The patients of studies, as the keeper of the patients has linked them.
     *
     * @param studyInstanceUids the studies; unknown ones are passed over
     * @return references such as {@code Patient/12}
     */
    Set<String> of(Collection<String> studyInstanceUids);
}
