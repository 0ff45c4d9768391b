package org.trefoilhub.interceptors.fhir.mask;

import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Resource;

/** Marks of resources that are shown in part. */
final class Partial {

    private static final String OBSERVATION_VALUE = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
    private static final String DATA_ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

    private Partial() {}

    static void tag(Resource resource, String code) {
        if (resource.getMeta().getTag(OBSERVATION_VALUE, code) == null) {
            resource.getMeta().addTag(OBSERVATION_VALUE, code, null);
        }
    }

    /** Says on an element that it was taken out. */
    static void absent(Element element) {
        element.getExtension().removeIf(extension -> DATA_ABSENT_REASON.equals(extension.getUrl()));
        element.addExtension(new Extension(DATA_ABSENT_REASON, new CodeType("masked")));
    }
}
