package org.trefoilhub.hub.imaging;

import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.StudySummary;
import org.trefoilhub.hub.workflow.FirstImages;

/**
 * Makes FHIR say of one study what the archive says of it now.
 *
 * <p>Idempotent: the result depends on the archive alone, not on how often or in which order it is called. Must run
 * inside a transaction, which then holds all of it or nothing.
 */
final class StudyProjection {

    private final Archive archive;
    private final FhirStore store;
    private final ImagingStudyMapper studies;
    private final SourcePatientMapper patients;
    private final DicomwebEndpoint endpoint;
    private final ReviewTasks reviews;
    private final IdentifierSystems systems;
    private final Map<String, String> defaultIssuers;
    private final FirstImages firstImages;

    StudyProjection(
            Archive archive,
            FhirStore store,
            ImagingStudyMapper studies,
            SourcePatientMapper patients,
            DicomwebEndpoint endpoint,
            ReviewTasks reviews,
            IdentifierSystems systems,
            Map<String, String> defaultIssuers,
            FirstImages firstImages) {
        this.archive = archive;
        this.store = store;
        this.studies = studies;
        this.patients = patients;
        this.endpoint = endpoint;
        this.reviews = reviews;
        this.systems = systems;
        this.defaultIssuers = defaultIssuers;
        this.firstImages = firstImages;
    }

    /** Projects the study as it is now, or as gone. */
    void project(String studyInstanceUid) {
        Identifier identifier = IdentifierSystems.study(studyInstanceUid);
        Optional<ImagingStudy> stored =
                store.byIdentifier(ImagingStudy.class, identifier.getSystem(), identifier.getValue());
        Optional<StudySummary> summary =
                archive.as(Subject.hub(), Door.DICOMWEB_QIDO).study(studyInstanceUid);
        if (summary.isEmpty()) {
            stored.ifPresent(study -> {
                studies.cancel(study);
                store.save(ImagingStudy.class, study);
            });
            return;
        }
        ImagingStudy target = stored.orElseGet(ImagingStudy::new);
        Reference subject = subject(target, summary.get());
        studies.update(target, summary.get(), subject, endpoint.reference());
        store.save(ImagingStudy.class, target);
        String accession = summary.get().accessionNumber();
        if (stored.isEmpty() && accession != null && !accession.isBlank()) {
            firstImages.arrived(accession.strip());
        }
        reviews.close(studyInstanceUid, ReviewTasks.Reason.PROJECTION_FAILED);
    }

    private Reference subject(ImagingStudy target, StudySummary study) {
        String issuer = issuer(study);
        Optional<Patient> patient = patients.map(study, issuer);
        if (patient.isPresent()) {
            return patientReference(patient.get());
        }
        if (target.getSubject().hasReference()) {
            // A person has assigned the study to a patient meanwhile.
            return target.getSubject();
        }
        reviews.open(study.studyInstanceUid(), ReviewTasks.Reason.PATIENT_ID_MISSING);
        return new Reference()
                .setType("Patient")
                .setIdentifier(new Identifier()
                        .setSystem(systems.of("unassigned-study"))
                        .setValue(study.studyInstanceUid()));
    }

    private @Nullable String issuer(StudySummary study) {
        String issuer = study.issuerOfPatientId();
        return issuer == null || issuer.isBlank() ? defaultIssuers.get(study.sender()) : issuer.strip();
    }

    private Reference patientReference(Patient patient) {
        Identifier identifier = patient.getIdentifierFirstRep();
        return store.byIdentifier(Patient.class, identifier.getSystem(), identifier.getValue())
                .map(found -> new Reference(found.getIdElement().toUnqualifiedVersionless()))
                .orElseGet(() -> store.save(Patient.class, patient));
    }
}
