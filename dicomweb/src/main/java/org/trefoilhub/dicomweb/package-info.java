/**
 * The archive and its doors.
 *
 * <p>{@link org.trefoilhub.dicomweb.DicomwebConfiguration} wires everything; {@link
 * org.trefoilhub.dicomweb.archive.Archive} is where data comes from. The doors in {@code store}, {@code query}, {@code
 * retrieve} and {@code dimse} reach data only through an {@link org.trefoilhub.dicomweb.archive.ArchiveSession}.
 *
 * <p>Knows no FHIR: the projection of studies into FHIR reads the {@link org.trefoilhub.dicomweb.archive.ChangeFeed}.
 */
@NullMarked
package org.trefoilhub.dicomweb;

import org.jspecify.annotations.NullMarked;
