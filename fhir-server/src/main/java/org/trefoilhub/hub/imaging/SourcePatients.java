package org.trefoilhub.hub.imaging;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicomweb.archive.PatientDirectory;

/** The source Patients of the FHIR store, as the archive asks for them: by issuer and Patient ID. */
final class SourcePatients implements PatientDirectory {

    private final FhirStore store;
    private final IdentifierSystems systems;
    private final Map<String, String> defaultIssuers;

    SourcePatients(FhirStore store, IdentifierSystems systems, Map<String, String> defaultIssuers) {
        this.store = store;
        this.systems = systems;
        this.defaultIssuers = defaultIssuers;
    }

    @Override
    public String defaultIssuer(String sender) {
        return defaultIssuers.getOrDefault(sender, "").strip();
    }

    @Override
    public Optional<String> find(String issuer, String patientId) {
        return store.byIdentifier(Patient.class, systems.patientId(issuer.isEmpty() ? null : issuer), patientId)
                .map(SourcePatients::reference);
    }

    static String reference(Patient patient) {
        return "Patient/" + patient.getIdElement().getIdPart();
    }

    /** The issuer whose ids an identifier carries, empty for the hospital's own; null when it is no patient id of ours. */
    static @Nullable String issuer(Identifier identifier, IdentifierSystems systems) {
        String own = systems.patientId(null);
        String system = identifier.getSystem();
        if (system == null || !identifier.hasValue()) {
            return null;
        }
        if (system.equals(own)) {
            return "";
        }
        return system.startsWith(own + "/")
                ? URLDecoder.decode(system.substring(own.length() + 1), StandardCharsets.UTF_8)
                : null;
    }
}
