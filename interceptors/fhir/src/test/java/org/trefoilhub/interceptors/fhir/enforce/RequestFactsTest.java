package org.trefoilhub.interceptors.fhir.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.PolicyEngine;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/** Facts are loaded once for a request, and again whenever they could have changed. */
class RequestFactsTest {

    private static final String KNOWN = "Patient/1";
    private static final String ABSENT = "Patient/2";

    private final Stored stored = new Stored();
    private final RequestFacts facts = new RequestFacts(stored);
    private final ServletRequestDetails request = new ServletRequestDetails();
    private int asked;

    private static final class Stored implements FactSource {
        private final List<String> asked = new ArrayList<>();
        private OptionalLong quiet = OptionalLong.of(1);
        private Clearance label = Clearance.N;

        @Override
        public Map<String, ResourceFacts> load(Collection<String> references) {
            asked.addAll(references);
            Map<String, ResourceFacts> found = new HashMap<>();
            if (references.contains(KNOWN)) {
                found.put(
                        KNOWN,
                        ResourceFacts.complete(new ResourceKind("Patient")).withLabel(label));
            }
            return found;
        }

        @Override
        public OptionalLong quiet() {
            return quiet;
        }

        @Override
        public ResourceFacts preview(Resource resource) {
            throw new UnsupportedOperationException();
        }
    }

    private Map<String, ResourceFacts> load(@Nullable ServletRequestDetails asking, String... references) {
        Map<String, ResourceFacts> found = new HashMap<>();
        facts.during(asking, () -> found.putAll(facts.load(Set.of(references))));
        return found;
    }

    @Test
    void loadsWhatIsThereAndWhatIsNotOncePerRequest() {
        assertThat(load(request, KNOWN, ABSENT)).containsOnlyKeys(KNOWN);
        assertThat(load(request, KNOWN, ABSENT)).containsOnlyKeys(KNOWN);
        assertThat(stored.asked).containsExactlyInAnyOrder(KNOWN, ABSENT);
    }

    @Test
    void keepsNothingForTheNextRequestNorOutsideOfOne() {
        load(request, KNOWN);
        load(new ServletRequestDetails(), KNOWN);
        load(null, KNOWN);
        facts.load(Set.of(KNOWN));
        facts.load(Set.of(KNOWN));
        assertThat(stored.asked).hasSize(5);
    }

    @Test
    void loadsAgainAfterSomebodyHasWritten() {
        assertThat(load(request, KNOWN).get(KNOWN).label()).isEqualTo(Clearance.N);
        stored.label = Clearance.V;
        stored.quiet = OptionalLong.of(2);
        assertThat(load(request, KNOWN).get(KNOWN).label()).isEqualTo(Clearance.V);
    }

    @Test
    void loadsEachTimeWhileSomebodyWrites() {
        load(request, KNOWN);
        stored.quiet = OptionalLong.empty();
        load(request, KNOWN);
        load(request, KNOWN);
        stored.quiet = OptionalLong.of(2);
        load(request, KNOWN);
        load(request, KNOWN);
        assertThat(stored.asked)
                .as("before, twice during, and once after the writing")
                .hasSize(4);
    }

    private static PolicyEngine engine() {
        return PolicySet.compile(0, List.of(), new Vocabulary(Set.of(), Set.of(), Set.of()), new PolicyOptions(true))
                .engine();
    }

    private int answers(PolicyEngine engine, Subject subject, Object about) {
        int before = asked;
        facts.during(
                request,
                () -> facts.answer(
                        engine,
                        new RequestFacts.Question(subject, Action.VIEW, Door.FHIR_REST, about, "decision"),
                        () -> Integer.toString(++asked)));
        return asked - before;
    }

    @Test
    void asksTheSameQuestionOnceAndAgainOfOtherPolicies() {
        PolicyEngine first = engine();
        Subject reader = Subject.device("reader", Clearance.N);
        assertThat(answers(first, reader, "Patient")).isEqualTo(1);
        assertThat(answers(first, Subject.device("reader", Clearance.N), "Patient"))
                .isZero();
        assertThat(answers(first, Subject.device("other", Clearance.N), "Patient"))
                .isEqualTo(1);
        assertThat(answers(first, Subject.device("reader", Clearance.V), "Patient"))
                .isEqualTo(1);
        assertThat(answers(first, reader, "Observation")).isEqualTo(1);
        assertThat(answers(engine(), reader, "Patient")).isEqualTo(1);
    }

    @Test
    void asksAgainForFactsThatWereLoadedAnew() {
        PolicyEngine engine = engine();
        Subject reader = Subject.device("reader", Clearance.N);
        ResourceFacts before = load(request, KNOWN).get(KNOWN);
        assertThat(answers(engine, reader, before)).isEqualTo(1);
        assertThat(answers(engine, reader, load(request, KNOWN).get(KNOWN))).isZero();
        stored.quiet = OptionalLong.of(2);
        assertThat(answers(engine, reader, load(request, KNOWN).get(KNOWN))).isEqualTo(1);
    }

    @Test
    void asksEachTimeOutsideOfRequests() {
        PolicyEngine engine = engine();
        RequestFacts.Question question = new RequestFacts.Question(
                Subject.device("reader", Clearance.N), Action.VIEW, Door.FHIR_REST, "Patient", "decision");
        facts.answer(engine, question, () -> ++asked);
        facts.answer(engine, question, () -> ++asked);
        assertThat(asked).isEqualTo(2);
    }
}
