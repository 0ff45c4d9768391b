package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("ACC-1")
@Tag("ACC-2")
class PolicyCorpusTest {

    static List<PolicyCorpus.Case> cases() {
        return PolicyCorpus.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldAnswerAsTheCorpusSays(PolicyCorpus.Case theCase) {
        List<AccessPolicy> policies = new ArrayList<>(theCase.set().accessPolicies());
        check(theCase, policies);
        Collections.shuffle(policies, new Random(4711));
        check(theCase, policies);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldSearchAsTheCorpusSays(PolicyCorpus.Case theCase) {
        AccessRequest request = theCase.request();
        AccessScope scope = theCase.set()
                .compile(7)
                .engine()
                .scope(
                        request.subject(),
                        request.action(),
                        request.resource().kind(),
                        request.purposeOfUse(),
                        request.environment());
        if (theCase.expect().scope() != null) {
            String word =
                    scope instanceof AccessScope.All ? "all" : scope instanceof AccessScope.None ? "none" : "part";
            assertThat(word).as(scope.toString()).isEqualTo(theCase.expect().scope());
        }
        boolean everyLetter = request.subject().scopes().stream().allMatch(granted -> granted.endsWith(".cruds"));
        if (theCase.unknown() == null && everyLetter) {
            assertThat(scope.contains(request.resource()) == Verdict.YES)
                    .isEqualTo(theCase.expect().permit());
        }
    }

    @Test
    void shouldHaveEachDescriptionOnce() {
        Set<String> seen = new HashSet<>();
        assertThat(cases()).hasSizeGreaterThan(300).allSatisfy(each -> assertThat(seen.add(each.toString()))
                .as(each.toString())
                .isTrue());
    }

    /** The ten dimensions that are conditions, and action and purpose beside them; the effect is in every case. */
    @Test
    void shouldHoldEveryPairOfDimensions() {
        Set<Set<Dimension>> pairs = cases().stream()
                .flatMap(each -> each.set().accessPolicies().stream())
                .map(policy ->
                        policy.conditions().stream().map(Condition::dimension).collect(Collectors.toSet()))
                .filter(dimensions -> dimensions.size() == 2)
                .collect(Collectors.toSet());
        assertThat(pairs).hasSize(12 * 11 / 2);
    }

    @Test
    void shouldRefuseFieldsThatNobodyReads() {
        assertThatThrownBy(() -> PolicyCorpus.parse(
                        "{\"policies\": [{\"id\": \"a\", \"effect\": \"permit\", \"patient\": [\"Patient/1\"]}]}",
                        PolicyCorpus.SetText.class))
                .isInstanceOf(UnrecognizedPropertyException.class);
    }

    private static void check(PolicyCorpus.Case theCase, List<AccessPolicy> policies) {
        PolicySet set = PolicySet.compile(
                7,
                policies,
                PolicyCorpus.VOCABULARY,
                new PolicyOptions(theCase.set().labelGate()));
        PolicyDecision decision = set.engine().decide(theCase.request());
        PolicyCorpus.Expectation expect = theCase.expect();
        assertThat(decision.outcome().name()).as(decision.reason()).isEqualToIgnoringCase(expect.outcome());
        assertThat(decision.policies()).isEqualTo(expect.policies());
        assertThat(decision.obligations().stream().map(Obligation::code).collect(Collectors.toSet()))
                .isEqualTo(expect.obligations());
        assertThat(decision.errors()).hasSize(expect.errors());
        assertThat(decision.setVersion()).isEqualTo(7);
        assertThat(decision.reason()).isNotBlank();
        assertThat(decision.permitted())
                .isEqualTo(expect.permit() && expect.obligations().isEmpty());
    }
}
