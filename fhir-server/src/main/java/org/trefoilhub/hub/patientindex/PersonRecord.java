package org.trefoilhub.hub.patientindex;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;

/**
 * What the matching looks at in a source Patient.
 *
 * @param names whole names in simplified characters
 * @param readings likeliest pinyin of each
 * @param cards valid numbers of identity cards
 * @param wrongCards 18 characters that stand where a card number belongs and fail its check
 * @param numbers other identifiers, {@code system|value}, without placeholders
 * @param male true, false, or null when unknown
 * @param birthDate day of birth, or null when unknown or partial
 * @param birthYear year of birth, or null
 * @param phones digits of telephone numbers
 * @param kind whom the record is about
 */
record PersonRecord(
        Set<String> names,
        Set<String> readings,
        Set<String> cards,
        Set<String> wrongCards,
        Set<String> numbers,
        @Nullable Boolean male,
        @Nullable LocalDate birthDate,
        @Nullable Integer birthYear,
        Set<String> phones,
        Kind kind) {

    /** Kinds of records that the rules treat apart. */
    enum Kind {
        /** Somebody whose name is known. */
        NAMED,
        /** Brought in without a name: 无名氏, 无名男, 不详. */
        NAMELESS,
        /** Under the mother's name: 之子, 之女, 之婴; the identity card is the mother's. */
        NEWBORN,
        /** A name without Han script and no identity card. */
        FOREIGN
    }

    /** Identifier system of resident identity cards. */
    static final String ID_CARD = "urn:oid:2.16.156.10011.1.3";

    private static final Set<String> ID_CARD_SYSTEMS =
            Set.of(ID_CARD, "2.16.156.10011.1.3", "http://www.mps.gov.cn/idcard");
    private static final Pattern NAMELESS_NAME = Pattern.compile("无名.*|佚名.*|不详.*|未知.*|.*待查|某某.*|急诊无名.*|三无.*");
    private static final Pattern NEWBORN_NAME =
            Pattern.compile(".+之(子|女|婴|长子|次子|长女|次女|大子|小子|大女|小女)[一二三四五12345大小]?|.+(毛毛|婴儿|新生儿)");

    /** Reads a Patient. */
    static PersonRecord of(Patient patient) {
        Set<String> names = new LinkedHashSet<>();
        for (HumanName name : patient.getName()) {
            String whole = whole(name);
            if (!whole.isBlank()) {
                names.add(NameReadings.simplified(whole));
            }
        }
        Set<String> readings = new LinkedHashSet<>();
        names.forEach(name -> readings.add(NameReadings.likeliest(name)));
        Set<String> cards = new TreeSet<>();
        Set<String> wrong = new TreeSet<>();
        Set<String> numbers = new TreeSet<>();
        for (Identifier identifier : patient.getIdentifier()) {
            identify(identifier, cards, wrong, numbers);
        }
        Set<String> phones = new TreeSet<>();
        for (ContactPoint contact : patient.getTelecom()) {
            if (contact.hasValue() && contact.getSystem() != ContactPoint.ContactPointSystem.EMAIL) {
                String digits = contact.getValue().replaceAll("\\D", "").replaceFirst("^(0086|86)(?=1\\d{10}$)", "");
                if (digits.length() >= 7 && !isPlaceholder(digits)) {
                    phones.add(digits);
                }
            }
        }
        LocalDate born = date(patient);
        String dateText = patient.getBirthDateElement().getValueAsString();
        Integer year =
                dateText != null && dateText.matches("\\d{4}.*") ? Integer.valueOf(dateText.substring(0, 4)) : null;
        if (year == null && !cards.isEmpty()) {
            year = IdCard.of(cards.iterator().next())
                    .map(card -> card.birthDate().getYear())
                    .orElse(null);
        }
        Boolean male = patient.getGender() == AdministrativeGender.MALE
                ? Boolean.TRUE
                : patient.getGender() == AdministrativeGender.FEMALE ? Boolean.FALSE : null;
        return new PersonRecord(names, readings, cards, wrong, numbers, male, born, year, phones, kind(names, cards));
    }

    private static String whole(HumanName name) {
        String given = String.join(
                "",
                name.getGiven().stream()
                        .map(part -> String.valueOf(part.getValue()))
                        .toList());
        String parts = (name.hasFamily() ? name.getFamily() : "") + given;
        return name.hasText() ? name.getText() : parts;
    }

    private static void identify(Identifier identifier, Set<String> cards, Set<String> wrong, Set<String> numbers) {
        if (!identifier.hasValue()) {
            return;
        }
        String tidy = IdentifierSpelling.tidy(identifier.getValue());
        String system = identifier.hasSystem() ? identifier.getSystem() : "";
        if (ID_CARD_SYSTEMS.contains(system)) {
            IdCard.of(tidy).ifPresentOrElse(card -> cards.add(card.number()), () -> {
                if (tidy.length() == 18 && !isPlaceholder(tidy)) {
                    wrong.add(tidy);
                }
            });
        } else if (!system.isEmpty() && tidy.length() >= 4 && !isPlaceholder(tidy)) {
            numbers.add(system + "|" + tidy);
        }
    }

    /** One character over and over, zeros at the beginning and end, or digits that only count up. */
    static boolean isPlaceholder(String value) {
        return value.matches("(.)\\1*") || value.matches("0{3,}.{0,2}") || "01234567890123456789".contains(value);
    }

    private static @Nullable LocalDate date(Patient patient) {
        String text = patient.getBirthDateElement().getValueAsString();
        if (text == null || text.length() != 10) {
            return null;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            // Checked by the parser at the door; one that is no day is unknown.
            return null;
        }
    }

    private static Kind kind(Set<String> names, Set<String> cards) {
        if (names.isEmpty()
                || names.stream().anyMatch(name -> NAMELESS_NAME.matcher(name).matches())) {
            return Kind.NAMELESS;
        }
        if (names.stream().anyMatch(name -> NEWBORN_NAME.matcher(name).matches())) {
            return Kind.NEWBORN;
        }
        boolean han = names.stream().anyMatch(name -> name.codePoints()
                .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN));
        return !han && cards.isEmpty() ? Kind.FOREIGN : Kind.NAMED;
    }

    /** Under what to look for records that may be the same person. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        if (kind == Kind.NAMELESS) {
            return keys;
        }
        cards.forEach(card -> keys.add("card|" + card));
        numbers.forEach(number -> keys.add("number|" + number));
        phones.forEach(phone -> keys.add("phone|" + phone));
        for (String reading : readings) {
            if (birthDate != null) {
                keys.add("born|" + reading + "|" + birthDate);
            }
            if (birthYear != null) {
                keys.add("year|" + reading + "|" + birthYear);
            }
        }
        return keys;
    }

    /** Tells nothing: everything in it identifies. */
    @Override
    public String toString() {
        return "PersonRecord";
    }
}
