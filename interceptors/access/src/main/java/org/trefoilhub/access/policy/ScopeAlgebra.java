package org.trefoilhub.access.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        return union(List.of(a, b));
    }

    /** What is in any; of several reasons for nothing the first. */
    static AccessScope union(Collection<AccessScope> scopes) {
        Set<AccessScope> parts = new LinkedHashSet<>();
        AccessScope nothing = null;
        for (AccessScope scope : scopes) {
            if (scope instanceof AccessScope.All) {
                return scope;
            }
            if (scope instanceof AccessScope.None) {
                nothing = nothing == null ? scope : nothing;
            } else if (scope instanceof AccessScope.AnyOf any) {
                parts.addAll(any.parts());
            } else {
                parts.add(scope);
            }
        }
        if (parts.isEmpty()) {
            return nothing == null ? NONE : nothing;
        }
        if (contradicts(parts)) {
            return ALL;
        }
        List<AccessScope> merged = merged(parts);
        return merged.size() == 1 ? merged.get(0) : new AccessScope.AnyOf(merged);
    }

    /** What is in both; of several reasons for nothing the first. */
    static AccessScope intersection(AccessScope a, AccessScope b) {
        if (a instanceof AccessScope.None || b instanceof AccessScope.All || a.equals(b)) {
            return a;
        }
        if (b instanceof AccessScope.None || a instanceof AccessScope.All) {
            return b;
        }
        Set<AccessScope> parts = new LinkedHashSet<>(a instanceof AccessScope.AllOf all ? all.parts() : List.of(a));
        parts.addAll(b instanceof AccessScope.AllOf all ? all.parts() : List.of(b));
        if (contradicts(parts)) {
            return new AccessScope.None("what a policy permits, a policy denies");
        }
        return parts.size() == 1 ? parts.iterator().next() : new AccessScope.AllOf(List.copyOf(parts));
    }

    static AccessScope complement(AccessScope scope) {
        if (scope instanceof AccessScope.All) {
            return new AccessScope.None("a policy denies it");
        }
        if (scope instanceof AccessScope.None) {
            return ALL;
        }
        return scope instanceof AccessScope.Not not ? not.part() : new AccessScope.Not(scope);
    }

    /** Whether a part stands beside its own complement. */
    private static boolean contradicts(Set<AccessScope> parts) {
        return parts.stream().anyMatch(part -> part instanceof AccessScope.Not not && parts.contains(not.part()));
    }

    /** Alternatives of one shape as one: many policies that name a patient each become one set of patients. */
    private static List<AccessScope> merged(Set<AccessScope> parts) {
        List<AccessScope> merged = new ArrayList<>();
        Set<String> patients = new HashSet<>();
        Set<String> exams = new HashSet<>();
        Map<FactKind, Set<String>> codes = new EnumMap<>(FactKind.class);
        for (AccessScope part : parts) {
            if (part instanceof AccessScope.Compartment compartment) {
                patients.addAll(compartment.patients());
            } else if (part instanceof AccessScope.Exam exam) {
                exams.addAll(exam.exams());
            } else if (part instanceof AccessScope.Coded coded) {
                codes.computeIfAbsent(coded.kind(), kind -> new HashSet<>()).addAll(coded.values());
            } else {
                merged.add(part);
            }
        }
        if (!patients.isEmpty()) {
            merged.add(new AccessScope.Compartment(patients));
        }
        if (!exams.isEmpty()) {
            merged.add(new AccessScope.Exam(exams));
        }
        codes.forEach((kind, values) -> merged.add(new AccessScope.Coded(kind, values)));
        return merged;
    }
}
