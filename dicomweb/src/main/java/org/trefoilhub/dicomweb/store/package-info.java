/**
 * STOW-RS (DICOM PS3.18 section 10.5).
 *
 * <p>Start from {@code StoreController}; the body is parsed part by part as it arrives and each part goes to {@link
 * org.trefoilhub.dicomweb.archive.ArchiveSession#store}. Will not hold a part in memory.
 */
@NullMarked
package org.trefoilhub.dicomweb.store;

import org.jspecify.annotations.NullMarked;
