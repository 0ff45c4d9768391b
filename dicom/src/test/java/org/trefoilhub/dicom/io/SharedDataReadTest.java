package org.trefoilhub.dicom.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.SharedData;
import org.trefoilhub.dicom.data.Tag;

/** Reads every file of the shared data and compares with what an independent tool found. */
class SharedDataReadTest {

    /** What each damaged or odd file must come to; every other file must be read as the tool read it. */
    private static final Map<String, ErrorCode> REFUSED = Map.ofEntries(
            Map.entry("MR_truncated.dcm", ErrorCode.TRUNCATED),
            Map.entry("cut-in-header.dcm", ErrorCode.TRUNCATED),
            Map.entry("cut-in-pixels.dcm", ErrorCode.TRUNCATED),
            Map.entry("deflate-bomb-64MiB.dcm", ErrorCode.ELEMENT_TOO_LONG),
            Map.entry("huge-length.dcm", ErrorCode.TRUNCATED),
            Map.entry("jpeg-named-dcm.dcm", ErrorCode.NOT_DICOM),
            Map.entry("meta_missing_tsyntax.dcm", ErrorCode.NO_TRANSFER_SYNTAX),
            Map.entry("nested-3000.dcm", ErrorCode.NESTED_TOO_DEEP),
            Map.entry("no_meta.dcm", ErrorCode.NOT_DICOM),
            Map.entry("preamble-only.dcm", ErrorCode.NOT_DICOM),
            Map.entry("random-bytes.dcm", ErrorCode.NOT_DICOM),
            Map.entry("rtplan_truncated.dcm", ErrorCode.TRUNCATED),
            Map.entry("unclosed-sequence.dcm", ErrorCode.TRUNCATED),
            Map.entry("zero-length.dcm", ErrorCode.NOT_DICOM));

    @Test
    void shouldAgreeWithAnIndependentDump() throws IOException {
        Path data = SharedData.directory().orElse(null);
        Assumptions.assumeTrue(data != null, "no shared data beside the project");
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Map<String, String> row : SharedData.table(data.resolve("expected/dump.tsv"))) {
            String path = row.get("path");
            ErrorCode refusal = REFUSED.get(Path.of(path).getFileName().toString());
            try {
                DicomFile file = DicomReader.read(data.resolve(path), ReadOptions.DEFAULT);
                if (refusal != null) {
                    differences.add(path + " expected " + refusal + ", was read");
                } else if (!row.get("elements_data_set").equals("0")) {
                    compare(differences, row, file);
                    compared++;
                } else if (file.warnings().isEmpty()) {
                    differences.add(path + " read without a warning");
                }
            } catch (DicomFormatException e) {
                if (e.code() != refusal) {
                    differences.add(path + " refused " + e.code() + " " + e.getMessage());
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(400);
    }

    private static void compare(List<String> differences, Map<String, String> row, DicomFile file) {
        String path = row.get("path");
        compare(differences, path, "SOPClassUID", row, file.dataset().string(Tag.SOPClassUID));
        compare(differences, path, "StudyInstanceUID", row, file.dataset().string(Tag.StudyInstanceUID));
        compare(differences, path, "SeriesInstanceUID", row, file.dataset().string(Tag.SeriesInstanceUID));
        compare(differences, path, "SOPInstanceUID", row, file.dataset().string(Tag.SOPInstanceUID));
        compare(differences, path, "PatientID", row, file.dataset().string(Tag.PatientID));
        if (path.endsWith("zh-gbk-undeclared.dcm")) {
            // The tool took the bytes for Latin 1.
            assertThat(file.dataset().string(Tag.PatientName)).isEqualTo("赵^铁柱");
            return;
        }
        compare(differences, path, "PatientName", row, file.dataset().string(Tag.PatientName));
        // The tool, asked for UTF-8, adds a Specific Character Set where a data set has none, but not to a DICOMDIR.
        boolean added = !file.dataset().contains(Tag.SpecificCharacterSet) && !path.contains("/DICOMDIR");
        int expected = file.dataset().size() + (added ? 1 : 0);
        compare(differences, path, "elements_data_set", row, Integer.toString(expected));
        compare(
                differences,
                path,
                "elements_meta",
                row,
                Integer.toString(file.fileMeta().size()));
    }

    private static void compare(
            List<String> differences, String path, String column, Map<String, String> row, Object actual) {
        String expected = row.get(column);
        if (!expected.equals(actual == null ? "" : actual)) {
            differences.add(path + " " + column + " expected `" + expected + "` was `" + actual + "`");
        }
    }
}
