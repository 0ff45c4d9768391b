package org.trefoilhub.access.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;

/**
 * One event, as FHIR AuditEvent has it. Immutable; made by {@link #of}.
 *
 * @param type kind of event
 * @param subtypes closer kinds, the most telling one first
 * @param action what was done
 * @param outcome how it ended
 * @param reason stable code or short text of a failure, without patient data; or null
 * @param door interface it came through, or null for the hub itself
 * @param client OAuth client id or device id, or null when nobody was proven
 * @param user user name, or null
 * @param roles role codes of the user
 * @param departments department codes of the user
 * @param address network address, or null
 * @param purposes codes of HL7 v3 PurposeOfUse
 * @param patients references such as {@code Patient/12} of everyone whose data was touched
 * @param resources other references
 * @param study Study Instance UID, or null
 * @param query the query as it was asked, or null
 * @param policies references of the policies that decided, with provision, such as {@code Consent/3#1}
 * @param details further facts by name, such as the reason that a person gave
 * @param traceId id that the log and the answer carry, or null
 */
public record AuditRecord(
        AuditCode type,
        List<AuditCode> subtypes,
        AuditAction action,
        AuditOutcome outcome,
        @Nullable String reason,
        @Nullable Door door,
        @Nullable String client,
        @Nullable String user,
        Set<String> roles,
        Set<String> departments,
        @Nullable String address,
        Set<String> purposes,
        Set<String> patients,
        List<String> resources,
        @Nullable String study,
        @Nullable String query,
        Set<String> policies,
        Map<String, String> details,
        @Nullable String traceId) {

    /** Copies the collections; sets and maps keep their order. */
    public AuditRecord {
        subtypes = List.copyOf(subtypes);
        roles = ordered(roles);
        departments = ordered(departments);
        purposes = ordered(purposes);
        patients = ordered(patients);
        resources = List.copyOf(resources);
        policies = ordered(policies);
        details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    private static Set<String> ordered(Set<String> values) {
        return java.util.Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    /**
     * Starts an event that succeeded; {@link Builder#outcome} says otherwise.
     *
     * @param type kind of event
     * @param action what was done
     * @return a builder
     */
    public static Builder of(AuditCode type, AuditAction action) {
        return new Builder(type, action);
    }

    /**
     * Continues from this event.
     *
     * @return a builder that holds everything of this event
     */
    public Builder with() {
        Builder builder = new Builder(type, action);
        builder.subtypes.addAll(subtypes);
        builder.outcome = outcome;
        builder.reason = reason;
        builder.door = door;
        builder.client = client;
        builder.user = user;
        builder.roles = roles;
        builder.departments = departments;
        builder.address = address;
        builder.purposes.addAll(purposes);
        builder.patients.addAll(patients);
        builder.resources.addAll(resources);
        builder.study = study;
        builder.query = query;
        builder.policies.addAll(policies);
        builder.details.putAll(details);
        builder.traceId = traceId;
        return builder;
    }

    /** Collects an event; not thread-safe. */
    public static final class Builder {

        private final AuditCode type;
        private final AuditAction action;
        private final List<AuditCode> subtypes = new ArrayList<>();
        private AuditOutcome outcome = AuditOutcome.SUCCESS;
        private @Nullable String reason;
        private @Nullable Door door;
        private @Nullable String client;
        private @Nullable String user;
        private Set<String> roles = Set.of();
        private Set<String> departments = Set.of();
        private @Nullable String address;
        private final Set<String> purposes = new LinkedHashSet<>();
        private final Set<String> patients = new LinkedHashSet<>();
        private final Set<String> resources = new LinkedHashSet<>();
        private @Nullable String study;
        private @Nullable String query;
        private final Set<String> policies = new LinkedHashSet<>();
        private final Map<String, String> details = new LinkedHashMap<>();
        private @Nullable String traceId;

        private Builder(AuditCode type, AuditAction action) {
            this.type = type;
            this.action = action;
        }

        /** Adds a closer kind. */
        public Builder subtype(AuditCode subtype) {
            subtypes.add(subtype);
            return this;
        }

        /** Sets how it ended. */
        public Builder outcome(AuditOutcome ended) {
            outcome = ended;
            return this;
        }

        /** Sets a failure with its stable code or a short text without patient data. */
        public Builder failed(AuditOutcome ended, @Nullable String because) {
            outcome = ended;
            reason = because;
            return this;
        }

        /** Sets the interface. */
        public Builder door(@Nullable Door through) {
            door = through;
            return this;
        }

        /** Sets who asked, with roles and departments. */
        public Builder subject(Subject subject) {
            client = subject.client();
            user = subject.user();
            roles = subject.roles();
            departments = subject.departments();
            return this;
        }

        /** Sets the client alone. */
        public Builder client(@Nullable String id) {
            client = id;
            return this;
        }

        /** Sets the user alone. */
        public Builder user(@Nullable String name) {
            user = name;
            return this;
        }

        /** Sets the roles of the user. */
        public Builder roles(Set<String> codes) {
            roles = codes;
            return this;
        }

        /** Sets the network address. */
        public Builder address(@Nullable String from) {
            address = from;
            return this;
        }

        /** Adds a code of v3 PurposeOfUse. */
        public Builder purpose(String code) {
            purposes.add(code);
            return this;
        }

        /** Adds a patient, such as {@code Patient/12}. */
        public Builder patient(String reference) {
            patients.add(reference);
            return this;
        }

        /** Adds patients. */
        public Builder patients(Collection<String> references) {
            patients.addAll(references);
            return this;
        }

        /** Adds another resource. */
        public Builder resource(String reference) {
            resources.add(reference);
            return this;
        }

        /** Sets the study. */
        public Builder study(@Nullable String uid) {
            study = uid;
            return this;
        }

        /** Sets the query as it was asked. */
        public Builder query(@Nullable String text) {
            query = text;
            return this;
        }

        /** Adds a policy that decided, such as {@code Consent/3#1}. */
        public Builder policy(String reference) {
            policies.add(reference);
            return this;
        }

        /** Adds policies that decided. */
        public Builder policies(Collection<String> references) {
            policies.addAll(references);
            return this;
        }

        /** Adds a fact by name. */
        public Builder detail(String name, String value) {
            details.put(name, value);
            return this;
        }

        /** Sets the id that the log and the answer carry. */
        public Builder traceId(@Nullable String id) {
            traceId = id;
            return this;
        }

        /**
         * Makes the event.
         *
         * @return the event
         */
        public AuditRecord build() {
            return new AuditRecord(
                    type,
                    subtypes,
                    action,
                    outcome,
                    reason,
                    door,
                    client,
                    user,
                    roles,
                    departments,
                    address,
                    purposes,
                    patients,
                    List.copyOf(resources),
                    study,
                    query,
                    policies,
                    details,
                    traceId);
        }
    }
}
