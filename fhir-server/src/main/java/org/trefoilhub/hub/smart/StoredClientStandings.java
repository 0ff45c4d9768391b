package org.trefoilhub.hub.smart;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.TokenParam;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Device;
import org.jspecify.annotations.Nullable;

/**
 * Clients that were shut out: a Device with the client's identifier in system {@code sid/client} whose status is
 * {@code inactive} or {@code entered-in-error}. A record only takes away; without one the account counts.
 *
 * <p>Answers from memory until {@link #changed}. A storage that cannot be asked lets nobody pass: its exception goes on.
 */
final class StoredClientStandings {

    private static final int MOST_KEPT = 10_000;

    private final Supplier<@Nullable DaoRegistry> daos;
    private final String clientSystem;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();

    /** INVARIANT: what was read before the latest change has an older generation and is not used. */
    private record Held(long generation, boolean blocked) {}

    /**
     * Standings of the storage.
     *
     * @param daos the storage; null while there is none
     * @param canonical base of our identifier systems
     */
    StoredClientStandings(Supplier<@Nullable DaoRegistry> daos, String canonical) {
        this.daos = daos;
        this.clientSystem = canonical + "/sid/client";
    }

    /** Forgets everything: a record has changed. */
    void changed() {
        generation.incrementAndGet();
        held.clear();
    }

    /** Whether a client is shut out now. */
    boolean isBlocked(String client) {
        long now = generation.get();
        Held kept = held.get(client);
        if (kept != null && kept.generation() == now) {
            return kept.blocked();
        }
        DaoRegistry registry = daos.get();
        if (registry == null) {
            return false;
        }
        boolean blocked = registry
                .getResourceDao(Device.class)
                .search(
                        SearchParameterMap.newSynchronous("identifier", new TokenParam(clientSystem, client)),
                        new SystemRequestDetails())
                .getAllResources()
                .stream()
                .filter(Device.class::isInstance)
                .map(Device.class::cast)
                .filter(device -> isOf(device, client))
                .anyMatch(device -> device.getStatus() == Device.FHIRDeviceStatus.INACTIVE
                        || device.getStatus() == Device.FHIRDeviceStatus.ENTEREDINERROR);
        if (held.size() >= MOST_KEPT) {
            held.clear();
        }
        held.put(client, new Held(now, blocked));
        return blocked;
    }

    /** Token search may ignore case; a client id does not. */
    private boolean isOf(Device device, String client) {
        return device.getIdentifier().stream()
                .anyMatch(identifier ->
                        clientSystem.equals(identifier.getSystem()) && client.equals(identifier.getValue()));
    }
}
