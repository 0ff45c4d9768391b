package org.trefoilhub.interceptors.fhir.narrow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HanTermsTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "气胸, '\"气胸\"'",
                "气胸*, '\"气胸\"'",
                "右侧 气胸, '\"右侧\" \"气胸\"'",
                "右侧\u3000气胸, '\"右侧\" \"气胸\"'",
                "pneumo 气胸, 'pneumo* \"气胸\"'",
                "CT增强, '\"CT增强\"'",
                "气\\胸\\, '\"气胸\"'",
                "pneumothorax, pneumothorax",
                "'\"气胸\"', '\"气胸\"'",
                "'\"气胸\" | 肺炎', '\"气胸\" | 肺炎'",
                "-气胸, -气胸",
            })
    void shouldQuoteHanWordsAndLeaveTheRest(String typed, String searched) {
        assertThat(HanTerms.quoted(typed)).isEqualTo(searched);
        assertThat(HanTerms.quoted(HanTerms.quoted(typed))).as("twice").isEqualTo(searched);
    }
}
