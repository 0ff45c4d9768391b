/**
 * Reads and writes DICOM files and streams.
 *
 * <p>Start from {@link org.trefoilhub.dicom.io.DicomReader} and {@link org.trefoilhub.dicom.io.DicomWriter}. Reading a file
 * touches pixel data only to find its fragments; large values stay in the file as regions. Hostile input is the normal
 * case: every length is checked before anything is allocated, nesting and the number of elements are bounded, and the
 * only thing thrown at bad content is {@link org.trefoilhub.dicom.io.DicomFormatException}.
 *
 * <p>Tolerated with a warning: no preamble, no file meta information, odd lengths, wrong order, unknown representations,
 * trailing garbage. Not done here: checking data sets against object definitions. Standards: DICOM PS3.5 section 7, PS3.10
 * section 7.
 */
@NullMarked
package org.trefoilhub.dicom.io;

import org.jspecify.annotations.NullMarked;
