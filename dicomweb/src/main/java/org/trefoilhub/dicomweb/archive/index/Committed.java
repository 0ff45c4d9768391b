package org.trefoilhub.dicomweb.archive.index;

/** What became of a commit. */
public enum Committed {
    /** The instance is visible now. */
    VISIBLE,
    /** Another instance with this SOP Instance UID is visible; nothing was changed. */
    DUPLICATE,
    /** The ingest took longer than the grace period and was swept away. */
    SWEPT
}
