/**
 * The decoders of single transfer syntaxes.
 *
 * <p>Start from {@link org.trefoilhub.dicom.pixel.PixelCodecs}, which chooses among them, or from
 * {@link org.trefoilhub.dicom.pixel.codec.JpegDecoder} for how a library behind {@code javax.imageio} is bound: the head
 * of a coded frame is read here first and compared with the data set, so no library ever allocates what a hostile frame
 * asks for, and every failure leaves as a {@code DicomFormatException}.
 *
 * <p>Nothing here converts colours or applies lookup tables, and nothing encodes. No class of an image library is named:
 * without the library its transfer syntaxes are simply not decoded.
 *
 * <p>Specification: PS3.5 section 8, annexes A and G; ISO/IEC 10918-1, 14495-1, 15444-1.
 */
@NullMarked
package org.trefoilhub.dicom.pixel.codec;

import org.jspecify.annotations.NullMarked;
