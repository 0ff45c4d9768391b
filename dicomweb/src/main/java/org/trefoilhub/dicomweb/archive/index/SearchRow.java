package org.trefoilhub.dicomweb.archive.index;

import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;

/**
 * One match of a search.
 *
 * @param attributes stored attributes of the levels asked for, merged and masked
 * @param seriesInstanceUid null at study level
 * @param sopInstanceUid null above instance level
 * @param transferSyntaxUid null above instance level
 */
public record SearchRow(
        DicomDataset attributes,
        long studyPk,
        String studyInstanceUid,
        @Nullable String seriesInstanceUid,
        @Nullable String sopInstanceUid,
        @Nullable String transferSyntaxUid,
        int studySeries,
        int studyInstances,
        int seriesInstances) {

    /** Shows the UIDs only. */
    @Override
    public String toString() {
        return "SearchRow[" + studyInstanceUid + ", " + seriesInstanceUid + ", " + sopInstanceUid + "]";
    }
}
