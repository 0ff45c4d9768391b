package org.trefoilhub.dicom.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;

class DicomDatasetTest {

    @Test
    void shouldEncodeTextInTheDeclaredCharacterSetWhateverTheOrder() {
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.PatientName, VR.PN, "Zhang^San=张^三")
                .put(Tag.SpecificCharacterSet, VR.CS, "GB18030")
                .build();
        assertThat(dataset.bytes(Tag.PatientName)).startsWith("Zhang^San=张^三".getBytes(Charset.forName("GB18030")));
        assertThat(dataset.personName(Tag.PatientName)).isEqualTo(new PersonName("Zhang^San", "张^三", ""));
    }

    @Test
    void shouldTurnToUtf8WhenTheCharacterSetCannotExpressAText() {
        DicomDataset latin = DicomDataset.builder()
                .put(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100")
                .put(Tag.InstitutionName, VR.LO, "Hôpital")
                .build();
        DicomDataset both = latin.toBuilder().put(Tag.PatientName, VR.PN, "张^三").build();
        assertThat(both.string(Tag.SpecificCharacterSet)).isEqualTo("ISO_IR 192");
        assertThat(both.string(Tag.InstitutionName)).isEqualTo("Hôpital");
        assertThat(both.string(Tag.PatientName)).isEqualTo("张^三");
    }

    @Test
    void shouldLetItemsInheritTheCharacterSet() {
        DicomDataset item = DicomDataset.builder()
                .putBytes(Tag.CodeMeaning, VR.LO, "胸部".getBytes(Charset.forName("GB18030")))
                .build();
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.SpecificCharacterSet, VR.CS, "GB18030")
                .putItems(Tag.ProcedureCodeSequence, item)
                .build();
        DicomDataset inherited = dataset.items(Tag.ProcedureCodeSequence).get(0);
        assertThat(inherited.characterSet()).isEqualTo(dataset.characterSet());
        assertThat(inherited.string(Tag.CodeMeaning)).isEqualTo("胸部");
        assertThat(dataset.toUtf8().items(Tag.ProcedureCodeSequence).get(0).string(Tag.CodeMeaning))
                .isEqualTo("胸部");
    }

    @Test
    void shouldReadNumbersOfEveryRepresentation() {
        DicomDataset dataset = DicomDataset.builder()
                .putInts(Tag.Rows, VR.US, 65535)
                .putInts(Tag.SmallestImagePixelValue, VR.SS, -1024)
                .putDecimals(Tag.PixelSpacing, VR.DS, 0.1 + 0.2, 1.0)
                .putDecimals(Tag.DiffusionBValue, VR.FD, 1e-7)
                .put(Tag.InstanceNumber, VR.IS, " 7 ")
                .put(Tag.SeriesNumber, VR.IS, "seven")
                .build();
        assertThat(dataset.integer(Tag.Rows)).hasValue(65535);
        assertThat(dataset.integer(Tag.SmallestImagePixelValue)).hasValue(-1024);
        assertThat(dataset.strings(Tag.PixelSpacing))
                .allSatisfy(text -> assertThat(text.length()).isLessThan(17));
        assertThat(dataset.decimals(Tag.PixelSpacing)).containsExactly(0.3, 1.0);
        assertThat(dataset.decimal(Tag.DiffusionBValue)).hasValue(1e-7);
        assertThat(dataset.integer(Tag.InstanceNumber)).hasValue(7);
        assertThat(dataset.integer(Tag.SeriesNumber)).isEmpty();
        assertThat(dataset.integer(Tag.Columns)).isEmpty();
    }

    @Test
    void shouldNotShowValuesInItsText() {
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.PatientName, VR.PN, "Secret^Name")
                .build();
        assertThat(dataset.toString()).contains("(0010,0010) PN [12 bytes]").doesNotContain("Secret");
    }

    @Test
    void shouldKeepItsOrderWhateverTheOrderOfPutting() {
        DicomDataset dataset = DicomDataset.builder()
                .put(0xFFFC0010, VR.LO, "a")
                .put(Tag.PatientID, VR.LO, "b")
                .put(Tag.AccessionNumber, VR.SH, "c")
                .put(Tag.PatientID, VR.LO, "d")
                .remove(Tag.StudyID)
                .build();
        assertThat(dataset)
                .extracting(DicomElement::tag)
                .containsExactly(Tag.AccessionNumber, Tag.PatientID, 0xFFFC0010);
        assertThat(dataset.string(Tag.PatientID)).isEqualTo("d");
    }
}
