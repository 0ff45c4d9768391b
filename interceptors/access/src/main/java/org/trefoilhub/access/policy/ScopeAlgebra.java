package org.trefoilhub.access.policy;

import java.util.ArrayList;
import java.util.List;

/** Unions, intersections and complements of scopes, with everything and nothing folded away. */
final class ScopeAlgebra {

    private static final AccessScope ALL = new AccessScope.All();
    private static final AccessScope NONE = new AccessScope.None("a condition does not hold");

    private ScopeAlgebra() {}

    /** Everything or nothing. */
    static AccessScope when(boolean holds) {
        return holds ? ALL : NONE;
    }

    /** Everything that a clearance covers. */
    static AccessScope upTo(Clearance clearance) {
        return clearance == Clearance.V ? ALL : new AccessScope.Label(clearance);
    }

    static AccessScope union(AccessScope a, AccessScope b) {
        if (a instanceof AccessScope.All || b instanceof AccessScope.None || a.equals(b)) {
            return a;
        }
        if (b instanceof AccessScope.All || a instanceof AccessScope.None) {
            return b;
        }
        List<AccessScope> parts = new ArrayList<>(a instanceof AccessScope.AnyOf any ? any.parts() : List.of(a));
        for (AccessScope part : b instanceof AccessScope.AnyOf any ? any.parts() : List.of(b)) {
            if (!parts.contains(part)) {
                parts.add(part);
            }
        }
        if (contradicts(parts)) {
            return new AccessScope.All();
        }
        return parts.size() == 1 ? parts.get(0) : new AccessScope.AnyOf(parts);
    }

    static AccessScope intersection(AccessScope a, AccessScope b) {
        if (a instanceof AccessScope.None || b instanceof AccessScope.All || a.equals(b)) {
            return a;
        }
        if (b instanceof AccessScope.None || a instanceof AccessScope.All) {
            return b;
        }
        List<AccessScope> parts = new ArrayList<>(a instanceof AccessScope.AllOf all ? all.parts() : List.of(a));
        for (AccessScope part : b instanceof AccessScope.AllOf all ? all.parts() : List.of(b)) {
            if (!parts.contains(part)) {
                parts.add(part);
            }
        }
        if (contradicts(parts)) {
            return new AccessScope.None("what a policy permits, a policy denies");
        }
        return parts.size() == 1 ? parts.get(0) : new AccessScope.AllOf(parts);
    }

    /** Whether a part stands beside its own complement. */
    private static boolean contradicts(List<AccessScope> parts) {
        return parts.stream().anyMatch(part -> part instanceof AccessScope.Not not && parts.contains(not.part()));
    }

    static AccessScope complement(AccessScope scope) {
        if (scope instanceof AccessScope.All) {
            return new AccessScope.None("a policy denies it");
        }
        if (scope instanceof AccessScope.None) {
            return new AccessScope.All();
        }
        return scope instanceof AccessScope.Not not ? not.part() : new AccessScope.Not(scope);
    }
}
