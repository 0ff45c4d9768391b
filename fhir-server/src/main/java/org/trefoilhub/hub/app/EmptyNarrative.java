package org.trefoilhub.hub.app;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.ResponseDetails;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Narrative;

/**
 * Answers a read with {@code _summary=text} of a resource that has no narrative, or none that may be shown: HAPI sends the
 * narrative alone and fails without one.
 *
 * <p>Spec: FHIR R4 search, section 3.1.1.5.8 (summary).
 */
@Interceptor
public final class EmptyNarrative {

    /** The parser takes an element without any content for absent. */
    private static final String BLANK = "<div> </div>";

    /** After whatever takes narratives away; HAPI subtracts orders, so extremes overflow. */
    private static final int AFTER_ALL_MASKS = 10_000;

    /** Gives the answer an empty narrative. */
    @Hook(value = Pointcut.SERVER_OUTGOING_RESPONSE, order = AFTER_ALL_MASKS)
    public void complete(RequestDetails request, ResponseDetails response) {
        String[] summary = request.getParameters().get("_summary");
        if (summary != null
                && summary.length == 1
                && summary[0].equals("text")
                && response.getResponseResource() instanceof DomainResource resource
                && !resource.getText().hasDiv()) {
            resource.getText().setStatus(Narrative.NarrativeStatus.EMPTY).setDivAsString(BLANK);
        }
    }
}
