package org.trefoilhub.access.policy;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the policies that could apply to a request without reading the others; immutable, changed copies share what did
 * not change.
 *
 * <p>A shelf holds a few policies side by side. When there are too many, each is filed under the values that its next
 * condition names, and below every value is a shelf again; what names nothing more stays. A request is led down by its own
 * values, and below every value where it does not know its own. The index leaves out only what cannot apply; whether a
 * policy does apply, its conditions say.
 */
final class PolicyIndex {

    static final PolicyIndex EMPTY = new PolicyIndex(PersistentMap.empty(), Map.of());

    /** Policies on a shelf before it is divided. */
    private static final int ROOM = 8;

    private final PersistentMap<String, CompiledPolicy> here;
    private final Map<Facet, PersistentMap<String, PolicyIndex>> below;

    private PolicyIndex(
            PersistentMap<String, CompiledPolicy> here, Map<Facet, PersistentMap<String, PolicyIndex>> below) {
        this.here = here;
        this.below = below;
    }

    PolicyIndex with(CompiledPolicy policy) {
        return with(policy, 0);
    }

    /** Takes out a policy that is in. */
    PolicyIndex without(CompiledPolicy policy) {
        return without(policy, 0);
    }

    /** Reads every policy that could apply, some twice, while the reader wants more; tells whether it read them all. */
    boolean readAll(AccessRequest request, Predicate<CompiledPolicy> reader) {
        if (!here.readAll(reader)) {
            return false;
        }
        for (Map.Entry<Facet, PersistentMap<String, PolicyIndex>> entry : below.entrySet()) {
            Set<String> values = entry.getKey().values(request);
            PersistentMap<String, PolicyIndex> shelves = entry.getValue();
            if (values == null) {
                if (!shelves.readAll(shelf -> shelf.readAll(request, reader))) {
                    return false;
                }
                continue;
            }
            for (String value : values) {
                PolicyIndex shelf = shelves.get(value);
                if (shelf != null && !shelf.readAll(request, reader)) {
                    return false;
                }
            }
        }
        return true;
    }

    private PolicyIndex with(CompiledPolicy policy, int step) {
        if (policy.path().size() == step || (below.isEmpty() && here.size() < ROOM)) {
            return new PolicyIndex(here.with(policy.policy().id(), policy), below);
        }
        return (below.isEmpty() ? divided(step) : this).file(policy, step);
    }

    private PolicyIndex divided(int step) {
        PolicyIndex shelf = this;
        for (CompiledPolicy each : here.values()) {
            if (each.path().size() > step) {
                shelf = new PolicyIndex(shelf.here.without(each.policy().id()), shelf.below).file(each, step);
            }
        }
        return shelf;
    }

    private PolicyIndex file(CompiledPolicy policy, int step) {
        EnumMap<Facet, PersistentMap<String, PolicyIndex>> changed = copy();
        for (Facet.Key key : policy.path().get(step)) {
            PersistentMap<String, PolicyIndex> shelves = changed.getOrDefault(key.facet(), PersistentMap.empty());
            PolicyIndex shelf = shelves.get(key.value());
            changed.put(key.facet(), shelves.with(key.value(), (shelf == null ? EMPTY : shelf).with(policy, step + 1)));
        }
        return new PolicyIndex(here, changed);
    }

    private PolicyIndex without(CompiledPolicy policy, int step) {
        String id = policy.policy().id();
        if (here.get(id) != null || policy.path().size() == step) {
            return new PolicyIndex(here.without(id), below);
        }
        EnumMap<Facet, PersistentMap<String, PolicyIndex>> changed = copy();
        for (Facet.Key key : policy.path().get(step)) {
            changed.computeIfPresent(key.facet(), (facet, shelves) -> without(shelves, key.value(), policy, step + 1));
        }
        return new PolicyIndex(here, changed);
    }

    /** The shelves without a policy on one of them, or null when none is left. */
    private static @Nullable PersistentMap<String, PolicyIndex> without(
            PersistentMap<String, PolicyIndex> shelves, String value, CompiledPolicy policy, int step) {
        PolicyIndex shelf = shelves.get(value);
        if (shelf == null) {
            return shelves;
        }
        PolicyIndex rest = shelf.without(policy, step);
        boolean empty = rest.here.size() == 0 && rest.below.isEmpty();
        PersistentMap<String, PolicyIndex> changed = empty ? shelves.without(value) : shelves.with(value, rest);
        return changed.size() == 0 ? null : changed;
    }

    private EnumMap<Facet, PersistentMap<String, PolicyIndex>> copy() {
        EnumMap<Facet, PersistentMap<String, PolicyIndex>> copy = new EnumMap<>(Facet.class);
        copy.putAll(below);
        return copy;
    }
}
