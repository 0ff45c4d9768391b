package org.trefoilhub.hub.report.template;

import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.OperationParam;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.report.range.IntervalFacts;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * {@code Questionnaire/$recommend}, {@code QuestionnaireResponse/$extract}, and MRRT files in and out. Everything is read and
 * written as the caller.
 */
public final class TemplateOperations {

    /** Code of the list of a user's favourite templates, whose identifier is the user's. */
    static final String FAVOURITES = "favourite-templates";

    private static final String ICD_10 = "http://hl7.org/fhir/sid/icd-10";
    private static final int MOST_TEMPLATES = 1_000;
    private static final int MOST_ANSWERED = 20;

    private final CallerStore store;
    private final AnswerExtraction extraction;
    private final RequestSubjects subjects;
    private final Clock clock;
    private final ZoneId zone;

    TemplateOperations(
            CallerStore store, AnswerExtraction extraction, RequestSubjects subjects, Clock clock, ZoneId zone) {
        this.store = store;
        this.extraction = extraction;
        this.subjects = subjects;
        this.clock = clock;
        this.zone = zone;
    }

    /**
     * Ranks the templates for an exam.
     *
     * @param order literal reference of a ServiceRequest; what it says is added to the other parameters
     * @param examItem codes of exam items
     * @param bodySite codes of body parts
     * @param examType {@code plain} or {@code enhanced}
     * @param diagnosis ICD-10 codes
     * @param examKind codes of exam kinds
     * @param patient literal reference of the patient, for sex and age
     * @param request who asks
     * @return for each template {@code recommendation} with {@code template}, {@code canonical}, {@code title},
     *     {@code score} and {@code reason}, best first
     */
    @Operation(name = "$recommend", typeName = "Questionnaire", idempotent = true)
    public Parameters recommend(
            @OperationParam(name = "order", min = 0, max = 1) @Nullable StringType order,
            @OperationParam(name = "exam-item", min = 0, max = OperationParam.MAX_UNLIMITED) @Nullable
                    List<StringType> examItem,
            @OperationParam(name = "body-site", min = 0, max = OperationParam.MAX_UNLIMITED) @Nullable
                    List<StringType> bodySite,
            @OperationParam(name = "exam-type", min = 0, max = OperationParam.MAX_UNLIMITED) @Nullable
                    List<StringType> examType,
            @OperationParam(name = "diagnosis", min = 0, max = OperationParam.MAX_UNLIMITED) @Nullable
                    List<StringType> diagnosis,
            @OperationParam(name = "exam-kind", min = 0, max = OperationParam.MAX_UNLIMITED) @Nullable
                    List<StringType> examKind,
            @OperationParam(name = "patient", min = 0, max = 1) @Nullable StringType patient,
            RequestDetails request) {
        Set<String> items = codes(examItem);
        Set<String> sites = codes(bodySite);
        Set<String> types = codes(examType);
        Set<String> diagnoses = codes(diagnosis);
        Set<String> kinds = codes(examKind);
        Reference subject = patient == null ? null : new Reference(patient.getValue());
        if (order != null) {
            ServiceRequest known = store.read(ServiceRequest.class, reference(order.getValue()), request)
                    .orElseThrow(Refusals::notFound);
            add(known.getCode(), items);
            known.getBodySite().forEach(each -> add(each, sites));
            known.getOrderDetail().forEach(each -> add(each, types));
            known.getCategory().forEach(each -> add(each, kinds));
            known.getReasonCode().forEach(each -> diagnoses(each, diagnoses));
            known.getReasonReference().stream()
                    .map(each -> store.read(Condition.class, each, request))
                    .flatMap(Optional::stream)
                    .forEach(each -> diagnoses(each.getCode(), diagnoses));
            subject = subject == null ? known.getSubject() : subject;
        }
        Patient person = subject == null
                ? null
                : store.read(Patient.class, subject, request).orElse(null);
        Recommendation.Exam exam = new Recommendation.Exam(
                items,
                sites,
                types,
                diagnoses,
                kinds,
                person != null && person.hasGender() ? person.getGender().toCode() : null,
                person == null ? null : age(person),
                favourites(request));
        Parameters answer = new Parameters();
        Recommendation.rank(templates(exam, request), exam).stream()
                .limit(MOST_ANSWERED)
                .forEach(each -> {
                    ParametersParameterComponent part = answer.addParameter().setName("recommendation");
                    Questionnaire template = each.template();
                    part.addPart()
                            .setName("template")
                            .setValue(new Reference(
                                    "Questionnaire/" + template.getIdElement().getIdPart()));
                    part.addPart().setName("canonical").setValue(new CanonicalType(canonical(template)));
                    part.addPart().setName("title").setValue(new StringType(template.getTitle()));
                    part.addPart().setName("score").setValue(new IntegerType(each.score()));
                    each.reasons()
                            .forEach(reason -> part.addPart().setName("reason").setValue(new StringType(reason)));
                });
        return answer;
    }

