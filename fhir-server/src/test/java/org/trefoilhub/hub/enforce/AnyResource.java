package org.trefoilhub.hub.enforce;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.RuntimeChildResourceDefinition;
import ca.uhn.fhir.context.RuntimeResourceDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DeviceMetric;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.MarkdownType;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Person;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Slot;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Subscription;
import org.hl7.fhir.r4.model.UriType;
import org.jspecify.annotations.Nullable;

/** Makes a resource of any type about one patient, with a mark in every place that takes text. */
final class AnyResource {

    static final String SYSTEM = "urn:test:leak";

    /** What a resource may be attached to: created before, for the same patient. */
    record Anchors(String patient, String observation, String device, String schedule) {}

    private AnyResource() {}

    static Patient patient(String mark) {
        Patient patient = new Patient();
        patient.addIdentifier().setSystem(SYSTEM).setValue(mark);
        mark(patient, mark);
        return patient;
    }

    /** A resource of the type, or null when nothing in the type leads to a patient. */
    static @Nullable Resource of(String type, String mark, Anchors anchors) {
        Resource resource = (Resource) PolicyHub.R4.getResourceDefinition(type).newInstance();
        boolean about = attach(resource, anchors);
        if (!about) {
            about = name(resource, anchors.patient());
        }
        if (!about) {
            return null;
        }
        mark(resource, mark);
        return resource;
    }

    /** Types that reach their patient in a way of their own. */
    private static boolean attach(Resource resource, Anchors anchors) {
        if (resource instanceof Binary binary) {
            binary.setContentType("text/plain").setSecurityContext(new Reference(anchors.patient()));
            return true;
        }
        if (resource instanceof Provenance provenance) {
            provenance.addTarget(new Reference(anchors.observation()));
            provenance.setRecordedElement(new InstantType("2026-01-01T00:00:00Z"));
            provenance.addAgent().setWho(new Reference().setDisplay("probe"));
            return true;
        }
        if (resource instanceof Person person) {
            person.addLink().setTarget(new Reference(anchors.patient()));
            return true;
        }
        if (resource instanceof Appointment appointment) {
            appointment.setStatus(Appointment.AppointmentStatus.PROPOSED);
            appointment
                    .addParticipant()
                    .setStatus(Appointment.ParticipationStatus.ACCEPTED)
                    .setActor(new Reference(anchors.patient()));
            return true;
        }
        if (resource instanceof MessageHeader header) {
            header.setEvent(new UriType("urn:test:event"));
            header.getSource().setEndpoint("urn:test:source");
            header.addFocus(new Reference(anchors.observation()));
            return true;
        }
        if (resource instanceof Slot slot) {
            slot.setSchedule(new Reference(anchors.schedule()));
            return true;
        }
        if (resource instanceof DeviceMetric metric) {
            metric.setSource(new Reference(anchors.device()));
            return true;
        }
        if (resource instanceof Bundle bundle) {
            bundle.setType(Bundle.BundleType.COLLECTION);
            Composition composition = new Composition();
            composition.setSubject(new Reference(anchors.patient()));
            composition.setTitle("probe");
            bundle.addEntry().setResource(composition);
            return true;
        }
        if (resource instanceof Subscription subscription) {
            subscription.setStatus(Subscription.SubscriptionStatus.OFF);
            subscription.setReason("probe");
            subscription.setCriteria("Observation?subject=" + anchors.patient());
            subscription
                    .getChannel()
                    .setType(Subscription.SubscriptionChannelType.RESTHOOK)
                    .setEndpoint("http://localhost:9/leak");
            return true;
        }
        return false;
    }

    private static boolean name(Resource resource, String patient) {
        RuntimeResourceDefinition definition = PolicyHub.R4.getResourceDefinition(resource);
        for (String element :
                List.of("subject", "patient", "for", "beneficiary", "individual", "actor", "subject[x]")) {
            BaseRuntimeChildDefinition child = definition.getChildByName(element);
            if (child instanceof RuntimeChildResourceDefinition reference
                    && reference.getResourceTypes().contains(Patient.class)) {
                resource.setProperty(element, new Reference(patient));
                return true;
            }
            if (child != null && !(child instanceof RuntimeChildResourceDefinition)) {
                boolean takes = child.getValidChildNames().stream()
                        .map(child::getChildByName)
                        .map(BaseRuntimeElementDefinition::getImplementingClass)
                        .anyMatch(Reference.class::equals);
                if (takes
                        && !Set.of("PlanDefinition", "ActivityDefinition", "Measure", "Library")
                                .contains(resource.fhirType())) {
                    resource.setProperty(element, new Reference(patient));
                    return true;
                }
            }
        }
        return false;
    }

    private static void mark(Resource resource, String mark) {
        for (Property property : resource.children()) {
            String name = property.getName();
            if (name.equals("identifier") && property.getTypeCode().equals("Identifier")) {
                resource.setProperty(name, new Identifier().setSystem(SYSTEM).setValue(mark));
            } else if (property.getTypeCode().equals("CodeableConcept")
                    && Set.of("code", "type", "vaccineCode", "serviceType", "relationship")
                            .contains(name)
                    && !property.hasValues()) {
                CodeableConcept concept = new CodeableConcept().setText(mark);
                concept.addCoding().setSystem(SYSTEM).setCode(mark);
                resource.setProperty(name, concept);
            } else if ((property.getTypeCode().equals("string")
                            || property.getTypeCode().equals("markdown"))
                    && Set.of("title", "description", "comment", "name", "conclusion", "note")
                            .contains(name)
                    && !property.hasValues()) {
                Base text = property.getTypeCode().equals("string") ? new StringType(mark) : new MarkdownType(mark);
                resource.setProperty(name, text);
            }
        }
        if (resource instanceof Patient patient) {
            patient.addName().setFamily(mark);
            patient.setBirthDateElement(new DateType("1970-01-01"));
        }
        if (resource instanceof Binary binary) {
            binary.setData(mark.getBytes(StandardCharsets.UTF_8));
        }
        if (resource instanceof Bundle bundle) {
            mark(bundle.getEntryFirstRep().getResource(), mark);
        }
        if (resource instanceof DomainResource narrated) {
            Narrative text = new Narrative();
            text.setStatus(Narrative.NarrativeStatus.GENERATED);
            text.setDivAsString("<div>" + mark + "</div>");
            narrated.setText(text);
        }
    }
}
