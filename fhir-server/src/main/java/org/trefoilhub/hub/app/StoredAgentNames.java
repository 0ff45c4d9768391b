package org.trefoilhub.hub.app;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.springframework.stereotype.Component;
import org.trefoilhub.access.audit.AgentNames;

/** Names of agents from the identifiers of their resources. */
@Component
class StoredAgentNames implements AgentNames {

    private static final Set<String> TYPES = Set.of("Practitioner", "PractitionerRole", "Device");

    private final DaoRegistry registry;
    private final Set<String> systems;

    StoredAgentNames(DaoRegistry registry, HubProperties hub) {
        this.registry = registry;
        this.systems = Set.of(hub.canonical() + "/sid/user", hub.canonical() + "/sid/client");
    }

    @Override
    public List<String> of(String reference) {
        IdType id = new IdType(reference);
        if (!id.hasIdPart() || !id.hasResourceType() || !TYPES.contains(id.getResourceType())) {
            return List.of();
        }
        IBaseResource found;
        try {
            found = registry.getResourceDao(id.getResourceType()).read(id.toVersionless(), new SystemRequestDetails());
        } catch (BaseServerResponseException e) {
            if (e.getStatusCode() < 500) {
                return List.of();
            }
            throw e;
        }
        if (found instanceof PractitionerRole role) {
            String practitioner = role.getPractitioner().getReference();
            return practitioner == null || !practitioner.startsWith("Practitioner/") ? List.of() : of(practitioner);
        }
        List<Identifier> identifiers =
                found instanceof Practitioner person ? person.getIdentifier() : ((Device) found).getIdentifier();
        return identifiers.stream()
                .filter(identifier -> systems.contains(identifier.getSystem()))
                .map(Identifier::getValue)
                .toList();
    }
}
