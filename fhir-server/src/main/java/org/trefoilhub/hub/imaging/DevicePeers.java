package org.trefoilhub.hub.imaging;

import ca.uhn.fhir.rest.param.TokenParam;
import java.net.InetAddress;
import java.util.Optional;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Device.FHIRDeviceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.archive.DimsePeers;

/**
 * DIMSE peers as Device resources. Every association looks them up afresh, so a change counts on the next one.
 *
 * <p>Unknown is: no active Device with that AE title (compared exactly), an address outside its ranges, a called AE title
 * that is not ours, a Device without client id, or a store that cannot be asked.
 */
final class DevicePeers implements DimsePeers {

    private static final Logger log = LoggerFactory.getLogger(DevicePeers.class);

    private final FhirStore store;
    private final IdentifierSystems systems;
    private final String ownAeTitle;

    DevicePeers(FhirStore store, IdentifierSystems systems, String ownAeTitle) {
        this.store = store;
        this.systems = systems;
        this.ownAeTitle = ownAeTitle;
    }

    @Override
    public Optional<Subject> find(String callingAeTitle, String calledAeTitle, InetAddress address) {
        if (!ownAeTitle.equals(calledAeTitle) || callingAeTitle.isBlank()) {
            return Optional.empty();
        }
        try {
            return store.allByIdentifier(Device.class, new TokenParam(systems.of("ae-title"), callingAeTitle)).stream()
                    .filter(device -> device.getStatus() == FHIRDeviceStatus.ACTIVE)
                    .filter(device -> hasAeTitle(device, callingAeTitle))
                    .filter(device -> DimsePeerDevice.permits(device, systems, address))
                    .flatMap(device -> DimsePeerDevice.client(device, systems).stream())
                    .findFirst()
                    .map(client -> Subject.device(client, Clearance.N));
        } catch (RuntimeException e) {
            log.warn("DIMSE peers cannot be looked up; the association is refused", e);
            return Optional.empty();
        }
    }

    /** Token search may ignore case; an AE title does not. */
    private boolean hasAeTitle(Device device, String aeTitle) {
        return device.getIdentifier().stream()
                .anyMatch(identifier ->
                        systems.of("ae-title").equals(identifier.getSystem()) && aeTitle.equals(identifier.getValue()));
    }
}
