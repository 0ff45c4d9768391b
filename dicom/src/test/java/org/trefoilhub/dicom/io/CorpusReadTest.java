package org.trefoilhub.dicom.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.SharedData;
import org.trefoilhub.dicom.data.Tag;

/** Reads the corpus of the tree; what each file must come to is in its {@code expected.tsv}. */
class CorpusReadTest {

    private static final Path CORPUS = Path.of("src/test/resources/corpus/dicom/io");

    @Test
    void shouldReadOrRefuseEachFileAsItsTableSays() throws IOException {
        List<String> differences = new ArrayList<>();
        List<Map<String, String>> rows = SharedData.table(CORPUS.resolve("expected.tsv"));
        for (Map<String, String> row : rows) {
            String outcome = row.get("outcome");
            String actual;
            try {
                DicomFile file = DicomReader.read(CORPUS.resolve(row.get("file")), ReadOptions.DEFAULT);
                actual = "read";
                String name = file.dataset().string(Tag.PatientName);
                if (!row.get("patientName").equals(name == null ? "" : name)) {
                    differences.add(row.get("file") + " has patient name " + name);
                }
                int size = file.dataset().size() + (file.dataset().contains(Tag.SpecificCharacterSet) ? 0 : 1);
                int expected = outcome.equals("read") ? Integer.parseInt(row.get("elements")) : 0;
                if (expected != 0 && size != expected) {
                    differences.add(row.get("file") + " has " + size + " elements");
                }
            } catch (DicomFormatException e) {
                actual = e.code().name();
            }
            if (!actual.equals(outcome)) {
                differences.add(row.get("file") + " expected " + outcome + " was " + actual);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(rows).hasSizeGreaterThan(40);
    }

    @Test
    void shouldDecodeNamesInsideItemsInTheirOwnCharacterSet() throws IOException {
        DicomFile file = DicomReader.read(CORPUS.resolve("chrSQEncoding.dcm"), ReadOptions.DEFAULT);
        var item = file.dataset().items(Tag.RequestedProcedureCodeSequence).get(0);
        assertThat(item.string(Tag.PatientName)).isEqualTo("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
        DicomFile inherited = DicomReader.read(CORPUS.resolve("chrSQEncoding1.dcm"), ReadOptions.DEFAULT);
        assertThat(inherited
                        .dataset()
                        .items(Tag.RequestedProcedureCodeSequence)
                        .get(0)
                        .string(Tag.PatientName))
                .isEqualTo("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
    }

    @Test
    void shouldReadATruncatedImageWhenAskedTo() throws IOException {
        DicomFile file =
                DicomReader.read(CORPUS.resolve("MR_truncated.dcm"), ReadOptions.DEFAULT.withTruncatedPixelData(true));
        assertThat(file.warnings()).contains("pixel data truncated");
    }
}
