package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;

/** What the index leaves out, and that it leaves out nothing that matters. */
@Tag("ACC-1")
class PolicyIndexTest {

    private static final Instant NOW = Instant.parse("2026-03-02T02:00:00Z");

    /** Whatever could apply, on any set that came about in any order, is read. */
    @Property(tries = 400, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void shouldReadWhateverCouldApply(@ForAll long seed) {
        RandomPolicies random = new RandomPolicies(seed);
        Random choice = new Random(seed);
        List<CompiledPolicy> in = new ArrayList<>();
        PolicyIndex index = PolicyIndex.EMPTY;
        for (int i = 0; i < 80; i++) {
            if (choice.nextInt(4) == 0 && !in.isEmpty()) {
                index = index.without(in.remove(choice.nextInt(in.size())));
            } else {
                CompiledPolicy policy = CompiledPolicy.of(random.policy("policy#" + i), PolicyOptions.DEFAULT);
                in.add(policy);
                index = index.with(policy);
            }
        }
        for (int i = 0; i < 30; i++) {
            AccessRequest request = random.request(i % 2 == 0);
            Set<CompiledPolicy> read = read(index, request);
            assertThat(in).containsAll(read);
            for (CompiledPolicy policy : in) {
                if (policy.test(request) != Verdict.NO) {
                    assertThat(read).contains(policy);
                }
            }
        }
        Collections.shuffle(in, choice);
        for (CompiledPolicy policy : in) {
            index = index.without(policy);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(read(index, random.request(false))).isEmpty();
        }
    }

    @Test
    void shouldReadAFewOfAHundredThousand() {
        PolicyIndex index = PolicyIndex.EMPTY;
        for (int i = 0; i < 100_000; i++) {
            index = index.with(personal(i));
        }
        AccessRequest request = request("user-4711", "Patient/4711");
        assertThat(read(index, request)).hasSizeLessThanOrEqualTo(2);
        assertThat(read(index, request("nobody", "Patient/none"))).isEmpty();
    }

    /** Policies of one actor only divide by what they say beside it. */
    @Test
    void shouldDivideByTheNextConditionWhenTheFirstIsShared() {
        PolicyIndex index = PolicyIndex.EMPTY;
        for (int i = 0; i < 20_000; i++) {
            index = index.with(policy(
                    "p" + i,
                    new Condition.User(Set.of(new UserMatch.InRole("doctor"))),
                    new Condition.Patient(Set.of("Patient/" + i))));
        }
        assertThat(read(index, request("any", "Patient/77"))).hasSize(1);
        // A search knows no patient: what could show one of them must be read.
        AccessRequest search = new AccessRequest(
                request("any", "Patient/77").subject(),
                Action.VIEW,
                ResourceFacts.of("ImagingStudy"),
                Set.of(),
                new Environment(Door.FHIR_REST, NOW));
        assertThat(read(index, search)).hasSize(20_000);
    }

    @Test
    void shouldStopReadingWhenTheReaderHasEnough() {
        PolicyIndex index = PolicyIndex.EMPTY;
        for (int i = 0; i < 50; i++) {
            index = index.with(policy("p" + i, new Condition.Actions(Set.of(Action.VIEW))));
        }
        List<CompiledPolicy> read = new ArrayList<>();
        assertThat(index.readAll(request("any", "Patient/1"), policy -> read.add(policy) && read.size() < 3))
                .isFalse();
        assertThat(read).hasSize(3);
    }

    /** A policy with many values lies on many shelves and leaves all of them. */
    @Test
    void shouldTakeOutAPolicyFromEveryShelf() {
        List<String> patients =
                IntStream.range(0, 500).mapToObj(i -> "Patient/" + i).toList();
        PolicyIndex index = PolicyIndex.EMPTY;
        for (int i = 0; i < 20; i++) {
            index = index.with(personal(i));
        }
        CompiledPolicy wide = policy("wide", new Condition.Patient(Set.copyOf(patients)));
        PolicyIndex with = index.with(wide);
        PolicyIndex without = with.without(wide);
        for (String patient : patients) {
            assertThat(read(with, request("nobody", patient))).contains(wide);
            assertThat(read(without, request("nobody", patient))).doesNotContain(wide);
            assertThat(read(index, request("nobody", patient))).doesNotContain(wide);
        }
    }

    private static Set<CompiledPolicy> read(PolicyIndex index, AccessRequest request) {
        Set<CompiledPolicy> read = new HashSet<>();
        assertThat(index.readAll(request, policy -> {
                    read.add(policy);
                    return true;
                }))
                .isTrue();
        return read;
    }

    private static CompiledPolicy personal(int i) {
        return policy(
                "p" + i,
                new Condition.User(Set.of(new UserMatch.Named("user-" + i))),
                new Condition.Patient(Set.of("Patient/" + i)));
    }

    private static CompiledPolicy policy(String id, Condition... conditions) {
        return CompiledPolicy.of(
                new AccessPolicy(id, AccessPolicy.Effect.PERMIT, 0, List.of(conditions), Set.of()),
                PolicyOptions.DEFAULT);
    }

    private static AccessRequest request(String user, String patient) {
        Subject subject =
                new Subject("console", user, Set.of("doctor"), Set.of("W1"), Clearance.N, Set.of("user/*.cruds"), null);
        return new AccessRequest(
                subject,
                Action.VIEW,
                ResourceFacts.complete(new ResourceKind("ImagingStudy")).withPatients(Set.of(patient)),
                Set.of(),
                new Environment(Door.FHIR_REST, NOW));
    }
}
