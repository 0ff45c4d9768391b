package org.trefoilhub.ig;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StructureDefinition;

/**
 * Writes the package {@code hl7.fhir.r4.core#4.0.1} that SUSHI compiles against, from the definitions that HAPI FHIR
 * ships, so that the guide is built without a package registry.
 *
 * <p>It holds the structure definitions alone: SUSHI needs no other. A second run finds the package and does nothing.
 */
public final class CorePackage {

    private static final List<String> BUNDLES = List.of(
            "/org/hl7/fhir/r4/model/profile/profiles-types.xml",
            "/org/hl7/fhir/r4/model/profile/profiles-resources.xml",
            "/org/hl7/fhir/r4/model/extension/extension-definitions.xml");

    private CorePackage() {}

    /**
     * Writes the package.
     *
     * @param arguments the home folder in which SUSHI looks for {@code .fhir/packages}
     * @throws IOException when it cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0], ".fhir", "packages", "hl7.fhir.r4.core#4.0.1", "package");
        Path manifest = folder.resolve("package.json");
        if (Files.exists(manifest)) {
            return;
        }
        Files.createDirectories(folder);
        FhirContext context = FhirContext.forR4();
        for (String name : BUNDLES) {
            try (InputStream in = CorePackage.class.getResourceAsStream(name);
                    Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                Bundle bundle = context.newXmlParser().parseResource(Bundle.class, reader);
                for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
                    if (entry.getResource() instanceof StructureDefinition definition) {
                        write(context, folder, definition);
                    }
                }
            }
        }
        // Last, so that a run that was broken off is made again.
        Files.writeString(
                manifest,
                """
                {"name": "hl7.fhir.r4.core", "version": "4.0.1", "fhirVersions": ["4.0.1"], "type": "Core",
                 "canonical": "http://hl7.org/fhir", "dependencies": {}}
                """);
    }

    private static void write(FhirContext context, Path folder, Resource resource) throws IOException {
        Path file = folder.resolve(
                resource.fhirType() + "-" + resource.getIdElement().getIdPart() + ".json");
        Files.writeString(file, context.newJsonParser().encodeResourceToString(resource));
    }
}
