package org.trefoilhub.hub.report.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The printed page, read back from the PDF. */
class ReportPdfTest {

    private static final String MARK = "王雷 radiologist  radiology  2025-03-01 10:52";

    private static DiagnosticReport report(DiagnosticReport.DiagnosticReportStatus status) {
        DiagnosticReport report = new DiagnosticReport();
        report.setId("7");
        report.setStatus(status);
        report.addIdentifier().setValue("R0007");
        report.getCode().setText("胸部CT平扫");
        report.setEffective(new DateTimeType("2025-03-01T09:31:00+08:00"));
        report.setIssued(Date.from(Instant.parse("2025-03-01T02:52:00Z")));
        report.setConclusion("右上肺实性结节，Lung-RADS 4A。<script>&\u0001 鷟");
        return report;
    }

    private static ReportPage.Content content(int values) throws IOException {
        Patient patient = new Patient();
        patient.addName().setText("欧阳丽");
        patient.setGender(AdministrativeGender.FEMALE);
        patient.getBirthDateElement().setValueAsString("1960-05-04");
        patient.addIdentifier().setValue("P0001");
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < values; i++) {
            Observation value = new Observation();
            value.getCode().setText("平均直径（结节 " + (i + 1) + "）");
            value.setValue(new Quantity().setValue(new BigDecimal("8.5")).setUnit("mm"));
            value.addReferenceRange().setText("< 6 mm");
            value.addInterpretation().addCoding().setCode("H");
            observations.add(value);
        }
        Observation findings = new Observation();
        findings.getCode().addCoding().setSystem("http://loinc.org").setCode("18782-3");
        findings.setValue(new StringType("右肺上叶见一实性结节。\n边缘毛糙。"));
        observations.add(findings);
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", jpeg);
        return new ReportPage.Content(
                patient,
                observations,
                List.of(jpeg.toByteArray()),
                "示范医院放射科",
                List.of("王雷", "李晴"),
                ZoneId.of("Asia/Shanghai"));
    }

    private static String text(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document);
        }
    }

    @Test
    @Tag("RAD-7")
    @Tag("VIEW-1")
    void RAD_7_thePageShowsValuesRangesFlagsTextsPeopleAndWhoPrintedIt() throws IOException {
        PdfPrinter printer = new PdfPrinter();
        byte[] pdf =
                printer.print(ReportPage.html(report(DiagnosticReport.DiagnosticReportStatus.FINAL), content(3)), MARK);

        String text = text(pdf);
        assertThat(text)
                .contains("示范医院放射科检查报告", "欧阳丽", "女", "64岁", "P0001", "胸部CT平扫", "2025-03-01 09:31")
                .contains("8.5 mm", "< 6 mm", "↑", "右肺上叶见一实性结节", "Lung-RADS 4A。<script>&", "王雷", "李晴")
                .contains("2025-03-01 10:52", MARK)
                .doesNotContain("初步");
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getPage(0).getResources().getXObjectNames()).isNotEmpty();
        }
        assertThat(pdf.length).isLessThan(400_000);
        Path kept = Path.of("target/report.pdf");
        Files.write(kept, pdf);
    }

    @Test
    @Tag("RAD-7")
    void RAD_7_aPreliminaryReportSaysSo_andEveryPageIsMarked() throws IOException {
        byte[] pdf = new PdfPrinter()
                .print(ReportPage.html(report(DiagnosticReport.DiagnosticReportStatus.PRELIMINARY), content(80)), MARK);
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getNumberOfPages()).isGreaterThan(1);
            for (int page = 1; page <= document.getNumberOfPages(); page++) {
                PDFTextStripper stripper = new PDFTextStripper();
                stripper.setStartPage(page);
                stripper.setEndPage(page);
                assertThat(stripper.getText(document)).contains("radiologist");
            }
        }
        assertThat(text(pdf)).contains("初步报告，仅供参考");
    }

    @Test
    @Tag("VIEW-1")
    void VIEW_1_anOriginalDocumentIsMarkedToo() throws IOException {
        PdfPrinter printer = new PdfPrinter();
        byte[] original =
                printer.print(ReportPage.html(report(DiagnosticReport.DiagnosticReportStatus.FINAL), content(1)), "原始");
        assertThat(text(printer.marked(original, MARK))).contains("原始", MARK);
    }
}
