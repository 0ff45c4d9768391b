package org.trefoilhub.hub.critical;

import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/** Names of systems and codes in the resources of this package. */
final class Words {

    static final String BASE = "https://trefoil-hub.org/fhir";
    static final String TASK_KIND = BASE + "/CodeSystem/task-kind";
    static final String CRITICAL_VALUE = "critical-value";
    /** A Task without a patient that tells medical affairs of a case which nobody may see. */
    static final String CRITICAL_ALARM = "critical-alarm";
    /** A Task for the performing department: nobody has taken the case, so phone. */
    static final String CRITICAL_PHONE = "critical-phone";

    static final String FINDING = BASE + "/CodeSystem/critical-finding";
    static final String STATUS = BASE + "/CodeSystem/critical-status";
    static final String LIMIT = BASE + "/CodeSystem/critical-limit";
    static final String TARGET = BASE + "/CodeSystem/critical-target";
    static final String DETAIL = BASE + "/CodeSystem/critical-detail";
    static final String CONTACT = BASE + "/CodeSystem/contact-kind";
    static final String EXAM_ITEM = BASE + "/CodeSystem/exam-item";
    static final String RELEASE_STATE = BASE + "/CodeSystem/release-state";
    static final String EVENT = BASE + "/StructureDefinition/critical-event";
    static final String USER = BASE + "/sid/user";
    static final String CLIENT = BASE + "/sid/client";
    static final String DEPARTMENT = BASE + "/sid/department";
    static final String CARE_TEAM = BASE + "/sid/care-team";
    static final String CASE = BASE + "/sid/critical-case";
    static final String ROLE = BASE + "/CodeSystem/role";
    static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    static final String PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode";
    static final String INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    static final String MEDICAL_AFFAIRS = "medical-affairs";

    private Words() {}

    static CodeableConcept concept(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(system, code, null));
    }

    static boolean isCase(Task task) {
        return task.getCode().hasCoding(TASK_KIND, CRITICAL_VALUE);
    }

    /** Value of an input, or null. */
    static @Nullable Type input(Task task, String code) {
        return task.getInput().stream()
                .filter(input -> input.getType().hasCoding(DETAIL, code))
                .map(Task.ParameterComponent::getValue)
                .findFirst()
                .orElse(null);
    }

    static void input(Task task, String code, Type value) {
        task.addInput().setType(concept(DETAIL, code)).setValue(value);
    }

    static void output(Task task, String code, Type value) {
        task.addOutput().setType(concept(DETAIL, code)).setValue(value);
    }

    /** Code of a coding of the system. */
    static Optional<String> code(CodeableConcept concept, String system) {
        return concept.getCoding().stream()
                .filter(coding -> system.equals(coding.getSystem()) && coding.hasCode())
                .map(Coding::getCode)
                .findFirst();
    }

    /** Department code that a reference carries, or null. */
    static @Nullable String department(Reference reference) {
        return value(reference, DEPARTMENT);
    }

    /** User name that a reference carries, or null. */
    static @Nullable String user(Reference reference) {
        return value(reference, USER);
    }

    private static @Nullable String value(Reference reference, String system) {
        Identifier identifier = reference.getIdentifier();
        return system.equals(identifier.getSystem()) ? identifier.getValue() : null;
    }

    /** {@code Type/id} of a stored resource. */
    static String reference(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }
}
