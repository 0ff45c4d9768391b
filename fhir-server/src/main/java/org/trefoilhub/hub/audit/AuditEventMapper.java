package org.trefoilhub.hub.audit;

import ca.uhn.fhir.context.FhirContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.AuditEvent.AuditEventAgentComponent;
import org.hl7.fhir.r4.model.AuditEvent.AuditEventAgentNetworkType;
import org.hl7.fhir.r4.model.AuditEvent.AuditEventEntityComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;

/**
 * Shows an event as FHIR AuditEvent, in the shape of IHE BALP (Basic Audit Log Patterns). A profile is claimed where the
 * event has everything that it demands.
 */
final class AuditEventMapper {

    private static final String BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
    private static final String ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private static final String OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role";
    private static final String PURPOSE = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

    private final FhirContext context;
    private final String canonical;
    private final TimeZone zone;

    AuditEventMapper(FhirContext context, String canonical, TimeZone zone) {
        this.context = context;
        this.canonical = canonical;
        this.zone = zone;
    }

    /** The AuditEvent of a row, with id and version. */
    AuditEvent toFhir(AuditRow row) {
        AuditEvent event = row.format().equals(AuditRow.FHIR)
                ? context.newJsonParser().parseResource(AuditEvent.class, row.content())
                : toFhir(AuditContent.record(row), row.recorded());
        event.setId("AuditEvent/" + row.seq() + "/_history/1");
        event.getMeta().setVersionId("1");
        event.getMeta().setLastUpdatedElement(instant(row.seq() >> 10));
        return event;
    }

    private InstantType instant(long micros) {
        InstantType instant = new InstantType(Date.from(Instant.ofEpochMilli(TimeUnit.MICROSECONDS.toMillis(micros))));
        instant.setTimeZone(zone);
        return instant;
    }

    private AuditEvent toFhir(AuditRecord record, long recorded) {
        AuditEvent event = new AuditEvent();
        event.setType(coding(record.type()));
        record.subtypes().forEach(subtype -> event.addSubtype(coding(subtype)));
        event.setAction(AuditEvent.AuditEventAction.fromCode(record.action().code()));
        event.setRecordedElement(instant(recorded));
        event.setOutcome(AuditEvent.AuditEventOutcome.fromCode(record.outcome().code()));
        event.setOutcomeDesc(record.reason());
        record.purposes()
                .forEach(code ->
                        event.addPurposeOfEvent(new CodeableConcept().addCoding(new Coding(PURPOSE, code, null))));
        agents(event, record);
        event.getSource()
                .setObserver(hub())
                .addType(new Coding(
                        "http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server"));
        entities(event, record);
        profile(event, record);
        return event;
    }

    private void agents(AuditEvent event, AuditRecord record) {
        boolean reads = record.action() == AuditAction.READ;
        Coding source = new Coding(AuditCode.DICOM_SYSTEM, "110153", "Source Role ID");
        Coding destination = new Coding(AuditCode.DICOM_SYSTEM, "110152", "Destination Role ID");
        if (record.client() != null || record.address() != null) {
            AuditEventAgentComponent client = event.addAgent()
                    .setType(new CodeableConcept().addCoding(reads ? destination : source))
                    .setRequestor(record.user() == null);
            if (record.client() != null) {
                client.setWho(logical("Device", "client", record.client()));
                if (record.user() == null) {
                    client.setAltId(record.client());
                }
            }
            if (record.address() != null) {
                client.getNetwork().setAddress(record.address()).setType(AuditEventAgentNetworkType._2);
            }
        }
        AuditEventAgentComponent server = event.addAgent()
                .setType(new CodeableConcept().addCoding(reads ? source : destination))
                .setRequestor(record.user() == null && record.client() == null && record.address() == null);
        server.setWho(hub());
        if (record.user() != null) {
            AuditEventAgentComponent person = event.addAgent()
                    .setType(new CodeableConcept()
                            .addCoding(new Coding(
                                    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                                    "IRCP",
                                    "information recipient")))
                    .setRequestor(true)
                    .setAltId(record.user())
                    .setName(record.user());
            person.setWho(logical("Practitioner", "user", record.user()));
            record.roles()
                    .forEach(role -> person.addRole(
                            new CodeableConcept().addCoding(new Coding(canonical + "/sid/role", role, null))));
            record.departments()
                    .forEach(department -> person.addRole(new CodeableConcept()
                            .addCoding(new Coding(canonical + "/sid/department", department, null))));
        }
    }

