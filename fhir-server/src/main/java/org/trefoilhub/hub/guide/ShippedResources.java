package org.trefoilhub.hub.guide;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Finds what the guide ships on the class path: its data, {@code org/trefoilhub/ig/data/<Type>/<id>.json}, and its compiled
 * definitions, {@code org/trefoilhub/ig/package/<Type>-<id>.json}.
 */
final class ShippedResources {

    private static final String ROOT = "classpath*:org/trefoilhub/ig/";
    private static final String JSON = ".json";

    /** Definitions that clients look up in the FHIR store. */
    private static final Set<String> SERVED =
            Set.of("CodeSystem", "ValueSet", "StructureDefinition", "OperationDefinition", "CapabilityStatement");

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
     * What goes into the FHIR store, in an order in which each finds what it points to.
     *
     * @throws UncheckedIOException when the class path cannot be read
     */
    static List<ShippedResource> all() {
        List<ShippedResource> shipped = new ArrayList<>();
        for (Resource file : find("data/*/*.json")) {
            String[] path = path(file).split("/");
            shipped.add(ShippedResource.of(path[path.length - 2], stem(path[path.length - 1]), content(file)));
        }
        for (ShippedResource definition : definitions()) {
            if (SERVED.contains(definition.type())) {
                shipped.add(definition);
            }
        }
        shipped.sort(BY_NEED);
        return shipped;
    }

    /**
     * Everything that the guide's FSH compiles to, examples included.
     *
     * @throws UncheckedIOException when the class path cannot be read
     */
    static List<ShippedResource> definitions() {
        List<ShippedResource> compiled = new ArrayList<>();
        for (Resource file : find("package/*.json")) {
            String path = path(file);
            String name = stem(path.substring(path.lastIndexOf('/') + 1));
            int dash = name.indexOf('-');
            compiled.add(ShippedResource.of(name.substring(0, dash), name.substring(dash + 1), content(file)));
        }
        return compiled;
    }

    private static Resource[] find(String pattern) {
        try {
            return new PathMatchingResourcePatternResolver(ShippedResources.class.getClassLoader())
                    .getResources(ROOT + pattern);
        } catch (IOException e) {
            throw new UncheckedIOException("the guide's resources cannot be found", e);
        }
    }

    private static String path(Resource file) {
        try {
            return file.getURL().getPath();
        } catch (IOException e) {
            throw new UncheckedIOException("the guide's resources cannot be found", e);
        }
    }

    private static byte[] content(Resource file) {
        try (InputStream in = file.getInputStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the guide's resources cannot be read", e);
        }
    }

    private static String stem(String fileName) {
        return fileName.substring(0, fileName.length() - JSON.length());
    }

    private static int rank(ShippedResource resource) {
        int place = ORDER.indexOf(resource.type());
        return place < 0 ? ORDER.size() : place;
    }
}
