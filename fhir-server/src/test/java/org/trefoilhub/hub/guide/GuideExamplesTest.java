package org.trefoilhub.hub.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ca.uhn.fhir.context.FhirContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.ImplementationGuide;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.trefoilhub.interceptors.fhir.policy.PolicyBundle;

/**
 * Every example of the guide is what it says: good ones pass, bad ones fail for the reason that their description states
 * ({@code Must fail: } and a part of the validator's message).
 */
class GuideExamplesTest {

    private static final String MUST_FAIL = "Must fail: ";
    private static final FhirContext FHIR = FhirContext.forR4Cached();

    @TestFactory
    Stream<DynamicTest> examplesAreWhatTheySay() {
        Map<String, String> descriptions = descriptions();
        List<ShippedResource> examples = examples();
        assertThat(examples).hasSizeGreaterThan(30);
        return examples.stream()
                .map(example -> dynamicTest(example.reference(), () -> {
                    String description = descriptions.get(example.reference());
                    List<String> errors = GuideProfiles.errors(example.json());
                    if (description.startsWith(MUST_FAIL)) {
                        assertThat(errors).anySatisfy(error -> assertThat(error)
                                .contains(description.substring(MUST_FAIL.length())));
                    } else {
                        assertThat(errors).isEmpty();
                    }
                }));
    }

    @Test
    void everyProfileHasAGoodAndABadExample() {
        Map<String, String> descriptions = descriptions();
        Map<Boolean, Set<String>> claimed = examples().stream()
                .collect(Collectors.partitioningBy(
                        example -> descriptions.get(example.reference()).startsWith(MUST_FAIL),
                        Collectors.flatMapping(
                                example -> ((Resource) FHIR.newJsonParser().parseResource(example.json()))
                                        .getMeta().getProfile().stream().map(uri -> uri.getValue()),
                                Collectors.toCollection(TreeSet::new))));
        Set<String> profiles = new TreeSet<>();
        for (ShippedResource shipped : ShippedResources.definitions()) {
            if (shipped.type().equals("StructureDefinition")) {
                StructureDefinition definition =
                        FHIR.newJsonParser().parseResource(StructureDefinition.class, shipped.json());
                if (!definition.getType().equals("Extension")) {
                    profiles.add(definition.getUrl());
                }
            }
        }

        assertThat(profiles).hasSizeGreaterThan(15);
        assertThat(claimed.get(false)).containsAll(profiles);
        assertThat(claimed.get(true)).containsAll(profiles);
    }

    @TestFactory
    Stream<DynamicTest> shippedPoliciesKeepTheirProfile() {
        PolicyBundle bundles = new PolicyBundle(FHIR, java.time.ZoneId.of("Asia/Shanghai"));
        return Stream.of(PolicyBundle.SEED, PolicyBundle.DEMO_SEED, PolicyBundle.REPAIR)
                .flatMap(name -> bundles.resources(name).getEntry().stream())
                .map(Bundle.BundleEntryComponent::getResource)
                .map(policy ->
                        dynamicTest(policy.getIdElement().getIdPart(), () -> assertThat(GuideProfiles.errors(policy))
                                .isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> whatTheHubServesOfTheGuideIsValid() {
        return ShippedResources.all().stream()
                .filter(shipped -> !shipped.type().equals("StructureDefinition"))
                .map(shipped -> dynamicTest(shipped.reference(), () -> assertThat(GuideProfiles.errors(shipped.json()))
                        .isEmpty()));
    }

    private static List<ShippedResource> examples() {
        Set<String> definitions = Set.of(
                "StructureDefinition",
                "CodeSystem",
                "ValueSet",
                "SearchParameter",
                "OperationDefinition",
                "CapabilityStatement",
                "ImplementationGuide");
        return ShippedResources.definitions().stream()
                .filter(shipped -> !definitions.contains(shipped.type()))
                .toList();
    }

    /** Descriptions by reference, from the list of the guide itself. */
    private static Map<String, String> descriptions() {
        ShippedResource guide = ShippedResources.definitions().stream()
                .filter(shipped -> shipped.type().equals("ImplementationGuide"))
                .findFirst()
                .orElseThrow();
        Map<String, String> descriptions = new HashMap<>();
        FHIR.newJsonParser()
                .parseResource(ImplementationGuide.class, guide.json())
                .getDefinition()
                .getResource()
                .forEach(entry -> descriptions.put(entry.getReference().getReference(), entry.getDescription()));
        return descriptions;
    }
}
