package org.trefoilhub.dicom.net;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** DICOM PS3.8 table 9-10, as it stands in the standard: rows are events, columns are states, a dot is no entry. */
final class UpperLayerTable {

    private static final String TABLE =
            """
                   Sta1 Sta2 Sta3 Sta4 Sta5 Sta6 Sta7 Sta8 Sta9 Sta10 Sta11 Sta12 Sta13
            Evt1   AE-1 .    .    .    .    .    .    .    .    .     .     .     .
            Evt2   .    .    .    AE-2 .    .    .    .    .    .     .     .     .
            Evt3   .    AA-1 AA-8 .    AE-3 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8  AA-8  AA-6
            Evt4   .    AA-1 AA-8 .    AE-4 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8  AA-8  AA-6
            Evt5   AE-5 .    .    .    .    .    .    .    .    .     .     .     .
            Evt6   .    AE-6 AA-8 .    AA-8 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8  AA-8  AA-7
            Evt7   .    .    AE-7 .    .    .    .    .    .    .     .     .     .
            Evt8   .    .    AE-8 .    .    .    .    .    .    .     .     .     .
            Evt9   .    .    .    .    .    DT-1 .    AR-7 .    .     .     .     .
            Evt10  .    AA-1 AA-8 .    AA-8 DT-2 AR-6 AA-8 AA-8 AA-8  AA-8  AA-8  AA-6
            Evt11  .    .    .    .    .    AR-1 .    .    .    .     .     .     .
            Evt12  .    AA-1 AA-8 .    AA-8 AR-2 AR-8 AA-8 AA-8 AA-8  AA-8  AA-8  AA-6
            Evt13  .    AA-1 AA-8 .    AA-8 AA-8 AR-3 AA-8 AA-8 AR-10 AR-3  AA-8  AA-6
            Evt14  .    .    .    .    .    .    .    AR-4 AR-9 .     .     AR-4  .
            Evt15  .    .    AA-1 AA-2 AA-1 AA-1 AA-1 AA-1 AA-1 AA-1  AA-1  AA-1  .
            Evt16  .    AA-2 AA-3 .    AA-3 AA-3 AA-3 AA-3 AA-3 AA-3  AA-3  AA-3  AA-2
            Evt17  .    AA-5 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4  AA-4  AA-4  AR-5
            Evt18  .    AA-2 .    .    .    .    .    .    .    .     .     .     AA-2
            Evt19  .    AA-1 AA-8 .    AA-8 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8  AA-8  AA-7
            """;

    private static final @Nullable UpperLayerAction[][] ACTIONS = parse();

    private UpperLayerTable() {}

    /**
     * The action for an event in a state.
     *
     * @throws IllegalStateException when the standard has no entry for the pair: such an event cannot come from the
     *     wire, so the local user broke the order of primitives
     */
    static UpperLayerAction action(UpperLayerEvent event, UpperLayerState state) {
        UpperLayerAction action = ACTIONS[event.ordinal()][state.ordinal()];
        if (action == null) {
            throw new IllegalStateException(
                    "no action for " + event.label() + " (" + event + ") in " + state.label() + " (" + state + ")");
        }
        return action;
    }

    private static @Nullable UpperLayerAction[][] parse() {
        Map<String, UpperLayerAction> byLabel = Arrays.stream(UpperLayerAction.values())
                .collect(Collectors.toMap(UpperLayerAction::label, Function.identity()));
        @Nullable
        UpperLayerAction[][] actions =
                new UpperLayerAction[UpperLayerEvent.values().length][UpperLayerState.values().length];
        String[] rows = TABLE.strip().split("\n");
        for (UpperLayerEvent event : UpperLayerEvent.values()) {
            String[] cells = rows[event.ordinal() + 1].split(" +");
            for (UpperLayerState state : UpperLayerState.values()) {
                actions[event.ordinal()][state.ordinal()] = byLabel.get(cells[state.ordinal() + 1]);
            }
        }
        return actions;
    }
}
