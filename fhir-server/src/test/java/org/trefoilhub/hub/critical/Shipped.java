package org.trefoilhub.hub.critical;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Resource;

/** What the guide ships for critical values. */
final class Shipped {

    static final FhirContext FHIR = FhirContext.forR4Cached();

    private Shipped() {}

    private static <T extends Resource> T read(Class<T> type, String id) {
        String path = "/org/trefoilhub/ig/data/" + type.getSimpleName() + "/" + id + ".json";
        try (InputStream in = Shipped.class.getResourceAsStream(path)) {
            return FHIR.newJsonParser().parseResource(type, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PlanDefinition limits() {
        return read(PlanDefinition.class, "critical-limits");
    }

    static List<PlanDefinition> catalogues() {
        return Stream.of(
                        "radiology", "ultrasound", "ecg", "endoscopy", "pathology", "nuclear-medicine", "ophthalmology")
                .map(each -> read(PlanDefinition.class, "critical-catalogue-" + each))
                .toList();
    }

    static CriticalCatalogue catalogue() {
        return CriticalCatalogue.of(catalogues());
    }

    static CodeSystem findings() {
        return read(CodeSystem.class, "critical-finding");
    }
}
