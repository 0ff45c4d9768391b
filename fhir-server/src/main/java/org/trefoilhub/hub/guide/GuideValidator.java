package org.trefoilhub.hub.guide;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ValidationResult;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/**
 * Checks resources against the profiles that they claim, with the definitions of FHIR R4 and of the guide alone.
 *
 * <p>No terminology server: a code of LOINC, SNOMED CT or a dictionary that no loaded code system holds is a warning. A
 * display that differs from the code system's is a warning too, as hospitals write their own. The first check reads all
 * definitions and takes some seconds; later ones take milliseconds. Thread-safe.
 */
final class GuideValidator {

    private final FhirValidator validator;

    /**
     * @param context FHIR R4
     * @param base definitions of FHIR R4 itself, shared with the server because they are large
     * @param guide resources of the guide; those that define nothing are ignored
     */
    // What is to take its place does not say of which severity an unknown code system is.
    @SuppressWarnings("deprecation")
    GuideValidator(FhirContext context, DefaultProfileValidationSupport base, List<IBaseResource> guide) {
        PrePopulatedValidationSupport own = new PrePopulatedValidationSupport(context);
        for (IBaseResource resource : guide) {
            if (resource instanceof StructureDefinition || resource instanceof ValueSet) {
                own.addResource(resource);
            } else if (resource instanceof CodeSystem codes
                    && codes.getContent() != CodeSystem.CodeSystemContentMode.NOTPRESENT) {
                own.addResource(resource);
            }
        }
        InMemoryTerminologyServerValidationSupport terminology =
                new InMemoryTerminologyServerValidationSupport(context);
        terminology.setIssueSeverityForCodeDisplayMismatch(IValidationSupport.IssueSeverity.WARNING);
        UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
        unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
        FhirInstanceValidator module = new FhirInstanceValidator(new ValidationSupportChain(
                base,
                own,
                terminology,
                new CommonCodeSystemsTerminologyService(context),
                new SnapshotGeneratingValidationSupport(context),
                unknown));
        module.setAnyExtensionsAllowed(true);
        module.setErrorForUnknownProfiles(false);
        module.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
        validator = context.newValidator();
        validator.registerValidatorModule(module);
    }

    /** Checks a resource; errors, warnings and remarks are in the result. */
    ValidationResult validate(IBaseResource resource) {
        return validator.validateWithResult(resource);
    }

    /** Checks a resource as it is written, so that messages name its lines. */
    ValidationResult validate(String json) {
        return validator.validateWithResult(json);
    }
}
