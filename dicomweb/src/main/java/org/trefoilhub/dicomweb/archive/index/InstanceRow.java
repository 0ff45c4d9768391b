package org.trefoilhub.dicomweb.archive.index;

import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicomweb.archive.Masking;
import org.trefoilhub.dicomweb.archive.blob.BlobId;

/**
 * A visible instance as the index knows it.
 *
 * @param masking what is kept back from who asked
 * @param patient reference of the patient, as the keeper of the patients has linked the study; or null
 */
public record InstanceRow(
        long instancePk,
        String studyInstanceUid,
        String seriesInstanceUid,
        String sopInstanceUid,
        String sopClassUid,
        String transferSyntaxUid,
        int numberOfFrames,
        BlobId blobId,
        long lengthBytes,
        String sha256,
        byte @Nullable [] frameIndex,
        Masking masking,
        @Nullable String patient) {

    /** Shows the UID only. */
    @Override
    public String toString() {
        return "InstanceRow[" + sopInstanceUid + "]";
    }
}
