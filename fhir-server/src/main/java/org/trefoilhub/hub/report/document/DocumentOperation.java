package org.trefoilhub.hub.report.document;

import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.param.TokenParam;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Media;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.retrieve.PrintedImages;
import org.trefoilhub.hub.report.template.CallerStore;
import org.trefoilhub.hub.report.template.Problem;
import org.trefoilhub.hub.report.template.ReportErrorCode;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * {@code DiagnosticReport/{id}/$document}: the report as PDF for print. That the asker may see and print it has been asked
 * before; everything that goes onto the page is read as the asker.
 *
 * <p>Released reports and, marked as such, preliminary ones are printed; drafts, signed reports that are not released,
 * recalled and withdrawn ones are not. The original PDF of a source is printed in place of a page of ours.
 */
public final class DocumentOperation {

    private static final Logger log = LoggerFactory.getLogger(DocumentOperation.class);
    private static final String RELEASE_STATE = "https://trefoil-hub.org/fhir/CodeSystem/release-state";
    private static final String USER = "https://trefoil-hub.org/fhir/sid/user";
    private static final String PDF = "application/pdf";
    private static final int MOST_IMAGES = 6;
    private static final int MOST_IMAGE_BYTES = 8_000_000;
    private static final Set<DiagnosticReportStatus> CHANGED = EnumSet.of(
            DiagnosticReportStatus.AMENDED, DiagnosticReportStatus.CORRECTED, DiagnosticReportStatus.APPENDED);
    private static final Pattern RENDERED =
            Pattern.compile(".*/studies/([0-9.]{1,64})/series/([0-9.]{1,64})/instances/([0-9.]{1,64})"
                    + "(?:/frames/([1-9]\\d{0,5}))?(?:/rendered)?(?:\\?.*)?");

    private final CallerStore store;
    private final PrintedImages images;
    private final PdfPrinter printer;
    private final RequestSubjects subjects;
    private final AuditTrail trail;
    private final Clock clock;
    private final ZoneId zone;

    DocumentOperation(
            CallerStore store,
            PrintedImages images,
            PdfPrinter printer,
            RequestSubjects subjects,
            AuditTrail trail,
            Clock clock,
            ZoneId zone) {
        this.store = store;
        this.images = images;
        this.printer = printer;
        this.subjects = subjects;
        this.trail = trail;
        this.clock = clock;
        this.zone = zone;
    }

