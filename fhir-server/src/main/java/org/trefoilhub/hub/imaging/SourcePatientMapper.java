package org.trefoilhub.hub.imaging;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.HumanName.NameUse;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.PersonName;
import org.trefoilhub.dicomweb.archive.StudySummary;
import org.trefoilhub.hub.guide.HubProfiles;

/**
 * What a study says about its patient, as a source Patient.
 *
 * <p>A Chinese name is one text without a blank (family name first), as the hospital writes it; the alphabetic form
 * follows as a second name. Values that break the DICOM formats are left out rather than repaired.
 *
 * <p>Spec: DICOM PS3.3 section C.7.1.1; PS3.5 section 6.2.1 for names.
 */
final class SourcePatientMapper {

    private static final DateTimeFormatter DA =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");

    private final IdentifierSystems systems;

    SourcePatientMapper(IdentifierSystems systems) {
        this.systems = systems;
    }

    /**
     * The Patient of a study.
     *
     * @param issuer issuer of the patient id, null for the hospital's own numbers
     * @return empty when the study carries no patient id
     */
    Optional<Patient> map(StudySummary study, @Nullable String issuer) {
        String patientId = study.patientId();
        if (patientId == null || patientId.isBlank()) {
            return Optional.empty();
        }
        Patient patient = new Patient();
        HubProfiles.claim(patient, HubProfiles.SOURCE_PATIENT);
        patient.setActive(true);
        patient.addIdentifier().setSystem(systems.patientId(issuer)).setValue(patientId.strip());
        PersonName name = study.patientName();
        if (name != null) {
            addNames(patient, name);
        }
        gender(study.patientSex()).ifPresent(patient::setGender);
        date(study.patientBirthDate()).ifPresent(date -> patient.setBirthDateElement(new DateType(date.toString())));
        return Optional.of(patient);
    }

    private static void addNames(Patient patient, PersonName name) {
        if (!name.ideographic().isEmpty()) {
            patient.addName(humanName(name.ideographic(), NameUse.USUAL));
            if (!name.alphabetic().isEmpty()) {
                patient.addName(humanName(name.alphabetic(), NameUse.OFFICIAL));
            }
        } else if (!name.alphabetic().isEmpty()) {
            patient.addName(humanName(name.alphabetic(), NameUse.USUAL));
        }
    }

    static HumanName humanName(String group, NameUse use) {
        String family = PersonName.component(group, 0);
        String given = PersonName.component(group, 1);
        String middle = PersonName.component(group, 2);
        HumanName name = new HumanName().setUse(use).setText(text(group));
        if (!family.isEmpty()) {
            name.setFamily(family);
        }
        for (String part : new String[] {given, middle}) {
            if (!part.isEmpty()) {
                name.addGiven(part);
            }
        }
        addIfPresent(PersonName.component(group, 3), name::addPrefix);
        addIfPresent(PersonName.component(group, 4), name::addSuffix);
        return name;
    }

    private static void addIfPresent(String part, java.util.function.Consumer<String> target) {
        if (!part.isEmpty()) {
            target.accept(part);
        }
    }

    /** The name as one reads it: Chinese without blanks and family name first, others given name first. */
    static String text(String group) {
        String family = PersonName.component(group, 0);
        String given = (PersonName.component(group, 1) + " " + PersonName.component(group, 2)).strip();
        if (HAN.matcher(group).find()) {
            return family + given.replace(" ", "");
        }
        return (PersonName.component(group, 3) + " " + given + " " + family + " " + PersonName.component(group, 4))
                .strip()
                .replaceAll("\\s+", " ");
    }

    private static Optional<AdministrativeGender> gender(@Nullable String sex) {
        if (sex == null) {
            return Optional.empty();
        }
        return switch (sex) {
            case "M" -> Optional.of(AdministrativeGender.MALE);
            case "F" -> Optional.of(AdministrativeGender.FEMALE);
            case "O" -> Optional.of(AdministrativeGender.OTHER);
            default -> Optional.empty();
        };
    }

    /** A DICOM date, or empty when it is absent or not one. */
    static Optional<LocalDate> date(@Nullable String da) {
        if (da == null || da.length() != 8) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(da, DA));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