    private void entities(AuditEvent event, AuditRecord record) {
        for (String patient : record.patients()) {
            entity(event, "1", "Person", "1", "Patient").setWhat(new Reference(patient));
        }
        for (String resource : record.resources()) {
            if (!record.patients().contains(resource)) {
                entity(event, "2", "System Object", "4", "Domain Resource").setWhat(new Reference(resource));
            }
        }
        if (record.study() != null) {
            Reference study = new Reference();
            study.setIdentifier(new Identifier().setSystem("urn:dicom:uid").setValue("urn:oid:" + record.study()));
            entity(event, "2", "System Object", "3", "Report").setWhat(study);
        }
        if (record.query() != null) {
            entity(event, "2", "System Object", "24", "Query")
                    .setQuery(record.query().getBytes(StandardCharsets.UTF_8));
        }
        for (String policy : record.policies()) {
            int mark = policy.indexOf('#');
            AuditEventEntityComponent rule = entity(event, "2", "System Object", "13", "Security Resource");
            String consent = mark < 0 ? policy : policy.substring(0, mark);
            rule.setWhat(
                    consent.startsWith("Consent/")
                            ? new Reference(consent)
                            : new Reference().setIdentifier(new Identifier().setValue(consent)));
            if (mark >= 0) {
                rule.addDetail().setType("provision").setValue(new StringType(policy.substring(mark + 1)));
            }
        }
        if (record.traceId() != null) {
            Reference request = new Reference();
            request.setIdentifier(new Identifier().setValue(record.traceId()));
            event.addEntity()
                    .setType(new Coding(
                            "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId", null))
                    .setWhat(request);
        }
        if (!record.details().isEmpty() || record.door() != null) {
            AuditEventEntityComponent rest = event.addEntity()
                    .setType(new Coding(ENTITY_TYPE, "4", "Other"))
                    .setRole(new Coding(OBJECT_ROLE, "20", "Job"));
            if (record.door() != null) {
                rest.addDetail()
                        .setType("interface")
                        .setValue(new StringType(record.door().code()));
            }
            for (Map.Entry<String, String> detail : record.details().entrySet()) {
                if (!detail.getValue().isBlank()) {
                    rest.addDetail().setType(detail.getKey()).setValue(new StringType(detail.getValue()));
                }
            }
        }
    }

    private static AuditEventEntityComponent entity(
            AuditEvent event, String type, String typeName, String role, String roleName) {
        return event.addEntity()
                .setType(new Coding(ENTITY_TYPE, type, typeName))
                .setRole(new Coding(OBJECT_ROLE, role, roleName));
    }

    private static void profile(AuditEvent event, AuditRecord record) {
        if (!record.type().equals(AuditCode.REST)
                || record.outcome() != AuditOutcome.SUCCESS
                || record.client() == null
                || record.subtypes().size() != 1) {
            return;
        }
        String kind =
                switch (record.subtypes().get(0).code()) {
                    case "read", "vread" -> "Read";
                    case "search-type", "search-system" -> "Query";
                    case "create" -> "Create";
                    case "update", "patch" -> "Update";
                    case "delete" -> "Delete";
                    default -> null;
                };
        List<String> resources = record.resources();
        boolean complete = kind != null && (kind.equals("Query") ? record.query() != null : resources.size() == 1);
        boolean patientItself = resources.size() == 1 && record.patients().contains(resources.get(0));
        if (complete && record.patients().size() <= 1) {
            // A Patient is shown as the patient, not once more as the data that the plain profiles ask for.
            boolean ofPatient = record.patients().size() == 1;
            if (patientItself) {
                entity(event, "2", "System Object", "4", "Domain Resource").setWhat(new Reference(resources.get(0)));
            }
            event.getMeta().addProfile(BALP + (ofPatient ? "Patient" : "") + kind);
        } else if (complete && kind.equals("Query")) {
            event.getMeta().addProfile(BALP + kind);
        }
    }

    private Reference logical(String type, String system, String value) {
        Reference reference = new Reference();
        reference.setType(type);
        reference.setIdentifier(
                new Identifier().setSystem(canonical + "/sid/" + system).setValue(value));
        reference.setDisplay(value);
        return reference;
    }

    private Reference hub() {
        Reference hub = logical("Device", "client", "hub");
        hub.setDisplay("Trefoil Hub");
        return hub;
    }

    private static Coding coding(AuditCode code) {
        return new Coding(code.system(), code.code(), code.display());
    }
}
