package org.trefoilhub.connectors.ingest;

import java.util.List;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;
import org.trefoilhub.connectors.source.SourceSystem;

/** Applies changes to the FHIR store. Implementations are thread-safe. */
public interface ResourceSink {

    /**
     * Applies a change and the offset that says it is applied, in one transaction.
     *
     * @param source whose change it is; asked of the policy for every resource
     * @param change resources, steps and merges
     * @param offset the message it came from
     * @return what became of it
     * @throws IngestException when the policy or the storage refuses it, or what it needs never arrived; nothing is changed
     *     then
     */
    Applied apply(SourceSystem source, SourceChange change, Offset offset);

    /**
     * Which message is applied.
     *
     * @param message row of the message log
     * @param overdue whether what the message waits for is not waited for any longer
     */
    record Offset(long message, boolean overdue) {}

    /**
     * What became of a change.
     *
     * @param state whether it is stored
     * @param touched references of what was written, such as {@code Patient/12}
     */
    record Applied(State state, List<String> touched) {

        /** Copies the list. */
        public Applied {
            touched = List.copyOf(touched);
        }
    }

    /** Whether a change is stored. */
    enum State {
        /** Everything that was not superseded is stored. */
        APPLIED,
        /** Something newer is stored of all that the change speaks of. */
        SUPERSEDED,
        /** What the change needs is not there yet. */
        PARKED
    }
}
