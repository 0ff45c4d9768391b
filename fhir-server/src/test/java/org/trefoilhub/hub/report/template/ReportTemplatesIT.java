package org.trefoilhub.hub.report.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.report.range.ReferenceRanges;

/** Templates through the doors of the running hub. */
class ReportTemplatesIT {

    private static final String BASE = "https://trefoil-hub.org/fhir";
    private static final HubFixture HUB = HubFixture.onH2();
    private static final Date EXAM = Date.from(Instant.parse("2025-03-01T02:00:00Z"));

    private static <T extends Resource> T stored(Class<T> type, String reference) {
        HttpResponse<String> answer = HUB.get("/fhir/" + reference);
        assertThat(answer.statusCode()).as(reference).isEqualTo(200);
        return HUB.parse(type, answer.body());
    }

    private static String created(IBaseResource resource) {
        HttpResponse<String> answer = HUB.create(resource);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        String location = answer.headers().firstValue("Location").orElseThrow();
        String[] parts = location.substring(location.indexOf("/fhir/") + 6).split("/");
        return parts[0] + "/" + parts[1];
    }

    private static String patient(AdministrativeGender sex, String born) {
        Patient patient = new Patient();
        patient.addIdentifier()
                .setSystem("urn:test:templates")
                .setValue(UUID.randomUUID().toString());
        patient.addName().setText("模板测试");
        patient.setGender(sex);
        patient.getBirthDateElement().setValueAsString(born);
        return created(patient);
    }

    private static String codes(Questionnaire template, String context) {
        return template.getUseContext().stream()
                .filter(each -> each.getCode().getCode().equals(context))
                .map(each ->
                        ((CodeableConcept) each.getValue()).getCodingFirstRep().getCode())
                .findFirst()
                .orElse("");
    }

    private static ServiceRequest order(Questionnaire template, String patient) {
        ServiceRequest order = new ServiceRequest();
        order.setStatus(ServiceRequest.ServiceRequestStatus.ACTIVE);
        order.setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
        order.setSubject(new Reference(patient));
        order.getCode()
                .addCoding()
                .setSystem(BASE + "/CodeSystem/exam-item")
                .setCode(codes(template, "exam-item"))
                .setDisplay(template.getTitle());
        order.addCategory()
                .addCoding()
                .setSystem(BASE + "/CodeSystem/exam-kind")
                .setCode(codes(template, "exam-kind"));
        if (!codes(template, "exam-type").isEmpty()) {
            order.addOrderDetail()
                    .addCoding()
                    .setSystem(BASE + "/CodeSystem/exam-type")
                    .setCode(codes(template, "exam-type"));
        }
        return order;
    }

    private static List<String> references(Parameters parameters, String name) {
        return parameters.getParameter().stream()
                .filter(each -> each.getName().equals(name))
                .map(each -> ((Reference) each.getValue()).getReference())
                .toList();
    }

