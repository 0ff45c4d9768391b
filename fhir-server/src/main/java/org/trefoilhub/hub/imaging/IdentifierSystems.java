package org.trefoilhub.hub.imaging;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.r4.model.Identifier;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.app.HubProperties;

/** Identifier systems of this hub, under the canonical base. */
final class IdentifierSystems {

    /** System of DICOM UIDs as identifiers (FHIR R4 ImagingStudy, section 5.5.5.1). */
    static final String DICOM_UID = "urn:dicom:uid";

    private static final String V2_IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203";

    private final String base;
    private final String canonical;

    IdentifierSystems(HubProperties hub) {
        this.canonical = hub.canonical();
        this.base = canonical + "/sid/";
    }

    /** System of a name of our own, for example {@code ae-title}. */
    String of(String name) {
        return base + name;
    }

    /** Address of a code system of our own. */
    String codeSystem(String name) {
        return canonical + "/CodeSystem/" + name;
    }

    /** Address of an extension of our own. */
    String extension(String name) {
        return canonical + "/StructureDefinition/" + name;
    }

    /**
     * System of patient ids by issuer.
     *
     * @param issuer Issuer of Patient ID, or null for the hospital's own numbers
     */
    String patientId(@Nullable String issuer) {
        String own = of("patient-id");
        return issuer == null ? own : own + "/" + URLEncoder.encode(issuer, StandardCharsets.UTF_8);
    }

    /** Identifier of a study: {@code urn:dicom:uid} and {@code urn:oid:...}. */
    static Identifier study(String studyInstanceUid) {
        return new Identifier().setSystem(DICOM_UID).setValue(oid(studyInstanceUid));
    }

    /** A DICOM UID as a URI. */
    static String oid(String uid) {
        return "urn:oid:" + uid;
    }

    /** Accession number with its type ACSN. */
    Identifier accession(String accessionNumber) {
        Identifier identifier = new Identifier().setSystem(of("accession")).setValue(accessionNumber);
        identifier.getType().addCoding().setSystem(V2_IDENTIFIER_TYPE).setCode("ACSN");
        return identifier;
    }
}
