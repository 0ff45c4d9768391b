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
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/** Facts are loaded once for a request, and again whenever they could have changed. */
class RequestFactsTest {

    private static final String KNOWN = "Patient/1";
    private static final String ABSENT = "Patient/2";

    private final Stored stored = new Stored();
    private final RequestFacts facts = new RequestFacts(stored);
    private final ServletRequestDetails request = new ServletRequestDetails();

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
}
