package org.trefoilhub.dicomweb.archive;

/** Level of a search, DICOM PS3.4 section C.6. */
public enum QueryLevel {
    STUDY,
    SERIES,
    INSTANCE
}
