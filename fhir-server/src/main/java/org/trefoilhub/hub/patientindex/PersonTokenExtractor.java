package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.jpa.model.config.PartitionSettings;
import ca.uhn.fhir.jpa.model.entity.BaseResourceIndexedSearchParam;
import ca.uhn.fhir.jpa.model.entity.ResourceIndexedSearchParamString;
import ca.uhn.fhir.jpa.model.entity.ResourceIndexedSearchParamToken;
import ca.uhn.fhir.jpa.model.entity.StorageSettings;
import ca.uhn.fhir.jpa.searchparam.extractor.SearchParamExtractorR4;
import ca.uhn.fhir.util.StringUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Person;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.RelatedPerson;
import org.jspecify.annotations.Nullable;

/**
 * HAPI's extraction of search values, which also gives people the readings of their names ({@code name}, {@code phonetic})
 * and the tidy form of their identifiers.
 *
 * <p>Only the index holds them; the resource stays as it was written. They are found by the parameters that a mask closes,
 * so that a masked name is not found by its pinyin either. {@code :exact} finds none of them.
 */
public final class PersonTokenExtractor extends SearchParamExtractorR4 {

    private static final Set<String> NAMES = Set.of("name", "phonetic");
    private static final String IDENTIFIER = "identifier";

    private final PartitionSettings partitions;
    private final StorageSettings settings;

    /**
     * An extractor for the storage of this hub.
     *
     * @param partitions partitions of the storage
     * @param settings settings of the storage
     */
    PersonTokenExtractor(PartitionSettings partitions, StorageSettings settings) {
        this.partitions = partitions;
        this.settings = settings;
    }

    @Override
    public SearchParamSet<ResourceIndexedSearchParamString> extractSearchParamStrings(
            IBaseResource resource, ISearchParamFilter filter) {
        SearchParamSet<ResourceIndexedSearchParamString> all = super.extractSearchParamStrings(resource, filter);
        List<HumanName> names = names(resource);
        Set<String> asked = new TreeSet<>();
        all.stream()
                .map(ResourceIndexedSearchParamString::getParamName)
                .filter(NAMES::contains)
                .forEach(asked::add);
        if (asked.isEmpty()) {
            return all;
        }
        for (HumanName name : names) {
            String given = String.join(
                    "",
                    name.getGiven().stream().map(one -> text(one.getValue())).toList());
            // What :exact compares with: a part that the name has anyway.
            String exact = name.hasFamily() ? name.getFamily() : text(name.getText());
            for (String reading : NameReadings.of(name.getFamily(), given, name.getText())) {
                for (String parameter : asked) {
                    all.add(new ResourceIndexedSearchParamString(
                            partitions,
                            settings,
                            resource.fhirType(),
                            parameter,
                            StringUtil.normalizeStringForSearchIndexing(reading),
                            exact));
                }
            }
        }
        return all;
    }

    @Override
    public SearchParamSet<BaseResourceIndexedSearchParam> extractSearchParamTokens(
            IBaseResource resource, ISearchParamFilter filter) {
        SearchParamSet<BaseResourceIndexedSearchParam> all = super.extractSearchParamTokens(resource, filter);
        if (!isPerson(resource)) {
            return all;
        }
        for (BaseResourceIndexedSearchParam row : new ArrayList<>(all)) {
            if (row instanceof ResourceIndexedSearchParamToken token
                    && IDENTIFIER.equals(token.getParamName())
                    && token.getValue() != null) {
                String tidy = IdentifierSpelling.tidy(token.getValue());
                if (!tidy.isEmpty() && !tidy.equals(token.getValue())) {
                    all.add(new ResourceIndexedSearchParamToken(
                            partitions, resource.fhirType(), IDENTIFIER, token.getSystem(), tidy));
                }
            }
        }
        return all;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static boolean isPerson(IBaseResource resource) {
        return resource instanceof Patient
                || resource instanceof Person
                || resource instanceof RelatedPerson
                || resource instanceof Practitioner;
    }

    private static List<HumanName> names(IBaseResource resource) {
        if (resource instanceof Patient patient) {
            return patient.getName();
        }
        if (resource instanceof Person person) {
            return person.getName();
        }
        if (resource instanceof RelatedPerson relative) {
            return relative.getName();
        }
        return resource instanceof Practitioner practitioner ? practitioner.getName() : List.of();
    }
}
