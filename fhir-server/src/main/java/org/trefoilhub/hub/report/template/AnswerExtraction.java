package org.trefoilhub.hub.report.template;

import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.param.UriParam;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.report.range.StoredRanges;
import org.trefoilhub.interceptors.fhir.error.Refusals;

/**
 * Stores what answers lead to: the corrected answers, their observations, and a report that is still a draft.
 *
 * <p>Extracting the same answers again changes nothing. Observations that the answers no longer lead to are marked entered in
 * error. A report that has left the draft is not changed: then only an extraction that changes nothing succeeds.
 */
final class AnswerExtraction {

    /** Extension of a report: the answers it was made of. */
    static final String ANSWERS = Sdc.BASE + "/StructureDefinition/report-answers";

    private static final int MOST_OBSERVATIONS = 2_000;
    private static final Set<DiagnosticReportStatus> DRAFTS = EnumSet.of(
            DiagnosticReportStatus.REGISTERED, DiagnosticReportStatus.PARTIAL, DiagnosticReportStatus.PRELIMINARY);
    private static final Set<QuestionnaireResponseStatus> COMPLETE =
            EnumSet.of(QuestionnaireResponseStatus.COMPLETED, QuestionnaireResponseStatus.AMENDED);

    private final CallerStore store;
    private final Calculation calculation;
    private final StoredRanges ranges;

    AnswerExtraction(CallerStore store, Calculation calculation, StoredRanges ranges) {
        this.store = store;
        this.calculation = calculation;
        this.ranges = ranges;
    }

    /**
     * What was stored.
     *
     * @param answers as they are stored now
     * @param report the report
     * @param observations what the report refers to
     * @param corrected calculated answers that were corrected
     */
    record Stored(
            QuestionnaireResponse answers, Reference report, List<Reference> observations, List<Problem> corrected) {}

    /**
     * Extracts. Answers first, then observations, then the report; after a failure the same call completes what is missing.
     *
     * @param sent answers, with the id of stored ones or none
     * @param caller who asks
     */
    Stored extract(QuestionnaireResponse sent, RequestDetails caller) {
        if (sent.getStatus() == QuestionnaireResponseStatus.STOPPED
                || sent.getStatus() == QuestionnaireResponseStatus.ENTEREDINERROR) {
            throw Problem.refusal(
                    ReportErrorCode.ANSWERS_VOID, "expected answers that are in progress, completed or amended");
        }
        Questionnaire template = template(sent.getQuestionnaire(), caller);
        QuestionnaireResponse answers = sent.copy();
        Optional<Patient> patient = store.read(Patient.class, answers.getSubject(), caller);
        List<Problem> corrected;
        try {
            corrected = calculation.compute(template, answers, patient.orElse(null));
        } catch (Expressions.ExpressionException | ArithmeticException | NumberFormatException e) {
            throw Problem.refusal(
                    ReportErrorCode.EXPRESSION_INVALID, "an expression of the template cannot be evaluated");
        }
        List<Problem> wrong = AnswerCheck.problems(template, answers, COMPLETE.contains(answers.getStatus()));
        if (!wrong.isEmpty()) {
            throw Problem.refusal(wrong);
        }
        boolean changed = !answers.hasId() || !answers.equalsDeep(sent) || !isStored(answers, caller);
        ServiceRequest order = answers.getBasedOn().stream()
                .map(reference -> store.read(ServiceRequest.class, reference, caller))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
        DiagnosticReport report = answers.hasId() || order != null ? find(answers, order, caller) : null;
        boolean closed = report != null && !DRAFTS.contains(report.getStatus());
        if (changed) {
            if (closed) {
                throw closed();
            }
            store.save(QuestionnaireResponse.class, answers, caller);
        }
        Instant at = answers.hasAuthored() ? answers.getAuthored().toInstant() : null;
        Extraction.Extracted extracted =
                Extraction.of(template, answers, ranges.current(), ranges.facts(answers.getSubject(), at));
        List<Reference> observations = observations(answers, extracted.observations(), closed, caller);
        DiagnosticReport draft = report == null ? draft(template, answers, order, caller) : report.copy();
        fill(draft, answers, extracted, observations);
        if (report == null || !draft.equalsDeep(report)) {
            if (closed) {
                throw closed();
            }
            store.save(DiagnosticReport.class, draft, caller);
        }
        return new Stored(answers, reference(draft), observations, corrected);
    }