    /**
     * Prints a report.
     *
     * @param id the report
     * @param request who asks
     * @param response gets the PDF
     * @throws IOException when the answer cannot be written
     */
    @Operation(name = "$document", typeName = "DiagnosticReport", idempotent = true, manualResponse = true)
    public void document(@IdParam IdType id, RequestDetails request, HttpServletResponse response) throws IOException {
        DiagnosticReport report =
                store.read(DiagnosticReport.class, id, request).orElseThrow(Refusals::notFound);
        requirePrintable(report);
        Subject subject = subjects.of(request);
        Instant now = clock.instant();
        String mark = mark(subject, now, request);
        byte[] pdf = original(report, mark, request);
        if (pdf == null) {
            pdf = printer.print(ReportPage.html(report, content(report, subject, request)), mark);
        }
        AuditRecord.Builder event = AuditRecord.of(AuditCode.REST, AuditAction.READ)
                .subtype(AuditCode.PRINT)
                .door(Door.FHIR_REST)
                .subject(subject)
                .resource("DiagnosticReport/" + report.getIdElement().getIdPart());
        if ("Patient".equals(report.getSubject().getReferenceElement().getResourceType())) {
            event.patient("Patient/" + report.getSubject().getReferenceElement().getIdPart());
        }
        trail.record(event.build());
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(PDF);
        response.setHeader("Content-Disposition", "inline; filename=\"report.pdf\"");
        response.setHeader("Cache-Control", "private, no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(pdf.length);
        response.getOutputStream().write(pdf);
    }

    private static void requirePrintable(DiagnosticReport report) {
        boolean recalled = report.getMeta().getTag().stream()
                .anyMatch(tag -> RELEASE_STATE.equals(tag.getSystem()) && "recalled".equals(tag.getCode()));
        DiagnosticReportStatus status = report.getStatus();
        boolean released = (status == DiagnosticReportStatus.FINAL || CHANGED.contains(status)) && report.hasIssued();
        if (recalled || !released && status != DiagnosticReportStatus.PRELIMINARY) {
            throw Problem.refusal(
                    ReportErrorCode.NOTHING_TO_PRINT, "expected a report that is released, or preliminary");
        }
    }

    /** Who prints, where he works, and when. */
    private String mark(Subject subject, Instant now, RequestDetails request) {
        String who = subject.user();
        if (who == null) {
            who = subject.client();
        } else {
            SearchParameterMap search = new SearchParameterMap("identifier", new TokenParam(USER, who));
            String name = store.search(Practitioner.class, search, 1, request).stream()
                    .map(DocumentOperation::name)
                    .findFirst()
                    .orElse("");
            who = name.isEmpty() ? who : name + " " + who;
        }
        String departments =
                String.join(" ", subject.departments().stream().sorted().toList());
        return (who + "  " + departments).strip() + "  " + ReportPage.time(now, zone);
    }

    /** The document that the source sent, marked; null when there is none that can be printed. */
    private byte @Nullable [] original(DiagnosticReport report, String mark, RequestDetails request) {
        for (Attachment form : report.getPresentedForm()) {
            byte[] data = PDF.equals(form.getContentType()) ? data(form, request) : null;
            if (data != null) {
                try {
                    return printer.marked(data, mark);
                } catch (IOException e) {
                    log.warn("the original document of a report cannot be marked; a page of ours is printed", e);
                }
            }
        }
        return null;
    }

    private byte @Nullable [] data(Attachment attachment, RequestDetails request) {
        if (attachment.hasData()) {
            return attachment.getData();
        }
        String url = attachment.getUrl();
        if (url == null || !url.matches("(.*/)?Binary/[A-Za-z0-9.\\-]{1,64}")) {
            return null;
        }
        Reference binary = new Reference(url.substring(url.lastIndexOf("Binary/")));
        return store.read(Binary.class, binary, request)
                .filter(Binary::hasData)
                .map(Binary::getData)
                .orElse(null);
    }

    private ReportPage.Content content(DiagnosticReport report, Subject subject, RequestDetails request)
            throws IOException {
        List<Observation> observations = new ArrayList<>();
        for (Reference result : report.getResult()) {
            store.read(Observation.class, result, request)
                    .filter(each -> each.getStatus() != Observation.ObservationStatus.ENTEREDINERROR)
                    .ifPresent(observations::add);
        }
        List<byte[]> pictures = new ArrayList<>();
        for (DiagnosticReport.DiagnosticReportMediaComponent each : report.getMedia()) {
            Media media = store.read(Media.class, each.getLink(), request).orElse(null);
            if (media != null && pictures.size() < MOST_IMAGES) {
                image(media, subject, request).ifPresent(pictures::add);
            }
        }
        List<String> people = report.getResultsInterpreter().stream()
                .map(person -> person(person, request))
                .filter(name -> !name.isEmpty())
                .toList();
        String hospital = report.getPerformer().stream()
                .map(performer -> store.read(Organization.class, performer, request))
                .flatMap(Optional::stream)
                .map(Organization::getName)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
        return new ReportPage.Content(
                store.read(Patient.class, report.getSubject(), request).orElse(null),
                observations,
                pictures,
                hospital,
                people,
                zone);
    }

    private Optional<byte[]> image(Media media, Subject subject, RequestDetails request) throws IOException {
        Attachment content = media.getContent();
        String url = content.getUrl();
        Matcher rendered = url == null ? null : RENDERED.matcher(url);
        if (rendered != null && rendered.matches()) {
            String frame = rendered.group(4);
            return images.jpeg(
                    subject,
                    rendered.group(1),
                    rendered.group(2),
                    rendered.group(3),
                    frame == null ? null : Integer.valueOf(frame));
        }
        if (!"image/jpeg".equals(content.getContentType())) {
            return Optional.empty();
        }
        return Optional.ofNullable(data(content, request)).filter(data -> data.length <= MOST_IMAGE_BYTES);
    }

    private String person(Reference person, RequestDetails request) {
        Reference named = person;
        if ("PractitionerRole".equals(person.getReferenceElement().getResourceType())) {
            named = store.read(PractitionerRole.class, person, request)
                    .map(PractitionerRole::getPractitioner)
                    .orElse(person);
        }
        return store.read(Practitioner.class, named, request)
                .map(DocumentOperation::name)
                .orElse(person.hasDisplay() ? person.getDisplay() : "");
    }

    private static String name(Practitioner person) {
        return person.getName().stream()
                .map(name -> name.hasText() ? name.getText() : name.getFamily() + name.getGivenAsSingleString())
                .findFirst()
                .orElse("");
    }
}
