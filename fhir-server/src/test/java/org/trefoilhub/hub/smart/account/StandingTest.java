package org.trefoilhub.hub.smart.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.Clearance;

/** What is left of an account when posts of the person have ended. */
class StandingTest {

    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final Standing.Tenure CURRENT = new Standing.Tenure(true, null, null);
    private static final Standing.Tenure CLOSED = new Standing.Tenure(false, null, null);
    private static final Standing.Tenure OVER = new Standing.Tenure(true, null, NOW);
    private static final Standing.Tenure TO_COME = new Standing.Tenure(true, NOW.plusSeconds(1), null);
    private static final Standing.Tenure UNTIL_SOON = new Standing.Tenure(true, NOW, NOW.plusSeconds(1));

    private static final UserAccount ONE =
            new UserAccount("one", "单一帆", Set.of("doctor"), Set.of("W1", "C1"), Clearance.N, null);
    private static final UserAccount TWO = new UserAccount(
            "two",
            "顾双清",
            Set.of(),
            Set.of(),
            Clearance.N,
            null,
            List.of(
                    new Position("ward", "病房医生", Set.of("doctor"), Set.of("W1"), Clearance.N),
                    new Position("reading", "诊断医师", Set.of("doctor"), Set.of("radiology"), Clearance.R)));

    private static Optional<UserAccount> left(UserAccount account, Map<String, List<Standing.Tenure>> tenures) {
        return new Standing(true, tenures).applyTo(account, NOW);
    }

    @Test
    void personWithoutRecordsStandsAsTheAccountSays() {
        assertThat(Standing.UNRECORDED.applyTo(ONE, NOW)).contains(ONE);
        assertThat(left(TWO, Map.of("elsewhere", List.of(CLOSED)))).contains(TWO);
    }

    @Test
    void personWhoIsNotActiveHasNothingLeft() {
        assertThat(new Standing(false, Map.of("W1", List.of(CURRENT))).applyTo(ONE, NOW))
                .isEmpty();
    }

    @Test
    void departmentThatHasEndedIsLeftOut() {
        assertThat(left(ONE, Map.of("W1", List.of(CLOSED))).orElseThrow().departments())
                .containsExactly("C1");
        assertThat(left(ONE, Map.of("W1", List.of(CLOSED), "C1", List.of(OVER))))
                .as("no department is left")
                .isEmpty();
    }

    @Test
    void positionThatHasEndedIsLeftOut() {
        assertThat(left(TWO, Map.of("reading", List.of(CLOSED))).orElseThrow().positions())
                .extracting(Position::code)
                .containsExactly("ward");
        assertThat(left(TWO, Map.of("radiology", List.of(OVER))).orElseThrow().positions())
                .as("by its department")
                .extracting(Position::code)
                .containsExactly("ward");
        assertThat(left(TWO, Map.of("reading", List.of(CLOSED), "ward", List.of(TO_COME))))
                .as("no position is left, which must not mean that there is nothing to choose")
                .isEmpty();
    }

    @Test
    void postIsHeldWhileOneOfItsRecordsIsCurrent() {
        assertThat(left(ONE, Map.of("W1", List.of(CLOSED, OVER, UNTIL_SOON)))).contains(ONE);
        assertThat(new Standing(true, Map.of("W1", List.of(UNTIL_SOON)))
                        .applyTo(ONE, NOW.plusSeconds(1))
                        .orElseThrow()
                        .departments())
                .as("a second later, without any change")
                .containsExactly("C1");
    }
}
