package org.trefoilhub.hub.critical;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.fhirpath.FhirPathExecutionException;
import ca.uhn.fhir.fhirpath.IFhirPath;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/** What the writer of a report is asked about before signing, and how a prompt is dismissed. */
public final class CriticalOperations {

    private static final String SEVERITY = "critical-hint";
    private static final int MOST = 500;

    private final CriticalDesk desk;
    private final CriticalPolicy policy;
    private final RequestSubjects subjects;
    private final FhirContext context;
    private final TransactionTemplate transaction;
    private final ZoneId zone;
    private final Clock clock;

    CriticalOperations(
            CriticalDesk desk,
            CriticalPolicy policy,
            RequestSubjects subjects,
            FhirContext context,
            TransactionTemplate transaction,
            ZoneId zone,
            Clock clock) {
        this.desk = desk;
        this.policy = policy;
        this.subjects = subjects;
        this.context = context;
        this.transaction = transaction;
        this.zone = zone;
        this.clock = clock;
    }

    /**
     * Says what in a report may be critical. Nothing is stored and nothing is flagged by it.
     *
     * @param in {@code report}: the report as it is being written, or a reference to a stored one; {@code observation}: its
     *     results, as many as there are, where they are not stored yet
     * @param request who asks: a doctor
     * @return one {@code hint} for each prompt with {@code finding} (Coding, where there is one), {@code title},
     *     {@code kind} (flag, rule, range or text), {@code evidence}, {@code where} and {@code dismissed}; one
     *     {@code broken} for each rule that cannot be evaluated
     */
    @Operation(name = "$critical-hints", typeName = "DiagnosticReport", idempotent = false)
    public Parameters hints(@ResourceParam Parameters in, RequestDetails request) {
        Subject asker = doctor(request);
        List<Observation> observations = new ArrayList<>();
        DiagnosticReport report = null;
        for (Parameters.ParametersParameterComponent part : in.getParameter()) {
            Resource resource = part.getResource();
            if ("observation".equals(part.getName()) && resource instanceof Observation observation) {
                observations.add(observation);
            } else if ("report".equals(part.getName()) && resource instanceof DiagnosticReport given) {
                report = given;
            } else if ("report".equals(part.getName()) && part.getValue() instanceof Reference reference) {
                report = stored(asker, reference.getReference());
            }
        }
        if (report == null || observations.size() > MOST) {
            throw new InvalidRequestException("expected a report, and at most " + MOST + " observations");
        }
        boolean isStored = report.hasId();
        if (isStored && observations.isEmpty()) {
            DiagnosticReport written = report;
            written.getResult().stream()
                    .map(Reference::getReference)
                    .filter(each ->
                            each != null && each.startsWith("Observation/") && policy.permits(asker, Action.VIEW, each))
                    .forEach(each -> desk.read(Observation.class, each).ifPresent(observations::add));
        }
        TreeSet<String> broken = new TreeSet<>();
        IFhirPath fhirpath = context.newFhirPath();
        List<CriticalResultRule.Hint> hints = CriticalResultRule.hints(
                report,
                observations,
                desk.catalogue(),
                desk.ranges(),
                person(asker, report),
                desk.departmentCode(desk.performing(report)),
                (observation, expression) -> holds(fhirpath, observation, expression, broken));
        Parameters answer = new Parameters();
        List<String> dismissed = isStored ? dismissed(Words.reference(report)) : List.of();
        for (CriticalResultRule.Hint hint : hints) {
            Parameters.ParametersParameterComponent part = answer.addParameter().setName("hint");
            if (hint.finding() != null) {
                part.addPart().setName("finding").setValue(hint.finding().copy());
            }
            part.addPart().setName("title").setValue(new StringType(hint.title()));
            part.addPart().setName("kind").setValue(new CodeType(hint.kind()));
            part.addPart().setName("evidence").setValue(new StringType(hint.evidence()));
            part.addPart().setName("where").setValue(new StringType(hint.where()));
            part.addPart().setName("dismissed").setValue(new BooleanType(dismissed.contains(key(hint))));
        }
        broken.forEach(expression -> answer.addParameter("broken", new StringType(expression)));
        return answer;
    }

    private static String key(CriticalResultRule.Hint hint) {
        Coding finding = hint.finding();
        return finding == null ? hint.title() : finding.getCode();
    }

