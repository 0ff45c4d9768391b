package org.trefoilhub.hub.guide;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Finds the data resources of the guide on the class path: {@code org/trefoilhub/ig/data/<Type>/<id>.json}. */
final class ShippedResources {

    /** Where the guide keeps them. */
    static final String LOCATION = "org/trefoilhub/ig/data";

    /** What others point to comes first; the other types follow by name. */
    private static final List<String> ORDER = List.of(
            "CodeSystem",
            "ValueSet",
            "ConceptMap",
            "NamingSystem",
            "StructureDefinition",
            "SearchParameter",
            "OperationDefinition",
            "CapabilityStatement",
            "Organization",
            "Location",
            "HealthcareService",
            "DeviceDefinition",
            "Device",
            "ObservationDefinition",
            "SpecimenDefinition",
            "ActivityDefinition",
            "Library",
            "Questionnaire");

    private static final Comparator<ShippedResource> BY_NEED =
            Comparator.comparingInt(ShippedResources::rank).thenComparing(ShippedResource::reference);

    private ShippedResources() {}

    /**
     * All of them, in an order in which each finds what it points to.
     *
     * @throws UncheckedIOException when the class path cannot be read
     */
    static List<ShippedResource> all() {
        try {
            List<ShippedResource> shipped = new ArrayList<>();
            for (Resource file : new PathMatchingResourcePatternResolver(ShippedResources.class.getClassLoader())
                    .getResources("classpath*:" + LOCATION + "/*/*.json")) {
                String[] path = file.getURL().getPath().split("/");
                String name = path[path.length - 1];
                try (InputStream in = file.getInputStream()) {
                    shipped.add(ShippedResource.of(
                            path[path.length - 2],
                            name.substring(0, name.length() - ".json".length()),
                            in.readAllBytes()));
                }
            }
            shipped.sort(BY_NEED);
            return shipped;
        } catch (IOException e) {
            throw new UncheckedIOException("the guide's resources cannot be read", e);
        }
    }

    private static int rank(ShippedResource resource) {
        int place = ORDER.indexOf(resource.type());
        return place < 0 ? ORDER.size() : place;
    }
}
