package org.trefoilhub.hub.demo;

import java.math.BigDecimal;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One invented exam.
 *
 * @param number 1-based, unique; order, accession and study identifiers are made of it
 * @param status exam-status code, {@code requested} … {@code released} (domain model: exam process)
 * @param started null before the exam begins
 * @param issued null before release
 * @param values measured values with their definition, in the item's order
 * @param imageFolder folder under {@code dicom/} or null when this exam has no images in the archive
 * @param imageLimit how many objects of the folder are used, spread evenly
 * @param critical null, {@code open} or {@code closed}
 */
record DemoExam(
        int number,
        DemoHospitalData.DemoPatient patient,
        DemoHospitalData.ExamItem item,
        String status,
        ZonedDateTime requested,
        @Nullable ZonedDateTime started,
        @Nullable ZonedDateTime issued,
        DemoHospitalData.Text text,
        List<Value> values,
        String requester,
        String author,
        String verifier,
        @Nullable String imageFolder,
        int imageLimit,
        @Nullable String critical) {

    record Value(DemoHospitalData.Measurement definition, BigDecimal value) {}

    /** Accession number, at most 16 characters (DICOM VR SH). */
    String accessionNumber() {
        return "A" + requested.getYear() + "%06d".formatted(number);
    }

    String placerOrder() {
        return "HIS-" + "%06d".formatted(number);
    }

    boolean performed() {
        return started != null;
    }

    boolean reported() {
        return switch (status) {
            case "writing", "preliminary", "verified", "released" -> true;
            default -> false;
        };
    }
}
