package org.trefoilhub.hub.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the demo hospital owes (contract section 3): people, exams of every kind, images, open and closed critical values. */
class DemoExamsTest {

    private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 11, 24, 10, 30, 0, 0, ZoneId.of("Asia/Shanghai"));
    private static DemoHospitalData data;
    private static List<DemoExam> exams;

    @BeforeAll
    static void invent() throws Exception {
        data = DemoHospitalData.read(Path.of("src/demo/hospital.json"));
        exams = DemoExams.invent(data, NOW);
    }

    @Test
    void shouldHoldThePatientsOfTheContract() {
        assertThat(data.patients()).hasSizeGreaterThanOrEqualTo(40);
        assertThat(data.patients()).filteredOn(p -> p.department().equals("W1")).hasSize(5);
        assertThat(data.patients()).filteredOn(p -> "V".equals(p.label())).hasSize(2);
        assertThat(data.patients()).filteredOn(p -> "R".equals(p.label())).hasSize(1);
        assertThat(data.patients()).extracting(DemoHospitalData.DemoPatient::id).doesNotHaveDuplicates();
    }

    @Test
    void shouldHoldExamsOfEveryKindAndEveryItem() {
        assertThat(exams).hasSizeGreaterThanOrEqualTo(200);
        // LAB comes as lab results beside the exams.
        assertThat(exams)
                .extracting(e -> e.item().examKind())
                .contains(
                        "RAD",
                        "US",
                        "ENDO-GI",
                        "ENDO-RESP",
                        "ENDO-ENT",
                        "PATH",
                        "ECG",
                        "NM",
                        "OPH",
                        "DENT",
                        "ENT",
                        "PED",
                        "OTHER");
        assertThat(exams)
                .extracting(e -> e.item().code())
                .containsAll(data.examItems().stream()
                        .map(DemoHospitalData.ExamItem::code)
                        .toList());
        assertThat(exams).extracting(DemoExam::accessionNumber).doesNotHaveDuplicates();
    }

    @Test
    void shouldHaveOpenAndClosedCriticalValuesAndExamsAtEveryStep() {
        assertThat(exams).extracting(DemoExam::critical).contains("open", "closed");
        assertThat(exams)
                .extracting(DemoExam::status)
                .contains(
                        "requested",
                        "booked",
                        "checked-in",
                        "in-exam",
                        "examined",
                        "writing",
                        "preliminary",
                        "verified",
                        "released");
    }

    @Test
    void shouldFitSexAndNeverLieInTheFuture() {
        assertThat(exams)
                .filteredOn(e -> List.of("MG-BREAST", "US-BREAST", "US-OB2")
                        .contains(e.item().code()))
                .allMatch(e -> e.patient().gender().equals("female"));
        assertThat(exams)
                .filteredOn(e -> e.item().code().equals("MR-PROSTATE"))
                .allMatch(e -> e.patient().gender().equals("male"));
        assertThat(exams.stream()
                        .flatMap(e -> Stream.of(e.requested(), e.started(), e.issued()))
                        .filter(java.util.Objects::nonNull))
                .allMatch(time -> !time.isAfter(NOW));
    }

    @Test
    void shouldBeTheSameWhenInventedTwice() {
        assertThat(DemoExams.invent(data, NOW)).isEqualTo(exams);
    }

    @Test
    void shouldHaveASourceImageForEveryExamWithImages() throws Exception {
        DemoImages images = new DemoImages(Path.of("src/demo"));
        int largestCt = 0;
        for (DemoExam exam : exams) {
            int count = images.sources(exam).size();
            assertThat(count > 0).as("images of exam " + exam.number()).isEqualTo(exam.imageFolder() != null);
            largestCt = exam.item().modality().equals("CT") ? Math.max(largestCt, count) : largestCt;
        }
        assertThat(largestCt).isGreaterThanOrEqualTo(60);
    }
}
