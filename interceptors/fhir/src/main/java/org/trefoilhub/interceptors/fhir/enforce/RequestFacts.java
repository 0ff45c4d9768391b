package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.PolicyEngine;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/**
 * Loads the facts of a resource once for all questions of a request, unless somebody began to write facts in between; and
 * keeps what the policies answered to the same question, as long as the same policies are in force.
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
        private final Map<Question, Object> answers = new HashMap<>();
        private @Nullable PolicyEngine engine;
    }

    /**
     * What the policies are asked.
     *
     * @param about the same object for the same question: facts as they were loaded, or the name of a type
     * @param kind which question it is
     */
    record Question(Subject subject, Action action, Door door, Object about, Object kind) {

        // Facts are compared as objects: they are the same while RequestFacts holds them.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question same
                    && (about == same.about || about instanceof String && about.equals(same.about))
                    && action == same.action
                    && door == same.door
                    && kind.equals(same.kind)
                    && subject.equals(same.subject);
        }

        @Override
        public int hashCode() {
            int hash = about instanceof String ? about.hashCode() : System.identityHashCode(about);
            return 31 * (31 * hash + action.hashCode()) + kind.hashCode();
        }
    }

    /** The answer to a question, asked once for a request and an engine; asked each time outside of requests. */
    @SuppressWarnings("unchecked")
    <T> T answer(PolicyEngine engine, Question question, Supplier<T> ask) {
        Held held = current.get();
        if (held == null) {
            return ask.get();
        }
        synchronized (held) {
            if (held.engine != engine) {
                held.answers.clear();
                held.engine = engine;
            }
            Object known = held.answers.get(question);
            if (known != null) {
                return (T) known;
            }
            T answer = ask.get();
            held.answers.put(question, answer);
            return answer;
        }
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
                held.answers.clear();
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
