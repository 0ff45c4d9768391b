package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.interceptors.fhir.facts.FactRecorder;
import org.trefoilhub.interceptors.fhir.facts.PatientLevel;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/** Leaves a trace of every change of a patient's level, in the transaction that changes it. */
final class LevelTrail implements FactRecorder.Listener {

    private final RequestSubjects subjects;
    private final Trail trail;

    LevelTrail(RequestSubjects subjects, Trail trail) {
        this.subjects = subjects;
        this.trail = trail;
    }

    @Override
    public void recorded(Resource resource, boolean created, @Nullable RequestDetails request) {
        // Other writes are the storage's to record.
    }

    @Override
    public void labelled(Resource patient, PatientLevel before, PatientLevel after, @Nullable RequestDetails request) {
        AuditRecord.Builder event = AuditRecord.of(AuditCode.SECURITY_ALERT, AuditAction.UPDATE)
                .subtype(AuditCode.LABEL_CHANGE)
                .patient(Desk.reference(patient))
                .detail("before", before.toString())
                .detail("after", after.toString());
        if (!RequestSubjects.isSystem(request)) {
            event.door(Door.FHIR_REST).subject(subjects.of(request));
        }
        trail.write(event.build());
    }
}
