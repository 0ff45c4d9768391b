package org.trefoilhub.hub.imaging;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Device.FHIRDeviceStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;

/**
 * How a DIMSE peer is written down as a Device: identifiers {@code {c}/sid/ae-title} and {@code {c}/sid/client}, and the
 * extension {@code {c}/StructureDefinition/dimse-peer} with {@code addressRange} (CIDR, 1..*), {@code host} and
 * {@code port} (where it receives C-MOVE sub-operations, 0..1).
 */
public final class DimsePeerDevice {

    private static final String EXTENSION = "dimse-peer";

    private DimsePeerDevice() {}

    /**
     * The Device of a peer.
     *
     * @param canonical canonical base of the hub, without trailing slash
     * @param aeTitle calling AE title, up to 16 characters
     * @param client client id whose rights the peer has
     * @param addressRanges where it may call from, in CIDR notation; none = nowhere
     * @param host where it receives, or null when it does not
     * @param port port of that host, ignored without one
     */
    public static Device of(
            String canonical,
            String aeTitle,
            String client,
            List<String> addressRanges,
            @Nullable String host,
            int port) {
        Device device = new Device();
        device.setStatus(FHIRDeviceStatus.ACTIVE);
        device.addIdentifier().setSystem(canonical + "/sid/ae-title").setValue(aeTitle);
        device.addIdentifier().setSystem(canonical + "/sid/client").setValue(client);
        device.addDeviceName().setName(aeTitle).setType(Device.DeviceNameType.USERFRIENDLYNAME);
        Extension peer = device.addExtension().setUrl(canonical + "/StructureDefinition/" + EXTENSION);
        for (String range : addressRanges) {
            peer.addExtension("addressRange", new StringType(range));
        }
        if (host != null) {
            peer.addExtension("host", new StringType(host));
            peer.addExtension("port", new IntegerType(port));
        }
        return device;
    }

    /** Whether the peer may call from this address; a Device without a range may call from nowhere. */
    static boolean permits(Device device, IdentifierSystems systems, InetAddress address) {
        return device.getExtensionsByUrl(systems.extension(EXTENSION)).stream()
                .flatMap(peer -> peer.getExtensionsByUrl("addressRange").stream())
                .map(range -> range.getValue() instanceof StringType text
                        ? AddressRange.parse(text.getValue())
                        : Optional.<AddressRange>empty())
                .flatMap(Optional::stream)
                .anyMatch(range -> range.contains(address));
    }

    /** The client id whose rights the peer has, or empty when the Device names none. */
    static Optional<String> client(Device device, IdentifierSystems systems) {
        return device.getIdentifier().stream()
                .filter(identifier -> systems.of("client").equals(identifier.getSystem()) && identifier.hasValue())
                .map(identifier -> identifier.getValue())
                .findFirst();
    }
}
