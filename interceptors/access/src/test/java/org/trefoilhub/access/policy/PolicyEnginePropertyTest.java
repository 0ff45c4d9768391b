package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Compares the compiled engine with an evaluator that follows the combining rules word by word, and its scopes with its
 * decisions.
 */
class PolicyEnginePropertyTest {

    private static final List<String> TYPES = List.of("Patient", "Observation", "ImagingStudy");
    private static final List<Clearance> LABELS = List.of(Clearance.values());
    private static final Set<String> PATIENTS = Set.of("Patient/1", "Patient/2");

    @Property(tries = 1_000)
    void shouldDecideAsTheRulesSay(
            @ForAll("policies") List<AccessPolicy> policies,
            @ForAll("requests") AccessRequest request,
            @ForAll boolean gate) {
        PolicyDecision decision = compile(policies, gate).engine().decide(request);
        Naive naive = new Naive(policies, gate);
        assertThat(decision.outcome() == PolicyDecision.Outcome.PERMIT).isEqualTo(naive.permits(request));
        assertThat(decision.policies()).isEqualTo(naive.determining);
    }

    @Property(tries = 500)
    void shouldNotDependOnOrder(
            @ForAll("policies") List<AccessPolicy> policies,
            @ForAll("requests") AccessRequest request,
            @ForAll boolean gate,
            @ForAll long seed) {
        List<AccessPolicy> shuffled = new ArrayList<>(policies);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(compile(shuffled, gate).engine().decide(request))
                .usingRecursiveComparison()
                .ignoringFields("errors", "reason")
                .isEqualTo(compile(policies, gate).engine().decide(request));
    }

    /** For resources of which everything is known, being in the scope and being permitted are the same. */
    @Property(tries = 1_000)
    void shouldNeverShowWhatDecideHidesNorHideWhatItShows(
            @ForAll("policies") List<AccessPolicy> policies,
            @ForAll("requests") AccessRequest request,
            @ForAll boolean gate) {
        PolicyEngine engine = compile(policies, gate).engine();
        AccessScope scope = engine.scope(
                request.subject(), request.action(), request.resource().kind(), request.environment());
        for (String patient : PATIENTS) {
            for (Clearance label : LABELS) {
                ResourceFacts facts = ResourceFacts.of(request.resource().kind())
                        .withPatients(Set.of(patient))
                        .withLabel(label);
                AccessRequest known =
                        AccessRequest.of(request.subject(), request.action(), facts, request.environment());
                assertThat(scope.accept(new Contains(facts)))
                        .isEqualTo(engine.decide(known).outcome() == PolicyDecision.Outcome.PERMIT);
            }
        }
    }

    private static PolicySet compile(List<AccessPolicy> policies, boolean gate) {
        return PolicySet.compile(1, policies, PolicyCorpus.VOCABULARY, new PolicyOptions(gate));
    }

    @Provide
    Arbitrary<List<AccessPolicy>> policies() {
        return conditions()
                .list()
                .ofMaxSize(4)
                .flatMap(conditions -> Combinators.combine(
                                Arbitraries.of(AccessPolicy.Effect.class),
                                Arbitraries.of(0, 100, 200, 300, 400, 500, 900))
                        .as((effect, priority) -> new AccessPolicy("x", effect, priority, conditions, Set.of())))
                .list()
                .ofMaxSize(8)
                .map(policies -> {
                    List<AccessPolicy> named = new ArrayList<>();
                    for (AccessPolicy policy : policies) {
                        named.add(new AccessPolicy(
                                "p" + named.size(),
                                policy.effect(),
                                policy.priority(),
                                policy.conditions(),
                                policy.obligations()));
                    }
                    return named;
                });
    }

    private static Arbitrary<Condition> conditions() {
        return Arbitraries.oneOf(
                some(List.of("console", "viewer", "his")).map(Condition.Client::new),
                some(List.<UserMatch>of(
                                new UserMatch.Named("u1"),
                                new UserMatch.InRole("doctor"),
                                new UserMatch.InDepartment("W1"),
                                new UserMatch.InRoleAt("nurse", "radiology")))
                        .map(Condition.User::new),
                some(List.of(Door.FHIR_REST, Door.DIMSE)).map(Condition.Interface::new),
                some(TYPES).map(Condition.DataType::new),
                some(List.of(Action.VIEW, Action.SAVE)).map(Condition.Actions::new),
                some(List.copyOf(PATIENTS)).map(Condition.Patient::new),
                Arbitraries.of(Clearance.class).map(Condition.LabelAtLeast::new));
    }

    private static <T> Arbitrary<Set<T>> some(List<T> values) {
        return Arbitraries.of(values).set().ofMinSize(1).ofMaxSize(values.size());
    }

