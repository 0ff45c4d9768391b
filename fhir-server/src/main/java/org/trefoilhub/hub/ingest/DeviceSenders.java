package org.trefoilhub.hub.ingest;

import ca.uhn.fhir.rest.param.TokenParam;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Device.FHIRDeviceStatus;
import org.hl7.fhir.r4.model.Extension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.connectors.source.SourceSystem;

/**
 * Known senders, looked up afresh for every message, so that a change counts on the next one.
 *
 * <p>The subject of a sender may write what its types of messages need and read nothing; its clearance is V, for it brings
 * the data of special patients too.
 */
final class DeviceSenders {

    private static final Logger log = LoggerFactory.getLogger(DeviceSenders.class);

    private static final Map<String, List<String>> SCOPES = Map.of(
            "ADT", List.of("system/Patient.cu", "system/Encounter.cu"),
            "ORM", List.of("system/Patient.c", "system/ServiceRequest.cu", "system/Task.cu"),
            "OMG", List.of("system/Patient.c", "system/ServiceRequest.cu", "system/Task.cu"),
            "OMI", List.of("system/Patient.c", "system/ServiceRequest.cu", "system/Task.cu"),
            "SIU", List.of("system/Patient.c", "system/Appointment.cu", "system/Task.u"),
            "ORU",
                    List.of(
                            "system/Patient.c",
                            "system/ServiceRequest.c",
                            "system/DiagnosticReport.cu",
                            "system/Observation.cu",
                            "system/Task.u"),
            "MFN",
                    List.of(
                            "system/Practitioner.cu",
                            "system/PractitionerRole.cu",
                            "system/Organization.cu",
                            "system/Location.cu",
                            "system/ActivityDefinition.cu"));

    private final IngestStore store;
    private final String canonical;

    DeviceSenders(IngestStore store, String canonical) {
        this.store = store;
        this.canonical = canonical;
    }

    /** The sender of a name that calls from an address; empty when it is not known, not active, or calls from elsewhere. */
    Optional<SourceSystem> find(String application, InetAddress address) {
        if (application.isBlank() || application.length() > 64) {
            return Optional.empty();
        }
        return known(application, Optional.of(address));
    }

    /** The sender of a name, for what it has sent already. */
    Optional<SourceSystem> known(String application) {
        return known(application, Optional.empty());
    }

    private Optional<SourceSystem> known(String application, Optional<InetAddress> address) {
        return store.devices(new TokenParam(canonical + "/sid/source", application)).stream()
                .filter(device -> device.getStatus() == FHIRDeviceStatus.ACTIVE)
                .filter(device -> application.equals(Hl7PartnerDevice.code(device, canonical)))
                .flatMap(device -> Hl7PartnerDevice.sender(device, canonical).stream())
                .filter(sender -> address.isEmpty() || Hl7PartnerDevice.mayCallFrom(sender, address.get()))
                .flatMap(sender -> source(application, sender).stream())
                .findFirst();
    }

    private static Optional<SourceSystem> source(String application, Extension sender) {
        String client = Hl7PartnerDevice.text(sender, "client");
        if (client == null) {
            log.warn("the Device of HL7 v2 sender {} names no client", application);
            return Optional.empty();
        }
        Set<String> accepts = Hl7PartnerDevice.texts(sender, "accept");
        Set<String> scopes = new LinkedHashSet<>();
        SCOPES.forEach((type, needed) -> {
            if (accepts.isEmpty() || accepts.contains(type)) {
                scopes.addAll(needed);
            }
        });
        String refusal = Hl7PartnerDevice.text(sender, "refusal");
        return Optional.of(new SourceSystem(
                application,
                Subject.device(client, Clearance.V).withScopes(scopes),
                Hl7PartnerDevice.text(sender, "charset"),
                Hl7PartnerDevice.texts(sender, "ownAuthority"),
                refusal != null && refusal.matches("AE|AR|AA")
                        ? SourceSystem.Refusal.valueOf(refusal)
                        : SourceSystem.Refusal.AE,
                accepts));
    }
}
