/**
 * QIDO-RS (DICOM PS3.18 section 10.6).
 *
 * <p>Start from {@code QueryController} and {@code QidoParameters}, which turns a query string into a {@link
 * org.trefoilhub.dicomweb.archive.QidoQuery}.
 */
@NullMarked
package org.trefoilhub.dicomweb.query;

import org.jspecify.annotations.NullMarked;
