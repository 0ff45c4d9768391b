package org.trefoilhub.dicom.net;

import org.trefoilhub.dicom.net.pdu.Pdu;

/** Why an association is rejected: the combinations of DICOM PS3.8 table 9-21 that this library sends. */
public enum RejectReason {
    NO_REASON_GIVEN(1, 1, 1),
    APPLICATION_CONTEXT_NAME_NOT_SUPPORTED(1, 1, 2),
    CALLING_AE_TITLE_NOT_RECOGNIZED(1, 1, 3),
    CALLED_AE_TITLE_NOT_RECOGNIZED(1, 1, 7),
    /** Of the ACSE provider; also for a maximum PDU length too small to send anything. */
    ACSE_NO_REASON_GIVEN(1, 2, 1),
    PROTOCOL_VERSION_NOT_SUPPORTED(1, 2, 2),
    /** Transient: the peer may try again. */
    TEMPORARY_CONGESTION(2, 3, 1),
    /** Transient: the peer may try again. */
    LOCAL_LIMIT_EXCEEDED(2, 3, 2);

    private final Pdu.AssociateReject pdu;

    RejectReason(int result, int source, int reason) {
        this.pdu = new Pdu.AssociateReject(result, source, reason);
    }

    Pdu.AssociateReject pdu() {
        return pdu;
    }
}
