package org.trefoilhub.hub.access.approval;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;
import org.jspecify.annotations.Nullable;

/** Names of systems and codes in the Tasks of this package. */
final class Words {

    static final String BASE = "https://trefoil-hub.org/fhir";
    static final String TASK_TYPE = BASE + "/CodeSystem/task-type";
    static final String ACCESS_REQUEST = "access-request";
    static final String BREAK_GLASS_REVIEW = "break-glass-review";
    static final String INPUT = BASE + "/CodeSystem/access-input";
    static final String STATUS = BASE + "/CodeSystem/access-status";
    static final String USER = BASE + "/sid/user";
    static final String DEPARTMENT = BASE + "/sid/department";
    static final String CARE_TEAM = BASE + "/sid/care-team";
    static final String REQUEST = BASE + "/sid/access-request";

    private Words() {}

    static CodeableConcept concept(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(system, code, null));
    }

    static boolean is(Task task, String type) {
        return task.getCode().hasCoding(TASK_TYPE, type);
    }

    /** Value of an input as text, or null. */
    static @Nullable String input(Task task, String code) {
        return task.getInput().stream()
                .filter(input -> input.getType().hasCoding(INPUT, code))
                .map(input -> input.getValue().primitiveValue())
                .findFirst()
                .orElse(null);
    }

    /** User name of the person who asked. */
    static @Nullable String requester(Task task) {
        return USER.equals(task.getRequester().getIdentifier().getSystem())
                ? task.getRequester().getIdentifier().getValue()
                : null;
    }
}
