package org.trefoilhub.hub.report.template;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ObservationDefinition;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemComponent;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseStatus;
import org.hl7.fhir.r4.model.Type;
import org.trefoilhub.hub.report.range.ReferenceRanges;

/** The shipped templates and ranges, as files, and short ways to answer them. */
final class Templates {

    static final FhirContext FHIR = FhirContext.forR4Cached();
    static final Path DATA = Path.of("../ig/src/main/resources/org/trefoilhub/ig/data");
    static final Calculation CALCULATION = new Calculation(new Expressions(FHIR));

    private static final Map<String, Questionnaire> ALL = load();

    private Templates() {}

    /** By code, such as {@code RAD-T1}. */
    static Map<String, Questionnaire> all() {
        return ALL;
    }

    static ReferenceRanges ranges() {
        return new ReferenceRanges(read("ObservationDefinition", ObservationDefinition.class));
    }

    private static Map<String, Questionnaire> load() {
        Map<String, Questionnaire> found = new TreeMap<>();
        read("Questionnaire", Questionnaire.class).stream()
                .filter(each -> "https://trefoil-hub.org/fhir/CodeSystem/report-template"
                        .equals(each.getCodeFirstRep().getSystem()))
                .forEach(each -> found.put(each.getCodeFirstRep().getCode(), each));
        return found;
    }

    static <T extends org.hl7.fhir.r4.model.Resource> List<T> read(String folder, Class<T> type) {
        try (Stream<Path> files = Files.list(DATA.resolve(folder))) {
            return files.sorted()
                    .map(file -> {
                        try {
                            return FHIR.newJsonParser().parseResource(type, Files.readString(file));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty answers in progress. */
    static QuestionnaireResponse answers(String template) {
        QuestionnaireResponse answers = new QuestionnaireResponse();
        answers.setId("answers");
        answers.setQuestionnaire(
                ALL.get(template).getUrl() + "|" + ALL.get(template).getVersion());
        answers.setStatus(QuestionnaireResponseStatus.INPROGRESS);
        return answers;
    }

    /** An option of an item. */
    static Coding option(String template, String linkId, String code) {
        return item(ALL.get(template).getItem(), linkId).getAnswerOption().stream()
                .map(option -> (Coding) option.getValue())
                .filter(coding -> coding.getCode().equals(code))
                .findFirst()
                .orElseThrow()
                .copy();
    }

    static QuestionnaireItemComponent item(List<QuestionnaireItemComponent> items, String linkId) {
        return find(items, linkId).orElseThrow(() -> new IllegalArgumentException(linkId));
    }

    private static Optional<QuestionnaireItemComponent> find(List<QuestionnaireItemComponent> items, String linkId) {
        return items.stream()
                .map(item -> item.getLinkId().equals(linkId) ? Optional.of(item) : find(item.getItem(), linkId))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** One item with one answer. */
    static QuestionnaireResponseItemComponent answer(String linkId, Type value) {
        QuestionnaireResponseItemComponent item = new QuestionnaireResponseItemComponent();
        item.setLinkId(linkId);
        item.addAnswer().setValue(value);
        return item;
    }

    /** The only answer to an item of a group; null when there is none. */
    static String text(List<QuestionnaireResponseItemComponent> items, String linkId) {
        for (QuestionnaireResponseItemComponent item : items) {
            if (item.getLinkId().equals(linkId)) {
                Type value = item.getAnswerFirstRep().getValue();
                return value instanceof Coding coding
                        ? coding.getCode()
                        : value == null ? null : value.primitiveValue();
            }
        }
        return null;
    }
}
