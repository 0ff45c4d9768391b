package org.trefoilhub.hub.ingest;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Device.FHIRDeviceStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.imaging.AddressRange;

/**
 * How an HL7 v2 partner is written down as a Device: identifier {@code {c}/sid/source} (its MSH-3), and two extensions.
 *
 * <p>{@code {c}/StructureDefinition/hl7v2-sender} has {@code client} (whose rights it has, 1..1), {@code addressRange}
 * (CIDR, 1..*), {@code charset}, {@code ownAuthority} (0..*), {@code accept} (message types, 0..* = all) and
 * {@code refusal} (AE, AR or AA; AE when absent). {@code {c}/StructureDefinition/hl7v2-receiver} has {@code client},
 * {@code host}, {@code port}, {@code kind} (status, report, critical, 1..*), {@code application}, {@code facility} and
 * {@code charset} (UTF-8 when absent).
 */
public final class Hl7PartnerDevice {

    private static final String SENDER = "/StructureDefinition/hl7v2-sender";
    private static final String RECEIVER = "/StructureDefinition/hl7v2-receiver";
    private static final String SOURCE = "/sid/source";

    private Hl7PartnerDevice() {}

    /**
     * The Device of a partner that neither sends nor receives yet.
     *
     * @param canonical canonical base of the hub, without trailing slash
     * @param code its name in MSH-3
     */
    public static Device of(String canonical, String code) {
        Device device = new Device();
        device.setStatus(FHIRDeviceStatus.ACTIVE);
        device.addIdentifier().setSystem(canonical + SOURCE).setValue(code);
        device.addDeviceName().setName(code).setType(Device.DeviceNameType.USERFRIENDLYNAME);
        return device;
    }

    /**
     * Lets a partner send.
     *
     * @param client client id whose rights it has
     * @param addressRanges where it may call from, in CIDR notation; none = nowhere
     * @param ownAuthorities assigning authorities of the hospital's own patient numbers
     * @param accepts types of messages it may send; none = all
     */
    public static void sends(
            Device device,
            String canonical,
            String client,
            List<String> addressRanges,
            List<String> ownAuthorities,
            List<String> accepts) {
        Extension sender = device.addExtension().setUrl(canonical + SENDER);
        sender.addExtension("client", new StringType(client));
        addressRanges.forEach(range -> sender.addExtension("addressRange", new StringType(range)));
        ownAuthorities.forEach(authority -> sender.addExtension("ownAuthority", new StringType(authority)));
        accepts.forEach(type -> sender.addExtension("accept", new StringType(type)));
    }

    /**
     * Lets a partner receive.
     *
     * @param client client id whose rights it has
     * @param host where it listens
     * @param port port there
     * @param kinds what it is sent: {@code status}, {@code report}, {@code critical}
     */
    public static void receives(
            Device device, String canonical, String client, String host, int port, List<String> kinds) {
        Extension receiver = device.addExtension().setUrl(canonical + RECEIVER);
        receiver.addExtension("client", new StringType(client));
        receiver.addExtension("host", new StringType(host));
        receiver.addExtension("port", new IntegerType(port));
        kinds.forEach(kind -> receiver.addExtension("kind", new StringType(kind)));
    }

    static @Nullable String code(Device device, String canonical) {
        return device.getIdentifier().stream()
                .filter(identifier -> (canonical + SOURCE).equals(identifier.getSystem()))
                .map(identifier -> identifier.getValue())
                .findFirst()
                .orElse(null);
    }

    static Optional<Extension> sender(Device device, String canonical) {
        return Optional.ofNullable(device.getExtensionByUrl(canonical + SENDER));
    }

    static Optional<Extension> receiver(Device device, String canonical) {
        return Optional.ofNullable(device.getExtensionByUrl(canonical + RECEIVER));
    }

    static Set<String> texts(Extension extension, String name) {
        return extension.getExtensionsByUrl(name).stream()
                .filter(part -> part.getValue() instanceof StringType)
                .map(part -> ((StringType) part.getValue()).getValue())
                .filter(text -> text != null && !text.isBlank())
                .collect(Collectors.toSet());
    }

    static @Nullable String text(Extension extension, String name) {
        return texts(extension, name).stream().findFirst().orElse(null);
    }

    static int number(Extension extension, String name) {
        Extension part = extension.getExtensionByUrl(name);
        return part != null && part.getValue() instanceof IntegerType number && number.hasValue()
                ? number.getValue()
                : 0;
    }

    static boolean mayCallFrom(Extension sender, InetAddress address) {
        return texts(sender, "addressRange").stream()
                .map(AddressRange::parse)
                .flatMap(Optional::stream)
                .anyMatch(range -> range.contains(address));
    }
}
