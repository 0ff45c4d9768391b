package org.trefoilhub.hub.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.PolicyCorpus;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.hub.fixture.TestStudies;

/**
 * The hospital of the corpus in a hub: patients with their labels, links, groups and encounters, orders, studies stored as
 * DICOM objects, reports, results, tasks. The hub gives its own ids; {@link #reference} tells them.
 */
final class CorpusWorld {

    private static final String CANONICAL = "https://trefoil-hub.org/fhir";
    private static final String V3 = "http://terminology.hl7.org/CodeSystem/";
    private static final String PATIENT_ID = CANONICAL + "/sid/patient-id";
    private static final String BOUNDARY = "corpus-part";

    private final CorpusHub hub;
    private final PolicyCorpus.World world = PolicyCorpus.world();
    private final Map<String, String> references = new LinkedHashMap<>();
    private final Map<String, String> departments = new LinkedHashMap<>();
    private final Map<String, String> practitioners = new LinkedHashMap<>();
    private final Map<String, String> studyUids = new LinkedHashMap<>();
    private final Map<String, String> instancePaths = new LinkedHashMap<>();

    CorpusWorld(CorpusHub hub) {
        this.hub = hub;
    }

    /** What a reference of the corpus, such as {@code Patient/ann}, is called in the hub. */
    String reference(String ofCorpus) {
        return references.getOrDefault(ofCorpus, ofCorpus);
    }

    /** What a resource of the world is called in the hub. */
    String resource(String name) {
        return Objects.requireNonNull(references.get(name), name);
    }

    /** Study Instance UID of an ImagingStudy of the world. */
    String studyUid(String name) {
        return Objects.requireNonNull(studyUids.get(name), name);
    }

    /** DICOMweb path of the first instance of an ImagingStudy of the world. */
    String instancePath(String name) {
        return Objects.requireNonNull(instancePaths.get(name), name);
    }

    /** An object that belongs to an ImagingStudy of the world and is not stored yet. */
    DicomDataset another(String name) {
        PolicyCorpus.ResourceText text =
                Objects.requireNonNull(world.resources().get(name), name);
        return object(name, codes(text, "modality").iterator().next());
    }

    /** Stores everything. */
    void store() throws InterruptedException {
        places();
        patients();
        orders();
        studies();
        rest();
    }

    private void places() {
        Set<String> names = new TreeSet<>();
        Set<String> users = new TreeSet<>();
        for (PolicyCorpus.PatientText patient : world.patients().values()) {
            patient.care().forEach(care -> {
                names.add(care.department());
                users.addAll(care.users());
            });
        }
        world.resources().values().forEach(resource -> names.addAll(codes(resource, "department")));
        for (String name : names) {
            Organization department = new Organization();
            department.addIdentifier().setSystem(CANONICAL + "/sid/department").setValue(name);
            departments.put(name, hub.create(department));
        }
        for (String user : users) {
            Practitioner person = new Practitioner();
            person.addIdentifier().setSystem(CANONICAL + "/sid/user").setValue(user);
            practitioners.put(user, hub.create(person));
        }
    }

