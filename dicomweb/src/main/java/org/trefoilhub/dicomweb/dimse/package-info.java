/**
 * The DIMSE door of the archive: C-ECHO and C-STORE as provider.
 *
 * <p>Start with {@link org.trefoilhub.dicomweb.dimse.DimseDoor}, which opens and closes the port, and {@code
 * ArchiveReceiver}, which turns one C-STORE into one {@code ArchiveSession.store} and its outcome into a status.
 *
 * <p>A peer is known by calling AE title and address ({@code DimsePeers}); an unknown one is rejected before it can say
 * anything. The policy is asked before the first byte of an object is taken, and by the archive again when its
 * attributes are known. Success is answered only after the archive has committed.
 *
 * <p>Objects keep the transfer syntax and the bytes they came in. Not served yet: C-FIND, C-MOVE, C-GET, worklist, MPPS,
 * storage commitment.
 *
 * <p>Spec: DICOM PS3.4 annexes A and B, PS3.7, PS3.8.
 */
@NullMarked
package org.trefoilhub.dicomweb.dimse;

import org.jspecify.annotations.NullMarked;
