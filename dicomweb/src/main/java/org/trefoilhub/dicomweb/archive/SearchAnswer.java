package org.trefoilhub.dicomweb.archive;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicomweb.archive.index.SearchRow;

/**
 * Composes what a search answers from what the index found: the required attributes, those asked for, and the computed
 * ones.
 *
 * <p>Spec: DICOM PS3.18 tables 10.6.3-3 to 10.6.3-5. A required attribute that the objects lack is sent empty.
 */
final class SearchAnswer {
    private record Required(int tag, VR vr) {}

    private static final List<Required> STUDY = List.of(
            new Required(Tag.StudyDate, VR.DA),
            new Required(Tag.StudyTime, VR.TM),
            new Required(Tag.AccessionNumber, VR.SH),
            new Required(Tag.ReferringPhysicianName, VR.PN),
            new Required(Tag.PatientName, VR.PN),
            new Required(Tag.PatientID, VR.LO),
            new Required(Tag.PatientBirthDate, VR.DA),
            new Required(Tag.PatientSex, VR.CS),
            new Required(Tag.StudyInstanceUID, VR.UI),
            new Required(Tag.StudyID, VR.SH));

    private static final List<Required> SERIES = List.of(
            new Required(Tag.Modality, VR.CS),
            new Required(Tag.SeriesInstanceUID, VR.UI),
            new Required(Tag.SeriesNumber, VR.IS));

    private static final List<Required> INSTANCE = List.of(
            new Required(Tag.SOPClassUID, VR.UI),
            new Required(Tag.SOPInstanceUID, VR.UI),
            new Required(Tag.InstanceNumber, VR.IS));

    /** Sent when the objects have them. */
    private static final Set<Integer> STUDY_IF_PRESENT =
            Set.of(Tag.TimezoneOffsetFromUTC, Tag.StudyDescription, Tag.IssuerOfPatientID);

    private static final Set<Integer> SERIES_IF_PRESENT = Set.of(
            Tag.TimezoneOffsetFromUTC,
            Tag.SeriesDescription,
            Tag.SeriesDate,
            Tag.SeriesTime,
            Tag.BodyPartExamined,
            Tag.PerformedProcedureStepStartDate,
            Tag.PerformedProcedureStepStartTime,
            Tag.RequestAttributesSequence);

    private static final Set<Integer> INSTANCE_IF_PRESENT =
            Set.of(Tag.TimezoneOffsetFromUTC, Tag.Rows, Tag.Columns, Tag.BitsAllocated, Tag.NumberOfFrames);

    private final QueryLevel level;
    private final QidoQuery query;
    private final boolean wholeStudy;
    private final boolean wholeSeries;
    private final String base;

    /**
     * @param base DICOMweb root as clients see it, without a slash at the end
     */
    SearchAnswer(QueryLevel level, QidoQuery query, String base) {
        this.level = level;
        this.query = query;
        this.base = base;
        // a search below a named study or series need not repeat its attributes
        this.wholeStudy = level == QueryLevel.STUDY || !names(query, Tag.StudyInstanceUID);
        this.wholeSeries =
                level == QueryLevel.SERIES || level == QueryLevel.INSTANCE && !names(query, Tag.SeriesInstanceUID);
    }

    private static boolean names(QidoQuery query, int tag) {
        return query.matches().stream().anyMatch(match -> match.path().equals(List.of(tag)));
    }

    /** Whether the distinct SOP classes of the studies are wanted, which costs a query. */
    boolean wantsSopClasses() {
        return query.includeAll() || query.includeFields().contains(Tag.SOPClassesInStudy);
    }

    DicomDataset compose(SearchRow row, Map<Long, Set<String>> modalities, Map<Long, Set<String>> sopClasses) {
        DicomDataset found = row.attributes();
        DicomDataset.Builder answer = DicomDataset.builder();
        answer.put(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        answer.put(Tag.InstanceAvailability, VR.CS, "ONLINE");
        if (wholeStudy) {
            require(answer, found, STUDY);
            copy(answer, found, STUDY_IF_PRESENT);
            answer.put(Tag.ModalitiesInStudy, VR.CS, array(modalities.get(row.studyPk())));
            answer.putInts(Tag.NumberOfStudyRelatedSeries, VR.IS, row.studySeries());
            answer.putInts(Tag.NumberOfStudyRelatedInstances, VR.IS, row.studyInstances());
            if (wantsSopClasses()) {
                answer.put(Tag.SOPClassesInStudy, VR.UI, array(sopClasses.get(row.studyPk())));
            }
        } else {
            copy(answer, found, Set.of(Tag.StudyInstanceUID));
        }
        if (wholeSeries) {
            require(answer, found, SERIES);
            copy(answer, found, SERIES_IF_PRESENT);
            answer.putInts(Tag.NumberOfSeriesRelatedInstances, VR.IS, row.seriesInstances());
        } else if (level == QueryLevel.INSTANCE) {
            copy(answer, found, Set.of(Tag.SeriesInstanceUID));
        }
        if (level == QueryLevel.INSTANCE) {
            require(answer, found, INSTANCE);
            copy(answer, found, INSTANCE_IF_PRESENT);
            String syntax = row.transferSyntaxUid();
            if (syntax != null) {
                answer.put(Tag.AvailableTransferSyntaxUID, VR.UI, syntax);
            }
        }
        if (query.includeAll()) {
            for (DicomElement element : found) {
                put(answer, element);
            }
        } else {
            copy(answer, found, query.includeFields());
        }
        answer.put(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        answer.put(Tag.RetrieveURL, VR.UR, retrieveUrl(row));
        return answer.build();
    }

    private String retrieveUrl(SearchRow row) {
        StringBuilder url = new StringBuilder(base).append("/studies/").append(row.studyInstanceUid());
        if (row.seriesInstanceUid() != null) {
            url.append("/series/").append(row.seriesInstanceUid());
        }
        if (row.sopInstanceUid() != null) {
            url.append("/instances/").append(row.sopInstanceUid());
        }
        return url.toString();
    }

    private static void require(DicomDataset.Builder answer, DicomDataset found, List<Required> required) {
        for (Required attribute : required) {
            found.element(attribute.tag())
                    .ifPresentOrElse(answer::put, () -> answer.put(attribute.tag(), attribute.vr()));
        }
    }

    private static void copy(DicomDataset.Builder answer, DicomDataset found, Set<Integer> tags) {
        for (int tag : new TreeSet<>(tags)) {
            found.element(tag).ifPresent(element -> put(answer, element));
        }
    }

    private static void put(DicomDataset.Builder answer, DicomElement element) {
        if (!(element.value() instanceof DicomValue.Bulk)) {
            answer.put(element);
        }
    }

    private static String[] array(@Nullable Set<String> values) {
        return values == null ? new String[0] : values.toArray(new String[0]);
    }
}
