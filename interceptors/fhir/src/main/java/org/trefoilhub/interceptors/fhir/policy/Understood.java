package org.trefoilhub.interceptors.fhir.policy;

import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Type;

/** Checks that nothing stands in an element that its reader does not look at. */
final class Understood {

    private Understood() {}

    /** Refuses an element with other children than these. */
    static void children(Base element, Set<String> names, String where) {
        for (Property property : element.children()) {
            if (property.hasValues() && !names.contains(property.getName())) {
                throw new IllegalArgumentException(
                        where + " has the element `" + property.getName() + "`, which is not understood");
            }
        }
    }

    /** The only coding of a concept; its text is for people. */
    static Coding coding(CodeableConcept concept, String where) {
        children(concept, Set.of("id", "coding", "text"), where);
        List<Coding> codings = concept.getCoding();
        expect(codings.size() == 1, where + " has " + codings.size() + " codings but one was expected");
        return coding(codings.get(0), where);
    }

    /** A coding with system and code and nothing else that matters. */
    static Coding coding(Coding coding, String where) {
        children(coding, Set.of("id", "system", "code", "display"), where);
        expect(
                coding.hasSystem() && coding.hasCode() && !coding.getCode().isBlank(),
                where + " has a coding without system or code");
        return coding;
    }

    /** The value of an extension. */
    static <T extends Type> T value(Extension extension, Class<T> type, String problem) {
        if (!type.isInstance(extension.getValue()) || extension.hasExtension()) {
            throw new IllegalArgumentException(problem);
        }
        return type.cast(extension.getValue());
    }

    /** Whether a concept is exactly this code. */
    static boolean is(CodeableConcept concept, String system, String code) {
        return concept.getCoding().size() == 1
                && system.equals(concept.getCodingFirstRep().getSystem())
                && code.equals(concept.getCodingFirstRep().getCode());
    }

    /** Refuses unless it holds. */
    static void expect(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
