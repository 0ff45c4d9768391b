package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.api.server.RequestDetails;

/**
 * Writes of a {@link StepHandler} that has judged its step by the table of {@link Machines} and keeps the Provenance
 * itself: {@link StepGuard} lets them pass, and no {@link TransitionListener} hears of them.
 */
public final class JudgedWrites {

    private JudgedWrites() {}

    /**
     * The request to write with, as the hub itself.
     *
     * @return a new one for each write
     */
    public static RequestDetails request() {
        return Records.own();
    }
}