    /** Those with at least one of the asked codes. */
    private List<Questionnaire> templates(Recommendation.Exam exam, RequestDetails request) {
        Set<String> wanted = new HashSet<>();
        wanted.addAll(exam.items());
        wanted.addAll(exam.sites());
        wanted.addAll(exam.types());
        wanted.addAll(exam.kinds());
        for (String code : exam.diagnoses()) {
            for (int end = 1; end <= code.length(); end++) {
                wanted.add(code.substring(0, end));
            }
        }
        if (wanted.isEmpty()) {
            throw new InvalidRequestException(
                    "expected an order, or at least one of exam item, body site, exam type, diagnosis, exam kind");
        }
        TokenOrListParam any = new TokenOrListParam();
        wanted.forEach(any::add);
        SearchParameterMap search = new SearchParameterMap();
        search.add("context", any);
        search.add("status", new TokenParam("active"));
        return store.search(Questionnaire.class, search, MOST_TEMPLATES, request);
    }

    private Set<String> favourites(RequestDetails request) {
        String user = subjects.of(request).user();
        if (user == null) {
            return Set.of();
        }
        SearchParameterMap search = new SearchParameterMap("identifier", new TokenParam(Sdc.BASE + "/sid/user", user));
        search.add("code", new TokenParam(Sdc.BASE + "/CodeSystem/list-kind", FAVOURITES));
        Set<String> found = new HashSet<>();
        for (ListResource list : store.search(ListResource.class, search, 10, request)) {
            list.getEntry().forEach(entry -> found.add(entry.getItem().getReference()));
        }
        return found;
    }

    /**
     * Makes a report of answers.
     *
     * @param id answers that are stored; absent when they are sent
     * @param request who asks; its body holds the answers, or parameters with {@code questionnaire-response} as a
     *     reference or a resource
     * @return {@code questionnaire-response}, {@code report}, each {@code observation}, and {@code issues} when calculated
     *     answers were corrected
     */
    @Operation(name = "$extract", typeName = "QuestionnaireResponse")
    public Parameters extract(@IdParam(optional = true) @Nullable IdType id, RequestDetails request) {
        // One write after the other: what a transaction has not committed is not yet visible to the policy as a
        // reference.
        QuestionnaireResponse answers = answers(id, request);
        AnswerExtraction.Stored stored = extraction.extract(answers, request);
        Parameters answer = new Parameters();
        answer.addParameter(
                "questionnaire-response",
                new Reference("QuestionnaireResponse/"
                        + stored.answers().getIdElement().getIdPart()));
        answer.addParameter("report", stored.report());
        stored.observations().forEach(each -> answer.addParameter("observation", each));
        if (!stored.corrected().isEmpty()) {
            answer.addParameter()
                    .setName("issues")
                    .setResource(Problem.outcome(stored.corrected(), IssueSeverity.WARNING));
        }
        return answer;
    }

    private QuestionnaireResponse answers(@Nullable IdType id, RequestDetails request) {
        if (id != null) {
            return store.read(QuestionnaireResponse.class, id, request).orElseThrow(Refusals::notFound);
        }
        IBaseResource body = body(request);
        if (body instanceof QuestionnaireResponse sent) {
            return sent;
        }
        if (body instanceof Parameters parameters) {
            for (ParametersParameterComponent parameter : parameters.getParameter()) {
                if ("questionnaire-response".equals(parameter.getName())) {
                    if (parameter.getResource() instanceof QuestionnaireResponse sent) {
                        return sent;
                    }
                    if (parameter.getValue() instanceof Reference reference) {
                        return store.read(QuestionnaireResponse.class, reference, request)
                                .orElseThrow(Refusals::notFound);
                    }
                }
            }
        }
        throw new InvalidRequestException("expected answers, or a reference to them as `questionnaire-response`");
    }

