package org.trefoilhub.hub.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** The events of a legal course end in the same state, whatever order they come in and how often. */
@Tag("SHR-1")
class ProgressPropertyTest {

    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final StateMachine EXAM = Machines.EXAM_PROCESS;

    @Property(tries = 2_000)
    void anyOrderOfALegalCourseEndsInItsLastState(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 25) int length) {
        List<Progress.Reported> course = course(random, length);
        Progress.Reported last = course.get(course.size() - 1);
        List<Progress.Reported> sent = new ArrayList<>(course);
        for (int i = random.nextInt(length + 1); i > 0; i--) {
            sent.add(course.get(random.nextInt(course.size())));
        }
        Collections.shuffle(sent, random);

        Progress progress = new Progress("requested", START, List.of());
        for (Progress.Reported event : sent) {
            Instant before = progress.since();
            progress = progress.take(EXAM, event);
            Optional<Progress.Reported> due = progress.due(EXAM);
            while (due.isPresent()) {
                progress = progress.reach(EXAM, due.get());
                due = progress.due(EXAM);
            }
            assertThat(progress.since()).isAfterOrEqualTo(before);
        }

        assertThat(progress.state()).isEqualTo(last.to());
        assertThat(progress.since()).isEqualTo(last.occurred());
        assertThat(progress.waiting()).isEmpty();
    }

    @Property(tries = 500)
    void nothingThatIsOlderOrIllegalMovesTheState(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 12) int length) {
        List<Progress.Reported> course = course(random, length);
        Progress progress = new Progress("requested", START, List.of());
        for (Progress.Reported event : course) {
            progress = progress.take(EXAM, event);
        }
        for (StateMachine.State state : EXAM.states()) {
            Progress.Reported older = new Progress.Reported(state.code(), START.minusSeconds(1));
            assertThat(progress.take(EXAM, older)).isEqualTo(progress);
            Progress.Reported newer =
                    new Progress.Reported(state.code(), progress.since().plusSeconds(1));
            boolean moves = !progress.take(EXAM, newer).state().equals(progress.state());
            assertThat(moves)
                    .isEqualTo(EXAM.isLegal(progress.state(), state.code())
                            && !state.code().equals(progress.state()));
        }
    }

    /** A walk over the table; two steps that lead on may carry the same time. */
    private static List<Progress.Reported> course(Random random, int length) {
        List<Progress.Reported> course = new ArrayList<>();
        String state = "requested";
        Instant time = START;
        for (int i = 0; i < length; i++) {
            List<String> next = List.copyOf(EXAM.legal(state));
            if (next.isEmpty()) {
                break;
            }
            String to = next.get(random.nextInt(next.size()));
            boolean onward = EXAM.rank(to) > EXAM.rank(state);
            time = onward && random.nextInt(4) == 0 ? time : time.plusSeconds(1 + random.nextInt(600));
            course.add(new Progress.Reported(to, time));
            state = to;
        }
        return course;
    }
}
