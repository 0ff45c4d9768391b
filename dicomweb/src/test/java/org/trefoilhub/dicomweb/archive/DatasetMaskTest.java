package org.trefoilhub.dicomweb.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;

class DatasetMaskTest {
    private static final DicomDataset OBJECT = DicomDataset.builder()
            .put(Tag.SpecificCharacterSet, VR.CS, "GB18030")
            .put(Tag.PatientName, VR.PN, "Zhang^San=张^三")
            .put(Tag.PatientID, VR.LO, "40117")
            .put(Tag.PatientBirthDate, VR.DA, "19700101")
            .put(Tag.PatientSex, VR.CS, "M")
            .put(Tag.PatientAge, VR.AS, "055Y")
            .put(Tag.ReferringPhysicianName, VR.PN, "Wang^Wu=王^五")
            .put(Tag.StudyDescription, VR.LO, "张三 胸部CT")
            .put(Tag.ImageComments, VR.LT, "San, Zhang (40117); series 401177; zhangsanfeng")
            .put(Tag.StudyInstanceUID, VR.UI, "1.2.40117.3")
            .putItems(
                    Tag.OriginalAttributesSequence,
                    DicomDataset.builder()
                            .putItems(
                                    Tag.ModifiedAttributesSequence,
                                    DicomDataset.builder()
                                            .put(Tag.PatientName, VR.PN, "Zhang^Saan=张^三三")
                                            .put(Tag.PatientID, VR.LO, "OLD")
                                            .build())
                            .build())
            .put(0x00110010, VR.LO, "A MAKER")
            .put(0x00111001, VR.LO, "张三")
            .putBytes(0x60003000, VR.OW, new byte[] {1, 2})
            .build();

    @Test
    void shouldLeaveEverythingWhenNothingIsMasked() {
        assertThat(DatasetMask.apply(Masking.NONE, OBJECT)).isSameAs(OBJECT);
    }

    @Test
    void shouldMaskNamesWhereverTheyStand() {
        DicomDataset masked = DatasetMask.apply(Masking.NAME, OBJECT);
        assertThat(masked.string(Tag.PatientName)).isEqualTo("Z*=张*");
        assertThat(masked.string(Tag.SpecificCharacterSet)).isEqualTo("GB18030");
        assertThat(masked.string(Tag.PatientID)).isEqualTo("40117");
        assertThat(masked.string(Tag.PatientBirthDate)).isEqualTo("19700101");
        assertThat(masked.string(Tag.ReferringPhysicianName)).isEqualTo("Wang^Wu=王^五");
        assertThat(masked.string(Tag.StudyDescription)).isEqualTo("张* 胸部CT");
        assertThat(masked.string(Tag.ImageComments)).isEqualTo("Z* (40117); series 401177; zhangsanfeng");
        assertThat(before(masked).string(Tag.PatientName)).isEqualTo("Z*=张*");
        assertThat(before(masked).string(Tag.PatientID)).isEqualTo("OLD");
        assertThat(masked.contains(0x00111001)).isFalse();
        assertThat(masked.contains(0x60003000)).isFalse();
    }

    @Test
    void shouldEmptyDemographicsAndKeepWhatTheReaderNeeds() {
        DicomDataset masked = DatasetMask.apply(Masking.DEMOGRAPHICS, OBJECT);
        assertThat(masked.contains(Tag.PatientID)).isTrue();
        assertThat(masked.string(Tag.PatientID)).isNull();
        assertThat(masked.string(Tag.PatientBirthDate)).isNull();
        assertThat(masked.string(Tag.PatientSex)).isEqualTo("M");
        assertThat(masked.string(Tag.PatientAge)).isEqualTo("055Y");
        assertThat(masked.string(Tag.ImageComments)).isEqualTo("Z* (*); series 401177; zhangsanfeng");
        assertThat(masked.string(Tag.StudyInstanceUID)).isEqualTo("1.2.40117.3");
        assertThat(before(masked).string(Tag.PatientID)).isNull();
    }

    private static DicomDataset before(DicomDataset masked) {
        return masked.items(Tag.OriginalAttributesSequence)
                .get(0)
                .items(Tag.ModifiedAttributesSequence)
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({"张三,张*", "欧阳^娜娜,欧*", "Zhang^San,Z*", "Zhang^San=张^三=ㄓㄤ^ㄙㄢ,Z*=张*=ㄓ*", "=𠮷^野,=𠮷*", "'',''"})
    void shouldKeepTheFirstCharacterOfEachGroup(String name, String masked) {
        assertThat(DatasetMask.masked(name)).isEqualTo(masked);
    }
}
