/**
 * Frames of pixel data: where they lie, how they decode, how they are shown.
 *
 * <p>Start from {@link org.trefoilhub.dicom.pixel.FrameIndex}, which finds frames without decoding them, {@link
 * org.trefoilhub.dicom.pixel.FrameSource}, which reads and decodes one, and {@link
 * org.trefoilhub.dicom.pixel.FrameRenderer}, which turns it into a consumer image. Which transfer syntaxes are decoded, and
 * by whom, {@link org.trefoilhub.dicom.pixel.PixelCodecs} tells and {@code docs/conformance-transfer-syntaxes.md} lists.
 *
 * <p>Nothing is encoded here but consumer images; overlays, presentation states and ICC profiles are not applied.
 *
 * <p>Standards: DICOM PS3.5 sections 8, A.4 and G, PS3.3 sections C.7.6.3, C.11.1 and C.11.2, PS3.18 section 8.3.5.
 */
@NullMarked
package org.trefoilhub.dicom.pixel;

import org.jspecify.annotations.NullMarked;
