package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicySetTest {

    @Test
    void shouldReportEveryProblemAtOnce() {
        List<AccessPolicy> policies = List.of(
                policy("a", 0, new Condition.User(Set.of(new UserMatch.InRole("docter")))),
                policy("a", 1001, new Condition.DataType(Set.of("Pateint"))),
                policy("b", 0, new Condition.Client(Set.of())),
                policy("c", 0, new Condition.User(Set.of(new UserMatch.InRoleAt("doctor", "W9")))));
        assertThatThrownBy(() -> PolicySet.compile(1, policies, PolicyCorpus.VOCABULARY, PolicyOptions.DEFAULT))
                .isInstanceOfSatisfying(PolicyInvalidException.class, e -> {
                    assertThat(e.code()).isEqualTo(AccessErrorCode.POLICY_INVALID);
                    assertThat(e.problems())
                            .containsExactlyInAnyOrder(
                                    "policy `a` names the unknown role `docter`",
                                    "policy `a` is there twice",
                                    "policy `a` has priority 1001 but 0 to 1000 was expected",
                                    "policy `a` names the unknown resource type `Pateint`",
                                    "policy `b` has a client condition without values, which could never hold",
                                    "policy `c` names the unknown department `W9`");
                });
    }

    @Test
    void shouldDenyEverythingUntilASetIsLoaded() {
        CurrentPolicies current = new CurrentPolicies();
        AccessRequest request = AccessRequest.of(
                Subject.hub(),
                Action.VIEW,
                ResourceFacts.of("Patient"),
                new Environment(Door.FHIR_REST, Instant.EPOCH));
        assertThat(current.current().decide(request).permitted()).isFalse();
        current.replace(
                PolicySet.compile(1, List.of(policy("all", 0)), PolicyCorpus.VOCABULARY, PolicyOptions.DEFAULT));
        assertThat(current.current().decide(request).permitted()).isTrue();
    }

    @Test
    void shouldObeyAPermitOnlyWhenEveryObligationIsMet() {
        PolicyDecision decision = new PolicyDecision(
                PolicyDecision.Outcome.PERMIT, Set.of("p"), "permitted", Set.of(Obligation.MASK_NAME), List.of(), 1);
        assertThat(decision.permitted()).isFalse();
        assertThat(decision.permitted(Set.of(Obligation.NOTIFY))).isFalse();
        assertThat(decision.permitted(Set.of(Obligation.MASK_NAME))).isTrue();
    }

    @Test
    void shouldKeepCodesUnique() {
        assertThat(Arrays.stream(AccessErrorCode.values()).map(AccessErrorCode::code))
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("TREFOIL-ACC-\\d{4}"));
    }

    @Test
    void shouldNotPrintWhatIdentifies() {
        Subject subject = new Subject("c", "u", Set.of(), Set.of(), Clearance.N, Set.of(), "secret-session");
        assertThat(subject.toString()).doesNotContain("secret-session");
        assertThat(ResourceFacts.of("Patient")
                        .withId("p1")
                        .withPatients(Set.of("Patient/p1"))
                        .toString())
                .doesNotContain("p1");
        assertThat(new AccessScope.Compartment(Set.of("Patient/p1")).toString()).doesNotContain("p1");
        assertThat(new Condition.Patient(Set.of("Patient/p1")).toString()).doesNotContain("p1");
    }

    @Test
    void shouldReadWhereItMaySearchOnlyForWhatASearchFound() {
        Subject subject =
                Subject.device("c", Clearance.N).withScopes(Set.of("system/Patient.cus", "system/Task.c", "openid"));
        assertThat(subject.searching().scopes())
                .contains("system/Patient.crus", "system/Task.c")
                .doesNotContain("system/Task.cr");
    }

    private static AccessPolicy policy(String id, int priority, Condition... conditions) {
        return new AccessPolicy(id, AccessPolicy.Effect.PERMIT, priority, List.of(conditions), Set.of());
    }
}
