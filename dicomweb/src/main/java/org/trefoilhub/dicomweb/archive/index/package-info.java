/**
 * The archive's tables: patients, studies, series, instances, ingests under way, quarantine.
 *
 * <p>Start from {@link org.trefoilhub.dicomweb.archive.index.StudyIndex}. An instance is either an ingest (begun,
 * invisible) or a row of {@code instance} (committed, visible); there is no state in between. Searches run in the
 * database and carry the caller's access scope as a condition.
 *
 * <p>Used by the archive only. Standard sections: DICOM PS3.18 section 10.6 (attributes of search responses).
 */
@NullMarked
package org.trefoilhub.dicomweb.archive.index;

import org.jspecify.annotations.NullMarked;
