package org.trefoilhub.hub.guide;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.parser.IParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;

/** The validator over the guide's definitions, made when it is needed first: it is large and many hubs start for a test. */
final class ProfileDefinitions implements Supplier<GuideValidator> {

    private static final Set<String> TYPES = Set.of("StructureDefinition", "CodeSystem", "ValueSet");

    private final FhirContext context;
    private final DefaultProfileValidationSupport base;
    private @Nullable GuideValidator validator;

    ProfileDefinitions(FhirContext context, DefaultProfileValidationSupport base) {
        this.context = context;
        this.base = base;
    }

    @Override
    public synchronized GuideValidator get() {
        if (validator == null) {
            IParser parser = context.newJsonParser();
            List<IBaseResource> definitions = new ArrayList<>();
            for (ShippedResource resource : ShippedResources.definitions()) {
                if (TYPES.contains(resource.type())) {
                    definitions.add(parser.parseResource(resource.json()));
                }
            }
            validator = new GuideValidator(context, base, definitions);
        }
        return validator;
    }
}
