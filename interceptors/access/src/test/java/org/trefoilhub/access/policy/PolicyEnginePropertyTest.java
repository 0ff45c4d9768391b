package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Compares the compiled engine with the rules as they are written, and its scopes with its decisions, on random sets and
 * requests.
 */
@Tag("ACC-1")
@Tag("ACC-2")
class PolicyEnginePropertyTest {

    /** One million pairs: a hundred times twenty sets, each asked five hundred times. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void shouldDecideAsTheRulesSay(@ForAll long seed) {
        RandomPolicies random = new RandomPolicies(seed);
        List<AccessRequest> requests = IntStream.range(0, 500)
                .mapToObj(i -> random.request(i % 2 == 0))
                .toList();
        for (int i = 0; i < 20; i++) {
            boolean gate = i % 2 == 0;
            List<AccessPolicy> policies = random.policies(16);
            PolicyEngine engine = compile(policies, gate).engine();
            RulesAsWritten rules = new RulesAsWritten(policies, gate);
            for (AccessRequest request : requests) {
                check(engine.decide(request), rules.answer(request, ScopeGate.letter(request.action())));
            }
        }
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void shouldDecideTheSameHoweverTheSetCameAbout(@ForAll long seed) {
        RandomPolicies random = new RandomPolicies(seed);
        Random choice = new Random(seed);
        PolicySet changed = compile(random.policies(60), true);
        for (int i = 0; i < 40; i++) {
            String rule = "rule" + choice.nextInt(20);
            List<AccessPolicy> replacement = new ArrayList<>();
            for (int j = choice.nextInt(4); j > 0; j--) {
                replacement.add(random.policy(rule + "#" + j));
            }
            changed = changed.with(i, rule, replacement);
        }
        List<AccessPolicy> shuffled = new ArrayList<>(changed.policies());
        Collections.shuffle(shuffled, choice);
        PolicyEngine afresh = compile(shuffled, true).engine();
        RulesAsWritten rules = new RulesAsWritten(shuffled, true);
        for (int i = 0; i < 100; i++) {
            AccessRequest request = random.request(i % 2 == 0);
            RulesAsWritten.Answer answer = rules.answer(request, ScopeGate.letter(request.action()));
            check(changed.engine().decide(request), answer);
            check(afresh.decide(request), answer);
        }
    }

    /** For resources of which everything is known, being in the scope and being permitted are the same. */
    @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void shouldNeverShowWhatDecideHidesNorHideWhatItShows(@ForAll long seed) {
        RandomPolicies random = new RandomPolicies(seed);
        boolean gate = (seed & 1) == 0;
        List<AccessPolicy> policies = random.policies(12);
        PolicyEngine engine = compile(policies, gate).engine();
        for (int i = 0; i < 100; i++) {
            AccessRequest request = random.request(true);
            AccessScope scope = engine.scope(
                    request.subject(),
                    request.action(),
                    request.resource().kind(),
                    request.purposeOfUse(),
                    request.environment());
            PolicyDecision decision = engine.decide(request);
            // Scopes here hold both of r and s or none, so what may be searched may be read.
            assertThat(scope.accept(new Contains(request.resource())))
                    .as(scope.toString())
                    .isEqualTo(decision.outcome() == PolicyDecision.Outcome.PERMIT);
            if (decision.outcome() == PolicyDecision.Outcome.PERMIT) {
                AccessScope masked = engine.obliged(
                        request.subject(),
                        request.action(),
                        request.resource().kind(),
                        request.purposeOfUse(),
                        request.environment(),
                        Obligation.MASK_NAME);
                assertThat(masked.accept(new Contains(request.resource())))
                        .as(masked.toString())
                        .isEqualTo(decision.obligations().contains(Obligation.MASK_NAME));
            }
        }
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    @Tag("ACC-12")
    void shouldExplainWhatItDecides(@ForAll long seed) {
        RandomPolicies random = new RandomPolicies(seed);
        List<AccessPolicy> policies = random.policies(30);
        PolicyEngine engine = compile(policies, true).engine();
        for (int i = 0; i < 20; i++) {
            AccessRequest request = random.request(i % 2 == 0);
            Explanation explanation = engine.explain(request);
            assertThat(explanation.decision()).isEqualTo(engine.decide(request));
            Set<String> applying = explanation.policies().stream()
                    .filter(line -> line.verdict() == Verdict.YES)
                    .map(line -> line.policy().id())
                    .collect(Collectors.toSet());
            assertThat(applying).containsAll(explanation.decision().policies());
            explanation.policies().forEach(PolicyEnginePropertyTest::checkLine);
        }
    }

    private static void checkLine(Explanation.Line line) {
        List<Verdict> all = new ArrayList<>(line.dimensions().values());
        all.add(line.labelGate());
        Verdict expected =
                all.contains(Verdict.NO) ? Verdict.NO : all.contains(Verdict.UNKNOWN) ? Verdict.UNKNOWN : Verdict.YES;
        assertThat(line.verdict()).isEqualTo(expected);
        assertThat(line.dimensions().keySet())
                .isEqualTo(line.policy().conditions().stream()
                        .map(Condition::dimension)
                        .collect(Collectors.toSet()));
    }

    private static void check(PolicyDecision decision, RulesAsWritten.Answer answer) {
        boolean same = (decision.outcome() == PolicyDecision.Outcome.PERMIT) == answer.permit()
                && decision.errors().isEmpty() != answer.error()
                && decision.policies().equals(answer.policies())
                && decision.obligations().equals(answer.obligations());
        if (!same) {
            throw new AssertionError("expected " + answer + " but got " + decision);
        }
    }

    private static PolicySet compile(Collection<AccessPolicy> policies, boolean gate) {
        return PolicySet.compile(1, policies, PolicyCorpus.VOCABULARY, new PolicyOptions(gate));
    }

    /** Whether a resource of which everything is known lies in a scope. */
    private record Contains(ResourceFacts facts) implements AccessScope.Visitor<Boolean> {
        @Override
        public Boolean all(AccessScope.All scope) {
            return true;
        }

        @Override
        public Boolean none(AccessScope.None scope) {
            return false;
        }

        @Override
        public Boolean anyOf(AccessScope.AnyOf scope) {
            return scope.parts().stream().anyMatch(part -> part.accept(this));
        }

        @Override
        public Boolean allOf(AccessScope.AllOf scope) {
            return scope.parts().stream().allMatch(part -> part.accept(this));
        }

        @Override
        public Boolean not(AccessScope.Not scope) {
            return !scope.part().accept(this);
        }

        @Override
        public Boolean compartment(AccessScope.Compartment scope) {
            return known(facts.patients()).stream().anyMatch(scope.patients()::contains);
        }

        @Override
        public Boolean label(AccessScope.Label scope) {
            return known(facts.label()).ordinal() <= scope.highest().ordinal();
        }

        @Override
        public Boolean coded(AccessScope.Coded scope) {
            return known(facts.codes().get(scope.kind())).stream().anyMatch(scope.values()::contains);
        }

        @Override
        public Boolean exam(AccessScope.Exam scope) {
            return known(facts.exams()).stream().anyMatch(scope.exams()::contains);
        }

        @Override
        public Boolean dataPeriod(AccessScope.DataPeriod scope) {
            Instant from = known(facts.date()).from();
            return from != null && between(from, scope.from(), scope.until());
        }

        @Override
        public Boolean care(AccessScope.Care scope) {
            for (CareFact each : known(facts.care())) {
                boolean current = each.current() || !scope.current();
                boolean ofClass = scope.classes().isEmpty() || scope.classes().contains(each.encounterClass());
                boolean open = scope.departments().isEmpty() && scope.user() == null;
                boolean there = each.department() != null && scope.departments().contains(each.department());
                boolean takesPart = scope.user() != null && each.users().contains(scope.user());
                if (current
                        && ofClass
                        && (open || there || takesPart)
                        && between(each.start(), scope.startFrom(), scope.startUntil())) {
                    return true;
                }
            }
            return false;
        }

        private static boolean between(Instant instant, @Nullable Instant from, @Nullable Instant until) {
            return !(from != null && instant.isBefore(from)) && (until == null || instant.isBefore(until));
        }

        private static <T> T known(@Nullable T fact) {
            return Objects.requireNonNull(fact);
        }
    }
}
