package org.trefoilhub.dicomweb.archive;

import org.jspecify.annotations.Nullable;

/** What passes for a UID. Spec: DICOM PS3.5 section 9; leading zeros of a component are tolerated, as they are common. */
public final class Uids {
    private Uids() {}

    /** Whether a text is a UID: components of digits joined by single dots, 64 characters at most. */
    public static boolean isValid(@Nullable String uid) {
        if (uid == null || uid.isEmpty() || uid.length() > 64) {
            return false;
        }
        boolean digitBefore = false;
        for (int i = 0; i < uid.length(); i++) {
            char c = uid.charAt(i);
            if (c >= '0' && c <= '9') {
                digitBefore = true;
            } else if (c == '.' && digitBefore) {
                digitBefore = false;
            } else {
                return false;
            }
        }
        return digitBefore;
    }
}
