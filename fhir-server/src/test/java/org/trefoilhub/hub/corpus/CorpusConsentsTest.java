package org.trefoilhub.hub.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Consent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.PolicyCorpus;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;

/** What a Consent says is what the corpus means: the policies that come out of the mapper are those of the corpus. */
@Tag("ACC-1")
class CorpusConsentsTest {

    static List<String> sets() {
        return PolicyCorpus.cases().stream()
                .map(PolicyCorpus.Case::policySet)
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void shouldSayWhatTheCorpusSays(String name) {
        PolicyCorpus.SetText set = PolicyCorpus.cases().stream()
                .filter(each -> each.policySet().equals(name))
                .findFirst()
                .orElseThrow()
                .set();
        if (!CorpusConsents.canSay(set)) {
            assertThat(name).isIn("duty", "masks"); // their obligations are none of a Consent's
            return;
        }
        AccessPolicyMapper mapper = new AccessPolicyMapper(CorpusHub.zone(set), reference -> List.of());
        List<AccessPolicy> mapped = new ArrayList<>();
        for (Consent consent : new CorpusConsents(UnaryOperator.identity()).of(set)) {
            mapped.addAll(mapper.map(consent));
        }
        List<AccessPolicy> meant = set.accessPolicies();
        assertThat(mapped).hasSameSizeAs(meant);
        for (int i = 0; i < meant.size(); i++) {
            AccessPolicy one = mapped.get(i);
            AccessPolicy other = meant.get(i);
            assertThat(one.id()).isEqualTo(other.id() + "#0");
            assertThat(one.effect()).isEqualTo(other.effect());
            assertThat(one.priority()).isEqualTo(other.priority());
            assertThat(one.obligations()).isEqualTo(other.obligations());
            assertThat(plain(one.conditions())).isEqualTo(plain(other.conditions()));
        }
    }

    /** Order does not matter, a lowest label is a set of labels, and alternatives are a set. */
    private static Set<Object> plain(List<Condition> conditions) {
        return conditions.stream().map(CorpusConsentsTest::plain).collect(Collectors.toSet());
    }

    private static Object plain(Condition condition) {
        if (condition instanceof Condition.AnyOf any) {
            return plain(any.alternatives());
        }
        if (condition instanceof Condition.LabelAtLeast least) {
            Set<Clearance> labels = EnumSet.allOf(Clearance.class);
            labels.removeIf(label -> !label.covers(least.lowest()));
            return new Condition.LabelIn(labels);
        }
        return condition;
    }
}
