package org.trefoilhub.interceptors.fhir.facts;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Timing;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.DocumentedDate;
import org.trefoilhub.access.policy.FactKind;

/**
 * Says which element of which type is which fact. Pure and thread-safe.
 *
 * <p>Patient: {@code subject}, {@code patient}, {@code for}, {@code beneficiary}, {@code individual}, a participant; a
 * Patient itself. Types without such an element belong to what they speak of ({@code Binary.securityContext},
 * {@code Provenance.target}, {@code Communication.about}, {@code MessageHeader.focus}, {@code Slot.schedule}); a Bundle to
 * the first patient among its entries. Date: {@code started}, {@code effective}, {@code authoredOn},
 * {@code performed}, {@code sent}, {@code start}, {@code date}, {@code created}, {@code period}, {@code authored}, the
 * first that the type has; a partial date is widened in the zone of the hospital.
 *
 * <p>Data types: orders, process states, reports and their originals, images, waveforms, laboratory results, critical
 * values and appointments, by type, category and code. An ImagingStudy without a literal patient, and the Task that asks
 * a person to assign it, are {@code image-unassigned}.
 *
 * <p>Source: tags of the system {@code sid/source} and {@code CodeSystem/source-system}, and {@code meta.source}, of which
 * the part after {@code sid/source/} is the code.
 */
final class FactMapper {

    private static final List<String> PATIENT_ELEMENTS =
            List.of("patient", "subject", "for", "beneficiary", "individual");
    private static final List<String> DATE_ELEMENTS = List.of(
            "started",
            "effective[x]",
            "authoredOn",
            "performed[x]",
            "occurrence[x]",
            "sent",
            "start",
            "date",
            "created[x]",
            "created",
            "period",
            "authored",
            "recordedDate",
            "issued");
    private static final List<String> DEPARTMENT_ELEMENTS = List.of("performer", "serviceProvider", "owner");
    private static final List<String> EXAM_ELEMENTS =
            List.of("basedOn", "derivedFrom", "partOf", "focus", "about", "imagingStudy", "study", "order", "request");
    private static final Set<String> EXAM_TYPES = Set.of(
            "ServiceRequest",
            "ImagingStudy",
            "DiagnosticReport",
            "Task",
            "Procedure",
            "Observation",
            "Media",
            "Appointment",
            "Communication");
    private static final Set<String> PLACES =
            Set.of("Organization", "Location", "PractitionerRole", "HealthcareService");
    private static final String OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
    private static final Set<String> CRITICAL = Set.of("HH", "LL", "AA");
    /** Departments that make images of a modality. */
    private static final Map<String, String> MAKERS = Map.ofEntries(
            Map.entry("CR", "radiology"),
            Map.entry("CT", "radiology"),
            Map.entry("DX", "radiology"),
            Map.entry("MG", "radiology"),
            Map.entry("MR", "radiology"),
            Map.entry("RF", "radiology"),
            Map.entry("XA", "radiology"),
            Map.entry("US", "ultrasound"),
            Map.entry("ES", "endoscopy"),
            Map.entry("NM", "nuclear-medicine"),
            Map.entry("PT", "nuclear-medicine"),
            Map.entry("SM", "pathology"),
            Map.entry("ECG", "ecg"),
            Map.entry("OP", "ophthalmology"),
            Map.entry("OPT", "ophthalmology"),
            Map.entry("IO", "dental"),
            Map.entry("PX", "dental"));

    private static final String DICOM_UID = "urn:dicom:uid";
    private static final String OID = "urn:oid:";

    /** Types that name patients among others. */
    private static final Set<String> SEVERAL =
            Set.of("Appointment", "AppointmentResponse", "Person", "Schedule", "AuditEvent");

    private final String canonical;
    private final String fhirBase;
    private final ZoneId zone;

    /**
     * A mapper for one hospital.
     *
     * @param canonical base of our systems, without trailing slash
     * @param fhirBase base address of the FHIR door, without trailing slash
     * @param zone zone of the hospital
     */
    FactMapper(String canonical, String fhirBase, ZoneId zone) {
        this.canonical = canonical;
        this.fhirBase = fhirBase + "/";
        this.zone = zone;
    }

