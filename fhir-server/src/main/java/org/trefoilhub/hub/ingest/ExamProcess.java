package org.trefoilhub.hub.ingest;

import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.connectors.source.SourceChange;

/** Port to the workflow: where steps that sources report go. */
interface ExamProcess {

    /**
     * Takes a step that a source reports, as part of the caller's transaction.
     *
     * @param task reference of the exam's process
     * @param event the step
     * @param source who reports it
     * @param message source and control id of the message
     */
    void report(String task, SourceChange.ExamEvent event, Subject source, String message);
}
