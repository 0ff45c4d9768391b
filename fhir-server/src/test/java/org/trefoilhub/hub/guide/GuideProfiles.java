package org.trefoilhub.hub.guide;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.util.List;
import org.hl7.fhir.instance.model.api.IBaseResource;

/** The guide's validator for tests without a hub; its definitions are read once for all of them. */
public final class GuideProfiles {

    private static final FhirContext FHIR = FhirContext.forR4Cached();
    private static final ProfileDefinitions DEFINITIONS =
            new ProfileDefinitions(FHIR, new DefaultProfileValidationSupport(FHIR));

    private GuideProfiles() {}

    /** Errors of a resource, with the places where they are; warnings are left out. */
    public static List<String> errors(IBaseResource resource) {
        return text(DEFINITIONS.get().validate(resource).getMessages());
    }

    /** Errors of a resource as it is written. */
    static List<String> errors(String json) {
        return text(DEFINITIONS.get().validate(json).getMessages());
    }

    private static List<String> text(List<SingleValidationMessage> messages) {
        return messages.stream()
                .filter(ClaimedProfiles::isError)
                .map(message -> message.getLocationString() + ": " + message.getMessage())
                .toList();
    }
}
