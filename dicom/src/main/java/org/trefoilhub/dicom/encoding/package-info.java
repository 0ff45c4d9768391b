/**
 * How data sets become bytes: transfer syntaxes and character sets.
 *
 * <p>Start from {@link org.trefoilhub.dicom.encoding.TransferSyntax}, whose registry knows every syntax of the standard
 * whether or not its pixels can be decoded, and {@link org.trefoilhub.dicom.encoding.SpecificCharacterSet}.
 *
 * <p>Knowing a syntax and decoding its pixels are separate: codecs are in {@code pixel}. Standards: DICOM PS3.5 section 10
 * and annex A, PS3.6 annex A, PS3.3 section C.12.1.1.2, ISO/IEC 2022.
 */
@NullMarked
package org.trefoilhub.dicom.encoding;

import org.jspecify.annotations.NullMarked;
