package org.trefoilhub.dicomweb.archive;

import java.util.Set;
import org.trefoilhub.dicom.data.Tag;

/** How much of who a patient is must be kept from the session's subject; a later constant keeps more. */
public enum Masking {
    /** Nothing. */
    NONE,
    /** Names: the first character is left, as in {@code 张*}. */
    NAME,
    /** Names, birth date, address, telecom and identifiers. */
    DEMOGRAPHICS;

    private static final Set<Integer> NAMES =
            Set.of(Tag.PatientName, Tag.OtherPatientNames, Tag.PatientBirthName, Tag.PatientMotherBirthName);

    private static final Set<Integer> OTHERS = Set.of(
            Tag.PatientID,
            Tag.IssuerOfPatientID,
            Tag.TypeOfPatientID,
            Tag.IssuerOfPatientIDQualifiersSequence,
            Tag.OtherPatientIDs,
            Tag.OtherPatientIDsSequence,
            Tag.PatientBirthDate,
            Tag.PatientBirthTime,
            Tag.PatientBirthDateInAlternativeCalendar,
            Tag.PatientDeathDateInAlternativeCalendar,
            Tag.PatientAlternativeCalendar,
            Tag.PatientAddress,
            Tag.PatientTelephoneNumbers,
            Tag.PatientTelecomInformation,
            Tag.CountryOfResidence,
            Tag.RegionOfResidence,
            Tag.MilitaryRank,
            Tag.BranchOfService,
            Tag.MedicalRecordLocator,
            Tag.InsurancePlanIdentification,
            Tag.PatientInsurancePlanCodeSequence,
            Tag.ReferencedPatientSequence,
            Tag.ReferencedPatientPhotoSequence,
            Tag.ResponsiblePerson,
            Tag.ResponsibleOrganization,
            Tag.Occupation,
            Tag.PatientReligiousPreference,
            Tag.EthnicGroup,
            Tag.AdmissionID,
            Tag.IssuerOfAdmissionIDSequence);

    /**
     * Whether an attribute is kept from the subject, wherever in an object it stands; such attributes cannot be searched by
     * either.
     *
     * @param tag DICOM tag
     */
    public boolean hides(int tag) {
        return this != NONE && NAMES.contains(tag) || this == DEMOGRAPHICS && OTHERS.contains(tag);
    }
}
