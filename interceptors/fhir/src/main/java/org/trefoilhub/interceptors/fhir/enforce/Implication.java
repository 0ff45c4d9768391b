package org.trefoilhub.interceptors.fhir.enforce;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.trefoilhub.access.policy.AccessScope;

/**
 * Proves that whoever sees a resource sees another one of the same patient: for every way the facts may be, the first
 * scope implies the second.
 *
 * <p>Facts of the patient are the same on both sides; every other fact may be anything on each. What is too large to try
 * out is not proven.
 */
final class Implication {

    private static final int MOST_ATOMS = 14;

    private Implication() {}

    /** Whether every resource in {@code seen} is about a patient all of whose resources lie in {@code other}. */
    static boolean holds(AccessScope seen, AccessScope other) {
        if (other instanceof AccessScope.All || seen instanceof AccessScope.None) {
            return true;
        }
        Set<Object> atoms = new LinkedHashSet<>();
        seen.accept(new Atoms(atoms, "seen"));
        other.accept(new Atoms(atoms, "other"));
        if (atoms.size() > MOST_ATOMS) {
            return false;
        }
        List<Object> order = new ArrayList<>(atoms);
        for (int bits = 0; bits < 1 << order.size(); bits++) {
            Map<Object, Boolean> values = new HashMap<>();
            for (int i = 0; i < order.size(); i++) {
                values.put(order.get(i), (bits >> i & 1) == 1);
            }
            if (isPossible(values)
                    && seen.accept(new Value(values, "seen"))
                    && !other.accept(new Value(values, "other"))) {
                return false;
            }
        }
        return true;
    }

    /** Labels are ordered: who is below the lower one is below the higher one. */
    private static boolean isPossible(Map<Object, Boolean> values) {
        for (Map.Entry<Object, Boolean> low : values.entrySet()) {
            for (Map.Entry<Object, Boolean> high : values.entrySet()) {
                if (low.getKey() instanceof AccessScope.Label lower
                        && high.getKey() instanceof AccessScope.Label higher
                        && higher.highest().covers(lower.highest())
                        && low.getValue()
                        && !high.getValue()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** An atom that does not belong to the patient is another one on each side. */
    private record Sided(String side, AccessScope atom) {}

    private static Object key(AccessScope atom, String side) {
        boolean ofPatient = atom instanceof AccessScope.Compartment
                || atom instanceof AccessScope.Label
                || atom instanceof AccessScope.Care
                || (atom instanceof AccessScope.Coded coded && coded.kind().ofPatient());
        return ofPatient ? atom : new Sided(side, atom);
    }

    private record Atoms(Set<Object> found, String side) implements AccessScope.Visitor<Boolean> {
        private boolean atom(AccessScope scope) {
            return found.add(key(scope, side));
        }

        @Override
        public Boolean all(AccessScope.All scope) {
            return true;
        }

        @Override
        public Boolean none(AccessScope.None scope) {
            return true;
        }

        @Override
        public Boolean anyOf(AccessScope.AnyOf scope) {
            scope.parts().forEach(part -> part.accept(this));
            return true;
        }

        @Override
        public Boolean allOf(AccessScope.AllOf scope) {
            scope.parts().forEach(part -> part.accept(this));
            return true;
        }

        @Override
        public Boolean not(AccessScope.Not scope) {
            return scope.part().accept(this);
        }

        @Override
        public Boolean compartment(AccessScope.Compartment scope) {
            return atom(scope);
        }

        @Override
        public Boolean label(AccessScope.Label scope) {
            return atom(scope);
        }

        @Override
        public Boolean coded(AccessScope.Coded scope) {
            return atom(scope);
        }

        @Override
        public Boolean exam(AccessScope.Exam scope) {
            return atom(scope);
        }

        @Override
        public Boolean dataPeriod(AccessScope.DataPeriod scope) {
            return atom(scope);
        }

        @Override
        public Boolean care(AccessScope.Care scope) {
            return atom(scope);
        }
    }

    private record Value(Map<Object, Boolean> values, String side) implements AccessScope.Visitor<Boolean> {
        private boolean atom(AccessScope scope) {
            return Boolean.TRUE.equals(values.get(key(scope, side)));
        }

        @Override
        public Boolean all(AccessScope.All scope) {
            return true;
        }

        @Override
        public Boolean none(AccessScope.None scope) {
            return false;
        }

        @Override
        public Boolean anyOf(AccessScope.AnyOf scope) {
            return scope.parts().stream().anyMatch(part -> part.accept(this));
        }

        @Override
        public Boolean allOf(AccessScope.AllOf scope) {
            return scope.parts().stream().allMatch(part -> part.accept(this));
        }

        @Override
        public Boolean not(AccessScope.Not scope) {
            return !scope.part().accept(this);
        }

        @Override
        public Boolean compartment(AccessScope.Compartment scope) {
            return atom(scope);
        }

        @Override
        public Boolean label(AccessScope.Label scope) {
            return atom(scope);
        }

        @Override
        public Boolean coded(AccessScope.Coded scope) {
            return atom(scope);
        }

        @Override
        public Boolean exam(AccessScope.Exam scope) {
            return atom(scope);
        }

        @Override
        public Boolean dataPeriod(AccessScope.DataPeriod scope) {
            return atom(scope);
        }

        @Override
        public Boolean care(AccessScope.Care scope) {
            return atom(scope);
        }
    }
}
