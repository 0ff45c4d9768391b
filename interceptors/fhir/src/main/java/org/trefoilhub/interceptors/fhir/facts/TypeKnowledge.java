package org.trefoilhub.interceptors.fhir.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.DocumentedDate;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.ResourceFacts;

/** What {@link FactMapper} can never find in resources of a type, so that nobody need look. */
final class TypeKnowledge {

    /** Definitions, places and people: never about a patient, never part of an exam. */
    private static final Set<String> WITHOUT_PATIENT = Set.of(
            "Practitioner",
            "PractitionerRole",
            "Organization",
            "OrganizationAffiliation",
            "Location",
            "HealthcareService",
            "Endpoint",
            "CodeSystem",
            "ValueSet",
            "ConceptMap",
            "NamingSystem",
            "StructureDefinition",
            "StructureMap",
            "SearchParameter",
            "OperationDefinition",
            "CompartmentDefinition",
            "CapabilityStatement",
            "GraphDefinition",
            "ImplementationGuide",
            "MessageDefinition",
            "TerminologyCapabilities",
            "ActivityDefinition",
            "PlanDefinition",
            "Measure",
            "Library",
            "Questionnaire",
            "ObservationDefinition",
            "SpecimenDefinition",
            "DeviceDefinition",
            "Substance",
            "MedicationKnowledge",
            "Subscription",
            // Belongs to the audit, not to the patients it names: whoever may read it reads all, or traces would hide.
            "AuditEvent");

    /** The one type whose resources all have the same facts. */
    /** Types to remember: more than FHIR has, so that names made up by clients fill nothing. */
    private static final int MOST_TYPES = 300;

    private static final Map<String, ResourceFacts> KNOWN = new ConcurrentHashMap<>();

    private static final String AUDIT_EVENT = "AuditEvent";

    /** Types that a code of the code system data-type can stand on. */
    private static final Map<String, Set<String>> DATA_TYPES = Map.ofEntries(
            Map.entry("order", Set.of("ServiceRequest", "RequestGroup")),
            Map.entry("status", Set.of("Task")),
            Map.entry("report", Set.of("DiagnosticReport")),
            Map.entry("report-original", Set.of("DocumentReference", "Binary")),
            Map.entry("image", Set.of("ImagingStudy", "Media")),
            Map.entry(
                    "image-unassigned",
                    Set.of(
                            "ImagingStudy",
                            "Task",
                            "Provenance",
                            "Binary",
                            "Communication",
                            "CommunicationRequest",
                            "Media",
                            "Basic")),
            Map.entry("waveform", Set.of("ImagingStudy", "Observation")),
            Map.entry("lab", Set.of("Observation", "Specimen")),
            Map.entry("critical", Set.of("Observation", "Task")),
            Map.entry("appointment", Set.of("Appointment", "AppointmentResponse", "Slot")),
            Map.entry("audit", Set.of("AuditEvent")),
            Map.entry("access-request", Set.of("Task")));

    private TypeKnowledge() {}

    private static boolean isDefinition(String type) {
        return WITHOUT_PATIENT.contains(type);
    }

    /** Whether the type has no codes of this kind, whatever its resources say. */
    private static boolean lacks(String type, FactKind kind) {
        return switch (kind) {
            case EXAM_ITEM, MODALITY, CATEGORY, DEPARTMENT -> type.equals("Patient") || type.equals(AUDIT_EVENT);
            case DATA_TYPE -> DATA_TYPES.values().stream().noneMatch(types -> types.contains(type));
            case SENSITIVITY, PATIENT_TYPE, EXAMINED_BY, GROUP -> isDefinition(type);
            case SOURCE -> type.equals(AUDIT_EVENT);
        };
    }

    static ResourceFacts facts(String type) {
        ResourceFacts known = KNOWN.get(type);
        if (known == null) {
            known = find(type);
            if (KNOWN.size() < MOST_TYPES) {
                KNOWN.put(type, known);
            }
        }
        return known;
    }

