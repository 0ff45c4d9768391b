package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyCorpusTest {

    private static final Map<String, PolicyCorpus.SetText> SETS = PolicyCorpus.sets();

    static List<PolicyCorpus.Case> cases() {
        return PolicyCorpus.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldAnswerAsTheCorpusSays(PolicyCorpus.Case theCase) {
        check(theCase, policies(theCase.policySet()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldNotDependOnTheOrderOfPolicies(PolicyCorpus.Case theCase) {
        List<AccessPolicy> policies = policies(theCase.policySet());
        Random random = new Random(4711);
        for (int i = 0; i < 5; i++) {
            List<AccessPolicy> shuffled = new ArrayList<>(policies);
            Collections.shuffle(shuffled, random);
            check(theCase, shuffled);
        }
    }

    @Test
    void shouldHaveEachDescriptionOnce() {
        Map<String, Long> counts = new HashMap<>();
        cases().forEach(each -> counts.merge(each.description(), 1L, Long::sum));
        assertThat(counts).hasSizeGreaterThan(60).allSatisfy((description, count) -> assertThat(count)
                .isEqualTo(1));
    }

    private static List<AccessPolicy> policies(String set) {
        return SETS.get(set).policies().stream()
                .map(PolicyCorpus.PolicyText::policy)
                .toList();
    }

    private static void check(PolicyCorpus.Case theCase, List<AccessPolicy> policies) {
        PolicySet set = PolicySet.compile(
                7,
                policies,
                PolicyCorpus.VOCABULARY,
                new PolicyOptions(SETS.get(theCase.policySet()).labelGate()));
        AccessRequest request = theCase.request();
        PolicyDecision decision = set.engine().decide(request);
        PolicyCorpus.Expectation expect = theCase.expect();
        assertThat(decision.outcome().name()).as(decision.reason()).isEqualToIgnoringCase(expect.outcome());
        assertThat(decision.policies()).isEqualTo(expect.policies());
        assertThat(decision.obligations().stream().map(Obligation::code).collect(Collectors.toSet()))
                .isEqualTo(expect.obligations());
        assertThat(decision.errors()).hasSize(expect.errors());
        assertThat(decision.setVersion()).isEqualTo(7);
        assertThat(decision.reason()).isNotBlank();
        assertThat(decision.permitted())
                .isEqualTo(expect.outcome().equals("permit")
                        && expect.obligations().isEmpty());
        if (expect.scope() != null) {
            AccessScope scope = set.engine()
                    .scope(
                            request.subject(),
                            request.action(),
                            request.resource().kind(),
                            request.environment());
            String word =
                    scope instanceof AccessScope.All ? "all" : scope instanceof AccessScope.None ? "none" : "part";
            assertThat(word).as(scope.toString()).isEqualTo(expect.scope());
        }
    }
}
