package org.trefoilhub.interceptors.fhir.mask;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Base64BinaryType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Person;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;

/**
 * Masks the identity of a patient wherever it stands in a resource.
 *
 * <p>Names keep the first character of each component ({@code 张*}), in Patient, RelatedPerson, Person, in display texts of
 * references to them, contained and bundled resources included. Level DEMOGRAPHICS also leaves out birth date, address,
 * telecom, identifiers, contacts, photo and extensions. Free text that repeats what is masked has it replaced; narratives,
 * attachments and other bytes, which nobody can look through, are left out. What changed is tagged REDACTED and SUBSETTED.
 *
 * <p>Source: domain.md 1.10 policy-mask, requirement ACC-15. One mask is for one answer; it is not thread-safe.
 */
public final class IdentityMask {

    private static final String STAR = "*";
    private static final String GONE = "***";
    private static final Set<String> PEOPLE = Set.of("Patient", "RelatedPerson", "Person");
    /** Shorter values stand in texts by chance. */
    private static final int SHORTEST_TRACE = 4;

    private final MaskLevel level;
    private final Map<Pattern, String> traces = new LinkedHashMap<>();

    /**
     * A mask.
     *
     * @param level how much is masked
     * @param known the patients concerned, unmasked, whose names and numbers are looked for in texts
     */
    public IdentityMask(MaskLevel level, Collection<Patient> known) {
        this.level = level;
        known.forEach(this::learn);
    }

    private void learn(Patient patient) {
        for (HumanName name : patient.getName()) {
            List<String> parts = Stream.concat(
                            Stream.ofNullable(name.getFamily()),
                            name.getGiven().stream().map(StringType::getValue))
                    .filter(part -> part != null && !part.isBlank())
                    .toList();
            if (name.hasText()) {
                trace(List.of(name.getText()), masked(name.getText()));
            }
            if (parts.size() > 1) {
                trace(parts, masked(parts.get(0)));
                List<String> givenFirst = Stream.concat(parts.stream().skip(1), Stream.of(parts.get(0)))
                        .toList();
                trace(givenFirst, masked(givenFirst.get(0)));
            }
            parts.stream()
                    .filter(part -> part.codePointCount(0, part.length()) > 1)
                    .forEach(part -> trace(List.of(part), masked(part)));
        }
        if (level != MaskLevel.DEMOGRAPHICS) {
            return;
        }
        Stream<String> identifiers = patient.getIdentifier().stream().map(identifier -> identifier.getValue());
        Stream<String> numbers = patient.getTelecom().stream().map(telecom -> telecom.getValue());
        Stream<String> places = patient.getAddress().stream()
                .flatMap(address -> Stream.concat(
                        Stream.ofNullable(address.getText()),
                        address.getLine().stream().map(StringType::getValue)));
        Stream.of(identifiers, numbers, places)
                .flatMap(values -> values)
                .filter(value -> value != null && value.strip().length() >= SHORTEST_TRACE)
                .forEach(value -> trace(List.of(value.strip()), GONE));
        if (patient.hasBirthDate()) {
            String[] date = patient.getBirthDateElement().getValueAsString().split("-");
            if (date.length == 3) {
                traces.put(
                        Pattern.compile(date[0] + "[-/.年]?0?" + Integer.parseInt(date[1]) + "[-/.月]?0?"
                                + Integer.parseInt(date[2]) + "日?(?!\\d)"),
                        GONE);
            }
        }
    }

    /** A word of Latin letters or digits counts only as a whole word; Chinese has no words around it. */
    private void trace(List<String> parts, String replacement) {
        String joined =
                parts.stream().map(part -> Pattern.quote(part.strip())).collect(Collectors.joining("[\\s^,·]*"));
        String first = parts.get(0).strip();
        String last = parts.get(parts.size() - 1).strip();
        if (first.isEmpty() || last.isEmpty()) {
            return;
        }
        String before = isLatin(first.codePointAt(0)) ? "(?<![\\p{Alnum}])" : "";
        String after = isLatin(last.codePointBefore(last.length())) ? "(?![\\p{Alnum}])" : "";
        traces.putIfAbsent(
                Pattern.compile(before + joined + after, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE), replacement);
    }

    private static boolean isLatin(int character) {
        return character < 0x250 && Character.isLetterOrDigit(character);
    }

    /**
     * Masks a resource.
     *
     * @param resource not changed
     * @param <T> type of the resource
     * @return a masked copy, or the resource itself when nothing in it identifies a patient
     */
    @SuppressWarnings("unchecked")
    public <T extends Resource> T mask(T resource) {
        if (level == MaskLevel.NONE) {
            return resource;
        }
        Resource copy = resource.copy();
        walk(copy);
        if (copy.equalsDeep(resource)) {
            return resource;
        }
        Partial.tag(copy, "SUBSETTED");
        Partial.tag(copy, "REDACTED");
        return (T) copy;
    }

