package org.trefoilhub.hub.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Consent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicyInvalidException;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;
import org.trefoilhub.interceptors.fhir.policy.ActorDirectory;

class LivePoliciesTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Vocabulary WORDS = Vocabulary.hospital(Set.of("Task", "Patient"));

    private final CurrentPolicies current = new CurrentPolicies();
    private final LivePolicies live = new LivePolicies(
            current,
            new AccessPolicyMapper(ZoneId.of("Asia/Shanghai"), ActorDirectory.EMPTY),
            WORDS,
            PolicyOptions.DEFAULT,
            PolicySet.compile(0, List.of(), WORDS, PolicyOptions.DEFAULT),
            CLOCK);

    @BeforeEach
    void load() {
        live.load(List.of(everything("1", 1)));
    }

    @Test
    void shouldPutAChangeInForceAtOnceAndCountIt() {
        assertThat(permitted()).isTrue();
        long before = current.set().version();
        live.put("2", 1, live.compile(stored("2", 1, Consents.denied("his", "Task"))));
        assertThat(permitted()).isFalse();
        assertThat(current.set().version()).isGreaterThan(before);
        live.remove("2", 2);
        assertThat(permitted()).isTrue();
        assertThat(current.set().version()).isGreaterThan(before + 1);
    }

    @Test
    void shouldNotLetAnOlderVersionComeBack() {
        live.put("2", 3, live.compile(stored("2", 3, Consents.denied("his", "Task"))));
        live.put("2", 2, List.of());
        assertThat(permitted()).isFalse();
        live.remove("2", 4);
        live.put("2", 3, live.compile(stored("2", 3, Consents.denied("his", "Task"))));
        assertThat(permitted()).isTrue();
    }

    @Test
    void shouldCountOnlyActiveAccessPolicies() {
        Consent draft = stored("2", 1, Consents.denied("his", "Task"));
        draft.setStatus(Consent.ConsentState.DRAFT);
        assertThat(live.compile(draft)).isEmpty();
        assertThat(live.compileDraft(draft, "draft")).hasSize(1);
        Consent patients = new Consent();
        patients.setId("Consent/3/_history/1");
        patients.setStatus(Consent.ConsentState.ACTIVE);
        assertThat(live.compile(patients)).isEmpty();
    }

    @Test
    void shouldPermitNothingWhenOneStoredPolicyIsNotUnderstood() {
        Consent strange = stored("2", 1, Consents.denied("his", "Pateint"));
        assertThatThrownBy(() -> live.load(List.of(everything("1", 1), strange)))
                .isInstanceOf(PolicyInvalidException.class)
                .hasMessageContaining("unknown resource type `Pateint`");
        assertThat(permitted()).isFalse();
        assertThat(live.isLockedDown()).isTrue();
        live.put("1", 2, live.compile(everything("1", 2)));
        assertThat(permitted())
                .as("a change alone does not open what is locked")
                .isFalse();
        live.load(List.of(everything("1", 2)));
        assertThat(permitted()).isTrue();
        assertThat(live.isLockedDown()).isFalse();
    }

    @Test
    void shouldCompileADraftBesideWhatIsInForce() {
        PolicySet changed = live.with("2", live.compileDraft(Consents.denied("his", "Task"), "2"));
        assertThat(permitted()).isTrue();
        assertThat(changed.policies()).hasSize(2);
    }

    private boolean permitted() {
        return current.current()
                .decide(AccessRequest.of(
                        Subject.device("his", Clearance.N),
                        Action.VIEW,
                        ResourceFacts.of("Task"),
                        new Environment(Door.FHIR_REST, CLOCK.instant())))
                .permitted();
    }

    private static Consent everything(String id, long version) {
        return stored(id, version, Consents.of(Consent.ConsentProvisionType.PERMIT, 0));
    }

    private static Consent stored(String id, long version, Consent consent) {
        consent.setId("Consent/" + id + "/_history/" + version);
        return consent;
    }
}
