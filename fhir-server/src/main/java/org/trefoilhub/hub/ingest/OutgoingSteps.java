package org.trefoilhub.hub.ingest;

import java.util.Set;
import org.hl7.fhir.r4.model.Task;
import org.trefoilhub.hub.workflow.TransitionListener;

/** Puts what receivers are told of into the outbox, in the transaction of the step. */
final class OutgoingSteps implements TransitionListener {

    private static final Set<String> OUT = Set.of("released");

    private final Outbox outbox;
    private final Hl7Receivers receivers;

    OutgoingSteps(Outbox outbox, Hl7Receivers receivers) {
        this.outbox = outbox;
        this.receivers = receivers;
    }

    @Override
    public void moved(Transition transition) {
        if (!(transition.resource() instanceof Task task)
                || !task.getIdElement().hasIdPart()) {
            return;
        }
        String kind = task.getCode().getCodingFirstRep().getCode();
        String reference = "Task/" + task.getIdElement().getIdPart();
        for (Hl7Receivers.Receiver receiver : receivers.all()) {
            if ("exam-process".equals(kind)) {
                if (receiver.kinds().contains(Outbox.Kind.STATUS.code()) && transition.from() != null) {
                    add(receiver, reference, Outbox.Kind.STATUS, transition);
                }
                if (receiver.kinds().contains(Outbox.Kind.REPORT.code()) && OUT.contains(transition.to())) {
                    add(receiver, reference, Outbox.Kind.REPORT, transition);
                }
            } else if ("critical-value".equals(kind)
                    && transition.to().equals("notified")
                    && receiver.kinds().contains(Outbox.Kind.CRITICAL.code())) {
                add(receiver, reference, Outbox.Kind.CRITICAL, transition);
            }
        }
    }

    private void add(Hl7Receivers.Receiver receiver, String reference, Outbox.Kind kind, Transition transition) {
        outbox.add(receiver.code(), reference, kind, reference, transition.to(), transition.occurred());
    }
}
