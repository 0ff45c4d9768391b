package org.trefoilhub.dicomweb.archive.index;

import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;

/**
 * One parsed object on its way into the index.
 *
 * @param dataset its attributes, character set resolved; pixel data and other bulk may be left in the file
 * @param numberOfFrames 0 without pixel data
 * @param frameIndex serialised frame positions, null without pixel data
 * @param metadata prepared JSON
 * @param metadataBase base of the URIs in the metadata
 * @param sender calling AE title or client id
 */
public record IndexEntry(
        DicomDataset dataset,
        String studyInstanceUid,
        String seriesInstanceUid,
        String sopInstanceUid,
        String sopClassUid,
        String transferSyntaxUid,
        int numberOfFrames,
        byte @Nullable [] frameIndex,
        MetadataChunk metadata,
        String metadataBase,
        String sender) {

    /** Shows the UID only. */
    @Override
    public String toString() {
        return "IndexEntry[" + sopInstanceUid + "]";
    }
}
