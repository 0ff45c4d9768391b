package org.trefoilhub.hub.app;

import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import ca.uhn.fhir.util.FhirTerser;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.instance.model.api.IBaseConformance;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestSecurityComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.UriType;

/**
 * The CapabilityStatement at {@code /fhir/metadata}: HAPI's description of what is registered, with our name, address
 * and the SMART security section.
 *
 * <p>Spec: FHIR R4 CapabilityStatement, SMART App Launch 2 (conformance).
 */
final class HubCapabilityStatement extends JpaCapabilityStatementProvider {

    private static final String OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
    private static final String SECURITY_SERVICE = "http://terminology.hl7.org/CodeSystem/restful-security-service";

    /** Search parameters of AuditEvent and their types; {@code user}, {@code interface} and {@code trace} are the hub's own. */
    private static final Map<String, String> AUDIT_PARAMETERS = Collections.unmodifiableMap(new TreeMap<>(Map.ofEntries(
            Map.entry("_id", "token"),
            Map.entry("_lastUpdated", "date"),
            Map.entry("date", "date"),
            Map.entry("type", "token"),
            Map.entry("subtype", "token"),
            Map.entry("action", "token"),
            Map.entry("outcome", "token"),
            Map.entry("agent", "reference"),
            Map.entry("agent-name", "string"),
            Map.entry("altid", "token"),
            Map.entry("address", "string"),
            Map.entry("patient", "reference"),
            Map.entry("entity", "reference"),
            Map.entry("user", "string"),
            Map.entry("interface", "token"),
            Map.entry("trace", "string"))));

    private final HubProperties hub;

    HubCapabilityStatement(
            RestfulServer server,
            IFhirSystemDao<?, ?> systemDao,
            JpaStorageSettings settings,
            ISearchParamRegistry searchParamRegistry,
            IValidationSupport validationSupport,
            HubProperties hub) {
        super(server, systemDao, settings, searchParamRegistry, validationSupport);
        this.hub = hub;
        setPublisher("Trefoil Hub");
        setImplementationDescription("Trefoil Hub, imaging hub of a hospital");
        setIncludeResourceCounts(false);
    }

    @Override
    protected void postProcess(FhirTerser terser, IBaseConformance conformance) {
        super.postProcess(terser, conformance);
        CapabilityStatement statement = (CapabilityStatement) conformance;
        statement.setText(null);
        statement.setUrl(hub.fhirBase() + "/metadata");
        statement.setName("TrefoilHub");
        statement.setTitle("Trefoil Hub");
        statement.getSoftware().setName("Trefoil Hub").setVersion(HubVersion.current());
        statement.getImplementation().setUrl(hub.fhirBase());
        for (CapabilityStatementRestComponent rest : statement.getRest()) {
            rest.setSecurity(security());
            rest.getOperation().removeIf(operation -> !ServedOperations.contains(operation.getName()));
            for (CapabilityStatementRestResourceComponent resource : rest.getResource()) {
                resource.getOperation().removeIf(operation -> !ServedOperations.contains(operation.getName()));
                if (resource.getType().equals("AuditEvent")) {
                    appendOnly(resource);
                }
            }
        }
    }

    /** Audit events are searched by what their own table knows; nothing includes them and they include nothing. */
    private void appendOnly(CapabilityStatementRestResourceComponent resource) {
        resource.getInteraction()
                .removeIf(interaction -> interaction.getCode() != TypeRestfulInteraction.READ
                        && interaction.getCode() != TypeRestfulInteraction.VREAD
                        && interaction.getCode() != TypeRestfulInteraction.SEARCHTYPE
                        && interaction.getCode() != TypeRestfulInteraction.CREATE);
        resource.setConditionalCreate(false);
        resource.setConditionalUpdate(false);
        resource.setConditionalDelete(ConditionalDeleteStatus.NOTSUPPORTED);
        resource.setOperation(null);
        resource.setSearchInclude(null);
        resource.setSearchRevInclude(null);
        resource.setSearchParam(null);
        AUDIT_PARAMETERS.forEach(
                (name, type) -> resource.addSearchParam().setName(name).setType(SearchParamType.fromCode(type)));
    }

    private CapabilityStatementRestSecurityComponent security() {
        CapabilityStatementRestSecurityComponent security = new CapabilityStatementRestSecurityComponent();
        security.setCors(true);
        security.addService()
                .setText("OAuth2 using SMART-on-FHIR profile (see http://docs.smarthealthit.org)")
                .addCoding()
                .setSystem(SECURITY_SERVICE)
                .setCode("SMART-on-FHIR")
                .setDisplay("SMART-on-FHIR");
        security.setDescription("Every interaction but this one needs a bearer token.");
        Extension uris = security.addExtension().setUrl(OAUTH_URIS);
        uri(uris, "authorize", "/oauth2/authorize");
        uri(uris, "token", "/oauth2/token");
        uri(uris, "introspect", "/oauth2/introspect");
        uri(uris, "revoke", "/oauth2/revoke");
        return security;
    }

    private void uri(Extension uris, String name, String path) {
        uris.addExtension(new Extension(name, new UriType(hub.publicUrl() + path)));
    }
}
