package org.trefoilhub.hub.app;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.exceptions.MethodNotAllowedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.rest.server.method.BaseMethodBinding;
import ca.uhn.fhir.rest.server.method.OperationMethodBinding;
import java.util.List;

/** HAPI's servlet, narrowed to the operations that this hub serves; it names its product without version. */
final class HubFhirServer extends RestfulServer {

    private static final long serialVersionUID = 1L;

    HubFhirServer(FhirContext context) {
        super(context);
    }

    @Override
    public BaseMethodBinding determineResourceMethod(RequestDetails request, String requestPath) {
        if ("AuditEvent".equals(request.getResourceName())
                && request.getRequestType() != RequestTypeEnum.GET
                && request.getRequestType() != RequestTypeEnum.HEAD
                && request.getRequestType() != RequestTypeEnum.POST) {
            throw new MethodNotAllowedException("audit events are not changed or deleted");
        }
        BaseMethodBinding method = super.determineResourceMethod(request, requestPath);
        if (method instanceof OperationMethodBinding operation && !ServedOperations.contains(operation.getName())) {
            throw new ResourceNotFoundException("operation `" + operation.getName() + "` is not served here");
        }
        return method;
    }

    @Override
    protected List<String> createPoweredByAttributes() {
        return List.of("FHIR 4.0.1");
    }

    @Override
    protected String createPoweredByHeaderComponentName() {
        return "FHIR server";
    }

    @Override
    protected String createPoweredByHeader() {
        return "Trefoil Hub";
    }
}
