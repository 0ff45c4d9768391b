package org.trefoilhub.hub.report.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemComponent;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calculated items by example: given answers and what must come out. */
class CalculationTest {

    /** {@code template ; given ; expected}: {@code id=value}, {@code group.id=value}; {@code /} begins the next instance. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "RAD-T2; high-risk=true lesion.size=20 lesion.arterial=non-rim lesion.washout=true; lesion.li-rads=5",
                "RAD-T2; high-risk=true lesion.size=19 lesion.arterial=non-rim lesion.capsule=true; lesion.li-rads=4",
                "RAD-T2; high-risk=true lesion.size=10 lesion.arterial=non-rim lesion.growth=true; lesion.li-rads=5",
                "RAD-T2; high-risk=true lesion.size=9.9 lesion.arterial=non-rim lesion.washout=true; lesion.li-rads=4",
                "RAD-T2; high-risk=true lesion.size=25 lesion.arterial=none; lesion.li-rads=3",
                "RAD-T2; high-risk=true lesion.size=20 lesion.arterial=none lesion.capsule=true; lesion.li-rads=4",
                "RAD-T2; high-risk=true lesion.size=19 lesion.arterial=none lesion.capsule=true; lesion.li-rads=3",
                "RAD-T2; high-risk=true lesion.size=19 lesion.arterial=none lesion.capsule=true lesion.washout=true; lesion.li-rads=4",
                "RAD-T2; high-risk=true lesion.size=19 lesion.arterial=rim; lesion.li-rads=M",
                "RAD-T2; high-risk=true lesion.size=19 lesion.arterial=rim lesion.tumor-in-vein=true; lesion.li-rads=TIV",
                "RAD-T2; high-risk=false lesion.size=30 lesion.arterial=non-rim lesion.washout=true; lesion.li-rads=",
                "RAD-T3; length=40 width=50 height=30 psa=6; prostate-volume=31.2 psa-density=0.192",
                "RAD-T4; assessment.side=L assessment.bi-rads=4B; assessment.recommendation=biopsy",
                "RAD-T5; segment.number=5 segment.stenosis=50-69; cad-rads=4B",
                "RAD-T5; segment.number=6 segment.stenosis=50-69; cad-rads=3",
                "RAD-T5; segment.number=1 segment.stenosis=70-99 / segment.number=6 segment.stenosis=70-99 / segment.number=11 segment.stenosis=70-99; cad-rads=4B",
                "RAD-T5; segment.number=1 segment.stenosis=70-99 / segment.number=6 segment.stenosis=70-99; cad-rads=4A",
                "RAD-T5; segment.number=1 segment.stenosis=100; cad-rads=5",
                "RAD-T5; segment.number=1 segment.stenosis=0; cad-rads=0",
                "RAD-T6; asc-aorta-diameter=55; critical-finding=true",
                "RAD-T6; asc-aorta-diameter=54; critical-finding=false",
                "RAD-T6; asc-aorta-diameter=40 dissection=true; critical-finding=true",
                "RAD-T7; haematoma.length=60 haematoma.width=40 haematoma.height=30; haematoma.haematoma-volume=36",
                "RAD-T8; liver-density=45 spleen-density=50; liver-spleen-ratio=0.9",
                "US-T3; e-wave=0.8 a-wave=0.5 e-prime=10 trv=2.5; e-a=1.6 e-e-prime=8 pasp=30",
                "US-T3; lvedd=50 lvesd=30; fs=40",
                "US-T4; vessel.name=ICA vessel.psv=124 vessel.plaque=true; vessel.stenosis=<50",
                "US-T4; vessel.name=ICA vessel.psv=125; vessel.stenosis=50-69",
                "US-T4; vessel.name=ICA vessel.psv=231; vessel.stenosis=70-99",
                "US-T4; vessel.name=ICA vessel.flow=absent; vessel.stenosis=occluded",
                "US-T4; vessel.name=CCA vessel.psv=300 vessel.edv=100; vessel.stenosis= vessel.ri=0.67",
                "US-T5; liver-stiffness=10.6 etiology=CHB bilirubin-normal=true alt-uln=1.5 cap=268; reading-context=CHB-ALT-LT2 stage=F3 steatosis=S2",
                "US-T5; liver-stiffness=10.6 etiology=CHB bilirubin-normal=true alt-uln=2; reading-context=CHB-ALT-LT5 stage=F2",
                "US-T5; liver-stiffness=12 etiology=CHB bilirubin-normal=true alt-uln=1; reading-context=CHB-ALT-NORMAL stage=F4",
                "US-T5; liver-stiffness=12 etiology=MAFLD; stage=uncertain",
                "US-T5; liver-stiffness=12 etiology=ALD; stage= reading-context=",
                "US-T6; bpd=50 hc=185 ac=160 fl=35; gestational-age=20.8",
                "EN-T2; bbps-right=2 bbps-transverse=3 bbps-left=1; bbps-total=6 adequate=false",
                "EN-T2; bbps-right=2 bbps-transverse=2 bbps-left=2; bbps-total=6 adequate=true",
                "EN-T5; ubt-dob=3.9; result=negative repeat-advised=true",
                "EN-T5; ubt-dob=4.0; result=positive",
                "EN-T10; side.polyp=2 side.oedema=1 side.discharge=2; side.lund-kennedy=5",
                "PA-T1; jar.location=antrum jar.atrophy=2 jar.metaplasia=0 / jar.location=corpus jar.atrophy=1 jar.metaplasia=3; olga=II olgim=III",
                "PA-T1; jar.location=antrum jar.atrophy=2; olga=",
                "PA-T2; pt=3 nodes-positive=0; pn=0 stage=IIA",
                "PA-T2; pt=4a nodes-positive=5; pn=2a stage=IIIC",
                "PA-T2; pt=2 nodes-positive=7; pn=2b stage=IIIB",
                "PA-T3; er=90 pr=80 her2=1+ ki67=10; subtype=luminal-A",
                "PA-T3; er=90 pr=10 her2=0 ki67=10; subtype=luminal-B",
                "PA-T3; er=0 pr=0 her2=3+ ki67=40; subtype=HER2",
                "PA-T3; er=0 pr=0 her2=2+ ki67=40; subtype=",
                "PA-T3; er=0 pr=0 her2=2+ fish=not-amplified ki67=40; subtype=TNBC",
                "PA-T5; received=1430 reported=20; frozen-turnaround=30",
                "EC-T1; heart-rate=75 qt=400; qtc=447",
                "EC-T2; beats=100000 pvc=1234; pvc-percent=1.23",
                "EC-T3; exercise-time=9 st-deviation=1 angina=non-limiting; duke=0",
                "EC-T4; sbp-day=130 sbp-night=117; dipping=10",
                "NM-T4; segment.stress=3 segment.rest=1 / segment.stress=2 segment.rest=0; sss=5 srs=1 sds=4",
                "NM-T5; gfr-left=45 gfr-right=44.5; gfr-total=89.5",
                "OP-T1; eye.side=OD eye.cup-disc=0.7 / eye.side=OS eye.cup-disc=0.4; cup-disc-asymmetry=0.3",
                "DE-T2; implant.density=1251 / implant.density=351; implant.density-class=D1",
                "DE-T3; max-cal=5 teeth-lost=5 bone-loss-age=0.25; stage=IV grade=B",
                "DE-T3; max-cal=2 teeth-lost=0 bone-loss-age=1.1; stage=I grade=C",
                "PE-T2; age-weeks=8 hip.alpha=55 hip.beta=60; hip.graf=IIa",
                "PE-T2; age-weeks=12 hip.alpha=55 hip.beta=60; hip.graf=IIb",
                "PE-T2; age-weeks=12 hip.alpha=60 hip.beta=55; hip.graf=Ib",
                "PE-T2; age-weeks=12 hip.alpha=43 hip.beta=77; hip.graf=D",
                "PE-T2; age-weeks=12 hip.alpha=42 hip.beta=77; hip.graf=",
                "PE-T4; ratio-z=-1.7; obstruction=true",
            })
    @Tag("TPL-1")
    void TPL_1_itemsAreCalculated(String template, String given, String expected) {
        QuestionnaireResponse answers = Templates.answers(template);
        for (String instance : given.split("/")) {
            QuestionnaireResponseItemComponent group = null;
            for (String pair : instance.strip().split(" ")) {
                String id = pair.substring(0, pair.indexOf('='));
                QuestionnaireResponseItemComponent answer =
                        Templates.answer(id, value(template, id, pair.substring(pair.indexOf('=') + 1)));
                if (!id.contains(".")) {
                    answers.addItem(answer);
                    continue;
                }
                if (group == null) {
                    group = answers.addItem().setLinkId(id.substring(0, id.indexOf('.')));
                }
                group.addItem(answer);
            }
        }

        Templates.CALCULATION.compute(Templates.all().get(template), answers, null);

        for (String pair : expected.strip().split(" ")) {
            String id = pair.substring(0, pair.indexOf('='));
            String wanted = pair.substring(pair.indexOf('=') + 1);
            List<QuestionnaireResponseItemComponent> items = new ArrayList<>(answers.getItem());
            answers.getItem().forEach(each -> items.addAll(each.getItem()));
            String computed = Templates.text(items, id);
            if (wanted.isEmpty()) {
                assertThat(computed).as(id).isNull();
            } else if (wanted.matches("-?[\\d.]+")
                    && Objects.requireNonNull(computed).matches("-?[\\d.]+")) {
                assertThat(Double.parseDouble(computed)).as(id).isEqualTo(Double.parseDouble(wanted));
            } else {
                assertThat(computed).as(id).isEqualTo(wanted);
            }
        }
    }

    private static Type value(String template, String id, String text) {
        QuestionnaireItemComponent item =
                Templates.item(Templates.all().get(template).getItem(), id);
        return switch (item.getType()) {
            case DECIMAL -> new DecimalType(text);
            case INTEGER -> new IntegerType(text);
            case BOOLEAN -> new BooleanType(text);
            case CHOICE -> Templates.option(template, id, text);
            default -> new StringType(text);
        };
    }

    @Test
    @Tag("TPL-1")
    void TPL_1_theAgeComesFromThePatient() {
        QuestionnaireResponse answers = Templates.answers("PE-T1");
        answers.setAuthoredElement(new DateTimeType("2025-03-01T10:00:00+08:00"));
        answers.addItem(Templates.answer("bone-age", new DecimalType("10.5")));
        Patient patient = new Patient();
        patient.getBirthDateElement().setValueAsString("2015-09-20");

        Templates.CALCULATION.compute(Templates.all().get("PE-T1"), answers, patient);

        assertThat(Templates.text(answers.getItem(), "chronological")).isEqualTo("9.5");
        assertThat(Templates.text(answers.getItem(), "difference")).isEqualTo("1.0");
    }

    @Test
    @Tag("TPL-1")
    void TPL_1_whatWasSentDifferentlyIsCorrectedAndTold() {
        QuestionnaireResponse answers = Templates.answers("EN-T5");
        answers.addItem(Templates.answer("ubt-dob", new DecimalType("9")));
        answers.addItem(Templates.answer("result", Templates.option("EN-T5", "result", "negative")));

        List<Problem> corrected = Templates.CALCULATION.compute(Templates.all().get("EN-T5"), answers, null);

        assertThat(corrected).extracting(Problem::linkId).containsExactly("result");
        assertThat(Templates.text(answers.getItem(), "result")).isEqualTo("positive");
    }

    @Test
    @Tag("TPL-1")
    void TPL_1_answersAreCheckedAgainstTheTemplate() {
        QuestionnaireResponse answers = Templates.answers("RAD-T1");
        answers.setAuthored(new Date(0));
        answers.addItem(Templates.answer("nothing", new StringType("x")));
        QuestionnaireResponseItemComponent nodule = answers.addItem().setLinkId("nodule");
        nodule.addItem(Templates.answer("nodule.long", new DecimalType("301")));
        nodule.addItem(Templates.answer("nodule.short", new StringType("4")));
        nodule.addItem(Templates.answer("nodule.solid-part", new DecimalType("3")));

        List<Problem> problems = AnswerCheck.problems(Templates.all().get("RAD-T1"), answers, true);

        assertThat(problems)
                .extracting(Problem::linkId)
                .contains(
                        "nothing",
                        "nodule.long",
                        "nodule.short",
                        "nodule.solid-part",
                        "nodule.lobe",
                        "nodule.type",
                        "findings",
                        "impression",
                        "positivity",
                        "critical");
        assertThat(AnswerCheck.problems(Templates.all().get("RAD-T1"), answers, false))
                .extracting(Problem::linkId)
                .doesNotContain("findings", "nodule.lobe");
    }
}
