package org.trefoilhub.dicom.net;

/** The states Sta1 to Sta13 of DICOM PS3.8 section 9.2.1; {@code ordinal() + 1} is the number. */
enum UpperLayerState {
    /** Sta1: idle, no connection. */
    IDLE,
    /** Sta2: connection open, awaiting A-ASSOCIATE-RQ PDU. */
    AWAITING_ASSOCIATE_RQ,
    /** Sta3: awaiting the local user's A-ASSOCIATE response. */
    AWAITING_ASSOCIATE_RESPONSE,
    /** Sta4: awaiting the transport connection to open. */
    AWAITING_TRANSPORT,
    /** Sta5: awaiting A-ASSOCIATE-AC or -RJ PDU. */
    AWAITING_ASSOCIATE_AC,
    /** Sta6: association established, ready for data. */
    ESTABLISHED,
    /** Sta7: awaiting A-RELEASE-RP PDU. */
    AWAITING_RELEASE_RP,
    /** Sta8: awaiting the local user's A-RELEASE response. */
    AWAITING_RELEASE_RESPONSE,
    /** Sta9: release collision, requestor side, awaiting the local user's A-RELEASE response. */
    COLLISION_REQUESTOR_AWAITING_RESPONSE,
    /** Sta10: release collision, acceptor side, awaiting A-RELEASE-RP PDU. */
    COLLISION_ACCEPTOR_AWAITING_RP,
    /** Sta11: release collision, requestor side, awaiting A-RELEASE-RP PDU. */
    COLLISION_REQUESTOR_AWAITING_RP,
    /** Sta12: release collision, acceptor side, awaiting the local user's A-RELEASE response. */
    COLLISION_ACCEPTOR_AWAITING_RESPONSE,
    /** Sta13: awaiting the transport connection to close; the association is no more. */
    AWAITING_CLOSE;

    /** The standard's label, {@code Sta1} to {@code Sta13}. */
    String label() {
        return "Sta" + (ordinal() + 1);
    }
}
