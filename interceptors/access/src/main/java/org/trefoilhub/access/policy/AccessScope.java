package org.trefoilhub.access.policy;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of all resources of one kind that a subject may act on; a closed algebra.
 *
 * <p>Every door translates every case into its own query, or refuses the search. A new case breaks every translator at
 * compile time, which is wanted. Every atom is decided by the facts of the resource alone, yes or no once they are known,
 * so that {@link Not} is exact. Values are immutable.
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

    /**
     * Tells whether a resource lies in the scope.
     *
     * @param facts what is known of the resource; its kind is taken to be the one the scope was made for
     * @return {@link Verdict#UNKNOWN} when it depends on a fact that is not known
     */
    default Verdict contains(ResourceFacts facts) {
        return accept(new Containment(facts));
    }

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
     * Resources that carry one of these codes, or are about a patient who does.
     *
     * @param kind what the codes say
     * @param values codes, at least one
     */
    record Coded(FactKind kind, Set<String> values) implements AccessScope {
        /** Copies the set. */
        public Coded {
            values = Set.copyOf(values);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.coded(this);
        }
    }

    /**
     * Resources that belong to one of these exams.
     *
     * @param exams references of ServiceRequest, ImagingStudy or DiagnosticReport, at least one
     */
    record Exam(Set<String> exams) implements AccessScope {
        /** Copies the set. */
        public Exam {
            exams = Set.copyOf(exams);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.exam(this);
        }
    }

    /**
     * Resources whose documented date begins in a period; what has no date is in none.
     *
     * @param from first instant, or null for no bound
     * @param until first instant after the period, or null for no bound
     */
    record DataPeriod(@Nullable Instant from, @Nullable Instant until) implements AccessScope {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.dataPeriod(this);
        }
    }

    /**
     * Resources about a patient who has an encounter of this kind: one encounter meets every part.
     *
     * @param classes classes of encounter, or empty for any
     * @param departments departments that have the patient; together with {@code user} alternatives, both empty for any
     * @param user user name of a participant, or null
     * @param current whether the encounter must go on now
     * @param startFrom earliest start, or null for no bound
     * @param startUntil first instant after the latest start, or null for no bound
     */
    record Care(
            Set<String> classes,
            Set<String> departments,
            @Nullable String user,
            boolean current,
            @Nullable Instant startFrom,
            @Nullable Instant startUntil)
            implements AccessScope {
        /** Copies the sets. */
        public Care {
            classes = Set.copyOf(classes);
            departments = Set.copyOf(departments);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.care(this);
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
         * Translates a highest label.
         *
         * @param scope the case
         * @return the translation
         */
        R label(Label scope);

        /**
         * Translates a set of codes.
         *
         * @param scope the case
         * @return the translation
         */
        R coded(Coded scope);

        /**
         * Translates a set of exams.
         *
         * @param scope the case
         * @return the translation
         */
        R exam(Exam scope);

        /**
         * Translates a period of dates.
         *
         * @param scope the case
         * @return the translation
         */
        R dataPeriod(DataPeriod scope);

        /**
         * Translates a kind of encounter.
         *
         * @param scope the case
         * @return the translation
         */
        R care(Care scope);
    }
}
