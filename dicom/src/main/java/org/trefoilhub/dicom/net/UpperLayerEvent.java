package org.trefoilhub.dicom.net;

/**
 * What can happen to an association, numbered as Evt1 to Evt19 of DICOM PS3.8 table 9-10: {@code ordinal() + 1} is the
 * number.
 */
enum UpperLayerEvent {
    /** Evt1: A-ASSOCIATE request primitive. */
    ASSOCIATE_REQUEST,
    /** Evt2: transport connection confirmation. */
    TRANSPORT_CONFIRM,
    /** Evt3: A-ASSOCIATE-AC PDU received. */
    ASSOCIATE_AC_PDU,
    /** Evt4: A-ASSOCIATE-RJ PDU received. */
    ASSOCIATE_RJ_PDU,
    /** Evt5: transport connection indication. */
    TRANSPORT_INDICATION,
    /** Evt6: A-ASSOCIATE-RQ PDU received. */
    ASSOCIATE_RQ_PDU,
    /** Evt7: A-ASSOCIATE response primitive, accept. */
    ASSOCIATE_ACCEPT_RESPONSE,
    /** Evt8: A-ASSOCIATE response primitive, reject. */
    ASSOCIATE_REJECT_RESPONSE,
    /** Evt9: P-DATA request primitive. */
    DATA_REQUEST,
    /** Evt10: P-DATA-TF PDU received. */
    DATA_PDU,
    /** Evt11: A-RELEASE request primitive. */
    RELEASE_REQUEST,
    /** Evt12: A-RELEASE-RQ PDU received. */
    RELEASE_RQ_PDU,
    /** Evt13: A-RELEASE-RP PDU received. */
    RELEASE_RP_PDU,
    /** Evt14: A-RELEASE response primitive. */
    RELEASE_RESPONSE,
    /** Evt15: A-ABORT request primitive. */
    ABORT_REQUEST,
    /** Evt16: A-ABORT PDU received. */
    ABORT_PDU,
    /** Evt17: transport connection closed indication. */
    TRANSPORT_CLOSED,
    /** Evt18: ARTIM timer expired. */
    ARTIM_EXPIRED,
    /** Evt19: unrecognized or invalid PDU received. */
    INVALID_PDU;

    /** The standard's label, {@code Evt1} to {@code Evt19}. */
    String label() {
        return "Evt" + (ordinal() + 1);
    }
}