    private void patients() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (Map.Entry<String, PolicyCorpus.PatientText> entry :
                world.patients().entrySet()) {
            PolicyCorpus.PatientText text = entry.getValue();
            String first = null;
            for (String identity : text.references()) {
                Patient patient = new Patient();
                patient.addName().setFamily("Corpus");
                patient.addIdentifier()
                        .setSystem(PATIENT_ID)
                        .setValue(identity.replace('/', '-').toUpperCase());
                source(patient, Set.of("his"));
                if (first == null) {
                    patient.getMeta()
                            .addSecurity(V3 + "v3-Confidentiality", text.label().name(), null);
                    text.sensitivities().forEach(code -> patient.getMeta().addSecurity(V3 + "v3-ActCode", code, null));
                } else {
                    patient.addLink().setType(Patient.LinkType.SEEALSO).setOther(new Reference(first));
                }
                String stored = hub.create(patient);
                references.put(identity, stored);
                first = first == null ? stored : first;
            }
            String person = Objects.requireNonNull(first);
            text.groups().forEach(group -> groups.computeIfAbsent(group, name -> new ArrayList<>())
                    .add(person));
            text.care().forEach(care -> hub.create(encounter(person, care)));
        }
        for (Map.Entry<String, List<String>> entry : groups.entrySet()) {
            Group group = new Group();
            group.setType(Group.GroupType.PERSON).setActual(true);
            entry.getValue().forEach(member -> group.addMember().setEntity(new Reference(member)));
            references.put(entry.getKey(), hub.create(group));
        }
    }

    private Encounter encounter(String patient, PolicyCorpus.CareText care) {
        Encounter encounter = new Encounter();
        encounter.setStatus(
                care.current()
                        ? Encounter.EncounterStatus.INPROGRESS
                        : care.end() == null ? Encounter.EncounterStatus.PLANNED : Encounter.EncounterStatus.FINISHED);
        encounter.setClass_(new Coding(V3 + "v3-ActCode", care.encounterClass(), null));
        encounter.setSubject(new Reference(patient));
        encounter.setServiceProvider(new Reference(departments.get(care.department())));
        Period period = new Period().setStartElement(new DateTimeType(care.start()));
        if (care.end() != null) {
            period.setEndElement(new DateTimeType(care.end()));
        }
        encounter.setPeriod(period);
        for (String user : care.users()) {
            encounter.addParticipant().setIndividual(new Reference(practitioners.get(user)));
        }
        return encounter;
    }

    /** The orders that the world names, and those that its exams belong to. */
    private void orders() {
        for (Map.Entry<String, PolicyCorpus.ResourceText> entry :
                world.resources().entrySet()) {
            PolicyCorpus.ResourceText text = entry.getValue();
            for (String exam : exams(text)) {
                if (exam.startsWith("ServiceRequest/") && !references.containsKey(exam)) {
                    PolicyCorpus.ResourceText itself = world.resources().get(exam.substring(exam.indexOf('/') + 1));
                    ServiceRequest order = new ServiceRequest();
                    order.setStatus(ServiceRequest.ServiceRequestStatus.ACTIVE)
                            .setIntent(ServiceRequest.ServiceRequestIntent.ORDER)
                            .setSubject(patient(text))
                            .setCode(item(text));
                    performers(text).forEach(order::addPerformer);
                    if (itself != null) {
                        order.setAuthoredOnElement(date(itself));
                    }
                    source(order, Set.of("his"));
                    String stored = hub.create(order);
                    references.put(exam, stored);
                    if (itself != null) {
                        references.put(exam.substring(exam.indexOf('/') + 1), stored);
                    }
                }
            }
        }
    }

    private void studies() throws InterruptedException {
        for (Map.Entry<String, PolicyCorpus.ResourceText> entry :
                world.resources().entrySet()) {
            if (entry.getValue().type().equals("ImagingStudy")) {
                studyUids.put(entry.getKey(), TestStudies.uid());
                for (String modality : codes(entry.getValue(), "modality")) {
                    DicomDataset object = object(entry.getKey(), modality);
                    instancePaths.putIfAbsent(
                            entry.getKey(),
                            "/studies/" + object.string(Tag.StudyInstanceUID) + "/series/"
                                    + object.string(Tag.SeriesInstanceUID) + "/instances/"
                                    + object.string(Tag.SOPInstanceUID));
                    CorpusHub.Answer answer = hub.stow(hub.token(), part(object), BOUNDARY);
                    if (answer.status() != 200) {
                        throw new AssertionError(answer.status() + " " + answer.body());
                    }
                }
            }
        }
        for (Map.Entry<String, String> study : studyUids.entrySet()) {
            PolicyCorpus.ResourceText text = world.resources().get(study.getKey());
            int objects = codes(text, "modality").size();
            ImagingStudy projected = projected(study.getValue(), objects);
            String reference = "ImagingStudy/" + projected.getIdElement().getIdPart();
            references.put(study.getKey(), reference);
            references.put("ImagingStudy/" + study.getKey(), reference);
            for (String exam : exams(text)) {
                if (exam.startsWith("ServiceRequest/")) {
                    projected.addBasedOn(new Reference(references.get(exam)));
                }
            }
            source(projected, codes(text, "source"));
            hub.fhir(hub.token(), "PUT", "/" + reference, projected).as(ImagingStudy.class);
        }
    }

    /** An object of a study of the world, with its patient, modality and date. */
    private DicomDataset object(String name, String modality) {
        PolicyCorpus.ResourceText text =
                Objects.requireNonNull(world.resources().get(name), name);
        String patient = text.patient() == null
                ? null
                : world.patients()
                        .get(text.patient())
                        .references()
                        .get(0)
                        .replace('/', '-')
                        .toUpperCase();
        DicomDataset.Builder object = TestStudies.slice(studyUid(name), TestStudies.uid(), 1, patient).toBuilder()
                .put(Tag.Modality, VR.CS, modality)
                .remove(Tag.AccessionNumber);
        if (text.date() == null) {
            return object.remove(Tag.StudyDate).remove(Tag.StudyTime).build();
        }
        OffsetDateTime date = OffsetDateTime.parse(text.date());
        return object.put(Tag.StudyDate, VR.DA, DateTimeFormatter.BASIC_ISO_DATE.format(date.toLocalDate()))
                .put(Tag.StudyTime, VR.TM, DateTimeFormatter.ofPattern("HHmmss").format(date))
                .build();
    }

    /** A STOW-RS body of one object. */
    static byte[] part(DicomDataset dataset) {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.write(("--" + BOUNDARY + "\r\nContent-Type: application/dicom\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            DicomWriter.writeFile(
                    body,
                    DicomWriter.fileMeta(
                            dataset.string(Tag.SOPClassUID),
                            dataset.string(Tag.SOPInstanceUID),
                            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
                    dataset,
                    null);
            body.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
            return body.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String boundary() {
        return BOUNDARY;
    }

    private ImagingStudy projected(String uid, int instances) throws InterruptedException {
        String query = "ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + uid;
        for (int i = 0; i < 600; i++) {
            Set<String> found = hub.search(hub.token(), query);
            if (found.size() == 1) {
                ImagingStudy study = hub.fhir(
                                hub.token(), "GET", "/" + found.iterator().next(), null)
                        .as(ImagingStudy.class);
                if (study.getNumberOfInstances() == instances) {
                    return study;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no ImagingStudy in time");
    }

    private void rest() {
        for (Map.Entry<String, PolicyCorpus.ResourceText> entry :
                world.resources().entrySet()) {
            if (references.containsKey(entry.getKey())) {
                continue;
            }
            PolicyCorpus.ResourceText text = entry.getValue();
            if (text.type().equals("Patient")) {
                references.put(
                        entry.getKey(),
                        reference(world.patients()
                                .get(Objects.requireNonNull(text.patient()))
                                .references()
                                .get(0)));
                continue;
            }
            DomainResource resource = make(text);
            source(resource, codes(text, "source"));
            String stored = hub.create(resource);
            references.put(entry.getKey(), stored);
            references.put(text.type() + "/" + entry.getKey(), stored);
        }
    }

    private DomainResource make(PolicyCorpus.ResourceText text) {
        switch (text.type()) {
            case "DiagnosticReport" -> {
                DiagnosticReport report = new DiagnosticReport();
                report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
                report.setIssued(Date.from(Instant.EPOCH));
                report.setSubject(patient(text)).setCode(item(text)).setEffective(date(text));
                performers(text).forEach(report::addPerformer);
                exam(text, "ServiceRequest").forEach(report::addBasedOn);
                exam(text, "ImagingStudy").forEach(report::addImagingStudy);
                return report;
            }
            case "Observation" -> {
                Observation result = new Observation();
                result.setStatus(Observation.ObservationStatus.FINAL);
                result.setSubject(patient(text)).setCode(new CodeableConcept().setText("corpus"));
                result.setEffective(date(text));
                for (String category : codes(text, "category")) {
                    String[] both = category.split("\\|");
                    result.addCategory(new CodeableConcept(new Coding(both[0], both[1], null)));
                }
                return result;
            }
            case "Task" -> {
                Task task = new Task();
                task.setStatus(Task.TaskStatus.REQUESTED).setIntent(Task.TaskIntent.ORDER);
                task.setFor(patient(text));
                task.setAuthoredOnElement(date(text));
                task.setCode(
                        new CodeableConcept(new Coding(CANONICAL + "/CodeSystem/task-kind", "critical-value", null)));
                task.setFocus(exam(text, "DiagnosticReport").get(0));
                return task;
            }
            case "Device" -> {
                Device device = new Device();
                device.addIdentifier(
                        new Identifier().setSystem("urn:test:corpus").setValue("device"));
                return device;
            }
            default -> throw new AssertionError("the world has a " + text.type() + " that nobody can make");
        }
    }

    private List<Reference> exam(PolicyCorpus.ResourceText text, String type) {
        return exams(text).stream()
                .filter(exam -> exam.startsWith(type + "/"))
                .map(exam -> new Reference(Objects.requireNonNull(references.get(exam), exam)))
                .toList();
    }

    private Reference patient(PolicyCorpus.ResourceText text) {
        PolicyCorpus.PatientText patient = world.patients().get(Objects.requireNonNull(text.patient()));
        return new Reference(reference(patient.references().get(0)));
    }

    private static CodeableConcept item(PolicyCorpus.ResourceText text) {
        CodeableConcept concept = new CodeableConcept();
        codes(text, "exam-item")
                .forEach(code -> concept.addCoding(new Coding(CANONICAL + "/CodeSystem/exam-item", code, null)));
        return concept;
    }

    private List<Reference> performers(PolicyCorpus.ResourceText text) {
        return codes(text, "department").stream()
                .map(name -> new Reference(departments.get(name)))
                .toList();
    }

    private static DateTimeType date(PolicyCorpus.ResourceText text) {
        OffsetDateTime date = OffsetDateTime.parse(Objects.requireNonNull(text.date()));
        DateTimeType value = new DateTimeType(Date.from(date.toInstant()));
        value.setTimeZone(java.util.TimeZone.getTimeZone("Asia/Shanghai"));
        return value;
    }

    private static void source(DomainResource resource, Set<String> sources) {
        for (String source : sources) {
            resource.getMeta().addTag(CANONICAL + "/sid/source", source, null);
        }
    }

    private static Set<String> exams(PolicyCorpus.ResourceText text) {
        List<String> exams = text.exams();
        return exams == null ? Set.of() : new TreeSet<>(exams);
    }

    private static Set<String> codes(PolicyCorpus.ResourceText text, String kind) {
        Map<String, List<String>> codes = text.codes();
        @Nullable List<String> values = codes == null ? null : codes.get(kind);
        return values == null ? Set.of() : new TreeSet<>(values);
    }

    /** A copy that can be stored as another resource. */
    static Resource copy(Resource resource) {
        Resource copy = resource.copy();
        copy.setId((String) null);
        copy.getMeta().setVersionId(null).setLastUpdated(null).setSource(null);
        return copy;
    }
}
