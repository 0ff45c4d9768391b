package org.trefoilhub.access.policy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the policy corpus; unknown fields are errors. */
final class PolicyCorpus {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    static final Vocabulary VOCABULARY = Vocabulary.hospital(
            Set.of("Patient", "Observation", "ImagingStudy", "DiagnosticReport", "Task", "Consent"));

    record SetText(boolean labelGate, List<PolicyText> policies) {}

    record PolicyText(
            String id,
            String effect,
            int priority,
            @Nullable List<String> clients,
            @Nullable List<String> users,
            @Nullable List<String> roles,
            @Nullable List<String> roleAt,
            @Nullable List<String> departments,
            @Nullable List<String> interfaces,
            @Nullable List<String> types,
            @Nullable List<String> actions,
            @Nullable List<String> patients,
            @Nullable Clearance labelAtLeast,
            @Nullable List<String> obligations) {

        AccessPolicy policy() {
            List<Condition> conditions = new ArrayList<>();
            if (clients != null) {
                conditions.add(new Condition.Client(Set.copyOf(clients)));
            }
            Set<UserMatch> matches = new LinkedHashSet<>();
            all(users).forEach(user -> matches.add(new UserMatch.Named(user)));
            all(roles).forEach(role -> matches.add(new UserMatch.InRole(role)));
            all(departments).forEach(department -> matches.add(new UserMatch.InDepartment(department)));
            all(roleAt)
                    .forEach(both -> matches.add(new UserMatch.InRoleAt(
                            both.substring(0, both.indexOf('@')), both.substring(both.indexOf('@') + 1))));
            if (!matches.isEmpty()) {
                conditions.add(new Condition.User(matches));
            }
            if (interfaces != null) {
                conditions.add(new Condition.Interface(interfaces.stream()
                        .map(code -> Door.ofCode(code).orElseThrow())
                        .collect(Collectors.toSet())));
            }
            if (types != null) {
                conditions.add(new Condition.DataType(Set.copyOf(types)));
            }
            if (actions != null) {
                conditions.add(new Condition.Actions(actions.stream()
                        .map(code -> Action.ofCode(code).orElseThrow())
                        .collect(Collectors.toSet())));
            }
            if (patients != null) {
                conditions.add(new Condition.Patient(Set.copyOf(patients)));
            }
            if (labelAtLeast != null) {
                conditions.add(new Condition.LabelAtLeast(labelAtLeast));
            }
            return new AccessPolicy(
                    id,
                    switch (effect) {
                        case "permit" -> AccessPolicy.Effect.PERMIT;
                        case "deny" -> AccessPolicy.Effect.DENY;
                        default -> throw new IllegalArgumentException(effect);
                    },
                    priority,
                    conditions,
                    all(obligations).stream().map(Obligation::new).collect(Collectors.toSet()));
        }
    }

    record SubjectText(
            String client,
            @Nullable String user,
            @Nullable Set<String> roles,
            @Nullable Set<String> departments,
            Clearance clearance,
            Set<String> scopes) {
        Subject subject() {
            return new Subject(
                    client,
                    user,
                    roles == null ? Set.of() : roles,
                    departments == null ? Set.of() : departments,
                    clearance,
                    scopes,
                    null);
        }
    }

    record ResourceText(String type, @Nullable String id, @Nullable Set<String> patients, @Nullable Clearance label) {
        ResourceFacts facts() {
            ResourceFacts facts = ResourceFacts.of(type);
            if (id != null) {
                facts = facts.withId(id);
            }
            if (patients != null) {
                facts = facts.withPatients(patients);
            }
            return label == null ? facts : facts.withLabel(label);
        }
    }

    record Expectation(
            String outcome, Set<String> policies, Set<String> obligations, int errors, @Nullable String scope) {}

    record Case(
            String description,
            String policySet,
            SubjectText subject,
            @com.fasterxml.jackson.annotation.JsonProperty("interface") String door,
            String action,
            Set<String> purpose,
            ResourceText resource,
            Expectation expect) {

        AccessRequest request() {
            return new AccessRequest(
                    subject.subject(),
                    Action.ofCode(action).orElseThrow(),
                    resource.facts(),
                    purpose,
                    new Environment(Door.ofCode(door).orElseThrow(), Instant.EPOCH));
        }

        @Override
        public String toString() {
            return policySet + ": " + description;
        }
    }

    private PolicyCorpus() {}

    static Map<String, SetText> sets() {
        return read("sets.json", new TypeReference<>() {});
    }

    static List<Case> cases() {
        return read("decision-cases.json", new TypeReference<>() {});
    }

    private static <T> T read(String name, TypeReference<T> type) {
        try (InputStream in = PolicyCorpus.class.getResourceAsStream("/corpus/policy/" + name)) {
            return JSON.readValue(in, type);
        } catch (IOException e) {
            throw new IllegalStateException("corpus file `" + name + "` cannot be read", e);
        }
    }

    private static List<String> all(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }
}
