package org.trefoilhub.access.policy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One dimension of a policy; conditions of a policy are joined by AND, values inside one by OR.
 *
 * <p>A dimension that a policy does not mention holds for everything. A condition says which part of all resources it
 * means, given who asks for what; whether it holds for one resource follows. Conditions are immutable and pure. A new
 * dimension is a new case here: {@link PolicyEngine} does not change.
 */
public sealed interface Condition {

    /**
     * The dimension this condition speaks of.
     *
     * @return one of them
     */
    Dimension dimension();

    /**
     * The part of all resources for which the condition holds.
     *
     * @param request who asks for what and when; of its facts only the kind is looked at
     * @return everything or nothing unless the condition speaks of more of the resource than its kind
     */
    AccessScope region(AccessRequest request);

    /**
     * Evaluates against one request.
     *
     * @param request the request with its facts
     * @return the verdict; {@link Verdict#UNKNOWN} when a fact is needed that is not known
     */
    default Verdict test(AccessRequest request) {
        return region(request).contains(request.resource());
    }

    /**
     * Tells whether the condition names patients, labels or sensitivities, which lets a permit of priority 300 pass the
     * label gate.
     *
     * @return false unless it does
     */
    default boolean namesPatientOrLabel() {
        return dimension() == Dimension.PATIENT;
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
        public Dimension dimension() {
            return Dimension.SYSTEM;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return ScopeAlgebra.when(ids.contains(request.subject().client()));
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
        public Dimension dimension() {
            return Dimension.USER;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return ScopeAlgebra.when(anyOf.stream().anyMatch(match -> match.matches(request.subject())));
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
        public Dimension dimension() {
            return Dimension.INTERFACE;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return ScopeAlgebra.when(doors.contains(request.environment().door()));
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
        public Dimension dimension() {
            return Dimension.DATA_TYPE;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return ScopeAlgebra.when(types.contains(request.resource().kind().type()));
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
        public Dimension dimension() {
            return Dimension.ACTION;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return ScopeAlgebra.when(actions.contains(request.action()));
        }
    }

    /**
     * Which purposes; never holds when the subject declared none.
     *
     * @param codes codes of HL7 v3 PurposeOfUse
     */
    record Purpose(Set<String> codes) implements Condition {
        /** Copies the set. */
        public Purpose {
            codes = Set.copyOf(codes);
        }

        @Override
        public Dimension dimension() {
            return Dimension.PURPOSE;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return ScopeAlgebra.when(!Collections.disjoint(codes, request.purposeOfUse()));
        }
    }

    /**
     * Which patients (dimension 5), under any of their linked identities.
     *
     * @param patients patient references
     */
    record Patient(Set<String> patients) implements Condition {
        /** Copies the set. */
        public Patient {
            patients = Set.copyOf(patients);
        }

        @Override
        public Dimension dimension() {
            return Dimension.PATIENT;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return new AccessScope.Compartment(patients);
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
        public Dimension dimension() {
            return Dimension.PATIENT_TYPE;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return lowest == Clearance.N
                    ? ScopeAlgebra.when(true)
                    : new AccessScope.Not(new AccessScope.Label(Clearance.values()[lowest.ordinal() - 1]));
        }

        @Override
        public boolean namesPatientOrLabel() {
            return true;
        }
    }

    /**
     * Patients with exactly one of these labels (part of dimension 4).
     *
     * @param labels labels that are meant
     */
    record LabelIn(Set<Clearance> labels) implements Condition {
        /** Copies the set. */
        public LabelIn {
            labels = Set.copyOf(labels);
        }

        @Override
        public Dimension dimension() {
            return Dimension.PATIENT_TYPE;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            AccessScope region = ScopeAlgebra.when(false);
            for (Clearance label : Clearance.values()) {
                if (labels.contains(label)) {
                    AccessScope exactly = ScopeAlgebra.intersection(
                            new LabelAtLeast(label).region(request), ScopeAlgebra.upTo(label));
                    region = ScopeAlgebra.union(region, exactly);
                }
            }
            return region;
        }

        @Override
        public boolean namesPatientOrLabel() {
            return true;
        }
    }

    /**
     * Which codes (dimensions 1, 3, 4, 5 and 6).
     *
     * @param kind what the codes say
     * @param values codes
     */
    record Coded(FactKind kind, Set<String> values) implements Condition {
        /** Copies the set. */
        public Coded {
            values = Set.copyOf(values);
        }

        @Override
        public Dimension dimension() {
            return kind.dimension();
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return new AccessScope.Coded(kind, values);
        }

        @Override
        public boolean namesPatientOrLabel() {
            return kind == FactKind.GROUP || kind == FactKind.SENSITIVITY;
        }
    }

    /**
     * Which exams (dimension 6).
     *
     * @param exams references of ServiceRequest, ImagingStudy or DiagnosticReport
     */
    record Exam(Set<String> exams) implements Condition {
        /** Copies the set. */
        public Exam {
            exams = Set.copyOf(exams);
        }

        @Override
        public Dimension dimension() {
            return Dimension.EXAM;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return new AccessScope.Exam(exams);
        }
    }

    /**
     * Data whose documented date begins in a period (dimension 7).
     *
     * @param from first instant, or null for no bound
     * @param until first instant after the period, or null for no bound
     */
    record DataPeriod(@Nullable Instant from, @Nullable Instant until) implements Condition {
        @Override
        public Dimension dimension() {
            return Dimension.DATA_PERIOD;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            return new AccessScope.DataPeriod(from, until);
        }
    }

    /**
     * Patients who stand in one of these relations to the user (part of dimension 4).
     *
     * @param relations alternatives
     * @param zone zone of the hospital, which says when today begins
     */
    record Care(Set<CareRelation> relations, ZoneId zone) implements Condition {
        /** Copies the set. */
        public Care {
            relations = Set.copyOf(relations);
        }

        @Override
        public Dimension dimension() {
            return Dimension.PATIENT_TYPE;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            AccessScope region = ScopeAlgebra.when(false);
            for (CareRelation relation : CareRelation.values()) {
                if (relations.contains(relation)) {
                    region = ScopeAlgebra.union(
                            region,
                            relation.region(
                                    request.subject(), request.environment().instant(), zone));
                }
            }
            return region;
        }
    }

    /**
     * When the request may be made (dimension 10).
     *
     * @param from first instant, or null for no bound
     * @param until first instant after the period, or null for no bound
     * @param hours alternatives, or empty for the whole day
     * @param zone zone of the hospital, in which the hours are meant
     */
    record AuthorisationPeriod(@Nullable Instant from, @Nullable Instant until, Set<Hours> hours, ZoneId zone)
            implements Condition {
        /** Copies the set. */
        public AuthorisationPeriod {
            hours = Set.copyOf(hours);
        }

        @Override
        public Dimension dimension() {
            return Dimension.AUTHORISATION_PERIOD;
        }

        @Override
        public AccessScope region(AccessRequest request) {
            Instant now = request.environment().instant();
            return ScopeAlgebra.when((from == null || !now.isBefore(from))
                    && (until == null || now.isBefore(until))
                    && (hours.isEmpty() || hours.stream().anyMatch(span -> span.contains(now, zone))));
        }
    }

    /**
     * A span of the day that comes back on some days of the week.
     *
     * @param days days on which it begins, or empty for every day
     * @param start local time at which it begins; in the gap of a clock change, as much later
     * @param length elapsed time, more than nothing and at most 24 hours; it may run past midnight
     */
    record Hours(Set<DayOfWeek> days, LocalTime start, Duration length) {
        /** Copies the set. */
        public Hours {
            days = Set.copyOf(days);
        }

        /** Whether an instant lies in a span that began today or yesterday; the end is exclusive. */
        boolean contains(Instant instant, ZoneId zone) {
            LocalDate today = instant.atZone(zone).toLocalDate();
            return begunOn(today, instant, zone) || begunOn(today.minusDays(1), instant, zone);
        }

        private boolean begunOn(LocalDate day, Instant instant, ZoneId zone) {
            Instant begin = ZonedDateTime.of(day, start, zone).toInstant();
            return (days.isEmpty() || days.contains(day.getDayOfWeek()))
                    && !instant.isBefore(begin)
                    && instant.isBefore(begin.plus(length));
        }
    }

    /**
     * Alternatives of different shape in one dimension, such as resource types and codes of data types.
     *
     * @param alternatives conditions of the same dimension, at least one
     */
    record AnyOf(List<Condition> alternatives) implements Condition {
        /** Copies the list. */
        public AnyOf {
            alternatives = List.copyOf(alternatives);
        }

        @Override
        public Dimension dimension() {
            return alternatives.get(0).dimension();
        }

        @Override
        public AccessScope region(AccessRequest request) {
            AccessScope region = ScopeAlgebra.when(false);
            for (Condition alternative : alternatives) {
                region = ScopeAlgebra.union(region, alternative.region(request));
            }
            return region;
        }

        @Override
        public boolean namesPatientOrLabel() {
            return alternatives.stream().allMatch(Condition::namesPatientOrLabel);
        }
    }
}
