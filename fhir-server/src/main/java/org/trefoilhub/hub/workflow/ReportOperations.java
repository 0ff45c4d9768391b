package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.Clock;
import java.time.Instant;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;

/** {@code DiagnosticReport/$verify}, {@code $release} and {@code $recall}: 审核, 发布, 召回. */
public final class ReportOperations {

    private final StepGate gate;
    private final ReportSteps steps;
    private final Clock clock;

    ReportOperations(StepGate gate, ReportSteps steps, Clock clock) {
        this.gate = gate;
        this.steps = steps;
        this.clock = clock;
    }

    /**
     * Signs a report: it is final, and shown to its department alone.
     *
     * @param id the report
     * @param in nothing
     * @param request who signs
     * @return {@code status}: state of the report
     */
    @Operation(name = "$verify", typeName = "DiagnosticReport")
    public Parameters verify(@IdParam IdType id, @ResourceParam @Nullable Parameters in, RequestDetails request) {
        Subject asker = asker(id, request);
        return answer(id, steps.verify(reference(id), Actor.of(asker), now()));
    }

    /**
     * Releases a verified report; the server sets {@code issued}.
     *
     * @param id the report
     * @param in nothing
     * @param request who releases
     * @return {@code status}: state of the report
     */
    @Operation(name = "$release", typeName = "DiagnosticReport")
    public Parameters release(@IdParam IdType id, @ResourceParam @Nullable Parameters in, RequestDetails request) {
        Subject asker = asker(id, request);
        return answer(id, steps.release(reference(id), Actor.of(asker), now()));
    }

    /**
     * Recalls a released report: it is hidden at once, and a Task of kind {@code report-revision} is opened.
     *
     * @param id the report
     * @param in {@code reason}
     * @param request who recalls
     * @return {@code status}: state of the report
     */
    @Operation(name = "$recall", typeName = "DiagnosticReport")
    public Parameters recall(@IdParam IdType id, @ResourceParam @Nullable Parameters in, RequestDetails request) {
        Subject asker = asker(id, request);
        String reason = in == null ? null : StepInput.text(in, "reason");
        if (reason == null) {
            throw new InvalidRequestException("expected the parameter `reason`");
        }
        return answer(id, steps.recall(reference(id), reason, Actor.of(asker), now()));
    }

    private Subject asker(IdType id, RequestDetails request) {
        Subject asker = gate.asker(request);
        gate.requireSeen(asker, reference(id));
        gate.requireChange(asker, reference(id));
        return asker;
    }

    private static String reference(IdType id) {
        return "DiagnosticReport/" + id.getIdPart();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static Parameters answer(IdType id, String state) {
        Parameters answer = new Parameters();
        answer.addParameter("status", new CodeType(state));
        answer.addParameter("report", new Reference(reference(id)));
        return answer;
    }
}
