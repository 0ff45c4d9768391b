package org.trefoilhub.hub.critical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trefoilhub.hub.critical.CriticalStep.Actor;
import org.trefoilhub.hub.critical.CriticalStep.Need;
import org.trefoilhub.hub.workflow.Machines;
import org.trefoilhub.hub.workflow.StateMachine;

/** The step table, row by row. */
class CriticalStepTest {

    @ParameterizedTest
    @CsvSource({
        "found, requested, audit",
        "audited, requested, notify",
        "notified, requested, receive",
        "received, received, inform",
        "doctor-informed, accepted, handle",
        "handled, in-progress, note",
        "noted, in-progress,",
        "closed, completed,",
        "self-handled, cancelled,",
        "false-positive, cancelled,",
        "transferred, cancelled,",
        "lost, failed,"
    })
    void shouldGiveTheTaskTheStatusAndTheLimitOfTheRow(String code, String status, String limit) {
        CriticalStep step = CriticalStep.of(code).orElseThrow();
        assertThat(step.status().toCode()).isEqualTo(status);
        assertThat(step.limit()).isEqualTo(limit);
        StateMachine.State state = Machines.CRITICAL_VALUE.state(code).orElseThrow();
        assertThat(state.status()).as("the table of the workflow").isEqualTo(status);
    }

    @Test
    void shouldAllowTheStepsOfTheTableAndNoOthers() {
        Map<String, Set<String>> table = Map.ofEntries(
                Map.entry("found", Set.of("audited", "notified", "self-handled", "false-positive")),
                Map.entry("audited", Set.of("notified", "self-handled", "false-positive")),
                Map.entry("notified", Set.of("received", "self-handled", "false-positive", "transferred", "lost")),
                Map.entry(
                        "received",
                        Set.of("doctor-informed", "handled", "self-handled", "false-positive", "transferred", "lost")),
                Map.entry("doctor-informed", Set.of("handled", "false-positive", "transferred", "lost")),
                Map.entry("handled", Set.of("noted", "false-positive")),
                Map.entry("noted", Set.of("closed")),
                Map.entry("closed", Set.of()),
                Map.entry("self-handled", Set.of()),
                Map.entry("false-positive", Set.of()),
                Map.entry("transferred", Set.of()),
                Map.entry("lost", Set.of()));
        for (CriticalStep step : CriticalStep.values()) {
            assertThat(step.next().stream().map(CriticalStep::code).collect(Collectors.toSet()))
                    .as(step.code())
                    .isEqualTo(table.get(step.code()));
        }
    }

    @Test
    @Tag("CRIT-2")
    @Tag("CRIT-15")
    void shouldNeedReadBackMeasuresNoteAndReasons() {
        assertThat(CriticalStep.RECEIVED.needs()).containsExactly(Need.READ_BACK);
        assertThat(CriticalStep.HANDLED.needs()).containsExactly(Need.MEASURES);
        assertThat(CriticalStep.NOTED.needs()).containsExactly(Need.NOTE);
        for (CriticalStep exit : EnumSet.of(
                CriticalStep.SELF_HANDLED, CriticalStep.FALSE_POSITIVE, CriticalStep.TRANSFERRED, CriticalStep.LOST)) {
            assertThat(exit.needs()).as(exit.code()).contains(Need.REASON);
            assertThat(exit.isEnd()).isTrue();
        }
    }

    @Test
    void shouldKnowWhoTakesEachStep() {
        assertThat(CriticalStep.AUDITED.actors()).containsExactly(Actor.EXAM_DOCTOR);
        assertThat(CriticalStep.NOTIFIED.actors()).containsExactly(Actor.EXAM_DOCTOR);
        assertThat(CriticalStep.RECEIVED.actors()).containsExactlyInAnyOrder(Actor.WARD_NURSE, Actor.WARD_DOCTOR);
        assertThat(CriticalStep.HANDLED.actors()).containsExactly(Actor.WARD_DOCTOR);
        assertThat(CriticalStep.NOTED.actors()).containsExactly(Actor.WARD_DOCTOR);
        assertThat(CriticalStep.FALSE_POSITIVE.actors()).containsExactly(Actor.SECOND_EXAM_DOCTOR);
        assertThat(Arrays.stream(CriticalStep.values())
                        .filter(step -> step.actors().contains(Actor.HUB)))
                .containsExactly(CriticalStep.FOUND, CriticalStep.CLOSED);
    }

    @Test
    void shouldCompleteOnlyAfterHandledAndNoted() {
        assertThat(Arrays.stream(CriticalStep.values())
                        .filter(step -> step.next().contains(CriticalStep.CLOSED)))
                .containsExactly(CriticalStep.NOTED);
        assertThat(Arrays.stream(CriticalStep.values())
                        .filter(step -> step.next().contains(CriticalStep.NOTED)))
                .containsExactly(CriticalStep.HANDLED);
    }
}
