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

    @Test
    void shouldAgreeWithAnIndependentDump() throws IOException {
        Path data = SharedData.directory().orElse(null);
        Assumptions.assumeTrue(data != null, "no shared data beside the project");
        List<String> differences = new ArrayList<>();
        for (Map<String, String> row : SharedData.table(data.resolve("expected/dump.tsv"))) {
            String path = row.get("path");
            try {
                DicomFile file = DicomReader.read(data.resolve(path), ReadOptions.DEFAULT);
                if (row.get("elements_data_set").isEmpty()
                        || row.get("elements_data_set").equals("0")) {
                    differences.add(path + " read " + file.dataset().size() + " elements " + file.warnings());
                    continue;
                }
                compare(differences, path, "SOPClassUID", row, file.dataset().string(Tag.SOPClassUID));
                compare(
                        differences,
                        path,
                        "StudyInstanceUID",
                        row,
                        file.dataset().string(Tag.StudyInstanceUID));
                compare(
                        differences,
                        path,
                        "SeriesInstanceUID",
                        row,
                        file.dataset().string(Tag.SeriesInstanceUID));
                compare(differences, path, "SOPInstanceUID", row, file.dataset().string(Tag.SOPInstanceUID));
                compare(differences, path, "PatientID", row, file.dataset().string(Tag.PatientID));
                compare(differences, path, "PatientName", row, file.dataset().string(Tag.PatientName));
                compare(
                        differences,
                        path,
                        "elements_data_set",
                        row,
                        "" + (file.dataset().size() + (file.dataset().contains(Tag.SpecificCharacterSet) ? 0 : 1)));
                compare(
                        differences,
                        path,
                        "elements_meta",
                        row,
                        "" + file.fileMeta().size());
                if (!file.warnings().isEmpty()) {
                    differences.add(path + " warnings " + file.warnings());
                }
            } catch (DicomFormatException e) {
                differences.add(path + " refused " + e.code() + " " + e.getMessage());
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void compare(
            List<String> differences, String path, String column, Map<String, String> row, Object actual) {
        String expected = row.get(column);
        if (!expected.equals(actual == null ? "" : actual)) {
            differences.add(path + " " + column + " expected `" + expected + "` was `" + actual + "`");
        }
    }
}
