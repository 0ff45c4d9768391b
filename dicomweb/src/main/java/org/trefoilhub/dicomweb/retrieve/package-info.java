/**
 * WADO-RS (DICOM PS3.18 section 10.4): objects, metadata, frames, bulk data, rendered images.
 *
 * <p>Start from {@code RetrieveController} and {@code AcceptHeader}. Objects and frames are streamed from the blob
 * store; nothing is decoded unless a rendered image is asked for.
 */
@NullMarked
package org.trefoilhub.dicomweb.retrieve;

import org.jspecify.annotations.NullMarked;