    private static UnprocessableEntityException closed() {
        return Problem.refusal(
                ReportErrorCode.REPORT_CLOSED,
                "the report is no draft any more: its content is changed by an amendment");
    }

    /** The template of a canonical address, in the version it names or else the newest. */
    Questionnaire template(@Nullable String canonical, RequestDetails caller) {
        if (canonical == null || canonical.isBlank()) {
            throw Problem.refusal(ReportErrorCode.TEMPLATE_UNKNOWN, "expected the address of a template");
        }
        int bar = canonical.indexOf('|');
        String url = bar < 0 ? canonical : canonical.substring(0, bar);
        SearchParameterMap search = new SearchParameterMap("url", new UriParam(url));
        if (bar >= 0) {
            search.add("version", new TokenParam(canonical.substring(bar + 1)));
        }
        // Answers stay valid when their template is retired.
        return store.search(Questionnaire.class, search, 100, caller).stream()
                .max(Comparator.comparing((Questionnaire each) -> String.valueOf(each.getVersion()), Versions.ORDER)
                        .thenComparing(each -> each.getIdElement().getIdPartAsLong()))
                .orElseThrow(() -> Problem.refusal(ReportErrorCode.TEMPLATE_UNKNOWN, "the template is not known"));
    }

    private boolean isStored(QuestionnaireResponse answers, RequestDetails caller) {
        QuestionnaireResponse stored = store.read(QuestionnaireResponse.class, answers.getIdElement(), caller)
                .orElseThrow(Refusals::notFound);
        return same(stored, answers);
    }

    /** The report of these answers; else the draft of their order. */
    private @Nullable DiagnosticReport find(
            QuestionnaireResponse answers, @Nullable ServiceRequest order, RequestDetails caller) {
        if (answers.hasId()) {
            Optional<DiagnosticReport> own = store
                    .search(
                            DiagnosticReport.class,
                            new SearchParameterMap(
                                    "identifier",
                                    new TokenParam(
                                            Extraction.IDENTIFIER,
                                            answers.getIdElement().getIdPart())),
                            10,
                            caller)
                    .stream()
                    .min(Comparator.comparingLong(each -> each.getIdElement().getIdPartAsLong()));
            if (own.isPresent()) {
                return own.get();
            }
        }
        if (order == null) {
            return null;
        }
        SearchParameterMap search = new SearchParameterMap(
                "based-on",
                new ReferenceParam("ServiceRequest/" + order.getIdElement().getIdPart()));
        search.add("status", new TokenOrListParam(null, "registered", "partial", "preliminary"));
        return store.search(DiagnosticReport.class, search, 10, caller).stream()
                .filter(each -> each.getIdentifier().stream()
                        .noneMatch(identifier -> Extraction.IDENTIFIER.equals(identifier.getSystem())))
                .min(Comparator.comparingLong(each -> each.getIdElement().getIdPartAsLong()))
                .orElse(null);
    }

    private List<Reference> observations(
            QuestionnaireResponse answers, List<Observation> wanted, boolean closed, RequestDetails caller) {
        SearchParameterMap search = new SearchParameterMap(
                "derived-from",
                new ReferenceParam(
                        "QuestionnaireResponse/" + answers.getIdElement().getIdPart()));
        Map<String, Observation> known = new HashMap<>();
        for (Observation each : store.search(Observation.class, search, MOST_OBSERVATIONS, caller)) {
            each.getIdentifier().stream()
                    .filter(identifier -> Extraction.IDENTIFIER.equals(identifier.getSystem()))
                    .findFirst()
                    .ifPresent(identifier -> known.put(identifier.getValue(), each));
        }
        List<Reference> references = new ArrayList<>();
        for (Observation observation : wanted) {
            Observation stored =
                    known.remove(observation.getIdentifierFirstRep().getValue());
            if (stored != null) {
                observation.setId(stored.getIdElement().toUnqualifiedVersionless());
                if (stored.getStatus() != ObservationStatus.ENTEREDINERROR) {
                    // How far the observation has come is for the workflow.
                    observation.setStatus(stored.getStatus());
                }
            }
            if (stored == null || !same(stored, observation)) {
                if (closed) {
                    throw closed();
                }
                store.save(Observation.class, observation, caller);
            }
            references.add(reference(observation));
        }
        for (Observation dropped : known.values()) {
            if (dropped.getStatus() != ObservationStatus.ENTEREDINERROR) {
                if (closed) {
                    throw closed();
                }
                dropped.setStatus(ObservationStatus.ENTEREDINERROR);
                store.save(Observation.class, dropped, caller);
            }
        }
        return references;
    }