    private void walk(Base element) {
        if (element instanceof Resource resource) {
            person(resource);
        }
        // Those who treat are named.
        boolean staff = element instanceof Practitioner;
        for (Property property : element.children()) {
            for (Base value : property.getValues()) {
                if (value instanceof HumanName name && !staff) {
                    mask(name);
                } else if (value instanceof Reference reference) {
                    mask(reference);
                } else if (value instanceof Narrative narrative) {
                    narrative.setStatus(null);
                    narrative.setDiv(null);
                } else if (value instanceof Attachment attachment) {
                    mask(attachment);
                } else if (value instanceof Base64BinaryType bytes) {
                    bytes.setValue(null);
                } else if (value instanceof StringType text && !(value instanceof CodeType)) {
                    text.setValue(withoutTraces(text.getValue()));
                } else {
                    walk(value);
                }
            }
        }
    }

    private void person(Resource resource) {
        boolean all = level == MaskLevel.DEMOGRAPHICS;
        if (resource instanceof Patient patient) {
            trim(patient.getExtension());
            if (all) {
                patient.setBirthDateElement((DateType) null);
                patient.setAddress(null).setTelecom(null).setIdentifier(null);
                patient.setContact(null).setPhoto(null);
            }
        } else if (resource instanceof RelatedPerson relative) {
            trim(relative.getExtension());
            if (all) {
                relative.setBirthDateElement((DateType) null);
                relative.setAddress(null).setTelecom(null).setIdentifier(null);
                relative.setPhoto(null);
            }
        } else if (resource instanceof Person someone) {
            trim(someone.getExtension());
            if (all) {
                someone.setBirthDateElement((DateType) null);
                someone.setAddress(null).setTelecom(null).setIdentifier(null);
                someone.setPhoto(null);
            }
        } else if (all && resource instanceof Coverage coverage) {
            coverage.setSubscriberIdElement(null).setIdentifier(null);
        }
    }

    /** Extensions of people may hold anything: at the lower level those that could be names go, at the higher one all. */
    private void trim(List<Extension> extensions) {
        extensions.removeIf(extension -> level == MaskLevel.DEMOGRAPHICS
                || extension.getValue() instanceof HumanName
                || (extension.getValue() instanceof StringType && !(extension.getValue() instanceof CodeType)));
    }

    private void mask(HumanName name) {
        name.setExtension(null);
        name.setPrefix(null).setSuffix(null);
        if (name.hasText()) {
            name.setText(masked(name.getText()));
        }
        if (name.hasFamily()) {
            name.setFamily(masked(name.getFamily()));
        }
        name.setGiven(name.getGiven().stream()
                .filter(PrimitiveType::hasValue)
                .map(given -> new StringType(masked(given.getValue())))
                .toList());
    }

    private void mask(Reference reference) {
        String type = typeOf(reference);
        if (type == null || PEOPLE.contains(type)) {
            if (reference.hasDisplay()) {
                reference.setDisplay(masked(reference.getDisplay()));
            }
            if (level == MaskLevel.DEMOGRAPHICS) {
                reference.setIdentifier(null);
            }
        } else if (reference.hasDisplay()) {
            reference.setDisplay(withoutTraces(reference.getDisplay()));
        }
        reference.getExtension().forEach(this::walk);
    }

    /** The type that a reference leads to, null when it could be a person. */
    private static @Nullable String typeOf(Reference reference) {
        String literal = reference.getReference();
        if (literal != null && !literal.startsWith("#") && !literal.startsWith("urn:")) {
            return new IdType(literal).getResourceType();
        }
        return reference.hasType()
                ? reference.getType().substring(reference.getType().lastIndexOf('/') + 1)
                : null;
    }

    private static void mask(Attachment attachment) {
        if (attachment.hasData() || attachment.hasUrl() || attachment.hasTitle()) {
            attachment.setDataElement(null).setUrlElement(null).setTitleElement(null);
            attachment.setHashElement(null).setSizeElement(null);
            Partial.absent(attachment);
        }
    }

    private @Nullable String withoutTraces(@Nullable String text) {
        String result = text;
        for (Map.Entry<Pattern, String> trace : traces.entrySet()) {
            if (result == null) {
                return null;
            }
            result = trace.getKey().matcher(result).replaceAll(Matcher.quoteReplacement(trace.getValue()));
        }
        return result;
    }

    /** The first character of a name or of a part of one. */
    static String masked(String name) {
        String text = name.strip();
        return text.isEmpty() ? "" : text.substring(0, text.offsetByCodePoints(0, 1)) + STAR;
    }
}