    OwnFacts map(Resource resource) {
        Set<String> exams = new LinkedHashSet<>();
        for (String element : EXAM_ELEMENTS) {
            for (String reference : references(resource, element)) {
                if (EXAM_TYPES.contains(typeOf(reference))) {
                    exams.add(reference);
                }
            }
        }
        Set<String> results = new LinkedHashSet<>();
        if (resource.fhirType().equals("DiagnosticReport")) {
            results.addAll(references(resource, "result"));
            results.addAll(references(resource, "imagingStudy"));
            exams.removeAll(results);
            for (Base media : children(resource, "media")) {
                results.addAll(references(media, "link"));
            }
        }
        return new OwnFacts(
                patient(resource),
                inherits(resource),
                resource instanceof ImagingStudy study ? studyUid(study) : null,
                date(resource),
                codes(resource),
                departments(resource),
                exams,
                results);
    }

    /** The literal reference {@code Type/id} that a reference holds to something of ours, else null. */
    @Nullable
    String literal(Reference reference) {
        String text = reference.getReference();
        if (text == null || text.isBlank() || text.startsWith("#") || text.startsWith("urn:")) {
            return null;
        }
        if (text.startsWith(fhirBase)) {
            text = text.substring(fhirBase.length());
        } else if (text.contains("://")) {
            return null;
        }
        IdType id = new IdType(text);
        return id.hasResourceType() && id.hasIdPart() ? id.getResourceType() + "/" + id.getIdPart() : null;
    }

    static String typeOf(String reference) {
        return reference.substring(0, reference.indexOf('/'));
    }