    private DiagnosticReport draft(
            Questionnaire template,
            QuestionnaireResponse answers,
            @Nullable ServiceRequest order,
            RequestDetails caller) {
        DiagnosticReport report = new DiagnosticReport();
        report.setStatus(DiagnosticReportStatus.PARTIAL);
        template.getUseContext().stream()
                .filter(context -> "exam-kind".equals(context.getCode().getCode()))
                .map(context -> context.getValue())
                .filter(CodeableConcept.class::isInstance)
                .findFirst()
                .ifPresent(kind -> report.addCategory(((CodeableConcept) kind).copy()));
        report.setCode(
                order != null && order.hasCode()
                        ? order.getCode().copy()
                        : new CodeableConcept()
                                .addCoding(template.getCodeFirstRep().copy())
                                .setText(template.getTitle()));
        report.setSubject(answers.getSubject().copy());
        if (answers.hasEncounter()) {
            report.setEncounter(answers.getEncounter().copy());
        }
        if (order != null) {
            report.addBasedOn(reference(order));
            order.getPerformer().stream()
                    .filter(each ->
                            "Organization".equals(each.getReferenceElement().getResourceType()))
                    .forEach(each -> report.addPerformer(each.copy()));
            SearchParameterMap studies = new SearchParameterMap(
                    "basedon",
                    new ReferenceParam("ServiceRequest/" + order.getIdElement().getIdPart()));
            store.search(ImagingStudy.class, studies, 20, caller)
                    .forEach(study -> report.addImagingStudy(reference(study)));
        }
        if (answers.hasAuthored()) {
            report.setEffective(answers.getAuthoredElement().copy());
        }
        return report;
    }

    private static void fill(
            DiagnosticReport report,
            QuestionnaireResponse answers,
            Extraction.Extracted extracted,
            List<Reference> observations) {
        String id = answers.getIdElement().getIdPart();
        boolean named = report.getIdentifier().stream()
                .anyMatch(each -> Extraction.IDENTIFIER.equals(each.getSystem()) && id.equals(each.getValue()));
        if (!named) {
            report.addIdentifier().setSystem(Extraction.IDENTIFIER).setValue(id);
        }
        if (report.getExtensionByUrl(ANSWERS) == null) {
            report.addExtension(ANSWERS, new Reference("QuestionnaireResponse/" + id));
        }
        if (answers.hasAuthor()
                && Set.of("Practitioner", "PractitionerRole")
                        .contains(answers.getAuthor().getReferenceElement().getResourceType())
                && report.getResultsInterpreter().isEmpty()) {
            report.addResultsInterpreter(answers.getAuthor().copy());
        }
        if (!report.getResult().stream()
                .map(Reference::getReference)
                .toList()
                .equals(observations.stream().map(Reference::getReference).toList())) {
            report.setResult(observations.stream().map(Reference::copy).toList());
        }
        extracted.into(report);
    }

    /** Whether the contents are the same, whatever the server added. */
    private static boolean same(Resource stored, Resource wanted) {
        Resource one = stored.copy();
        Resource other = wanted.copy();
        for (Resource each : List.of(one, other)) {
            each.setId((String) null);
            each.setMeta(null);
            if (each instanceof DomainResource domain) {
                domain.setText(null);
            }
        }
        return one.equalsDeep(other);
    }

    private static Reference reference(Resource resource) {
        return new Reference(resource.fhirType() + "/" + resource.getIdElement().getIdPart());
    }
}
