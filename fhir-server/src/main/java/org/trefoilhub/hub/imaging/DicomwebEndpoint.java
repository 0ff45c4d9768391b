package org.trefoilhub.hub.imaging;

import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.app.HubProperties;

/** The one Endpoint resource that tells where the images are: this hub's WADO-RS studies resource. */
final class DicomwebEndpoint {

    private final FhirStore store;
    private final IdentifierSystems systems;
    private final String address;
    private volatile @Nullable Reference known;

    DicomwebEndpoint(FhirStore store, IdentifierSystems systems, HubProperties hub) {
        this.store = store;
        this.systems = systems;
        this.address = hub.dicomWebBase() + "/studies";
    }

    /** Reference to the Endpoint, which is created or set to the current address when first asked for. */
    Reference reference() {
        Reference reference = known;
        if (reference == null) {
            reference = save();
        }
        return reference.copy();
    }

    /** Keeps the reference for later calls; to be called once the transaction that made it is committed. */
    void remember() {
        if (known == null) {
            store.byIdentifier(Endpoint.class, systems.of("endpoint"), "dicom-web")
                    .ifPresent(
                            found -> known = new Reference(found.getIdElement().toUnqualifiedVersionless()));
        }
    }

    private Reference save() {
        Endpoint endpoint = store.byIdentifier(Endpoint.class, systems.of("endpoint"), "dicom-web")
                .orElseGet(() -> {
                    Endpoint fresh = new Endpoint();
                    fresh.addIdentifier().setSystem(systems.of("endpoint")).setValue("dicom-web");
                    return fresh;
                });
        endpoint.setStatus(EndpointStatus.ACTIVE);
        endpoint.getConnectionType()
                .setSystem("http://terminology.hl7.org/CodeSystem/endpoint-connection-type")
                .setCode("dicom-wado-rs");
        endpoint.setName("DICOMweb");
        endpoint.getPayloadTypeFirstRep().setText("DICOM WADO-RS");
        endpoint.setAddress(address);
        return store.save(Endpoint.class, endpoint);
    }
}
