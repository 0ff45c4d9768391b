package org.trefoilhub.dicomweb.archive.index;

import java.util.Optional;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicomweb.archive.PatientDirectory;

/**
 * What tells one patient of the archive from another.
 *
 * @param issuer issuer of the id as the object names it or else its sender means it; empty for the hospital's own numbers
 * @param patientId the id, without blanks around, never empty
 */
record PatientKey(String issuer, String patientId) {

    /** The patient that an object names; empty without a Patient ID. */
    static Optional<PatientKey> of(DicomDataset dataset, String sender, PatientDirectory directory) {
        String patientId =
                StudyIndex.text(dataset, Tag.PatientID, StudyIndex.TEXT_LENGTH).strip();
        if (patientId.isEmpty()) {
            return Optional.empty();
        }
        String issuer = StudyIndex.text(dataset, Tag.IssuerOfPatientID, StudyIndex.TEXT_LENGTH)
                .strip();
        return Optional.of(new PatientKey(issuer.isEmpty() ? directory.defaultIssuer(sender) : issuer, patientId));
    }

    /** Shows nothing: ids are identifying. */
    @Override
    public String toString() {
        return "PatientKey";
    }
}
