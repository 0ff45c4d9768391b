package org.trefoilhub.dicom.net;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;

/**
 * A DIMSE request as received.
 *
 * @param peer who sends it
 * @param context its presentation context: the data set is in the transfer syntax of it
 * @param command the command set
 * @param dataset the bytes of the data set, read from the wire as they are consumed; reading throws
 *     {@link DicomNetworkException} when the association breaks before the end; null = the request has none
 */
public record DimseRequest(
        AssociationPeer peer, PresentationContext context, DicomDataset command, @Nullable InputStream dataset) {

    /** The Command Field: 0x0001 C-STORE-RQ, 0x0030 C-ECHO-RQ, … (PS3.7 annex E). */
    public int commandField() {
        return Commands.field(command);
    }

    /** Affected SOP Class UID (0000,0002), null when missing. */
    public @Nullable String affectedSopClassUid() {
        return command.string(Tag.AffectedSOPClassUID);
    }

    /** Affected SOP Instance UID (0000,1000), null when missing. */
    public @Nullable String affectedSopInstanceUid() {
        return command.string(Tag.AffectedSOPInstanceUID);
    }
}
