package org.trefoilhub.dicom.net;

import java.io.IOException;

/** The hands of the state machine: everything an action of DICOM PS3.8 tables 9-6 to 9-9 can do. */
interface UpperLayerEffects {

    /** What an action sends. */
    enum Outgoing {
        ASSOCIATE_RQ,
        ASSOCIATE_AC,
        ASSOCIATE_RJ,
        P_DATA_TF,
        RELEASE_RQ,
        RELEASE_RP,
        ABORT_BY_USER,
        ABORT_BY_PROVIDER
    }

    /** What an action tells the local user. */
    enum Indication {
        ASSOCIATE,
        ASSOCIATE_ACCEPTED,
        ASSOCIATE_REJECTED,
        DATA,
        RELEASE,
        RELEASE_CONFIRMED,
        ABORT,
        PROVIDER_ABORT
    }

    void connect() throws IOException;

    void send(Outgoing what) throws IOException;

    void indicate(Indication what);

    void close();

    /** Starts the timer, or starts it anew. */
    void startArtim();

    void stopArtim();

    /** Whether the provider itself takes the A-ASSOCIATE-RQ just received, before the user is asked (AE-6). */
    boolean acceptableByProvider();

    /** Whether this side requested the association (AR-8). */
    boolean requestor();

    /** Whether the A-ABORT just received has the service user as its source (AA-3). */
    boolean abortedByUser();
}
