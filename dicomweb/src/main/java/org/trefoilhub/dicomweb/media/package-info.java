/**
 * Media types and multipart bodies of DICOMweb (DICOM PS3.18 section 8.6 and 8.7, RFC 9110, RFC 2046).
 *
 * <p>Start from {@link org.trefoilhub.dicomweb.media.AcceptHeader} (what a client wants), {@link
 * org.trefoilhub.dicomweb.media.MultipartReader} (a body as it arrives) and {@link
 * org.trefoilhub.dicomweb.media.MultipartAnswer} (a body as it leaves).
 *
 * <p>Knows nothing of the archive; holds no part of a body in memory.
 */
@NullMarked
package org.trefoilhub.dicomweb.media;

import org.jspecify.annotations.NullMarked;
