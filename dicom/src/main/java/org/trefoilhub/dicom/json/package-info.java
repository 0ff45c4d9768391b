/**
 * The DICOM JSON model, both ways (PS3.18 annex F).
 *
 * <p>Start from {@link org.trefoilhub.dicom.json.DicomJson}. Text leaves as UTF-8 whatever the character set of the data
 * set; binary values leave inline or as references that the caller names.
 *
 * <p>Has its own small JSON writer and parser: no tree of the whole document is ever built.
 */
@NullMarked
package org.trefoilhub.dicom.json;

import org.jspecify.annotations.NullMarked;
