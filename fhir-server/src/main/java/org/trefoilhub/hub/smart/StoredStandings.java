package org.trefoilhub.hub.smart;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenParam;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.smart.account.Standing;
import org.trefoilhub.hub.smart.account.Standings;
import org.trefoilhub.interceptors.fhir.policy.PeriodBounds;

/**
 * Standing as Practitioner and PractitionerRole say it. A Practitioner is a user's by its identifier in system
 * {@code sid/user}; a PractitionerRole of it speaks of the post in its identifier {@code user@post} in system
 * {@code sid/practitioner-role}, where the post is the code of a position or of a department.
 *
 * <p>Answers from memory until {@link #changed}. A storage that cannot be asked lets nobody pass: its exception goes on.
 */
final class StoredStandings implements Standings {

    private static final int MOST_KEPT = 10_000;

    private final Supplier<@Nullable DaoRegistry> daos;
    private final String userSystem;
    private final String roleSystem;
    private final PeriodBounds bounds;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();

    /** INVARIANT: what was read before the latest change has an older generation and is not used. */
    private record Held(long generation, Standing standing) {}

    /**
     * Standings of the storage.
     *
     * @param daos the storage; null while there is none
     * @param canonical base of our identifier systems
     * @param zone the hospital's time zone, in which days end
     */
    StoredStandings(Supplier<@Nullable DaoRegistry> daos, String canonical, ZoneId zone) {
        this.daos = daos;
        this.userSystem = canonical + "/sid/user";
        this.roleSystem = canonical + "/sid/practitioner-role";
        this.bounds = new PeriodBounds(zone);
    }

    /** Forgets everything: a record has changed. */
    void changed() {
        generation.incrementAndGet();
        held.clear();
    }

    @Override
    public Standing of(String user) {
        long now = generation.get();
        Held kept = held.get(user);
        if (kept != null && kept.generation() == now) {
            return kept.standing();
        }
        DaoRegistry registry = daos.get();
        if (registry == null) {
            return Standing.UNRECORDED;
        }
        Standing standing = read(registry, user);
        if (held.size() >= MOST_KEPT) {
            held.clear();
        }
        held.put(user, new Held(now, standing));
        return standing;
    }

    private Standing read(DaoRegistry registry, String user) {
        boolean active = true;
        Map<String, List<Standing.Tenure>> tenures = new HashMap<>();
        for (IBaseResource found : search(
                registry,
                "Practitioner",
                SearchParameterMap.newSynchronous("identifier", new TokenParam(userSystem, user)))) {
            if (!(found instanceof Practitioner practitioner) || !isNamed(practitioner, user)) {
                continue;
            }
            active &= !practitioner.hasActive() || practitioner.getActive();
            SearchParameterMap ofPerson = SearchParameterMap.newSynchronous(
                    "practitioner",
                    new ReferenceParam(
                            "Practitioner/" + practitioner.getIdElement().getIdPart()));
            for (IBaseResource role : search(registry, "PractitionerRole", ofPerson)) {
                if (role instanceof PractitionerRole post) {
                    add(tenures, post, user);
                }
            }
        }
        return new Standing(active, tenures);
    }

    private static List<IBaseResource> search(DaoRegistry registry, String type, SearchParameterMap query) {
        return registry.getResourceDao(type)
                .search(query, new SystemRequestDetails())
                .getAllResources();
    }

    /** Whether the name is the person's still. */
    private boolean isNamed(Practitioner practitioner, String user) {
        return practitioner.getIdentifier().stream()
                .anyMatch(identifier -> userSystem.equals(identifier.getSystem())
                        && user.equals(identifier.getValue())
                        && identifier.getUse() != Identifier.IdentifierUse.OLD);
    }

    private void add(Map<String, List<Standing.Tenure>> tenures, PractitionerRole role, String user) {
        Standing.Tenure tenure = new Standing.Tenure(
                !role.hasActive() || role.getActive(), bounds.start(role.getPeriod()), bounds.end(role.getPeriod()));
        for (Identifier identifier : role.getIdentifier()) {
            String value = identifier.getValue();
            if (roleSystem.equals(identifier.getSystem()) && value != null && value.startsWith(user + "@")) {
                tenures.computeIfAbsent(value.substring(user.length() + 1), key -> new ArrayList<>())
                        .add(tenure);
            }
        }
    }
}
