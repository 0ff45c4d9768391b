package org.trefoilhub.hub.report.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MrrtTest {

    static Stream<String> templates() {
        return Templates.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("templates")
    @Tag("TPL-1")
    void TPL_1_whatIsExportedIsReadBack(String code) {
        Questionnaire template = Templates.all().get(code);
        Questionnaire read = Mrrt.parse(Mrrt.export(template));
        assertThat(read.getStatus()).isEqualTo(PublicationStatus.DRAFT);
        assertThat(read.getTitle()).isEqualTo(template.getTitle());
        assertThat(read.getUrl()).isEqualTo(template.getUrl());
        same(read.getItem(), template.getItem());
    }

    private static void same(List<QuestionnaireItemComponent> read, List<QuestionnaireItemComponent> written) {
        assertThat(read)
                .extracting(QuestionnaireItemComponent::getLinkId)
                .isEqualTo(written.stream()
                        .map(QuestionnaireItemComponent::getLinkId)
                        .toList());
        for (int i = 0; i < read.size(); i++) {
            QuestionnaireItemComponent one = read.get(i);
            QuestionnaireItemComponent other = written.get(i);
            assertThat(one.getText()).isEqualTo(other.getText());
            assertThat(one.getRequired()).isEqualTo(other.getRequired());
            assertThat(one.getRepeats()).isEqualTo(other.getRepeats());
            assertThat(one.getAnswerOption()).hasSameSizeAs(other.getAnswerOption());
            if (other.getType() != QuestionnaireItemType.OPENCHOICE) {
                assertThat(one.getType()).as(one.getLinkId()).isEqualTo(other.getType());
            }
            assertThat(Sdc.unit(one).map(unit -> unit.getCode()))
                    .isEqualTo(Sdc.unit(other).map(unit -> unit.getCode()));
            same(one.getItem(), other.getItem());
        }
    }

    @Test
    @Tag("TPL-1")
    void TPL_1_aForeignTemplateBecomesADraft() {
        Questionnaire read = Mrrt.parse(
                """
                <!DOCTYPE html><html lang="en"><head><title>CT Brain</title>
                <meta name="dcterms.title" content="CT Brain"/>
                <script type="text/xml"><template_attributes><status>ACTIVE</status></template_attributes></script></head>
                <body><script>alert(1)</script>
                <section id="s1" data-section-name="Findings"><header class="level1">Findings</header>
                <p><label for="shift">Midline shift</label>
                <input id="shift" type="number" data-field-type="NUMBER" data-field-units="mm" min="0" max="30"/></p>
                <select id="bleed" name="Haemorrhage" data-field-type="SELECTION_LIST"><option name="a">none</option>
                <option value="sdh">Subdural</option></select>
                <textarea id="free" name="Text" data-field-type="TEXTAREA"></textarea></section></body></html>
                """);
        assertThat(read.getTitle()).isEqualTo("CT Brain");
        List<QuestionnaireItemComponent> items = read.getItemFirstRep().getItem();
        assertThat(items).extracting(QuestionnaireItemComponent::getLinkId).containsExactly("shift", "bleed", "free");
        assertThat(items.get(0).getText()).isEqualTo("Midline shift");
        assertThat(items.get(0).getType()).isEqualTo(QuestionnaireItemType.DECIMAL);
        assertThat(Sdc.unit(items.get(0)).orElseThrow().getCode()).isEqualTo("mm");
        assertThat(items.get(1).getAnswerOption()).hasSize(2);
        assertThat(Templates.FHIR.newJsonParser().encodeResourceToString(read)).doesNotContain("alert");
    }

    @Test
    void shouldRefuseWhatIsNoTemplate() {
        assertThatThrownBy(() -> Mrrt.parse("<html><title>x</title><body>hello</body></html>"))
                .isInstanceOf(Mrrt.MrrtException.class);
        assertThatThrownBy(() -> Mrrt.parse("<section id='a' data-section-name='b'></section>"))
                .isInstanceOf(Mrrt.MrrtException.class);
    }
}