    private @Nullable String patient(Resource resource) {
        String type = resource.fhirType();
        if (type.equals("Patient")) {
            return "Patient/" + resource.getIdElement().getIdPart();
        }
        for (String element : PATIENT_ELEMENTS) {
            for (String reference : references(resource, element)) {
                if (typeOf(reference).equals("Patient")) {
                    return reference;
                }
            }
        }
        if (resource instanceof Bundle bundle) {
            return bundle.getEntry().stream()
                    .filter(Bundle.BundleEntryComponent::hasResource)
                    .map(entry -> patientInside(entry.getResource()))
                    .filter(java.util.Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
        if (SEVERAL.contains(type)) {
            Set<String> found = new TreeSet<>(references(resource, "actor"));
            for (Base part : children(resource, "entity")) {
                found.addAll(references(part, "what"));
            }
            for (Base part : children(resource, "agent")) {
                found.addAll(references(part, "who"));
            }
            for (Base part : children(resource, "participant")) {
                found.addAll(references(part, "actor"));
            }
            for (Base part : children(resource, "link")) {
                found.addAll(references(part, "target"));
            }
            return found.stream()
                    .filter(reference -> typeOf(reference).equals("Patient"))
                    .findFirst()
                    .orElse(null);
        }
        return null;
    }

    /** The patient of a copy inside a Bundle; a Patient without a literal id is nobody of ours. */
    private @Nullable String patientInside(Resource resource) {
        return resource.fhirType().equals("Patient") && !resource.getIdElement().hasIdPart() ? null : patient(resource);
    }

    private Set<String> inherits(Resource resource) {
        Set<String> found = new LinkedHashSet<>();
        switch (resource.fhirType()) {
            case "Binary" -> found.addAll(references(resource, "securityContext"));
            case "Provenance" -> found.addAll(references(resource, "target"));
            case "Communication", "CommunicationRequest" -> {
                found.addAll(references(resource, "about"));
                found.addAll(references(resource, "partOf"));
            }
            case "Task" -> {
                found.addAll(references(resource, "focus"));
                found.addAll(references(resource, "basedOn"));
            }
            case "MessageHeader" -> found.addAll(references(resource, "focus"));
            case "Slot" -> found.addAll(references(resource, "schedule"));
            case "DeviceMetric" -> found.addAll(references(resource, "source"));
            case "DocumentManifest" -> found.addAll(references(resource, "content"));
            case "Media", "Basic" -> found.addAll(references(resource, "basedOn"));
            default -> {
                // Its own elements say it.
            }
        }
        return found;
    }

    private static @Nullable String studyUid(ImagingStudy study) {
        for (Identifier identifier : study.getIdentifier()) {
            String value = identifier.getValue();
            if (DICOM_UID.equals(identifier.getSystem()) && value != null && value.startsWith(OID)) {
                return value.substring(OID.length());
            }
        }
        return null;
    }

    private Set<String> departments(Resource resource) {
        Set<String> found = new LinkedHashSet<>();
        String type = resource.fhirType();
        for (String element : DEPARTMENT_ELEMENTS) {
            if (element.equals("owner") && resource instanceof Task task && isCritical(task)) {
                continue;
            }
            for (String reference : references(resource, element)) {
                add(found, reference);
            }
        }
        switch (type) {
            case "Procedure" -> {
                for (Base performer : children(resource, "performer")) {
                    references(performer, "onBehalfOf").forEach(reference -> add(found, reference));
                    references(performer, "actor").forEach(reference -> add(found, reference));
                }
            }
            case "Appointment" -> {
                for (Base part : children(resource, "participant")) {
                    references(part, "actor").forEach(reference -> add(found, reference));
                }
            }
            case "Schedule" -> references(resource, "actor").forEach(reference -> add(found, reference));
            case "Location" -> references(resource, "managingOrganization").forEach(reference -> add(found, reference));
            case "PractitionerRole" -> {
                references(resource, "organization").forEach(reference -> add(found, reference));
                references(resource, "location").forEach(reference -> add(found, reference));
            }
            case "HealthcareService" -> references(resource, "providedBy").forEach(reference -> add(found, reference));
            default -> {
                // The elements above are all.
            }
        }
        return found;
    }

    private static void add(Set<String> places, String reference) {
        if (PLACES.contains(typeOf(reference))) {
            places.add(reference);
        }
    }

    private Map<FactKind, Set<String>> codes(Resource resource) {
        Map<FactKind, Set<String>> codes = new EnumMap<>(FactKind.class);
        codes.put(FactKind.SOURCE, sources(resource));
        codes.put(FactKind.DATA_TYPE, dataTypes(resource));
        codes.put(FactKind.AUTHOR, authors(resource));
        Set<String> categories = new TreeSet<>();
        for (Base category : children(resource, "category")) {
            if (category instanceof CodeableConcept concept) {
                for (Coding coding : concept.getCoding()) {
                    if (coding.hasCode()) {
                        categories.add((coding.hasSystem() ? coding.getSystem() : "") + "|" + coding.getCode());
                    }
                }
            }
        }
        codes.put(FactKind.CATEGORY, categories);
        Set<String> items = new TreeSet<>();
        switch (resource.fhirType()) {
            case "ServiceRequest", "DiagnosticReport", "Observation", "Procedure" -> {
                conceptCodes(resource, "code", items);
                conceptCodes(resource, "bodySite", items);
            }
            case "ImagingStudy" -> {
                conceptCodes(resource, "procedureCode", items);
                for (Base series : children(resource, "series")) {
                    conceptCodes(series, "bodySite", items);
                }
            }
            case "Media" -> conceptCodes(resource, "bodySite", items);
            case "Appointment" -> conceptCodes(resource, "serviceType", items);
            default -> {
                // No exam of its own.
            }
        }
        codes.put(FactKind.EXAM_ITEM, items);
        Set<String> modalities = new TreeSet<>();
        if (resource instanceof ImagingStudy study) {
            study.getModality().forEach(modality -> addCode(modality, modalities));
            study.getSeries().forEach(series -> addCode(series.getModality(), modalities));
        } else if (resource.fhirType().equals("Media")) {
            conceptCodes(resource, "modality", modalities);
        }
        codes.put(FactKind.MODALITY, modalities);
        Set<String> department = new TreeSet<>();
        if (resource.fhirType().equals("Organization")) {
            for (Base identifier : children(resource, "identifier")) {
                if (identifier instanceof Identifier one
                        && (canonical + "/sid/department").equals(one.getSystem())
                        && one.hasValue()) {
                    department.add(one.getValue());
                }
            }
        }
        if (resource instanceof ImagingStudy study && !study.hasBasedOn()) {
            // Nobody has said yet for which order it was made: the department that makes such images shall find it.
            modalities.stream()
                    .map(MAKERS::get)
                    .filter(java.util.Objects::nonNull)
                    .forEach(department::add);
        }
        codes.put(FactKind.DEPARTMENT, department);
        return codes;
    }

    private Set<String> sources(Resource resource) {
        Set<String> sources = new TreeSet<>();
        for (Coding tag : resource.getMeta().getTag()) {
            if (tag.hasCode()
                    && ((canonical + "/sid/source").equals(tag.getSystem())
                            || (canonical + "/CodeSystem/source-system").equals(tag.getSystem()))) {
                sources.add(tag.getCode());
            }
        }
        String source = resource.getMeta().getSource();
        if (source != null) {
            // HAPI appends the id of the request.
            String uri = source.contains("#") ? source.substring(0, source.indexOf('#')) : source;
            String own = canonical + "/sid/source/";
            if (!uri.isBlank()) {
                sources.add(uri.startsWith(own) ? uri.substring(own.length()) : uri);
            }
        }
        return sources;
    }

    private Set<String> dataTypes(Resource resource) {
        Set<String> types = new TreeSet<>();
        switch (resource.fhirType()) {
            case "ServiceRequest", "RequestGroup" -> types.add("order");
            case "Appointment", "AppointmentResponse", "Slot" -> types.add("appointment");
            case "DiagnosticReport" -> {
                types.add("report");
                unreleased((DiagnosticReport) resource).ifPresent(types::add);
            }
            case "DocumentReference" -> types.add("report-original");
            case "Binary" -> {
                if (references(resource, "securityContext").stream()
                        .anyMatch(reference -> typeOf(reference).equals("DiagnosticReport"))) {
                    types.add("report-original");
                }
            }
            case "AuditEvent" -> types.add("audit");
            case "Specimen" -> types.add("lab");
            case "Media" -> types.add("image");
            case "ImagingStudy" -> {
                types.add(patient(resource) == null ? "image-unassigned" : "image");
                if (((ImagingStudy) resource).getModality().stream().anyMatch(m -> "ECG".equals(m.getCode()))) {
                    types.add("waveform");
                }
            }
            case "Observation" -> {
                Observation observation = (Observation) resource;
                if (observation.getCategory().stream()
                        .anyMatch(category -> category.hasCoding(OBSERVATION_CATEGORY, "laboratory"))) {
                    types.add("lab");
                }
                boolean flagged = observation.getInterpretation().stream()
                        .flatMap(concept -> concept.getCoding().stream())
                        .anyMatch(coding -> CRITICAL.contains(coding.getCode()));
                boolean finding = observation.getCode().getCoding().stream()
                        .anyMatch(coding -> (canonical + "/CodeSystem/critical-finding").equals(coding.getSystem()));
                if (flagged || finding) {
                    types.add("critical");
                }
                if (observation.getCategory().stream()
                                .anyMatch(category -> category.hasCoding(OBSERVATION_CATEGORY, "procedure"))
                        && observation.hasValueSampledData()) {
                    types.add("waveform");
                }
            }
            case "Task" -> {
                Task task = (Task) resource;
                if (isCritical(task)) {
                    types.add("critical");
                } else if (isAboutAccess(task)) {
                    types.add("access-request");
                } else if (isAssignment(task)) {
                    types.add("image-unassigned");
                } else {
                    types.add("status");
                }
            }
            default -> {
                // Its resource type says what it is.
            }
        }
        return types;
    }

    /** {@code report-draft} of what is being written, {@code report-internal} of what is signed and not, or no longer, out. */
    private Optional<String> unreleased(DiagnosticReport report) {
        if (report.getStatus() == DiagnosticReport.DiagnosticReportStatus.PARTIAL) {
            return Optional.of("report-draft");
        }
        boolean recalled = report.getMeta().getTag(canonical + "/CodeSystem/release-state", "recalled") != null;
        boolean signed = report.getStatus() != null
                && switch (report.getStatus()) {
                    case FINAL, AMENDED, CORRECTED, APPENDED -> true;
                    default -> false;
                };
        return recalled || signed && !report.hasIssued() ? Optional.of("report-internal") : Optional.empty();
    }

    /** Who wrote a report, as the hub has noted it: only it writes the extension. */
    private Set<String> authors(Resource resource) {
        Set<String> authors = new TreeSet<>();
        if (resource instanceof DiagnosticReport report) {
            for (Extension extension : report.getExtensionsByUrl(canonical + "/StructureDefinition/report-author")) {
                if (extension.getValue() instanceof Reference author && author.hasIdentifier()) {
                    boolean person = (canonical + "/sid/user")
                            .equals(author.getIdentifier().getSystem());
                    authors.add((person ? "user:" : "client:")
                            + author.getIdentifier().getValue());
                }
            }
        }
        return authors;
    }

    private boolean isCritical(Task task) {
        return task.getCode().hasCoding(canonical + "/CodeSystem/task-kind", "critical-value");
    }

    /** Whether the Task asks for access to a patient, or for a look at access that somebody took. */
    private boolean isAboutAccess(Task task) {
        return task.getCode().getCoding().stream()
                .anyMatch(coding -> (canonical + "/CodeSystem/task-type").equals(coding.getSystem())
                        && ("access-request".equals(coding.getCode())
                                || "break-glass-review".equals(coding.getCode())));
    }

    /** Whether the Task asks to whom a study without patient id belongs. */
    private boolean isAssignment(Task task) {
        return task.getReasonCode().hasCoding(canonical + "/CodeSystem/imaging-review-reason", "patient-id-missing");
    }

    private DocumentedDate date(Resource resource) {
        if (resource.fhirType().equals("Patient")) {
            return DocumentedDate.NONE;
        }
        for (String element : DATE_ELEMENTS) {
            for (Base value : children(resource, element)) {
                DocumentedDate date = date(value);
                if (date != null && date.from() != null) {
                    return date;
                }
            }
        }
        return DocumentedDate.NONE;
    }

    /** First and last instant of a date, null of something else. */
    @Nullable
    DocumentedDate date(Base value) {
        if (value instanceof BaseDateTimeType point && point.getValue() != null) {
            return switch (point.getPrecision()) {
                case YEAR -> days(LocalDate.of(point.getYear(), 1, 1), LocalDate.of(point.getYear() + 1, 1, 1));
                case MONTH -> {
                    YearMonth month = YearMonth.of(point.getYear(), point.getMonth() + 1);
                    yield days(month.atDay(1), month.plusMonths(1).atDay(1));
                }
                case DAY -> {
                    LocalDate day = LocalDate.of(point.getYear(), point.getMonth() + 1, point.getDay());
                    yield days(day, day.plusDays(1));
                }
                default -> {
                    Instant instant = point.getValue().toInstant();
                    yield new DocumentedDate(instant, instant);
                }
            };
        }
        if (value instanceof Period period) {
            DocumentedDate start = period.hasStart() ? date(period.getStartElement()) : null;
            DocumentedDate end = period.hasEnd() ? date(period.getEndElement()) : null;
            return start == null ? null : new DocumentedDate(start.from(), end == null ? null : end.until());
        }
        if (value instanceof Timing timing && timing.hasEvent()) {
            return date(timing.getEvent().get(0));
        }
        return null;
    }

    private DocumentedDate days(LocalDate from, LocalDate until) {
        return new DocumentedDate(
                from.atStartOfDay(zone).toInstant(), until.atStartOfDay(zone).toInstant());
    }

    private static void conceptCodes(Base parent, String element, Set<String> codes) {
        for (Base child : children(parent, element)) {
            if (child instanceof CodeableConcept concept) {
                concept.getCoding().forEach(coding -> addCode(coding, codes));
            } else if (child instanceof Coding coding) {
                addCode(coding, codes);
            }
        }
    }

    private static void addCode(Coding coding, Set<String> codes) {
        if (coding.hasCode()) {
            codes.add(coding.getCode());
        }
    }

    /** The literal references of ours in an element. */
    List<String> references(Base parent, String element) {
        return children(parent, element).stream()
                .filter(Reference.class::isInstance)
                .map(child -> literal((Reference) child))
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    static List<Base> children(Base parent, String element) {
        Property property = parent.getNamedProperty(element);
        return property == null ? List.of() : property.getValues();
    }
}
