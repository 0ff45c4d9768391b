/**
 * DICOM data sets in memory: tags, value representations, elements, sequences and person names.
 *
 * <p>Start from {@link org.trefoilhub.dicom.data.DicomDataset}, an immutable ordered map of
 * {@link org.trefoilhub.dicom.data.DicomElement}. Values are kept as little-endian bytes and decoded by the typed getters;
 * large values stay in the file they came from and are only pointed at.
 *
 * <p>This package reads and writes no files and never judges whether a data set fits its information object definition.
 * Standard: DICOM PS3.5 sections 6 and 7.
 */
@NullMarked
package org.trefoilhub.dicom.data;

import org.jspecify.annotations.NullMarked;