    @Provide
    Arbitrary<AccessRequest> requests() {
        Arbitrary<Subject> subjects = Combinators.combine(
                        Arbitraries.of("console", "viewer", "his"),
                        Arbitraries.of("u1", "u2").injectNull(0.3),
                        Arbitraries.of("doctor", "nurse").set().ofMaxSize(2),
                        Arbitraries.of("W1", "radiology").set().ofMaxSize(2),
                        Arbitraries.of(Clearance.class))
                .as((client, user, roles, departments, clearance) -> new Subject(
                        client,
                        user,
                        roles,
                        departments,
                        clearance,
                        Set.of(user == null ? "system/*.cruds" : "user/*.cruds"),
                        null));
        Arbitrary<ResourceFacts> facts = Combinators.combine(
                        Arbitraries.of(TYPES),
                        Arbitraries.of(PATIENTS).set().ofMaxSize(2).injectNull(0.2),
                        Arbitraries.of(Clearance.class).injectNull(0.3))
                .as((type, patients, label) -> {
                    ResourceFacts known = ResourceFacts.of(type);
                    known = patients == null ? known : known.withPatients(patients);
                    return label == null ? known : known.withLabel(label);
                });
        return Combinators.combine(
                        subjects,
                        Arbitraries.of(Action.VIEW, Action.SAVE),
                        facts,
                        Arbitraries.of(Door.FHIR_REST, Door.DIMSE))
                .as((subject, action, resource, door) ->
                        AccessRequest.of(subject, action, resource, new Environment(door, Instant.EPOCH)));
    }

    /** The rules, word by word, with no index and no sorting. */
    private static final class Naive {
        private final List<AccessPolicy> policies;
        private final boolean gate;
        private Set<String> determining = Set.of();

        Naive(List<AccessPolicy> policies, boolean gate) {
            this.policies = policies;
            this.gate = gate;
        }

        boolean permits(AccessRequest request) {
            List<AccessPolicy> matching = new ArrayList<>();
            for (AccessPolicy policy : policies) {
                Verdict verdict = Verdict.YES;
                for (Condition condition : policy.conditions()) {
                    verdict = and(verdict, condition.test(request));
                }
                if (gate && policy.effect() == AccessPolicy.Effect.PERMIT && !passes(policy)) {
                    verdict = and(verdict, covered(request));
                }
                if (verdict == Verdict.UNKNOWN) {
                    return false;
                }
                if (verdict == Verdict.YES) {
                    matching.add(policy);
                }
            }
            int highest =
                    matching.stream().mapToInt(AccessPolicy::priority).max().orElse(-1);
            List<AccessPolicy> band =
                    matching.stream().filter(p -> p.priority() == highest).toList();
            boolean denied = band.stream().anyMatch(p -> p.effect() == AccessPolicy.Effect.DENY);
            AccessPolicy.Effect effect = denied ? AccessPolicy.Effect.DENY : AccessPolicy.Effect.PERMIT;
            Set<String> ids = new HashSet<>();
            band.stream().filter(p -> p.effect() == effect).forEach(p -> ids.add(p.id()));
            determining = ids;
            return !denied && !band.isEmpty();
        }

        private static Verdict and(Verdict a, Verdict b) {
            List<Verdict> both = List.of(a, b);
            if (both.contains(Verdict.NO)) {
                return Verdict.NO;
            }
            return both.contains(Verdict.UNKNOWN) ? Verdict.UNKNOWN : Verdict.YES;
        }

        private static boolean passes(AccessPolicy policy) {
            boolean named = policy.conditions().stream().anyMatch(Condition::namesPatientOrLabel);
            return policy.priority() >= 500 || (policy.priority() >= 300 && named);
        }

        private static Verdict covered(AccessRequest request) {
            @Nullable Clearance label = request.resource().label();
            if (request.subject().clearance() == Clearance.V) {
                return Verdict.YES;
            }
            return label == null
                    ? Verdict.UNKNOWN
                    : Verdict.of(request.subject().clearance().covers(label));
        }
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
            return Objects.requireNonNull(facts.patients()).stream().anyMatch(scope.patients()::contains);
        }

        @Override
        public Boolean label(AccessScope.Label scope) {
            Clearance label = facts.label();
            return label != null && scope.highest().covers(label);
        }

        @Override
        public Boolean coded(AccessScope.Coded scope) {
            return Objects.requireNonNull(facts.codes().get(scope.kind())).stream()
                    .anyMatch(scope.values()::contains);
        }

        @Override
        public Boolean exam(AccessScope.Exam scope) {
            throw new UnsupportedOperationException("not generated here");
        }

        @Override
        public Boolean dataPeriod(AccessScope.DataPeriod scope) {
            throw new UnsupportedOperationException("not generated here");
        }

        @Override
        public Boolean care(AccessScope.Care scope) {
            throw new UnsupportedOperationException("not generated here");
        }
    }
}
