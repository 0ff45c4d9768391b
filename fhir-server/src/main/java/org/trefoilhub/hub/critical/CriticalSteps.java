package org.trefoilhub.hub.critical;

import java.util.Set;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Task;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.workflow.Machines;
import org.trefoilhub.hub.workflow.StepHandler;
import org.trefoilhub.hub.workflow.TransitionListener;

/** Joins critical values to the one workflow: their steps, and the release of a report that has one. */
final class CriticalSteps implements StepHandler, TransitionListener {

    /** States of a report that is shown to others. */
    private static final Set<String> OUT = Set.of("released", "amended", "corrected", "appended");

    private final CriticalCases cases;

    CriticalSteps(CriticalCases cases) {
        this.cases = cases;
    }

    @Override
    public Set<String> kinds() {
        return Set.of(Words.CRITICAL_VALUE);
    }

    @Override
    public Parameters advance(Subject asker, Task task, Parameters in) {
        return cases.advance(asker, task, in);
    }

    @Override
    public void moved(Transition transition) {
        if (transition.machine() == Machines.DIAGNOSTIC_REPORT
                && transition.actor().user() != null
                && OUT.contains(transition.to())
                && transition.resource() instanceof DiagnosticReport report) {
            cases.requireAudited(report);
        }
    }
}
