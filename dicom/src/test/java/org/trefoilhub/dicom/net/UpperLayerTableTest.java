package org.trefoilhub.dicom.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trefoilhub.dicom.net.pdu.PduFixture;

/** Walks every pair of event and state. */
class UpperLayerTableTest {

    /** One line of the corpus, for one state. */
    record Transition(
            UpperLayerEvent event,
            UpperLayerState state,
            String qualifier,
            String action,
            List<String> effects,
            UpperLayerState next) {}

    static List<Transition> transitions() {
        List<Transition> transitions = new ArrayList<>();
        for (String line : PduFixture.text("state-table.txt").lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split("\\|", -1);
            String[] states = cells[1].trim().split(" ", 2);
            for (String state : states[0].split(",")) {
                transitions.add(new Transition(
                        UpperLayerEvent.values()[
                                Integer.parseInt(cells[0].trim().substring(3)) - 1],
                        state(state),
                        states.length > 1 ? states[1].trim() : "",
                        cells[2].trim(),
                        cells[3].isBlank() ? List.of() : List.of(cells[3].trim().split(", ")),
                        state(cells[4].trim())));
            }
        }
        return transitions;
    }

    private static UpperLayerState state(String number) {
        return UpperLayerState.values()[Integer.parseInt(number) - 1];
    }

    @ParameterizedTest
    @MethodSource("transitions")
    void shouldDoWhatTheStandardSays(Transition expected) throws IOException {
        UpperLayerAction action = UpperLayerTable.action(expected.event(), expected.state());
        Recorder recorder = new Recorder(expected.qualifier());

        UpperLayerState next = action.perform(recorder);

        assertThat(action.label()).isEqualTo(expected.action());
        assertThat(recorder.effects).isEqualTo(expected.effects());
        assertThat(next).isEqualTo(expected.next());
    }

    static Stream<Transition> pairsWithoutEntry() {
        Set<List<Object>> listed = new HashSet<>();
        transitions().forEach(t -> listed.add(List.of(t.event(), t.state())));
        return Arrays.stream(UpperLayerEvent.values()).flatMap(event -> Arrays.stream(UpperLayerState.values())
                .filter(state -> !listed.contains(List.of(event, state)))
                .map(state -> new Transition(event, state, "", "", List.of(), state)));
    }

    @ParameterizedTest
    @MethodSource("pairsWithoutEntry")
    void shouldRefuseEveryOtherPair(Transition pair) {
        assertThatThrownBy(() -> UpperLayerTable.action(pair.event(), pair.state()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(pair.event().label())
                .hasMessageContaining(pair.state().label());
    }

    @Test
    void shouldKnowEveryPair() {
        Set<List<Object>> seen = new HashSet<>();
        transitions().forEach(t -> seen.add(List.of(t.event(), t.state())));
        pairsWithoutEntry().forEach(t -> seen.add(List.of(t.event(), t.state())));

        assertThat(seen).hasSize(19 * 13);
        assertThat(transitions().stream().map(Transition::action).distinct()).hasSize(UpperLayerAction.values().length);
    }

    /** Writes down what an action does. */
    private static final class Recorder implements UpperLayerEffects {
        private final String qualifier;
        private final List<String> effects = new ArrayList<>();

        private Recorder(String qualifier) {
            this.qualifier = qualifier;
        }

        @Override
        public void connect() {
            effects.add("connect");
        }

        @Override
        public void send(Outgoing what) {
            effects.add("send " + what);
        }

        @Override
        public void indicate(Indication what) {
            effects.add("tell " + what);
        }

        @Override
        public void close() {
            effects.add("close");
        }

        @Override
        public void startArtim() {
            effects.add("start ARTIM");
        }

        @Override
        public void stopArtim() {
            effects.add("stop ARTIM");
        }

        @Override
        public boolean acceptableByProvider() {
            return !qualifier.equals("unacceptable");
        }

        @Override
        public boolean requestor() {
            return qualifier.equals("requestor");
        }

        @Override
        public boolean abortedByUser() {
            return qualifier.equals("by user");
        }
    }
}
