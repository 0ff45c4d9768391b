package org.trefoilhub.dicom.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.io.DicomFormatException;

class DicomJsonTest {

    private static String json(DicomDataset dataset) {
        return new String(DicomJson.toBytes(dataset, BulkDataUri.INLINE), StandardCharsets.UTF_8);
    }

    private static DicomDataset parse(String json) throws IOException {
        return DicomJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldWriteEveryKindOfValue() {
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.SpecificCharacterSet, VR.CS, "GB18030")
                .put(0x00080000, VR.UL, "12")
                .put(Tag.ImageType, VR.CS, "ORIGINAL", "", "AXIAL")
                .put(Tag.AccessionNumber, VR.SH)
                .put(Tag.PatientName, VR.PN, "Zhang^San=张^三")
                .put(Tag.SliceThickness, VR.DS, "+1.50", ".5", "007", "x")
                .put(Tag.InstanceNumber, VR.IS, "12")
                .putInts(Tag.FrameIncrementPointer, VR.AT, Tag.FrameTime)
                .putDecimals(0x00189326, VR.FD, 1.5, Double.NaN, Double.NEGATIVE_INFINITY)
                .put(Tag.PatientComments, VR.LT, " a\\b \"c\" ")
                .put(Tag.ExtendedOffsetTable, VR.UV, "18446744073709551615", "1")
                .putItems(Tag.ReferencedStudySequence, DicomDataset.EMPTY)
                .putBytes(Tag.PixelData, VR.OB, new byte[] {1, 2, 3, 4})
                .build();
        assertThat(json(dataset))
                .isEqualTo(
                        """
                {"00080005":{"vr":"CS","Value":["ISO_IR 192"]},\
                "00080008":{"vr":"CS","Value":["ORIGINAL",null,"AXIAL"]},\
                "00080050":{"vr":"SH"},\
                "00081110":{"vr":"SQ","Value":[{}]},\
                "00100010":{"vr":"PN","Value":[{"Alphabetic":"Zhang^San","Ideographic":"张^三"}]},\
                "00104000":{"vr":"LT","Value":[" a\\\\b \\"c\\""]},\
                "00180050":{"vr":"DS","Value":[1.50,0.5,7,"x"]},\
                "00189326":{"vr":"FD","Value":[1.5,"NaN","-inf"]},\
                "00200013":{"vr":"IS","Value":[12]},\
                "00280009":{"vr":"AT","Value":["00181063"]},\
                "7FE00001":{"vr":"UV","Value":["18446744073709551615",1]},\
                "7FE00010":{"vr":"OB","InlineBinary":"AQIDBA=="}}""");
    }

    @Test
    void shouldNameThePlaceOfBulkDataAndItsReference() throws IOException {
        DicomDataset dataset = DicomDataset.builder()
                .putItems(
                        Tag.WaveformSequence,
                        DicomDataset.EMPTY,
                        DicomDataset.builder()
                                .putBytes(Tag.WaveformData, VR.OW, new byte[2])
                                .build())
                .put(new DicomElement(Tag.PixelData, VR.OW, new DicomValue.Bulk(100, 200, false)))
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomJson.write(List.of(dataset, DicomDataset.EMPTY), out, (path, element) -> "bulkdata/" + path);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                [{"54000100":{"vr":"SQ","Value":[{},{"54001010":{"vr":"OW","BulkDataURI":\
                "bulkdata/54000100/2/54001010"}}]},\
                "7FE00010":{"vr":"OW","BulkDataURI":"bulkdata/7FE00010"}},{}]""");
    }

    @Test
    void shouldReadBackWithoutRepresentationAndInAnyOrder() throws IOException {
        DicomDataset dataset = parse(
                """
                [ {"00100010": {"Value": [{"Ideographic": "张^三", "Alphabetic": "Zhang^San"}], "vr": "PN"},
                   "00280010": {"Value": [512]},
                   "00180050": {"vr":"DS","Value":[0.1234567890123456789]},
                   "00081110": {"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3"]}}]}} ]""");
        assertThat(dataset.personName(Tag.PatientName).ideographic()).isEqualTo("张^三");
        assertThat(dataset.string(Tag.SpecificCharacterSet)).isEqualTo("ISO_IR 192");
        assertThat(dataset.integer(Tag.Rows)).hasValue(512);
        assertThat(dataset.string(Tag.SliceThickness)).isEqualTo("0.12345678901235");
        assertThat(dataset.items(Tag.ReferencedStudySequence).get(0).string(Tag.ReferencedSOPInstanceUID))
                .isEqualTo("1.2.3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"00100010\":{\"vr\":\"ZZ\"}}",
                "{\"PatientName\":{\"vr\":\"PN\"}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[70000]}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[1e99999999]}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[\"a\"]}}",
                "{\"00100010\":{\"vr\":\"PN\",\"Value\":[1,]}}",
                "{\"7FE00010\":{\"vr\":\"OB\",\"InlineBinary\":\"A\"}}",
                "{\"7FE00010\":{\"vr\":\"OB\",\"BulkDataURI\":\"http://x\"}}",
                "{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"a\"]},\"00100020\":{\"vr\":\"LO\"}}",
                "{} x",
            })
    void shouldRefuseWhatIsNotDicomJson(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(DicomFormatException.class);
    }

    @Test
    void shouldRefuseDeepNestingWithoutOverflow() {
        String deep = "{\"00081110\":{\"vr\":\"SQ\",\"Value\":[".repeat(100_000);
        assertThatThrownBy(() -> parse(deep)).isInstanceOf(DicomFormatException.class);
    }
}
