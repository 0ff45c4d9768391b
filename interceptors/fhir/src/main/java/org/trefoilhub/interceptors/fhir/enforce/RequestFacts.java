package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/**
 * Loads the facts of a resource once for all questions of a request, unless somebody began to write facts in between.
 *
 * <p>The gate, the net and the veil ask about the same resources one after the other. Nothing is kept from one request to
 * the next. Thread-safe.
 */
final class RequestFacts implements FactSource {

    private static final String KEY = RequestFacts.class.getName();

    private final FactSource stored;
    private final ThreadLocal<@Nullable Held> current = new ThreadLocal<>();

    RequestFacts(FactSource stored) {
        this.stored = stored;
    }

    /** What one request knows, and since when nobody has written; absent resources count as known too. */
    private static final class Held {
        private final Map<String, Optional<ResourceFacts>> known = new HashMap<>();
        private OptionalLong quiet = OptionalLong.empty();
    }

    /** Runs questions that belong to a request, or to none when HAPI knows none. */
    void during(@Nullable RequestDetails request, Runnable questions) {
        Held before = current.get();
        current.set(request == null ? null : held(request));
        try {
            questions.run();
        } finally {
            current.set(before);
        }
    }

    private static Held held(RequestDetails request) {
        synchronized (request.getUserData()) {
            return (Held) request.getUserData().computeIfAbsent(KEY, key -> new Held());
        }
    }

    @Override
    public Map<String, ResourceFacts> load(Collection<String> references) {
        Held held = current.get();
        return held == null ? stored.load(references) : load(held, references);
    }

    private Map<String, ResourceFacts> load(Held held, Collection<String> references) {
        synchronized (held) {
            OptionalLong quiet = stored.quiet();
            if (quiet.isEmpty() || !quiet.equals(held.quiet)) {
                held.known.clear();
                held.quiet = quiet;
            }
            Set<String> open = new LinkedHashSet<>(references);
            open.removeAll(held.known.keySet());
            if (!open.isEmpty()) {
                Map<String, ResourceFacts> loaded = stored.load(open);
                open.forEach(reference -> held.known.put(reference, Optional.ofNullable(loaded.get(reference))));
            }
            Map<String, ResourceFacts> found = new HashMap<>();
            for (String reference : references) {
                Optional.ofNullable(held.known.get(reference))
                        .flatMap(known -> known)
                        .ifPresent(facts -> found.put(reference, facts));
            }
            return found;
        }
    }

    @Override
    public OptionalLong quiet() {
        return stored.quiet();
    }

    @Override
    public ResourceFacts preview(Resource resource) {
        return stored.preview(resource);
    }
}
