package org.trefoilhub.hub.app;

import java.util.Set;

/**
 * The FHIR R4 resource types that the FHIR door serves.
 *
 * <p>Left out are the types for regulators, insurers, research catalogues and test scripts that an imaging hub has no
 * use for: what is not served need not be governed by policy.
 */
final class SupportedResourceTypes {

    private static final Set<String> TYPES = Set.of(
            // people and places
            "Patient",
            "RelatedPerson",
            "Person",
            "Practitioner",
            "PractitionerRole",
            "Organization",
            "OrganizationAffiliation",
            "Location",
            "HealthcareService",
            "Endpoint",
            "CareTeam",
            "Group",
            // encounter and order
            "Encounter",
            "EpisodeOfCare",
            "ServiceRequest",
            "RequestGroup",
            "Task",
            "Appointment",
            "AppointmentResponse",
            "Schedule",
            "Slot",
            "Account",
            "Coverage",
            "ChargeItem",
            // exam and report
            "ImagingStudy",
            "Media",
            "DiagnosticReport",
            "Observation",
            "Specimen",
            "BodyStructure",
            "ObservationDefinition",
            "SpecimenDefinition",
            "Procedure",
            "Device",
            "DeviceDefinition",
            "DeviceMetric",
            "DeviceRequest",
            "DeviceUseStatement",
            "DocumentReference",
            "DocumentManifest",
            "Composition",
            "Binary",
            "Bundle",
            "QuestionnaireResponse",
            "Questionnaire",
            "List",
            "Basic",
            // clinical context
            "Condition",
            "AllergyIntolerance",
            "AdverseEvent",
            "FamilyMemberHistory",
            "ClinicalImpression",
            "DetectedIssue",
            "RiskAssessment",
            "Flag",
            "Goal",
            "CarePlan",
            "Immunization",
            "Medication",
            "MedicationAdministration",
            "MedicationDispense",
            "MedicationKnowledge",
            "MedicationRequest",
            "MedicationStatement",
            "NutritionOrder",
            "Substance",
            // communication, consent, trace
            "Communication",
            "CommunicationRequest",
            "Consent",
            "Provenance",
            "AuditEvent",
            "Subscription",
            "MessageHeader",
            "Contract",
            // knowledge, quality, research
            "ActivityDefinition",
            "PlanDefinition",
            "Measure",
            "MeasureReport",
            "GuidanceResponse",
            "Library",
            "ResearchStudy",
            "ResearchSubject",
            // definitions and terminology
            "CapabilityStatement",
            "CodeSystem",
            "CompartmentDefinition",
            "ConceptMap",
            "GraphDefinition",
            "ImplementationGuide",
            "MessageDefinition",
            "NamingSystem",
            "OperationDefinition",
            "SearchParameter",
            "StructureDefinition",
            "StructureMap",
            "TerminologyCapabilities",
            "ValueSet");

    private SupportedResourceTypes() {}

    /** Whether the FHIR door serves this type, e.g. {@code Patient}. */
    static boolean contains(String resourceType) {
        return TYPES.contains(resourceType);
    }
}
