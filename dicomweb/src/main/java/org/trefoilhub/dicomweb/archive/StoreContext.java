package org.trefoilhub.dicomweb.archive;

import org.jspecify.annotations.Nullable;

/**
 * What a door knows about the object that it hands over.
 *
 * @param form whether the stream is a Part 10 file or a bare data set
 * @param transferSyntaxUid of a bare data set (the accepted presentation context); null for a Part 10 file
 * @param sopClassUid announced by the sender (DIMSE Affected SOP Class UID); null if not announced
 * @param sopInstanceUid announced by the sender (DIMSE Affected SOP Instance UID); null if not announced
 * @param studyInstanceUid the only study the object may belong to (STOW-RS to a study resource); null if any
 * @param sender calling AE title or client id, kept with the instance as its source
 */
public record StoreContext(
        Form form,
        @Nullable String transferSyntaxUid,
        @Nullable String sopClassUid,
        @Nullable String sopInstanceUid,
        @Nullable String studyInstanceUid,
        String sender) {

    /** Shape of the stream. */
    public enum Form {
        PART10,
        DATASET
    }

    public StoreContext {
        if (form == Form.DATASET && (transferSyntaxUid == null || sopClassUid == null || sopInstanceUid == null)) {
            throw new IllegalArgumentException("a bare data set needs its transfer syntax and SOP UIDs");
        }
    }

    /** A Part 10 file from a DICOMweb client, for any study or for the one given. */
    public static StoreContext part10(String sender, @Nullable String studyInstanceUid) {
        return new StoreContext(Form.PART10, null, null, null, studyInstanceUid, sender);
    }

    /** A data set as C-STORE delivers it. */
    public static StoreContext dataset(
            String sender, String transferSyntaxUid, String sopClassUid, String sopInstanceUid) {
        return new StoreContext(Form.DATASET, transferSyntaxUid, sopClassUid, sopInstanceUid, null, sender);
    }
}
