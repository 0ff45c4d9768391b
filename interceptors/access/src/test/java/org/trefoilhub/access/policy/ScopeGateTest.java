package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A scope that names one resource opens it to who reads it by its id, and nothing else. */
class ScopeGateTest {

    private static final PolicySet ALL = PolicySet.compile(
            1,
            List.of(new AccessPolicy("all", AccessPolicy.Effect.PERMIT, 100, List.of(), Set.of())),
            Vocabulary.hospital(Set.of("Practitioner", "Patient")),
            PolicyOptions.DEFAULT);

    private static final Subject READER = new Subject(
            "cdss",
            "ward-doctor",
            Set.of("doctor"),
            Set.of("W1"),
            Clearance.N,
            Set.of("patient/*.rs", "user/Practitioner.r?_id=7"),
            null);

    private static boolean permits(Action action, ResourceFacts facts) {
        return ALL.engine()
                .decide(AccessRequest.of(READER, action, facts, new Environment(Door.FHIR_REST, Instant.EPOCH)))
                .permitted();
    }

    private static ResourceFacts practitioner(String id) {
        return ResourceFacts.complete(new ResourceKind("Practitioner")).withId(id);
    }

    @Test
    void shouldReadTheNamedResourceAlone() {
        assertThat(permits(Action.VIEW, practitioner("7"))).isTrue();
        assertThat(permits(Action.VIEW, practitioner("8"))).isFalse();
        assertThat(permits(Action.VIEW, practitioner("77"))).isFalse();
        assertThat(permits(
                        Action.VIEW,
                        ResourceFacts.complete(new ResourceKind("Patient")).withId("7")))
                .isFalse();
        assertThat(permits(Action.VIEW, ResourceFacts.complete(new ResourceKind("Practitioner"))))
                .isFalse();
        assertThat(permits(Action.MODIFY, practitioner("7"))).isFalse();
    }

    @Test
    void shouldFindNothingByIt() {
        Subject named = READER.withScopes(Set.of("user/Practitioner.rs?_id=7"));
        AccessScope scope = ALL.engine()
                .scope(
                        named,
                        Action.VIEW,
                        new ResourceKind("Practitioner"),
                        Set.of(),
                        new Environment(Door.FHIR_REST, Instant.EPOCH));
        assertThat(scope).isInstanceOf(AccessScope.None.class);
    }
}
