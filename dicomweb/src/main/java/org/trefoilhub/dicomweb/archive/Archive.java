package org.trefoilhub.dicomweb.archive;

import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;

/**
 * The only way to stored objects: a session bound to who asks and through which door.
 *
 * <p>Thread-safe. Limits: there is no session without a subject; system tasks of the archive itself (the reaper) do not
 * go through this interface.
 */
public interface Archive {

    /**
     * Opens a session; costs nothing and needs no closing.
     *
     * @param subject who asks, as the door authenticated it
     * @param door the door that asks, one of the DICOMweb doors or {@link Door#DIMSE}
     */
    ArchiveSession as(Subject subject, Door door);
}
