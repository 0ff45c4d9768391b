package org.trefoilhub.hub.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.HumanName.NameUse;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.data.PersonName;
import org.trefoilhub.dicomweb.archive.StudySummary;
import org.trefoilhub.hub.app.HubProperties;

class SourcePatientMapperTest {

    private static final HubProperties HUB = new HubProperties(
            java.nio.file.Path.of("data"),
            java.net.URI.create("http://localhost:8080/"),
            java.time.ZoneId.of("Asia/Shanghai"),
            "https://trefoil-hub.org/fhir");

    private final SourcePatientMapper mapper = new SourcePatientMapper(new IdentifierSystems(HUB));

    static StudySummary study(
            @Nullable String patientId, @Nullable String name, @Nullable String sex, @Nullable String birthDate) {
        return new StudySummary(
                "1.2.3",
                name == null ? null : PersonName.parse(name),
                patientId,
                null,
                sex,
                birthDate,
                "A1",
                "S1",
                "chest",
                "20260301",
                "101530.25",
                null,
                null,
                "MODALITY1",
                List.of("CT"),
                1,
                1,
                List.of(new StudySummary.Series(
                        "1.2.3.1",
                        1,
                        "CT",
                        "axial",
                        "CHEST",
                        "L",
                        "20260301",
                        "1016",
                        List.of(new StudySummary.Instance("1.2.3.1.1", "1.2.840.10008.5.1.4.1.1.2", 1, 1)))));
    }

    @Test
    void shouldPreferTheChineseNameAndKeepTheAlphabeticOneAsSecond() {
        Patient patient = mapper.map(study("P0001", "Wang^XiaoMing=王^小明", "M", "19800102"), null)
                .orElseThrow();
        assertThat(patient.getName()).hasSize(2);
        assertThat(patient.getName().get(0).getText()).isEqualTo("王小明");
        assertThat(patient.getName().get(0).getUse()).isEqualTo(NameUse.USUAL);
        assertThat(patient.getName().get(0).getFamily()).isEqualTo("王");
        assertThat(patient.getName().get(1).getText()).isEqualTo("XiaoMing Wang");
        assertThat(patient.getGender()).isEqualTo(AdministrativeGender.MALE);
        assertThat(patient.getBirthDateElement().getValueAsString()).isEqualTo("1980-01-02");
        assertThat(patient.getIdentifierFirstRep().getSystem())
                .isEqualTo("https://trefoil-hub.org/fhir/sid/patient-id");
        assertThat(patient.getIdentifierFirstRep().getValue()).isEqualTo("P0001");
    }

    @Test
    void shouldReadAChineseNameFromTheFirstGroupWhenThereIsNoOther() {
        Patient patient = mapper.map(study("P2", "张三", "F", null), null).orElseThrow();
        assertThat(patient.getNameFirstRep().getText()).isEqualTo("张三");
    }

    @Test
    void shouldNotMakeAPatientWithoutPatientId() {
        assertThat(mapper.map(study(null, "Doe^John", "M", null), null)).isEmpty();
        assertThat(mapper.map(study("  ", "Doe^John", "M", null), null)).isEmpty();
    }

    @Test
    void shouldLeaveOutWhatIsNotADateOrASex() {
        Patient patient = mapper.map(study("P3", null, "X", "19801340"), null).orElseThrow();
        assertThat(patient.hasBirthDate()).isFalse();
        assertThat(patient.hasGender()).isFalse();
        assertThat(patient.hasName()).isFalse();
    }

    @Test
    void shouldKeepNumbersOfOtherIssuersApart() {
        Patient patient =
                mapper.map(study("P4", null, null, null), "Clinic A/B").orElseThrow();
        assertThat(patient.getIdentifierFirstRep().getSystem())
                .isEqualTo("https://trefoil-hub.org/fhir/sid/patient-id/Clinic+A%2FB");
    }
}
