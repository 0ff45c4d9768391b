/**
 * The seven protocol data units of the DICOM upper layer as records, and their bytes.
 *
 * <p>Start with {@link org.trefoilhub.dicom.net.pdu.Pdu} (what may cross the wire) and
 * {@link org.trefoilhub.dicom.net.pdu.PduDecoder} / {@link org.trefoilhub.dicom.net.pdu.PduEncoder} (how it does).
 *
 * <p>The decoder believes no length: every item must end where its parent says, every count is bounded by the bytes
 * that are really there, and whatever is wrong becomes a {@link org.trefoilhub.dicom.net.pdu.PduFormatException} with
 * the abort reason the standard has for it. Items of unknown type are skipped, unknown user information is kept.
 *
 * <p>It knows no socket, no timer and no state; those are in the package above. Spec: DICOM PS3.8 section 9.3 and
 * annex D, PS3.7 annex D.3.
 */
@NullMarked
package org.trefoilhub.dicom.net.pdu;

import org.jspecify.annotations.NullMarked;