    private static ResourceFacts find(String type) {
        ResourceFacts facts = ResourceFacts.of(type);
        for (FactKind kind : FactKind.values()) {
            if (lacks(type, kind)) {
                facts = facts.withCodes(kind, Set.of());
            }
        }
        if (type.equals(AUDIT_EVENT)) {
            facts = facts.withCodes(FactKind.DATA_TYPE, Set.of("audit"));
        }
        if (type.equals("Patient") || type.equals(AUDIT_EVENT)) {
            facts = facts.withExams(Set.of()).withDate(DocumentedDate.NONE);
        }
        if (isDefinition(type)) {
            facts = facts.withPatients(Set.of()).withLabel(Clearance.N).withCare(Set.of());
        }
        return facts;
    }

    static AccessScope simplify(AccessScope scope, String type) {
        return scope.accept(new Simplification(type));
    }

    /** Folds what never or always holds for resources of one type. */
    private record Simplification(String type) implements AccessScope.Visitor<AccessScope> {

        private static final AccessScope ALL = new AccessScope.All();

        private static AccessScope never() {
            return new AccessScope.None("no resource of this type is permitted");
        }

        private static boolean isAll(AccessScope scope) {
            return scope instanceof AccessScope.All;
        }

        private static boolean isNone(AccessScope scope) {
            return scope instanceof AccessScope.None;
        }

        @Override
        public AccessScope all(AccessScope.All scope) {
            return scope;
        }

        @Override
        public AccessScope none(AccessScope.None scope) {
            return scope;
        }

        @Override
        public AccessScope anyOf(AccessScope.AnyOf scope) {
            return fold(scope.parts(), Simplification::isAll, Simplification::isNone, AccessScope.AnyOf::new);
        }

        @Override
        public AccessScope allOf(AccessScope.AllOf scope) {
            return fold(scope.parts(), Simplification::isNone, Simplification::isAll, AccessScope.AllOf::new);
        }

        private AccessScope fold(
                List<AccessScope> parts,
                Predicate<AccessScope> deciding,
                Predicate<AccessScope> idle,
                java.util.function.Function<List<AccessScope>, AccessScope> join) {
            List<AccessScope> rest = new ArrayList<>();
            AccessScope last = null;
            for (AccessScope part : parts) {
                AccessScope simple = part.accept(this);
                last = simple;
                if (deciding.test(simple)) {
                    return simple;
                }
                if (!idle.test(simple) && !rest.contains(simple)) {
                    rest.add(simple);
                }
            }
            if (rest.isEmpty()) {
                return last == null ? never() : last;
            }
            return rest.size() == 1 ? rest.get(0) : join.apply(rest);
        }

        @Override
        public AccessScope not(AccessScope.Not scope) {
            AccessScope part = scope.part().accept(this);
            if (isAll(part)) {
                return never();
            }
            return isNone(part)
                    ? ALL
                    : part instanceof AccessScope.Not twice ? twice.part() : new AccessScope.Not(part);
        }

        @Override
        public AccessScope compartment(AccessScope.Compartment scope) {
            return isDefinition(type) ? never() : scope;
        }

        @Override
        public AccessScope label(AccessScope.Label scope) {
            return isDefinition(type) || scope.highest() == Clearance.V ? ALL : scope;
        }

        @Override
        public AccessScope coded(AccessScope.Coded scope) {
            if (lacks(type, scope.kind())) {
                return never();
            }
            if (scope.kind() == FactKind.DATA_TYPE) {
                boolean possible = scope.values().stream()
                        .anyMatch(
                                code -> DATA_TYPES.getOrDefault(code, Set.of()).contains(type));
                if (!possible) {
                    return never();
                }
                return type.equals(AUDIT_EVENT) ? ALL : scope;
            }
            return scope;
        }

        @Override
        public AccessScope exam(AccessScope.Exam scope) {
            return type.equals("Patient") || type.equals(AUDIT_EVENT) ? never() : scope;
        }

        @Override
        public AccessScope dataPeriod(AccessScope.DataPeriod scope) {
            return type.equals("Patient") || type.equals(AUDIT_EVENT) ? never() : scope;
        }

        @Override
        public AccessScope care(AccessScope.Care scope) {
            return isDefinition(type) ? never() : scope;
        }
    }
}