    private static Parameters extracted(QuestionnaireResponse answers) {
        HttpResponse<String> answer = extract(answers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return HUB.parse(Parameters.class, answer.body());
    }

    private static HttpResponse<String> extract(QuestionnaireResponse answers) {
        return HUB.post(
                "/fhir/QuestionnaireResponse/$extract",
                Templates.FHIR.newJsonParser().encodeResourceToString(answers));
    }

    private static List<Parameters.ParametersParameterComponent> recommended(String query) {
        HttpResponse<String> answer = HUB.get("/fhir/Questionnaire/$recommend?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return HUB.parse(Parameters.class, answer.body()).getParameter();
    }

    private static String part(ParametersParameterComponent component, String name) {
        return component.getPart().stream()
                .filter(each -> each.getName().equals(name))
                .map(each -> each.getValue().primitiveValue())
                .findFirst()
                .orElse("");
    }

    @Test
    @Tag("TPL-2")
    @Tag("TPL-4")
    @Tag("TPL-6")
    @Tag("TPL-7")
    void TPL_2_everyTemplateIsRecommendedForItsOrder_filled_extracted_andExtractedAgainWithoutDuplicates() {
        String man = patient(AdministrativeGender.MALE, "1960-05-04");
        String woman = patient(AdministrativeGender.FEMALE, "1990-05-04");
        String baby = patient(AdministrativeGender.MALE, "2025-01-04");
        for (Map.Entry<String, Questionnaire> each : Templates.all().entrySet()) {
            Questionnaire template = each.getValue();
            String who = codes(template, "sex").equals("male") ? man : woman;
            if (codes(template, "exam-kind").equals("PED")) {
                who = baby;
            }
            String order = created(order(template, who));

            ParametersParameterComponent best = recommended("order=" + URLEncoder.encode(order, StandardCharsets.UTF_8))
                    .get(0);
            assertThat(part(best, "canonical")).startsWith(template.getUrl() + "|");
            assertThat(part(best, "reason")).contains(codes(template, "exam-item"));

            Patient person = new Patient();
            person.getBirthDateElement().setValueAsString(who.equals(baby) ? "2025-01-04" : "1990-05-04");
            QuestionnaireResponse answers =
                    new AnswerGenerator(each.getKey().hashCode()).complete(template, person, EXAM);
            answers.setQuestionnaire(part(best, "canonical"));
            answers.setSubject(new Reference(who));
            answers.addBasedOn(new Reference(order));
            Parameters first = extracted(answers);
            assertThat(references(first, "observation")).hasSizeGreaterThanOrEqualTo(4);

            String kept = references(first, "questionnaire-response").get(0);
            HttpResponse<String> again = HUB.post("/fhir/" + kept + "/$extract", "{\"resourceType\":\"Parameters\"}");
            assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
            Parameters second = HUB.parse(Parameters.class, again.body());
            assertThat(references(second, "observation")).isEqualTo(references(first, "observation"));
            assertThat(references(second, "report")).isEqualTo(references(first, "report"));

            Bundle reports =
                    HUB.search("DiagnosticReport?based-on=" + order + "&_include=DiagnosticReport:result&_count=300");
            List<Resource> found = reports.getEntry().stream()
                    .map(Bundle.BundleEntryComponent::getResource)
                    .toList();
            assertThat(found.stream().filter(DiagnosticReport.class::isInstance))
                    .hasSize(1);
            assertThat(found)
                    .allSatisfy(one -> assertThat(one.getMeta().getVersionId()).isEqualTo("1"));
            assertThat(found).hasSize(1 + references(first, "observation").size());
            DiagnosticReport report = (DiagnosticReport) found.stream()
                    .filter(DiagnosticReport.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            assertThat(report.getStatus()).isEqualTo(DiagnosticReportStatus.PARTIAL);
            assertThat(report.getConclusion()).startsWith("诊断意见");
            assertThat(report.getConclusionCode()).isNotEmpty();
        }
    }

    @Test
    @Tag("TPL-3")
    @Tag("TPL-5")
    @Tag("TPL-8")
    void TPL_3_plainAndEnhancedLiverDiffer_andADiagnosisChangesTheRanking() {
        assertThat(part(recommended("exam-item=CT-LIVER&exam-type=plain").get(0), "canonical"))
                .startsWith(BASE + "/Questionnaire/RAD-T8");
        assertThat(part(recommended("exam-item=CT-LIVER-CE&exam-type=enhanced").get(0), "canonical"))
                .startsWith(BASE + "/Questionnaire/RAD-T2");
        assertThat(part(recommended("exam-kind=US&diagnosis=E04.1").get(0), "canonical"))
                .startsWith(BASE + "/Questionnaire/US-T1");
        ParametersParameterComponent breast =
                recommended("exam-kind=US&diagnosis=N63").get(0);
        assertThat(part(breast, "canonical")).startsWith(BASE + "/Questionnaire/US-T2");
        assertThat(part(breast, "score")).isEqualTo("5");
        assertThat(HUB.get("/fhir/Questionnaire/$recommend").statusCode()).isEqualTo(400);
    }

    private static QuestionnaireResponse echo(String patient, String lvef) {
        QuestionnaireResponse answers = new QuestionnaireResponse();
        answers.setQuestionnaire(BASE + "/Questionnaire/US-T3");
        answers.setStatus(QuestionnaireResponseStatus.COMPLETED);
        answers.setSubject(new Reference(patient));
        answers.setAuthoredElement(new DateTimeType(EXAM));
        answers.addItem(Templates.answer("lvef", new DecimalType(lvef)));
        answers.addItem(Templates.answer("trv", new DecimalType("2.5")));
        QuestionnaireResponse.QuestionnaireResponseItemComponent tail =
                answers.addItem().setLinkId("tail");
        tail.addItem(Templates.answer("findings", new StringType("左室收缩功能减低。")));
        tail.addItem(Templates.answer("impression", new StringType("左室收缩功能减低，轻度三尖瓣反流。")));
        tail.addItem(Templates.answer("positivity", Templates.option("US-T3", "positivity", "POS")));
        tail.addItem(Templates.answer("critical", new org.hl7.fhir.r4.model.BooleanType(false)));
        return answers;
    }

    private static Observation measured(Parameters extracted, String code) {
        return references(extracted, "observation").stream()
                .map(each -> stored(Observation.class, each))
                .filter(each -> each.getCode().getCodingFirstRep().getCode().equals(code))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("RAD-6")
    @Tag("TPL-1")
    void RAD_6_measurementsGetRangeAndFlag_changesFollowTheAnswers_andDroppedOnesAreMarked() {
        String man = patient(AdministrativeGender.MALE, "1960-05-04");
        Parameters first = extracted(echo(man, "45"));
        Observation lvef = measured(first, "18043-0");
        assertThat(lvef.getInterpretationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("L");
        assertThat(lvef.getReferenceRangeFirstRep().getText()).isEqualTo("52–72 %");
        assertThat(lvef.getDerivedFromFirstRep().getReference())
                .isEqualTo(references(first, "questionnaire-response").get(0));
        assertThat(measured(first, "pasp").getValueQuantity().getValue()).isEqualByComparingTo("30");
        Observation findings = measured(first, "18782-3");
        assertThat(findings.getValueStringType().getValue()).contains("左室");

        QuestionnaireResponse changed = stored(
                QuestionnaireResponse.class,
                references(first, "questionnaire-response").get(0));
        changed.getItem().removeIf(each -> List.of("trv", "pasp").contains(each.getLinkId()));
        changed.getItem().get(0).getAnswerFirstRep().setValue(new DecimalType("52"));
        Parameters second = extracted(changed);
        assertThat(measured(second, "18043-0")
                        .getInterpretationFirstRep()
                        .getCodingFirstRep()
                        .getCode())
                .isEqualTo("N");
        assertThat(measured(second, "18043-0").getIdElement().getIdPart())
                .isEqualTo(lvef.getIdElement().getIdPart());
        List<String> gone = new ArrayList<>(references(first, "observation"));
        gone.removeAll(references(second, "observation"));
        assertThat(gone).hasSize(2);
        assertThat(gone)
                .allSatisfy(each -> assertThat(stored(Observation.class, each).getStatus())
                        .isEqualTo(ObservationStatus.ENTEREDINERROR));

        String woman = patient(AdministrativeGender.FEMALE, "1960-05-04");
        assertThat(measured(extracted(echo(woman, "53")), "18043-0")
                        .getInterpretationFirstRep()
                        .getCodingFirstRep()
                        .getCode())
                .isEqualTo("L");
    }

    @Test
    @Tag("TPL-1")
    void TPL_1_whatIsMissingOrWrongIsRefused_andWhatIsMiscalculatedIsCorrected() {
        String man = patient(AdministrativeGender.MALE, "1960-05-04");
        QuestionnaireResponse empty = echo(man, "45");
        empty.getItem().remove(0);
        HttpResponse<String> refused = extract(empty);
        assertThat(refused.statusCode()).isEqualTo(422);
        OperationOutcome outcome = HUB.parse(OperationOutcome.class, refused.body());
        assertThat(outcome.getIssueFirstRep().getDetails().getCodingFirstRep().getCode())
                .isEqualTo("TREFOIL-RPT-0001");
        assertThat(outcome.getIssueFirstRep().getExpression().get(0).getValue()).contains("'lvef'");

        QuestionnaireResponse draft = echo(man, "45");
        draft.getItem().remove(0);
        draft.setStatus(QuestionnaireResponseStatus.INPROGRESS);
        assertThat(extract(draft).statusCode()).isEqualTo(200);

        QuestionnaireResponse wrong = echo(man, "45");
        wrong.getItem().add(2, Templates.answer("pasp", new DecimalType("99")));
        Parameters corrected = extracted(wrong);
        assertThat(measured(corrected, "pasp").getValueQuantity().getValue()).isEqualByComparingTo("30");
        OperationOutcome warning = (OperationOutcome) corrected.getParameter().stream()
                .filter(each -> each.getName().equals("issues"))
                .map(ParametersParameterComponent::getResource)
                .findFirst()
                .orElseThrow();
        assertThat(warning.getIssueFirstRep().getSeverity()).isEqualTo(OperationOutcome.IssueSeverity.WARNING);

        QuestionnaireResponse unknown = echo(man, "45");
        unknown.setQuestionnaire(BASE + "/Questionnaire/NO-SUCH");
        assertThat(extract(unknown).body()).contains("TREFOIL-RPT-0002");
    }

    @Test
    @Tag("REF-1")
    @Tag("REF-2")
    @Tag("RAD-6")
    void REF_1_whatASourceWritesWithoutARangeGetsOne_byDiagnosisAndAge_andOneCurveHoldsBothUnits() {
        String man = patient(AdministrativeGender.MALE, "1960-05-04");
        Observation plain = stored(Observation.class, created(lab(man, "22748-8", "2.5", "mmol/L")));
        assertThat(plain.getInterpretationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("N");
        Condition heart = new Condition();
        heart.setSubject(new Reference(man));
        heart.getCode().addCoding().setSystem("http://hl7.org/fhir/sid/icd-10").setCode("I25.1");
        heart.setRecordedDate(Date.from(Instant.parse("2024-01-01T00:00:00Z")));
        created(heart);
        Observation known = stored(Observation.class, created(lab(man, "22748-8", "2.5", "mmol/L")));
        assertThat(known.getInterpretationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("H");
        assertThat(known.getReferenceRangeFirstRep().getText()).contains("ASCVD");

        created(lab(man, "718-7", "129", "g/L"));
        created(lab(man, "718-7", "12.9", "g/dL"));
        Bundle curve = HUB.search("Observation?code=718-7&patient=" + man);
        assertThat(curve.getEntry()).hasSize(2);
        assertThat(curve.getEntry()).allSatisfy(entry -> {
            Observation each = (Observation) entry.getResource();
            assertThat(each.getInterpretationFirstRep().getCodingFirstRep().getCode())
                    .isEqualTo("L");
            Quantity common = each.hasExtension(ReferenceRanges.NORMALIZED)
                    ? (Quantity)
                            each.getExtensionByUrl(ReferenceRanges.NORMALIZED).getValue()
                    : each.getValueQuantity();
            assertThat(common.getValue()).isEqualByComparingTo("129");
            assertThat(common.getCode()).isEqualTo("g/L");
        });

        Observation own = lab(man, "718-7", "129", "g/L");
        own.addReferenceRange().setText("本院 100-120");
        Observation kept = stored(Observation.class, created(own));
        assertThat(kept.getReferenceRange()).hasSize(1);
        assertThat(kept.hasInterpretation()).isFalse();
    }

    private static Observation lab(String patient, String code, String value, String unit) {
        Observation lab = new Observation();
        lab.setStatus(ObservationStatus.FINAL);
        lab.setSubject(new Reference(patient));
        lab.setEffective(new DateTimeType(EXAM));
        lab.getCode().addCoding().setSystem("http://loinc.org").setCode(code);
        lab.setValue(new Quantity()
                .setValue(new BigDecimal(value))
                .setUnit(unit)
                .setSystem("http://unitsofmeasure.org")
                .setCode(unit));
        return lab;
    }

    @Test
    @Tag("TPL-1")
    void TPL_1_aTemplateIsCopiedEditedPublishedAndRetiredByOrdinaryWrites_andMrrtGoesInAndOut() {
        String item = "ITEM-" + UUID.randomUUID();
        Questionnaire copy = Templates.all().get("EN-T5").copy();
        copy.setId((String) null);
        copy.setUrl("urn:uuid:" + UUID.randomUUID());
        copy.setStatus(PublicationStatus.DRAFT);
        copy.getIdentifier().clear();
        copy.getUseContext().stream()
                .filter(each -> each.getCode().getCode().equals("exam-item"))
                .forEach(each ->
                        ((CodeableConcept) each.getValue()).getCodingFirstRep().setCode(item));
        String reference = created(copy);
        assertThat(recommended("exam-item=" + item)).isEmpty();

        Questionnaire stored = stored(Questionnaire.class, reference);
        stored.setStatus(PublicationStatus.ACTIVE);
        put(reference, stored);
        assertThat(part(recommended("exam-item=" + item).get(0), "canonical")).startsWith(copy.getUrl());

        stored.setStatus(PublicationStatus.RETIRED);
        put(reference, stored);
        assertThat(recommended("exam-item=" + item)).isEmpty();
        QuestionnaireResponse answers = new AnswerGenerator(1).complete(copy, new Patient(), EXAM);
        answers.setQuestionnaire(copy.getUrl());
        answers.setSubject(new Reference(patient(AdministrativeGender.MALE, "1960-05-04")));
        assertThat(references(extracted(answers), "report")).hasSize(1);

        HttpResponse<String> file = HUB.get("/fhir/" + reference + "/$mrrt");
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        Binary back = new Binary();
        back.setContentType("text/html");
        back.setData(file.body().getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> imported = HUB.post(
                "/fhir/Questionnaire/$import-mrrt",
                Templates.FHIR.newJsonParser().encodeResourceToString(back));
        assertThat(imported.statusCode()).as(imported.body()).isEqualTo(200);
        Questionnaire draft = stored(
                Questionnaire.class,
                references(HUB.parse(Parameters.class, imported.body()), "template")
                        .get(0));
        assertThat(draft.getStatus()).isEqualTo(PublicationStatus.DRAFT);
        assertThat(draft.getItem()).hasSameSizeAs(copy.getItem());
    }

    private static void put(String reference, Resource resource) {
        HttpResponse<String> answer = HUB.send(HUB.request("/fhir/" + reference)
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(
                        Templates.FHIR.newJsonParser().encodeResourceToString(resource))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static HttpResponse<byte[]> document(String reference, String accept) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HUB.request("/fhir/" + reference + "/$document")
                                    .setHeader("Accept", accept)
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("RAD-7")
    @Tag("VIEW-1")
    void RAD_7_aReportThatWasWrittenByTemplateIsPrintedOnceItIsReleased() throws IOException {
        String man = patient(AdministrativeGender.MALE, "1960-05-04");
        Questionnaire aorta = Templates.all().get("RAD-T6");
        Patient person = new Patient();
        QuestionnaireResponse answers = new AnswerGenerator(3).complete(aorta, person, EXAM);
        answers.setSubject(new Reference(man));
        Parameters made = extracted(answers);
        String draft = references(made, "report").get(0);
        assertThat(document(draft, "application/pdf").statusCode()).isEqualTo(422);

        // The same content as a released report of a source: how a draft gets there is the workflow's matter.
        DiagnosticReport released = stored(DiagnosticReport.class, draft);
        released.setId((String) null);
        released.getIdentifier().clear();
        released.setStatus(DiagnosticReportStatus.FINAL);
        released.setIssued(EXAM);
        String reference = created(released);
        HttpResponse<byte[]> pdf = document(reference, "application/pdf");
        assertThat(pdf.statusCode()).isEqualTo(200);
        assertThat(pdf.headers().firstValue("Content-Type").orElseThrow()).isEqualTo("application/pdf");
        Files.write(Path.of("target/aorta.pdf"), pdf.body());
        try (PDDocument document = Loader.loadPDF(pdf.body())) {
            assertThat(new PDFTextStripper().getText(document))
                    .contains("模板测试", "升主动脉", "≤ 40 mm", "conformance", "检查所见", "诊断意见");
        }
        String id = reference.substring(reference.indexOf('/') + 1);
        assertThat(HUB.search("DiagnosticReport?_id=" + id).getEntry()).hasSize(1);
    }
}
