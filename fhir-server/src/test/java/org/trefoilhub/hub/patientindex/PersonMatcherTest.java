package org.trefoilhub.hub.patientindex;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One record per column: {@code name/sex/birth date/phone/card}. */
@Tag("EMPI-1")
class PersonMatcherTest {

    private static final String CARD = "11010519491231002X";
    private static final String OTHER_CARD = "440524188001010014";

    @ParameterizedTest
    @CsvSource({
        "张伟/m/1949-12-31/13800138000/" + CARD + ", 张伟/m/1949-12-31//" + CARD + ", MATCH, id-card",
        "张伟/m/1949-12-31/13800138000/" + CARD + ", 张炜/m/1950-01-31//110105491231002, MATCH, id-card",
        "张伟/m/1949-12-31/13800138000/, 張偉/m/1949-12-31/+86 138 0013 8000/, MATCH, demographics",
        "张伟/m/1949-12-31/13800138000/, 张炜/m/1949-12-31/13800138000/, MATCH, demographics",
        "张伟/m/1949-12-31/13800138000/, 张伟/m/1949-12-13/13800138000/, MATCH, demographics-date-slip",
        "张伟/m/1949-12-31/13800138000/, 张炜/m/1949-12-13/13800138000/, POSSIBLE_MATCH, name-and-more",
        "张伟/m/1949-12-31//" + CARD + ", 张伟/m/1949-12-31//11010519491213002X, MATCH, id-card-slip",
        "张伟/m/1949-12-31/13800138000/, 张伟/m/1949-05-02//, POSSIBLE_MATCH, name-and-more",
        "张伟/m/1949-12-31/13800138000/, 张伟/m/1980-05-02/13800138000/, POSSIBLE_MATCH, name-and-more",
        "张伟/m/1949-12-31/13800138000/" + CARD + ", 张伟/m/1949-12-31/13800138000/" + OTHER_CARD
                + ", POSSIBLE_MATCH, other-id-card",
        "张子涵/m/2015-05-01/13800138000/, 张子轩/m/2015-05-01/13800138000/, POSSIBLE_MATCH, birth-and-phone",
        "张伟/m/1949-12-31//" + CARD + ", 李娜/f/1980-01-01//" + CARD + ", POSSIBLE_MATCH, id-card-of-another",
        "张伟/m/1949-12-31//, 张伟/f/1949-12-31//, NO_MATCH, none",
        "张伟/m/1949-12-31//, 张伟/m/1980-05-02//, NO_MATCH, none",
        "张伟/m/1949-12-31/00000000000/000000000000000000, 李强/m/1949-11-30/00000000000/000000000000000000, NO_MATCH, none",
    })
    void EMPI_1_shouldGradePairs(String one, String other, Match.Grade grade, String rule) {
        PersonRecord a = PersonRecord.of(patient(one));
        PersonRecord b = PersonRecord.of(patient(other));
        assertThat(PersonMatcher.compare(a, b)).isEqualTo(new Match(grade, rule));
        assertThat(PersonMatcher.compare(b, a)).as("turned round").isEqualTo(new Match(grade, rule));
    }

    @ParameterizedTest
    @ValueSource(strings = {"无名氏", "无名男", "佚名", "不详", "急诊无名氏3"})
    void EMPI_1_shouldNeverLinkTheNameless(String name) {
        PersonRecord a = PersonRecord.of(patient(name + "/m/1949-12-31/13800138000/" + CARD));
        assertThat(PersonMatcher.compare(a, a)).isEqualTo(Match.NONE);
        assertThat(a.keys()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"李娜之子", "李娜之女", "李娜之婴", "李娜之女2"})
    void EMPI_1_shouldNeverLinkNewbornsToMotherOrEachOther(String name) {
        PersonRecord mother = PersonRecord.of(patient("李娜/f/1949-12-31/13800138000/" + CARD));
        PersonRecord child = PersonRecord.of(patient(name + "/m/2026-01-01/13800138000/" + CARD));
        assertThat(PersonMatcher.compare(mother, child).grade()).isEqualTo(Match.Grade.NO_MATCH);
        assertThat(PersonMatcher.compare(child, child).grade()).isEqualTo(Match.Grade.POSSIBLE_MATCH);
    }

    @ParameterizedTest
    @CsvSource({"Smith John/m/1980-02-03/13800138000/, POSSIBLE_MATCH", "Smith John/m/1980-02-03//" + CARD + ", MATCH"})
    void EMPI_1_shouldLinkForeignersByCardAlone(String someone, Match.Grade grade) {
        PersonRecord a = PersonRecord.of(patient(someone));
        assertThat(PersonMatcher.compare(a, a).grade()).isEqualTo(grade);
    }

    private static Patient patient(String text) {
        String[] parts = text.split("/", -1);
        Patient patient = new Patient();
        patient.addName().setText(parts[0]);
        patient.setGender(parts[1].equals("m") ? AdministrativeGender.MALE : AdministrativeGender.FEMALE);
        patient.setBirthDateElement(new DateType(parts[2]));
        if (!parts[3].isEmpty()) {
            patient.addTelecom()
                    .setSystem(ContactPoint.ContactPointSystem.PHONE)
                    .setValue(parts[3]);
        }
        if (parts.length > 4 && !parts[4].isEmpty()) {
            patient.addIdentifier().setSystem(PersonRecord.ID_CARD).setValue(parts[4]);
        }
        return patient;
    }
}
