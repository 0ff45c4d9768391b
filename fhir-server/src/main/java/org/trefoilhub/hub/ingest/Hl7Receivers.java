package org.trefoilhub.hub.ingest;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.param.TokenParam;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Device.FHIRDeviceStatus;
import org.hl7.fhir.r4.model.Extension;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.connectors.hl7v2.Hl7Charset;

/** Who is told, from the Devices; read again after a Device was written. Thread-safe. */
@Interceptor
public final class Hl7Receivers {

    /**
     * A system that receives messages.
     *
     * @param code its name, MSH-5 when it has no other
     * @param subject whose rights it has; asked of the policy for every message
     * @param host where it listens
     * @param port port there
     * @param kinds what it is sent
     * @param application MSH-5
     * @param facility MSH-6
     * @param charset of what it is sent
     */
    record Receiver(
            String code,
            Subject subject,
            String host,
            int port,
            Set<String> kinds,
            String application,
            String facility,
            Charset charset) {}

    private final IngestStore store;
    private final String canonical;
    private final AtomicReference<@Nullable List<Receiver>> known = new AtomicReference<>();

    Hl7Receivers(IngestStore store, String canonical) {
        this.store = store;
        this.canonical = canonical;
    }

    /** All of them as they are now. */
    List<Receiver> all() {
        List<Receiver> found = known.get();
        if (found == null) {
            found = store.devices(new TokenParam(canonical + "/sid/source", null)).stream()
                    .filter(device -> device.getStatus() == FHIRDeviceStatus.ACTIVE)
                    .flatMap(device -> receiver(device).stream())
                    .toList();
            known.set(found);
        }
        return found;
    }

    /** The receiver of a name. */
    Optional<Receiver> of(String code) {
        return all().stream().filter(receiver -> receiver.code().equals(code)).findFirst();
    }

    private Optional<Receiver> receiver(Device device) {
        String code = Hl7PartnerDevice.code(device, canonical);
        Optional<Extension> extension = Hl7PartnerDevice.receiver(device, canonical);
        if (code == null || extension.isEmpty()) {
            return Optional.empty();
        }
        Extension settings = extension.get();
        String client = Hl7PartnerDevice.text(settings, "client");
        String host = Hl7PartnerDevice.text(settings, "host");
        int port = Hl7PartnerDevice.number(settings, "port");
        if (client == null || host == null || port < 1 || port > 65535) {
            return Optional.empty();
        }
        String application = Hl7PartnerDevice.text(settings, "application");
        String facility = Hl7PartnerDevice.text(settings, "facility");
        String charset = Hl7PartnerDevice.text(settings, "charset");
        return Optional.of(new Receiver(
                code,
                // What it may see of special patients the policy says, not its clearance.
                Subject.device(client, Clearance.N).withScopes(Set.of("system/*.rs")),
                host,
                port,
                Hl7PartnerDevice.texts(settings, "kind"),
                application == null ? code : application,
                facility == null ? "" : facility,
                charset == null
                        ? StandardCharsets.UTF_8
                        : Hl7Charset.named(charset).orElse(StandardCharsets.UTF_8)));
    }

    /** Forgets what was known when a Device is new. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED)
    public void created(IBaseResource resource) {
        forget(resource);
    }

    /** Forgets what was known when a Device changes. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED)
    public void updated(@Nullable IBaseResource before, IBaseResource after) {
        forget(after);
    }

    /** Forgets what was known when a Device is deleted. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED)
    public void deleted(IBaseResource resource) {
        forget(resource);
    }

    private void forget(IBaseResource resource) {
        if (!(resource instanceof Device)) {
            return;
        }
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    known.set(null);
                }
            });
        } else {
            known.set(null);
        }
    }
}
