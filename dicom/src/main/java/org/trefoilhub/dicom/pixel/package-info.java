/**
 * Frames of pixel data: where they lie, how they decode, how they are shown.
 *
 * <p>Start from {@link org.trefoilhub.dicom.pixel.FrameIndex}, which finds frames without decoding them.
 * Standards: DICOM PS3.5 sections 8 and A.4, PS3.3 section C.7.6.3.
 */
@NullMarked
package org.trefoilhub.dicom.pixel;

import org.jspecify.annotations.NullMarked;
