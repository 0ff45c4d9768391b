package org.trefoilhub.connectors.mapping;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.ActivityDefinition.ActivityDefinitionKind;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Location.LocationStatus;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Time;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;

/**
 * Staff (M02), departments and places (M05), exam items (M08, M12). Nothing is deleted: what the source no longer has is
 * marked inactive or retired, for old orders and reports name it.
 *
 * <p>Spec: HL7 v2.5.1 chapter 8; tables 0180 (MFE-1), 0260 (LOC-3).
 */
final class MasterFileMapper {

    private static final Set<String> EVENTS = Set.of("M02", "M05", "M08", "M12", "M10");
    private static final Set<String> GONE = Set.of("MDL", "MDC");
    private static final Set<String> DEPARTMENTS = Set.of("C", "D", "N", "L", "");

    private MasterFileMapper() {}

    static SourceChange map(Hl7Message message, MappingContext context) {
        if (!EVENTS.contains(message.trigger())) {
            throw new IngestException(IngestErrorCode.UNSUPPORTED, "expected an MFN event that the hub reads");
        }
        ChangeBuilder change = new ChangeBuilder(message, context);
        message.required("MFI");
        message.required("MFE");
        change.lane("MFN/" + message.trigger());
        for (List<Segment> record : records(message)) {
            Segment mfe = record.get(0);
            boolean gone = GONE.contains(mfe.value(1));
            switch (message.trigger()) {
                case "M02" -> staff(mfe, record, gone, change, context);
                case "M05" -> place(mfe, record, gone, change, context);
                default -> item(mfe, record, gone, change, context);
            }
        }
        Segment mfi = message.required("MFI");
        Instant occurred = Hl7Time.instant(mfi.value(5), context.zone(), "MFI-5")
                .or(() -> Hl7Time.instant(mfi.value(4), context.zone(), "MFI-4"))
                .orElseGet(() -> context.messageTime(message));
        return change.build(occurred);
    }

    /** MFE and what follows it. */
    private static List<List<Segment>> records(Hl7Message message) {
        List<List<Segment>> records = new ArrayList<>();
        for (Segment segment : message.segments()) {
            if (segment.name().equals("MFE")) {
                records.add(new ArrayList<>(List.of(segment)));
            } else if (!records.isEmpty()) {
                records.get(records.size() - 1).add(segment);
            }
        }
        return records;
    }

    private static Segment in(List<Segment> record, String name, Segment otherwise) {
        return record.stream()
                .filter(segment -> segment.name().equals(name))
                .findFirst()
                .orElse(otherwise);
    }

    private static String key(Segment mfe, Segment detail, int field) {
        String key = mfe.value(4).isEmpty() ? detail.value(field) : mfe.value(4);
        if (key.isEmpty()) {
            throw new IngestException(IngestErrorCode.REQUIRED_MISSING, "expected a primary key in MFE-4");
        }
        return key;
    }

    private static void staff(
            Segment mfe, List<Segment> record, boolean gone, ChangeBuilder change, MappingContext context) {
        Names names = context.names();
        Segment stf = in(record, "STF", mfe);
        boolean described = stf != mfe;
        String key = key(mfe, stf, 1);
        Practitioner practitioner = new Practitioner();
        practitioner.addIdentifier().setSystem(names.sid("staff")).setValue(key);
        practitioner.setActive(!gone && !(described && stf.value(7).equals("I")));
        if (described) {
            for (Segment.Repetition name : stf.repetitions(3)) {
                People.humanName(name, 1).ifPresent(practitioner::addName);
            }
            People.gender(stf.value(5)).ifPresent(practitioner::setGender);
            String department = stf.value(8);
            if (!department.isEmpty()) {
                PractitionerRole role = new PractitionerRole();
                role.addIdentifier().setSystem(names.sid("practitioner-role")).setValue(key + "@" + department);
                role.setActive(practitioner.getActive());
                role.setPractitioner(new Reference(Names.condition("Practitioner", names.sid("staff"), key)));
                role.setOrganization(
                        Names.reference("Organization", names.sid("department"), department, stf.value(8, 2)));
                change.put(practitioner, names.sid("staff"), key);
                change.put(role, names.sid("practitioner-role"), key + "@" + department);
                return;
            }
        }
        change.put(practitioner, names.sid("staff"), key);
    }

    private static void place(
            Segment mfe, List<Segment> record, boolean gone, ChangeBuilder change, MappingContext context) {
        Names names = context.names();
        Segment loc = in(record, "LOC", mfe);
        String key = key(mfe, loc, 1);
        String title = loc == mfe ? "" : loc.value(2);
        if (loc == mfe || DEPARTMENTS.contains(loc.value(3))) {
            Organization organization = new Organization();
            organization.addIdentifier().setSystem(names.sid("department")).setValue(key);
            organization.setActive(!gone);
            organization.setName(People.orNull(title));
            change.put(organization, names.sid("department"), key);
        }
        Location location = new Location();
        location.addIdentifier().setSystem(names.sid("location")).setValue(key);
        location.setStatus(gone ? LocationStatus.INACTIVE : LocationStatus.ACTIVE);
        location.setName(People.orNull(title));
        change.put(location, names.sid("location"), key);
    }

    private static void item(
            Segment mfe, List<Segment> record, boolean gone, ChangeBuilder change, MappingContext context) {
        Names names = context.names();
        Segment om1 = in(record, "OM1", mfe);
        boolean described = om1 != mfe;
        String key = key(mfe, om1, 2);
        String title = described && !om1.value(2, 2).isEmpty() ? om1.value(2, 2) : mfe.value(4, 2);
        ActivityDefinition item = new ActivityDefinition();
        item.setUrl(names.canonical() + "/ActivityDefinition/exam-item-" + key);
        item.addIdentifier().setSystem(names.sid("exam-item")).setValue(key);
        item.setStatus(gone ? PublicationStatus.RETIRED : PublicationStatus.ACTIVE);
        item.setKind(ActivityDefinitionKind.SERVICEREQUEST);
        item.setTitle(People.orNull(title));
        item.setCode(
                new CodeableConcept().addCoding(new Coding(names.codeSystem("exam-item"), key, People.orNull(title))));
        if (described) {
            Sections.kind(om1.value(48).isEmpty() ? om1.value(49) : om1.value(48), "", context)
                    .ifPresent(kind -> item.addTopic(names.concept("exam-kind", kind)));
        }
        change.put(item, names.sid("exam-item"), key);
    }
}