    /**
     * Dismisses a prompt, with a reason, and keeps who did.
     *
     * @param id the report, which the asker may change
     * @param in {@code finding}: the code, or the title of a prompt without one; {@code reason}
     * @param request who dismisses: a doctor
     * @return {@code issue}: the DetectedIssue that records it
     */
    @Operation(name = "$dismiss-critical-hint", typeName = "DiagnosticReport")
    public Parameters dismiss(@IdParam IdType id, @ResourceParam Parameters in, RequestDetails request) {
        Subject asker = doctor(request);
        String reference = "DiagnosticReport/" + id.getIdPart();
        DiagnosticReport report = stored(asker, reference);
        if (!policy.permits(asker, Action.MODIFY, reference)) {
            throw Refusals.of(new AccessDeniedException(
                    AccessErrorCode.DENIED, "no policy permits you to change this report", null));
        }
        String finding = text(in, "finding");
        String reason = text(in, "reason");
        DetectedIssue issue = new DetectedIssue();
        issue.setStatus(DetectedIssue.DetectedIssueStatus.FINAL);
        CodeableConcept code = new CodeableConcept().setText(finding);
        code.addCoding(new Coding(Words.DETAIL, SEVERITY, null));
        desk.catalogue()
                .find(finding, desk.departmentCode(desk.performing(report)))
                .ifPresent(each -> code.addCoding(each.code().copy()));
        issue.setCode(code);
        issue.setPatient(new Reference(report.getSubject().getReference()));
        issue.setIdentified(new DateTimeType(Date.from(clock.instant())));
        issue.setAuthor(desk.actor(asker));
        issue.addImplicated(new Reference(reference));
        issue.addMitigation()
                .setAction(new CodeableConcept().setText(reason))
                .setDate(Date.from(clock.instant()))
                .setAuthor(desk.actor(asker));
        Reference saved = Objects.requireNonNull(transaction.execute(status -> desk.save(DetectedIssue.class, issue)));
        Parameters answer = new Parameters();
        answer.addParameter("issue", saved);
        return answer;
    }

    private List<String> dismissed(String report) {
        return desk.dismissals(report).stream()
                .filter(each -> each.getCode().hasCoding(Words.DETAIL, SEVERITY))
                .map(each -> each.getCode().getText())
                .toList();
    }

    private DiagnosticReport stored(Subject asker, String reference) {
        return desk.read(DiagnosticReport.class, reference)
                .filter(each -> policy.permits(asker, Action.VIEW, Words.reference(each)))
                .orElseThrow(Refusals::notFound);
    }

    /** Age and sex of a patient whom the asker sees; of nobody else anything is told. */
    private CriticalResultRule.Person person(Subject asker, DiagnosticReport report) {
        String subject = report.getSubject().getReference();
        if (subject == null || !subject.startsWith("Patient/") || !policy.permits(asker, Action.VIEW, subject)) {
            return CriticalResultRule.Person.UNKNOWN;
        }
        return desk.read(Patient.class, subject)
                .map(patient -> new CriticalResultRule.Person(
                        patient.hasGender() ? patient.getGender().toCode() : null, years(patient, report)))
                .orElse(CriticalResultRule.Person.UNKNOWN);
    }

    private @org.jspecify.annotations.Nullable Integer years(Patient patient, DiagnosticReport report) {
        if (!patient.hasBirthDate()) {
            return null;
        }
        LocalDate born = patient.getBirthDate().toInstant().atZone(zone).toLocalDate();
        LocalDate at = report.hasEffectiveDateTimeType()
                ? report.getEffectiveDateTimeType()
                        .getValue()
                        .toInstant()
                        .atZone(zone)
                        .toLocalDate()
                : clock.instant().atZone(zone).toLocalDate();
        return Period.between(born, at).getYears();
    }

    private static boolean holds(
            IFhirPath fhirpath, Observation observation, String expression, TreeSet<String> broken) {
        try {
            return fhirpath.evaluateFirst(observation, expression, BooleanType.class)
                    .map(BooleanType::booleanValue)
                    .orElse(false);
        } catch (FhirPathExecutionException e) {
            // Somebody edited the rule: the writer must know that it prompts for nothing.
            broken.add(expression);
            return false;
        }
    }

    private static String text(Parameters in, String name) {
        String text = in.getParameter().stream()
                .filter(each -> name.equals(each.getName()) && each.getValue() != null)
                .map(each -> each.getValue().primitiveValue())
                .findFirst()
                .orElse(null);
        if (text == null || text.isBlank() || text.length() > 1000) {
            throw new InvalidRequestException("expected a short text as parameter `" + name + "`");
        }
        return text.strip();
    }

    private Subject doctor(RequestDetails request) {
        Subject asker = subjects.of(request);
        if (asker.user() == null || !asker.roles().contains("doctor")) {
            throw Refusals.of(
                    new AccessDeniedException(AccessErrorCode.DENIED, "this is for doctors who are logged in", null));
        }
        return asker;
    }
}