    /** What was sent, of whatever type; the library reads a body only where one type is expected. */
    private static IBaseResource body(RequestDetails request) {
        String text = new String(request.loadRequestContents(), StandardCharsets.UTF_8);
        EncodingEnum encoding = EncodingEnum.detectEncodingNoDefault(text);
        if (encoding == null) {
            throw new InvalidRequestException("expected a resource as body");
        }
        try {
            IParser parser = encoding.newParser(request.getFhirContext());
            parser.setParserErrorHandler(new StrictErrorHandler());
            return parser.parseResource(text);
        } catch (DataFormatException e) {
            throw new InvalidRequestException("expected a resource that can be read as body", e);
        }
    }

    /**
     * A template as an MRRT file.
     *
     * @param id the template
     * @param request who asks
     * @param response gets the HTML
     * @throws IOException when the answer cannot be written
     */
    @Operation(name = "$mrrt", typeName = "Questionnaire", idempotent = true, manualResponse = true)
    public void mrrt(@IdParam IdType id, RequestDetails request, HttpServletResponse response) throws IOException {
        Questionnaire template = store.read(Questionnaire.class, id, request).orElseThrow(Refusals::notFound);
        byte[] file = Mrrt.export(template).getBytes(StandardCharsets.UTF_8);
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(Mrrt.MEDIA_TYPE + ";charset=UTF-8");
        // A template is a file, never a page of this site.
        response.setHeader("Content-Disposition", "attachment; filename=\"template.html\"");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox");
        response.setContentLength(file.length);
        response.getOutputStream().write(file);
    }

    /**
     * Stores an MRRT file as a draft.
     *
     * @param file HTML in a Binary
     * @param request who asks
     * @return {@code template}
     */
    @Operation(name = "$import-mrrt", typeName = "Questionnaire")
    public Parameters importMrrt(@ResourceParam Binary file, RequestDetails request) {
        if (!file.hasData()) {
            throw new InvalidRequestException("expected an MRRT file in a Binary");
        }
        Questionnaire template;
        try {
            template = Mrrt.parse(new String(file.getData(), StandardCharsets.UTF_8));
        } catch (Mrrt.MrrtException e) {
            throw Problem.refusal(ReportErrorCode.MRRT_INVALID, String.valueOf(e.getMessage()));
        }
        store.save(Questionnaire.class, template, request);
        Parameters answer = new Parameters();
        answer.addParameter(
                "template",
                new Reference("Questionnaire/" + template.getIdElement().getIdPart()));
        return answer;
    }

    private @Nullable Integer age(Patient person) {
        String born = person.getBirthDateElement().getValueAsString();
        return born == null || born.length() != 10
                ? null
                : IntervalFacts.age(
                        LocalDate.parse(born), clock.instant().atZone(zone).toLocalDate());
    }

    private static String canonical(Questionnaire template) {
        return template.hasVersion() ? template.getUrl() + "|" + template.getVersion() : template.getUrl();
    }

    private static Reference reference(String text) {
        return new Reference(text.contains("/") ? text : "ServiceRequest/" + text);
    }

    private static Set<String> codes(@Nullable List<StringType> values) {
        Set<String> codes = new HashSet<>();
        if (values != null) {
            for (StringType value : values) {
                for (String each : value.getValue().split(",")) {
                    codes.add(each.substring(each.indexOf('|') + 1).strip());
                }
            }
        }
        codes.remove("");
        return codes;
    }

    private static void add(CodeableConcept concept, Set<String> into) {
        concept.getCoding().stream().filter(Coding::hasCode).forEach(coding -> into.add(coding.getCode()));
    }

    private static void diagnoses(CodeableConcept concept, Set<String> into) {
        concept.getCoding().stream()
                .filter(coding -> coding.hasCode() && coding.hasSystem())
                .filter(coding -> coding.getSystem().startsWith(ICD_10))
                .forEach(coding -> into.add(coding.getCode()));
    }
}
