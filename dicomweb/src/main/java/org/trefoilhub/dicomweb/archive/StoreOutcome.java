package org.trefoilhub.dicomweb.archive;

import org.jspecify.annotations.Nullable;

/**
 * What became of one object. Data problems are outcomes, not exceptions; only failures of the archive itself are thrown.
 *
 * @param status what happened
 * @param failureReason DICOM status (PS3.4 section B.2.3, PS3.18 section I.2.2): 0 when stored, else for example 0x0111
 *     duplicate of another object, 0x0124 not authorised, 0xA700 out of resources, 0xA900 data set does not match SOP
 *     class or study, 0xC000 cannot understand
 * @param warningReason 0, or the warning to be given with a stored object
 * @param sopClassUid as far as it could be read
 * @param sopInstanceUid as far as it could be read
 * @param studyInstanceUid as far as it could be read
 * @param seriesInstanceUid as far as it could be read
 * @param code stable error code of a refusal ({@code TREFOIL-DWB-…} or {@code TREFOIL-DCM-…}); null when stored
 * @param detail reason of a refusal for people, free of patient data, one line; null when stored
 */
public record StoreOutcome(
        Status status,
        int failureReason,
        int warningReason,
        @Nullable String sopClassUid,
        @Nullable String sopInstanceUid,
        @Nullable String studyInstanceUid,
        @Nullable String seriesInstanceUid,
        @Nullable String code,
        @Nullable String detail) {

    /** What happened to the object. */
    public enum Status {
        /** New, durable, visible. */
        STORED,
        /** An equal object was there already; the first copy stays. */
        ALREADY_STORED,
        /**
         * Kept for review because a UID is taken by what the sender must not know of, and answered as stored: any other
         * answer would tell.
         */
        HELD,
        /** Refused and kept for review. */
        QUARANTINED,
        /** Refused, nothing kept. */
        REFUSED
    }

    /** Whether the sender may delete its copy. */
    public boolean stored() {
        return status == Status.STORED || status == Status.ALREADY_STORED || status == Status.HELD;
    }
}
