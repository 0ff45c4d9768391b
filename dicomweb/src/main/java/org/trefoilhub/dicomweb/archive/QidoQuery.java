package org.trefoilhub.dicomweb.archive;

import java.util.List;
import java.util.Set;

/**
 * A search at one level, DICOM PS3.18 section 8.3.4.
 *
 * @param matches all must hold; a study or series UID of the URL is one of them
 * @param includeFields tags of additional attributes wanted in the answer
 * @param includeAll all attributes of the level (and above) are wanted
 * @param fuzzyMatching person names match case-insensitively by the start of any name component
 * @param limit most rows wanted, at least 1
 * @param offset rows to skip, at least 0; the order is stable (newest study first, then by UID)
 */
public record QidoQuery(
        List<Match> matches,
        Set<Integer> includeFields,
        boolean includeAll,
        boolean fuzzyMatching,
        int limit,
        long offset) {

    public QidoQuery {
        matches = List.copyOf(matches);
        includeFields = Set.copyOf(includeFields);
        if (limit < 1 || offset < 0) {
            throw new IllegalArgumentException("limit must be positive and offset not negative");
        }
    }

    /**
     * One matching key.
     *
     * @param path tags from the outermost sequence to the attribute; one tag for a plain attribute
     * @param value the value as asked: single value, wildcard pattern, range or list of UIDs (DICOM PS3.4 section
     *     C.2.2.2); never empty
     */
    public record Match(List<Integer> path, String value) {
        public Match {
            path = List.copyOf(path);
        }

        /** Shows no value: it may be a patient's name. */
        @Override
        public String toString() {
            return "Match" + path;
        }
    }
}
