/**
 * The archive: the truth about which DICOM objects this hospital holds.
 *
 * <p>Start from {@link org.trefoilhub.dicomweb.archive.Archive} (obtain a session for a subject) and {@link
 * org.trefoilhub.dicomweb.archive.ChangeFeed} (what happened, in order). Storing is two-phase: an ingest row is begun,
 * the bytes are made durable, then one transaction makes the instance visible and appends to the feed. An acknowledged
 * instance survives the death of the process; an unacknowledged one is never visible and is swept away later.
 *
 * <p>Will not do: transcode, anonymise, change a single byte of a stored data set, or hand out data without a policy
 * decision.
 */
@NullMarked
package org.trefoilhub.dicomweb.archive;

import org.jspecify.annotations.NullMarked;
