package org.trefoilhub.dicomweb.archive;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.PersonName;

/**
 * What a projection needs to know of a study. Values are as stored in the objects (DICOM value formats), null where the
 * objects say nothing.
 *
 * @param patientName Patient's Name of the study's first object
 * @param patientId Patient ID; null if the objects carry none
 * @param issuerOfPatientId Issuer of Patient ID
 * @param patientSex M, F, O or null
 * @param patientBirthDate YYYYMMDD
 * @param studyDate YYYYMMDD
 * @param studyTime HHMMSS.FFFFFF or shorter
 * @param timezoneOffsetFromUtc for example {@code +0800}
 * @param sender calling AE title or client id of the study's first object
 * @param modalities distinct, in alphabetical order
 */
public record StudySummary(
        String studyInstanceUid,
        @Nullable PersonName patientName,
        @Nullable String patientId,
        @Nullable String issuerOfPatientId,
        @Nullable String patientSex,
        @Nullable String patientBirthDate,
        @Nullable String accessionNumber,
        @Nullable String studyId,
        @Nullable String studyDescription,
        @Nullable String studyDate,
        @Nullable String studyTime,
        @Nullable String timezoneOffsetFromUtc,
        @Nullable PersonName referringPhysicianName,
        String sender,
        List<String> modalities,
        int numberOfSeries,
        int numberOfInstances,
        List<Series> series) {

    public StudySummary {
        modalities = List.copyOf(modalities);
        series = List.copyOf(series);
    }

    /** Shows the UID only: everything else may identify a patient. */
    @Override
    public String toString() {
        return "StudySummary[" + studyInstanceUid + "]";
    }

    /**
     * One series.
     *
     * @param laterality L, R or null
     * @param seriesDate YYYYMMDD
     */
    public record Series(
            String seriesInstanceUid,
            @Nullable Integer seriesNumber,
            @Nullable String modality,
            @Nullable String seriesDescription,
            @Nullable String bodyPartExamined,
            @Nullable String laterality,
            @Nullable String seriesDate,
            @Nullable String seriesTime,
            List<Instance> instances) {
        public Series {
            instances = List.copyOf(instances);
        }
    }

    /** One instance of a series. */
    public record Instance(
            String sopInstanceUid, String sopClassUid, @Nullable Integer instanceNumber, int numberOfFrames) {}
}
