/**
 * Projects the archive's studies into FHIR: ImagingStudy, the source Patient behind it, the Endpoint; and reads DIMSE
 * peers from Device resources.
 *
 * <p>Start with {@link org.trefoilhub.hub.imaging.ImagingStudyProjector} (reads the change feed, writes resource and
 * offset in one transaction) and {@link org.trefoilhub.hub.imaging.ImagingStudyMapper} (what an ImagingStudy says).
 *
 * <p>The archive is the truth: everything here can be made again from the feed. This package never guesses a patient
 * from a name, never merges patients, and never writes to the archive.
 *
 * <p>Standards: FHIR R4 ImagingStudy, Patient, Endpoint, Task; DICOM PS3.3 section C.7.1 and C.7.2.
 */
@NullMarked
package org.trefoilhub.hub.imaging;

import org.jspecify.annotations.NullMarked;
