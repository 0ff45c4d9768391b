package org.trefoilhub.dicomweb.archive.index;

import java.util.Set;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.Tag;

/**
 * Which attributes of an object belong to its patient and study, and which to its series; all others are the instance's.
 *
 * <p>Spec: DICOM PS3.3 sections C.2, C.7.1, C.7.2, C.7.3 and the tables of PS3.18 section 10.6.3.3.
 */
final class LevelAttributes {
    private static final Set<Integer> STUDY = Set.of(
            Tag.StudyDate,
            Tag.StudyTime,
            Tag.AccessionNumber,
            Tag.IssuerOfAccessionNumberSequence,
            Tag.ReferringPhysicianName,
            Tag.StudyDescription,
            Tag.ProcedureCodeSequence,
            Tag.PhysiciansOfRecord,
            Tag.NameOfPhysiciansReadingStudy,
            Tag.AdmittingDiagnosesDescription,
            Tag.TimezoneOffsetFromUTC,
            Tag.StudyInstanceUID,
            Tag.StudyID,
            Tag.RequestingService,
            Tag.ReasonForPerformedProcedureCodeSequence,
            Tag.AdmissionID,
            Tag.ServiceEpisodeID);

    private static final Set<Integer> SERIES = Set.of(
            Tag.SeriesDate,
            Tag.SeriesTime,
            Tag.Modality,
            Tag.Manufacturer,
            Tag.InstitutionName,
            Tag.InstitutionAddress,
            Tag.StationName,
            Tag.SeriesDescription,
            Tag.SeriesDescriptionCodeSequence,
            Tag.InstitutionalDepartmentName,
            Tag.PerformingPhysicianName,
            Tag.OperatorsName,
            Tag.ManufacturerModelName,
            Tag.ReferencedPerformedProcedureStepSequence,
            Tag.BodyPartExamined,
            Tag.DeviceSerialNumber,
            Tag.SoftwareVersions,
            Tag.ProtocolName,
            Tag.PatientPosition,
            Tag.SeriesInstanceUID,
            Tag.SeriesNumber,
            Tag.Laterality,
            Tag.FrameOfReferenceUID,
            Tag.PerformedProcedureStepStartDate,
            Tag.PerformedProcedureStepStartTime,
            Tag.PerformedProcedureStepEndDate,
            Tag.PerformedProcedureStepEndTime,
            Tag.PerformedProcedureStepID,
            Tag.PerformedProcedureStepDescription,
            Tag.RequestAttributesSequence);

    private LevelAttributes() {}

    static boolean isStudy(int tag) {
        return tag >>> 16 == 0x0010 || STUDY.contains(tag);
    }

    static boolean isSeries(int tag) {
        return SERIES.contains(tag);
    }

    static DicomDataset studyPart(DicomDataset dataset) {
        DicomDataset.Builder part = DicomDataset.builder();
        for (DicomElement element : dataset) {
            if (isStudy(element.tag())) {
                part.put(element);
            }
        }
        return part.build();
    }

    static DicomDataset seriesPart(DicomDataset dataset) {
        DicomDataset.Builder part = DicomDataset.builder();
        for (DicomElement element : dataset) {
            if (isSeries(element.tag())) {
                part.put(element);
            }
        }
        return part.build();
    }
}
