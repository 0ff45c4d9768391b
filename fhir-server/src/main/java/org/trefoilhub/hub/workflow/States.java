package org.trefoilhub.hub.workflow;

import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;

/** How ServiceRequest, Appointment, ImagingStudy and DiagnosticReport say in which state they are. */
final class States {

    /** Tells that a report has been recalled. */
    static final String RELEASE_STATE = Machines.CANONICAL + "/CodeSystem/release-state";

    static final String RECALLED = "recalled";
    private static final Set<String> SIGNED = Set.of("final", "amended", "corrected", "appended");

    private States() {}

    /** Code of the state in the table of its type, or empty when it has no status. */
    static Optional<String> of(Resource resource) {
        if (resource instanceof ServiceRequest request) {
            return Optional.ofNullable(request.getStatus()).map(ServiceRequest.ServiceRequestStatus::toCode);
        }
        if (resource instanceof Appointment appointment) {
            return Optional.ofNullable(appointment.getStatus()).map(Appointment.AppointmentStatus::toCode);
        }
        if (resource instanceof ImagingStudy study) {
            return Optional.ofNullable(study.getStatus()).map(ImagingStudy.ImagingStudyStatus::toCode);
        }
        return resource instanceof DiagnosticReport report ? report(report, isRecalled(report)) : Optional.empty();
    }

    /** State of a report whose tags may not be shown, because an update carries them forward. */
    static Optional<String> report(DiagnosticReport report, boolean recalled) {
        if (!report.hasStatus()) {
            return Optional.empty();
        }
        String status = report.getStatus().toCode();
        if (!SIGNED.contains(status)) {
            return Optional.of(status);
        }
        if (recalled) {
            return Optional.of(RECALLED);
        }
        if (!report.hasIssued()) {
            return Optional.of("verified");
        }
        return Optional.of(status.equals("final") ? "released" : status);
    }

    static boolean isRecalled(DiagnosticReport report) {
        return report.getMeta().getTag(RELEASE_STATE, RECALLED) != null;
    }

    /** Whether a report has been signed, so that it may no longer vanish. */
    static boolean isSigned(DiagnosticReport report) {
        return report.hasStatus() && SIGNED.contains(report.getStatus().toCode());
    }

    static void set(Resource resource, String state, Instant when) {
        if (resource instanceof ServiceRequest request) {
            request.setStatus(ServiceRequest.ServiceRequestStatus.fromCode(state));
        } else if (resource instanceof Appointment appointment) {
            appointment.setStatus(Appointment.AppointmentStatus.fromCode(state));
        } else if (resource instanceof ImagingStudy study) {
            study.setStatus(ImagingStudy.ImagingStudyStatus.fromCode(state));
        } else if (resource instanceof DiagnosticReport report) {
            setReport(report, state, when);
        }
    }

    private static void setReport(DiagnosticReport report, String state, Instant when) {
        switch (state) {
            case "verified" ->
                report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL).setIssued(null);
            case "released" -> {
                if (!isSigned(report)) {
                    report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
                }
                report.setIssued(Date.from(when));
            }
            case RECALLED -> report.getMeta().addTag(new Coding(RELEASE_STATE, RECALLED, "召回"));
            case "registered", "partial", "preliminary", "cancelled" ->
                report.setStatus(DiagnosticReport.DiagnosticReportStatus.fromCode(state))
                        .setIssued(null);
            default -> report.setStatus(DiagnosticReport.DiagnosticReportStatus.fromCode(state));
        }
    }
}
