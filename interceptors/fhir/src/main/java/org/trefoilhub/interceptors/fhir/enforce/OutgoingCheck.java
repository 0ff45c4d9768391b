package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.ResponseDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;

/** The hook of the servlet through which every answer leaves; the net looks at it. */
@Interceptor
final class OutgoingCheck {

    private final StorageNet net;

    OutgoingCheck(StorageNet net) {
        this.net = net;
    }

    /** Looks at the answer, and sends what the subject may see of it. */
    @Hook(value = Pointcut.SERVER_OUTGOING_RESPONSE, order = FhirEnforcement.HOOK_ORDER)
    public void outgoing(RequestDetails request, ResponseDetails response) {
        IBaseResource before = response.getResponseResource();
        IBaseResource shown = net.leaving(request, before);
        if (shown != before) {
            response.setResponseResource(shown);
        }
    }
}
