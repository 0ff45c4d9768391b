package org.trefoilhub.access.policy;

import java.util.List;
import java.util.Set;

/**
 * The part of all resources of one kind that a subject may act on; a closed algebra.
 *
 * <p>Every door translates every case into its own query, or refuses the search. A new case breaks every translator at
 * compile time, which is wanted. Values are immutable.
 */
public sealed interface AccessScope {

    /**
     * Dispatches on the case.
     *
     * @param visitor one method per case
     * @param <R> what the translator makes of a scope
     * @return what the method of the case returned
     */
    <R> R accept(Visitor<R> visitor);

    /** Everything of the kind. */
    record All() implements AccessScope {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.all(this);
        }
    }

    /**
     * Nothing of the kind could ever be permitted; doors answer 403 or their equivalent.
     *
     * @param reason one sentence for a person, without patient data
     */
    record None(String reason) implements AccessScope {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.none(this);
        }
    }

    /**
     * What at least one part contains.
     *
     * @param parts two or more
     */
    record AnyOf(List<AccessScope> parts) implements AccessScope {
        /** Copies the parts. */
        public AnyOf {
            parts = List.copyOf(parts);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.anyOf(this);
        }
    }

    /**
     * What every part contains.
     *
     * @param parts two or more
     */
    record AllOf(List<AccessScope> parts) implements AccessScope {
        /** Copies the parts. */
        public AllOf {
            parts = List.copyOf(parts);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.allOf(this);
        }
    }

    /**
     * What the part does not contain; denies come out as this.
     *
     * @param part the part that is excluded
     */
    record Not(AccessScope part) implements AccessScope {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.not(this);
        }
    }

    /**
     * Resources in the compartment of one of these patients.
     *
     * @param patients patient references, at least one
     */
    record Compartment(Set<String> patients) implements AccessScope {
        /** Copies the set. */
        public Compartment {
            patients = Set.copyOf(patients);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.compartment(this);
        }

        /** Tells the number of patients only: references are identifying. */
        @Override
        public String toString() {
            return "Compartment[" + patients.size() + "]";
        }
    }

    /**
     * Resources that one of these departments performs or performed.
     *
     * @param departments department codes, at least one
     */
    record Department(Set<String> departments) implements AccessScope {
        /** Copies the set. */
        public Department {
            departments = Set.copyOf(departments);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.department(this);
        }
    }

    /**
     * Resources about patients whose label is not above this one.
     *
     * @param highest highest label that is visible
     */
    record Label(Clearance highest) implements AccessScope {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.label(this);
        }
    }

    /**
     * A translator of scopes, one method per case.
     *
     * @param <R> what a scope becomes
     */
    interface Visitor<R> {
        /**
         * Translates everything.
         *
         * @param scope the case
         * @return the translation
         */
        R all(All scope);

        /**
         * Translates nothing.
         *
         * @param scope the case
         * @return the translation
         */
        R none(None scope);

        /**
         * Translates a union.
         *
         * @param scope the case
         * @return the translation
         */
        R anyOf(AnyOf scope);

        /**
         * Translates an intersection.
         *
         * @param scope the case
         * @return the translation
         */
        R allOf(AllOf scope);

        /**
         * Translates a complement.
         *
         * @param scope the case
         * @return the translation
         */
        R not(Not scope);

        /**
         * Translates a set of patient compartments.
         *
         * @param scope the case
         * @return the translation
         */
        R compartment(Compartment scope);

        /**
         * Translates a set of departments.
         *
         * @param scope the case
         * @return the translation
         */
        R department(Department scope);

        /**
         * Translates a highest label.
         *
         * @param scope the case
         * @return the translation
         */
        R label(Label scope);
    }
}
