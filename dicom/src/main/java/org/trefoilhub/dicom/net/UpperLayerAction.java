package org.trefoilhub.dicom.net;

import java.io.IOException;
import org.trefoilhub.dicom.net.UpperLayerEffects.Indication;
import org.trefoilhub.dicom.net.UpperLayerEffects.Outgoing;

/**
 * The actions of DICOM PS3.8 tables 9-6 to 9-9. Each does its effects in the order of the table and answers with the
 * state that follows.
 */
enum UpperLayerAction {
    AE_1("AE-1", effects -> {
        effects.connect();
        return UpperLayerState.AWAITING_TRANSPORT;
    }),
    AE_2("AE-2", effects -> {
        effects.send(Outgoing.ASSOCIATE_RQ);
        return UpperLayerState.AWAITING_ASSOCIATE_AC;
    }),
    AE_3("AE-3", effects -> {
        effects.indicate(Indication.ASSOCIATE_ACCEPTED);
        return UpperLayerState.ESTABLISHED;
    }),
    AE_4("AE-4", effects -> {
        effects.indicate(Indication.ASSOCIATE_REJECTED);
        effects.close();
        return UpperLayerState.IDLE;
    }),
    AE_5("AE-5", effects -> {
        effects.startArtim();
        return UpperLayerState.AWAITING_ASSOCIATE_RQ;
    }),
    AE_6("AE-6", effects -> {
        effects.stopArtim();
        if (effects.acceptableByProvider()) {
            effects.indicate(Indication.ASSOCIATE);
            return UpperLayerState.AWAITING_ASSOCIATE_RESPONSE;
        }
        effects.send(Outgoing.ASSOCIATE_RJ);
        effects.startArtim();
        return UpperLayerState.AWAITING_CLOSE;
    }),
    AE_7("AE-7", effects -> {
        effects.send(Outgoing.ASSOCIATE_AC);
        return UpperLayerState.ESTABLISHED;
    }),
    AE_8("AE-8", effects -> {
        effects.send(Outgoing.ASSOCIATE_RJ);
        effects.startArtim();
        return UpperLayerState.AWAITING_CLOSE;
    }),
    DT_1("DT-1", effects -> {
        effects.send(Outgoing.P_DATA_TF);
        return UpperLayerState.ESTABLISHED;
    }),
    DT_2("DT-2", effects -> {
        effects.indicate(Indication.DATA);
        return UpperLayerState.ESTABLISHED;
    }),
    AR_1("AR-1", effects -> {
        effects.send(Outgoing.RELEASE_RQ);
        return UpperLayerState.AWAITING_RELEASE_RP;
    }),
    AR_2("AR-2", effects -> {
        effects.indicate(Indication.RELEASE);
        return UpperLayerState.AWAITING_RELEASE_RESPONSE;
    }),
    AR_3("AR-3", effects -> {
        effects.indicate(Indication.RELEASE_CONFIRMED);
        effects.close();
        return UpperLayerState.IDLE;
    }),
    AR_4("AR-4", effects -> {
        effects.send(Outgoing.RELEASE_RP);
        effects.startArtim();
        return UpperLayerState.AWAITING_CLOSE;
    }),
    AR_5("AR-5", effects -> {
        effects.stopArtim();
        return UpperLayerState.IDLE;
    }),
    AR_6("AR-6", effects -> {
        effects.indicate(Indication.DATA);
        return UpperLayerState.AWAITING_RELEASE_RP;
    }),
    AR_7("AR-7", effects -> {
        effects.send(Outgoing.P_DATA_TF);
        return UpperLayerState.AWAITING_RELEASE_RESPONSE;
    }),
    AR_8("AR-8", effects -> {
        effects.indicate(Indication.RELEASE);
        return effects.requestor()
                ? UpperLayerState.COLLISION_REQUESTOR_AWAITING_RESPONSE
                : UpperLayerState.COLLISION_ACCEPTOR_AWAITING_RP;
    }),
    AR_9("AR-9", effects -> {
        effects.send(Outgoing.RELEASE_RP);
        return UpperLayerState.COLLISION_REQUESTOR_AWAITING_RP;
    }),
    AR_10("AR-10", effects -> {
        effects.indicate(Indication.RELEASE_CONFIRMED);
        return UpperLayerState.COLLISION_ACCEPTOR_AWAITING_RESPONSE;
    }),
    AA_1("AA-1", effects -> {
        effects.send(Outgoing.ABORT_BY_USER);
        effects.startArtim();
        return UpperLayerState.AWAITING_CLOSE;
    }),
    AA_2("AA-2", effects -> {
        effects.stopArtim();
        effects.close();
        return UpperLayerState.IDLE;
    }),
    AA_3("AA-3", effects -> {
        effects.indicate(effects.abortedByUser() ? Indication.ABORT : Indication.PROVIDER_ABORT);
        effects.close();
        return UpperLayerState.IDLE;
    }),
    AA_4("AA-4", effects -> {
        effects.indicate(Indication.PROVIDER_ABORT);
        return UpperLayerState.IDLE;
    }),
    AA_5("AA-5", effects -> {
        effects.stopArtim();
        return UpperLayerState.IDLE;
    }),
    AA_6("AA-6", effects -> UpperLayerState.AWAITING_CLOSE),
    AA_7("AA-7", effects -> {
        effects.send(Outgoing.ABORT_BY_PROVIDER);
        return UpperLayerState.AWAITING_CLOSE;
    }),
    AA_8("AA-8", effects -> {
        effects.send(Outgoing.ABORT_BY_PROVIDER);
        effects.indicate(Indication.PROVIDER_ABORT);
        effects.startArtim();
        return UpperLayerState.AWAITING_CLOSE;
    });

    private final String label;
    private final Step step;

    UpperLayerAction(String label, Step step) {
        this.label = label;
        this.step = step;
    }

    /** The standard's label, for example {@code AE-1}. */
    String label() {
        return label;
    }

    /** Does the effects; the answer is the next state. */
    UpperLayerState perform(UpperLayerEffects effects) throws IOException {
        return step.perform(effects);
    }

    @FunctionalInterface
    private interface Step {
        UpperLayerState perform(UpperLayerEffects effects) throws IOException;
    }
}
