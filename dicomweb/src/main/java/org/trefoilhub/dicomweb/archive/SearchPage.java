package org.trefoilhub.dicomweb.archive;

import java.util.List;
import org.trefoilhub.dicom.data.DicomDataset;

/**
 * One page of search results.
 *
 * @param rows data sets in UTF-8, one per match, with the required return attributes of DICOM PS3.18 section 10.6.3.3
 * @param more whether further matches follow this page
 * @param ignoredKeys matching keys that are not supported at this level, by tag path; they did not narrow the search
 */
public record SearchPage(List<DicomDataset> rows, boolean more, List<List<Integer>> ignoredKeys) {
    public SearchPage {
        rows = List.copyOf(rows);
        ignoredKeys = List.copyOf(ignoredKeys);
    }
}
