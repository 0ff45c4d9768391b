package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.time.Duration;
import java.time.Instant;
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

    /** The four examples of the rules, each with what it permits and what it refuses; the last one only refuses. */
    @Test
    void shouldHoldEveryTruthExample() {
        for (int i = 1; i <= 4; i++) {
            String example = "truth example " + i + ":";
            Set<Boolean> outcomes = cases().stream()
                    .filter(each -> each.description().startsWith(example))
                    .map(each -> each.expect().permit())
                    .collect(Collectors.toSet());
            assertThat(outcomes).as(example).contains(false).hasSize(i == 4 ? 1 : 2);
        }
    }

    /** Bounds of periods and hours are asked at their first instant and just before it, in more than one zone. */
    @Test
    void shouldAskAtTheBoundsOfPeriods() {
        for (String name : Set.of("loan", "office", "night", "store-period")) {
            List<PolicyCorpus.Case> asked = cases().stream()
                    .filter(each -> each.policySet().equals(name))
                    .toList();
            List<Instant> instants = asked.stream()
                    .map(each -> each.environment().instant())
                    .sorted()
                    .distinct()
                    .toList();
            boolean close = false;
            for (int i = 1; i < instants.size(); i++) {
                close |= Duration.between(instants.get(i - 1), instants.get(i)).compareTo(Duration.ofSeconds(1)) <= 0;
            }
            assertThat(close).as(name).isTrue();
            assertThat(asked.stream().map(each -> each.expect().permit()).collect(Collectors.toSet()))
                    .as(name)
                    .hasSize(2);
        }
        assertThat(cases().stream()
                        .map(each -> each.time().replaceAll(".*(Z|[+-]\\d\\d:\\d\\d)$", "$1"))
                        .distinct())
                .contains("Z", "+08:00", "-05:00");
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
