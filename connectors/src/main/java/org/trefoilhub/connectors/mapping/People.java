package org.trefoilhub.connectors.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Time;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

/**
 * Patients, encounters and staff as segments name them.
 *
 * <p>A Chinese name is one text without a blank, family name first. The id that makes the source Patient is the first of
 * PID-3 that is a medical record or patient number; its issuer is none (the hospital's own) when CX.4 is empty, the sending
 * facility, or one that the source is configured for.
 */
final class People {

    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");
    private static final Pattern CARD = Pattern.compile("\\d{17}[0-9Xx]|\\d{15}");
    private static final Set<String> NUMBERS = Set.of("", "MR", "PI", "PT", "PN", "PE");
    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("I", "IMP"),
            Map.entry("O", "AMB"),
            Map.entry("E", "EMER"),
            Map.entry("P", "PRENC"),
            Map.entry("R", "AMB"),
            Map.entry("B", "IMP"),
            Map.entry("1", "AMB"),
            Map.entry("2", "EMER"),
            Map.entry("3", "IMP"),
            Map.entry("门诊", "AMB"),
            Map.entry("急诊", "EMER"),
            Map.entry("住院", "IMP"));
    private static final Set<String> CHECK_UP = Set.of("4", "T", "体检");

    private final MappingContext context;
    private final Names names;

    People(MappingContext context) {
        this.context = context;
        this.names = context.names();
    }

    /** System and value of the number by which a patient is known. */
    record Number(String system, String value) {
        String condition() {
            return Names.condition("Patient", system, value);
        }

        Reference reference() {
            return new Reference(condition()).setType("Patient");
        }
    }

    /** The number that makes the source Patient. */
    Number number(Hl7Message message, Segment segment, int field) {
        List<Segment.Repetition> ids = segment.repetitions(field);
        if (segment.name().equals("PID") && ids.isEmpty() && !segment.value(2).isEmpty()) {
            // Before version 2.4 the id stood in PID-2.
            ids = segment.repetitions(2);
        }
        return ids.stream()
                .filter(id -> NUMBERS.contains(id.value(5)) && !id.value(1).isEmpty() && !isCard(id))
                .findFirst()
                .or(() -> segment.repetitions(field).stream()
                        .filter(id -> !id.value(1).isEmpty() && !isCard(id))
                        .findFirst())
                .map(id -> new Number(names.patientId(issuer(message, id)), id.value(1)))
                .orElseThrow(() -> new IngestException(
                        IngestErrorCode.REQUIRED_MISSING,
                        "expected a patient number in " + segment.name() + "-" + field));
    }

    private String issuer(Hl7Message message, Segment.Repetition id) {
        String issuer = id.value(4);
        boolean own = issuer.isEmpty()
                || issuer.equals(message.sendingFacility())
                || context.source().ownAuthorities().contains(issuer);
        return own ? "" : issuer;
    }

    private static boolean isCard(Segment.Repetition id) {
        return id.value(5).equals("NI")
                || id.value(5).equals("NNCHN")
                || id.value(4).equals("CHN");
    }

    /** The Patient of PID. */
    Patient patient(Hl7Message message, Segment pid) {
        Number number = number(message, pid, 3);
        Patient patient = new Patient();
        patient.setActive(true);
        patient.addIdentifier(names.typed(number.system(), number.value(), "MR"));
        for (Segment.Repetition id : pid.repetitions(3)) {
            if (id.value(1).isEmpty()) {
                continue;
            }
            Identifier identifier = identifier(message, id);
            boolean known = patient.getIdentifier().stream()
                    .anyMatch(each -> each.getSystem().equals(identifier.getSystem())
                            && each.getValue().equals(identifier.getValue()));
            if (!known) {
                patient.addIdentifier(identifier);
            }
        }
        String card = pid.value(19);
        if (CARD.matcher(card).matches()
                && patient.getIdentifier().stream().noneMatch(each -> Names.IDENTITY_CARD.equals(each.getSystem()))) {
            patient.addIdentifier(names.typed(Names.IDENTITY_CARD, card, "NNCHN"));
        }
        for (Segment.Repetition name : pid.repetitions(5)) {
            humanName(name, 1).ifPresent(patient::addName);
        }
        gender(pid.value(8)).ifPresent(patient::setGender);
        Hl7Time.date(pid.value(7), "PID-7").ifPresent(date -> patient.setBirthDateElement(new DateType(date)));
        for (Segment.Repetition address : pid.repetitions(11)) {
            address(address).ifPresent(patient::addAddress);
        }
        phones(pid, 13, ContactPoint.ContactPointUse.HOME, patient);
        phones(pid, 14, ContactPoint.ContactPointUse.WORK, patient);
        if (pid.value(30).equals("Y")) {
            patient.setDeceased(new BooleanType(true));
        }
        return patient;
    }

    private Identifier identifier(Hl7Message message, Segment.Repetition id) {
        if (isCard(id)) {
            return names.typed(Names.IDENTITY_CARD, id.value(1), "NNCHN");
        }
        String type = id.value(5);
        String issuer = issuer(message, id);
        return NUMBERS.contains(type)
                ? names.typed(names.patientId(issuer), id.value(1), type.isEmpty() ? "MR" : type)
                : names.typed(
                        names.ofSource("identifier", issuer.isEmpty() ? type : type + "/" + issuer), id.value(1), type);
    }

    /** A name whose family name is at a component (XPN 1, XCN 2). */
    static Optional<HumanName> humanName(Segment.Repetition field, int first) {
        String family = field.value(first);
        String given = field.value(first + 1);
        String middle = field.value(first + 2);
        if (family.isEmpty() && given.isEmpty()) {
            return Optional.empty();
        }
        HumanName name = new HumanName();
        boolean chinese = HAN.matcher(family + given).find();
        name.setText(
                chinese
                        ? family + given + middle
                        : (given + " " + middle + " " + family).strip().replaceAll("\\s+", " "));
        if (!family.isEmpty()) {
            name.setFamily(family);
        }
        for (String part : List.of(given, middle)) {
            if (!part.isEmpty()) {
                name.addGiven(part);
            }
        }
        if (first == 1) {
            name.setUse(field.value(7).equals("L") ? HumanName.NameUse.OFFICIAL : HumanName.NameUse.USUAL);
        }
        return Optional.of(name);
    }

    static Optional<AdministrativeGender> gender(String sex) {
        return switch (sex) {
            case "M", "1", "男" -> Optional.of(AdministrativeGender.MALE);
            case "F", "2", "女" -> Optional.of(AdministrativeGender.FEMALE);
            case "O", "A", "9" -> Optional.of(AdministrativeGender.OTHER);
            case "U", "0", "N" -> Optional.of(AdministrativeGender.UNKNOWN);
            default -> Optional.empty();
        };
    }

    private static Optional<Address> address(Segment.Repetition field) {
        Address address = new Address();
        for (String line : List.of(field.value(1), field.value(2))) {
            if (!line.isEmpty()) {
                address.addLine(line);
            }
        }
        address.setCity(orNull(field.value(3)))
                .setState(orNull(field.value(4)))
                .setPostalCode(orNull(field.value(5)))
                .setCountry(orNull(field.value(6)));
        return address.isEmpty() ? Optional.empty() : Optional.of(address);
    }

    private static void phones(Segment pid, int field, ContactPoint.ContactPointUse use, Patient patient) {
        for (Segment.Repetition phone : pid.repetitions(field)) {
            String number = phone.value(1).isEmpty() ? phone.value(12) : phone.value(1);
            if (!number.isEmpty()) {
                patient.addTelecom()
                        .setSystem(ContactPoint.ContactPointSystem.PHONE)
                        .setUse(use)
                        .setValue(number);
            }
        }
    }

    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** System of visit numbers. */
    String visits() {
        return names.sid("encounter");
    }

    /** The visit that PV1-19 names. */
    Optional<Reference> encounter(Hl7Message message) {
        return message.first("PV1")
                .map(visit -> visit.value(19))
                .filter(number -> !number.isEmpty())
                .map(number -> Names.reference("Encounter", visits(), number, ""));
    }

    /** The class of an encounter, PV1-2. */
    Coding encounterClass(String code) {
        if (CHECK_UP.contains(code)) {
            return new Coding(names.codeSystem("encounter-class"), "check-up", null);
        }
        String known = CLASSES.get(code);
        return known != null
                ? new Coding(ACT_CODE, known, null)
                : new Coding("http://terminology.hl7.org/CodeSystem/v2-0004", code.isEmpty() ? "U" : code, null);
    }

    /** A member of staff as XCN has it; empty when it has neither number nor name. */
    Optional<Reference> staff(Segment.Repetition field) {
        String id = field.value(1);
        String display = humanName(field, 2).map(HumanName::getText).orElse("");
        if (id.isEmpty()) {
            return display.isEmpty() ? Optional.empty() : Optional.of(new Reference().setDisplay(display));
        }
        return Optional.of(Names.reference("Practitioner", names.sid("staff"), id, display));
    }

    /** A member of staff as the first component of NDL has it, in subcomponents. */
    Optional<Reference> interpreter(Segment.Repetition field) {
        String id = field.value(1, 1);
        String display = field.value(1, 2) + field.value(1, 3);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Names.reference("Practitioner", names.sid("staff"), id, display));
    }

    /** The ward or department of a place (PL) as Organization. */
    Optional<Reference> department(String code) {
        return code.isEmpty()
                ? Optional.empty()
                : Optional.of(Names.reference("Organization", names.sid("department"), code, ""));
    }

    /** The place of PV1-3 or PV1-6. */
    Optional<Encounter.EncounterLocationComponent> place(Segment visit, int field) {
        Segment.Repetition place = visit.repetition(field, 1);
        if (place.value(1).isEmpty()) {
            return Optional.empty();
        }
        List<String> display = new ArrayList<>();
        for (int component = 1; component <= 3; component++) {
            if (!place.value(component).isEmpty()) {
                display.add(place.value(component));
            }
        }
        return Optional.of(new Encounter.EncounterLocationComponent()
                .setLocation(
                        Names.reference("Location", names.sid("location"), place.value(1), String.join(" ", display))));
    }
}
