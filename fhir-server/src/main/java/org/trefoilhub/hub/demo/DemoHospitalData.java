package org.trefoilhub.hub.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code hospital.json} says: departments, source systems, exam items with their report texts, lab items and patients, all invented.
 *
 * <p>Lists keep the order of the file; an unknown field is an error, so that a typing mistake cannot silently lose data.
 */
record DemoHospitalData(
        List<Department> departments,
        List<Source> sources,
        List<ExamItem> examItems,
        List<Measurement> labs,
        List<DemoPatient> patients) {

    /** @param type {@code dept}, {@code ward} or {@code clinic} */
    record Department(String code, String name, String type) {}

    record Source(String code, String name) {}

    /**
     * One item of the exam dictionary.
     *
     * @param images folders under {@code dicom/} whose objects can stand for such an exam; empty when it has no images
     * @param examType {@code plain} or {@code enhanced}
     */
    record ExamItem(
            String code,
            String display,
            String examKind,
            String modality,
            String department,
            String bodySite,
            List<String> images,
            List<Text> texts,
            @Nullable List<Measurement> measurements,
            @Nullable String examType,
            @Nullable CriticalText critical) {

        List<Measurement> measured() {
            return measurements == null ? List.of() : measurements;
        }
    }

    record Text(String findings, String impression, boolean positive) {}

    record CriticalText(String code, String display, String findings, String impression) {}

    /**
     * A number that an exam or the laboratory yields.
     *
     * @param unit UCUM code
     * @param low lower reference limit or null
     * @param high upper reference limit or null
     * @param from least invented value
     * @param to greatest invented value
     * @param decimals digits after the point
     */
    record Measurement(
            String code,
            @Nullable String loinc,
            String display,
            String unit,
            @Nullable Double low,
            @Nullable Double high,
            @JsonProperty("from") double from,
            @JsonProperty("to") double to,
            int decimals) {}

    /**
     * @param pinyin DICOM PN alphabetic group, {@code Family^Given}
     * @param encounterClass IMP, AMB, EMER or checkup
     * @param label confidentiality R or V, or null for N
     * @param characterSet Specific Character Set of this patient's images, or null for ISO_IR 192
     * @param visit {@code today} for an out-patient of the day on which the demo starts, or null
     * @param dialysis whether the patient is enrolled in peritoneal dialysis
     * @param team user names of those who may see a patient of level V, or null
     */
    record DemoPatient(
            String id,
            String family,
            String given,
            String pinyin,
            String gender,
            LocalDate birthDate,
            String encounterClass,
            String department,
            String phone,
            @Nullable String bed,
            @Nullable String label,
            @Nullable String characterSet,
            @Nullable String visit,
            boolean dialysis,
            @Nullable List<String> team) {

        List<String> assigned() {
            return team == null ? List.of() : team;
        }

        boolean comesToday() {
            return "today".equals(visit);
        }

        String name() {
            return family + given;
        }

        boolean inpatient() {
            return encounterClass.equals("IMP");
        }
    }

    /**
     * @throws IOException if the file is missing or not of this shape
     */
    static DemoHospitalData read(Path file) throws IOException {
        JsonMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .findAndAddModules()
                .build();
        return mapper.readValue(Files.readString(file), DemoHospitalData.class);
    }
}
