package org.trefoilhub.access.policy;

import java.util.Set;

/**
 * One dimension of a policy; conditions of a policy are joined by AND, values inside one by OR.
 *
 * <p>A dimension that a policy does not mention holds for everything. Conditions are immutable and pure. A new dimension
 * is a new case here: {@link PolicyEngine} does not change.
 */
public sealed interface Condition {

    /**
     * Evaluates against one request.
     *
     * @param request the request with its facts
     * @return the verdict; {@link Verdict#UNKNOWN} when a fact is needed that is not known
     */
    Verdict test(AccessRequest request);

    /**
     * The part of all resources for which the condition holds, given everything of the request but the resource.
     *
     * @param request a request whose facts name the kind only
     * @return everything or nothing unless the condition speaks of the resource
     */
    default AccessScope region(AccessRequest request) {
        return test(request) == Verdict.YES ? new AccessScope.All() : new AccessScope.None("a condition does not hold");
    }

    /**
     * Tells whether the condition names patients or labels, which lets a permit of priority 300 pass the label gate.
     *
     * @return false unless it does
     */
    default boolean namesPatientOrLabel() {
        return false;
    }

    /**
     * Which client systems (dimension 8).
     *
     * @param ids client ids
     */
    record Client(Set<String> ids) implements Condition {
        /** Copies the set. */
        public Client {
            ids = Set.copyOf(ids);
        }

        @Override
        public Verdict test(AccessRequest request) {
            return Verdict.of(ids.contains(request.subject().client()));
        }
    }

    /**
     * Which users (dimension 9); never holds for a client without a user.
     *
     * @param anyOf alternatives
     */
    record User(Set<UserMatch> anyOf) implements Condition {
        /** Copies the set. */
        public User {
            anyOf = Set.copyOf(anyOf);
        }

        @Override
        public Verdict test(AccessRequest request) {
            return Verdict.of(anyOf.stream().anyMatch(match -> match.matches(request.subject())));
        }
    }

    /**
     * Which interfaces (dimension 2).
     *
     * @param doors doors
     */
    record Interface(Set<Door> doors) implements Condition {
        /** Copies the set. */
        public Interface {
            doors = Set.copyOf(doors);
        }

        @Override
        public Verdict test(AccessRequest request) {
            return Verdict.of(doors.contains(request.environment().door()));
        }
    }

    /**
     * Which data types (dimension 3), as far as they are resource types.
     *
     * @param types FHIR resource types
     */
    record DataType(Set<String> types) implements Condition {
        /** Copies the set. */
        public DataType {
            types = Set.copyOf(types);
        }

        @Override
        public Verdict test(AccessRequest request) {
            return Verdict.of(types.contains(request.resource().kind().type()));
        }
    }

    /**
     * Which actions.
     *
     * @param actions actions
     */
    record Actions(Set<Action> actions) implements Condition {
        /** Copies the set. */
        public Actions {
            actions = Set.copyOf(actions);
        }

        @Override
        public Verdict test(AccessRequest request) {
            return Verdict.of(actions.contains(request.action()));
        }
    }

    /**
     * Which patients (dimension 5).
     *
     * @param patients patient references
     */
    record Patient(Set<String> patients) implements Condition {
        /** Copies the set. */
        public Patient {
            patients = Set.copyOf(patients);
        }

        @Override
        public Verdict test(AccessRequest request) {
            Set<String> concerned = request.resource().patients();
            return concerned.isEmpty()
                    ? Verdict.UNKNOWN
                    : Verdict.of(concerned.stream().anyMatch(patients::contains));
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return new AccessScope.Compartment(patients);
        }

        @Override
        public boolean namesPatientOrLabel() {
            return true;
        }

        /** Tells the number of patients only: references are identifying. */
        @Override
        public String toString() {
            return "Patient[" + patients.size() + "]";
        }
    }

    /**
     * Patients with at least this label (part of dimension 4).
     *
     * @param lowest lowest label that is meant
     */
    record LabelAtLeast(Clearance lowest) implements Condition {
        @Override
        public Verdict test(AccessRequest request) {
            Clearance label = request.resource().label();
            if (lowest == Clearance.N) {
                return Verdict.YES;
            }
            return label == null ? Verdict.UNKNOWN : Verdict.of(label.compareTo(lowest) >= 0);
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return lowest == Clearance.N
                    ? new AccessScope.All()
                    : new AccessScope.Not(new AccessScope.Label(Clearance.values()[lowest.ordinal() - 1]));
        }

        @Override
        public boolean namesPatientOrLabel() {
            return true;
        }
    }
}
