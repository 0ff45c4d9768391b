package org.trefoilhub.dicom.net;

/** How this implementation names itself to peers and in files it writes. */
public final class Implementation {

    /** Implementation Class UID, derived from a UUID (PS3.5 section B.2). */
    public static final String CLASS_UID = "2.25.120773374607964421056922061722812999979";

    /** Implementation Version Name, at most 16 characters. */
    public static final String VERSION_NAME = "TREFOIL_0_1";

    private Implementation() {}
}
