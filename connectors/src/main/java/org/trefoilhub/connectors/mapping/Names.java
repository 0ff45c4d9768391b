package org.trefoilhub.connectors.mapping;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;

/**
 * Systems of identifiers and codes under the canonical base, and conditional references made of them.
 *
 * @param canonical base of the hub's FHIR artefacts, without trailing slash
 */
public record Names(String canonical) {

    static final String V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203";
    static final String LOINC = "http://loinc.org";
    static final String UCUM = "http://unitsofmeasure.org";
    static final String ICD_10 = "http://hl7.org/fhir/sid/icd-10";
    /** Identity card of the People's Republic of China. */
    static final String IDENTITY_CARD = "urn:oid:2.16.156.10011.1.3";

    private static final String CONDITION = "?identifier=";

    /** Identifier system of ours. */
    public String sid(String name) {
        return canonical + "/sid/" + name;
    }

    /** Code system of ours. */
    public String codeSystem(String name) {
        return canonical + "/CodeSystem/" + name;
    }

    /** System of patient ids: the hospital's own when the issuer is empty. */
    public String patientId(String issuer) {
        return issuer.isEmpty() ? sid("patient-id") : sid("patient-id") + "/" + encoded(issuer);
    }

    /** System of numbers that each source gives out for itself. */
    String ofSource(String name, String source) {
        return sid(name) + "/" + encoded(source);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** {@code Type?identifier=system|value}. */
    public static String condition(String type, String system, String value) {
        return type + CONDITION + system + "|" + encoded(value);
    }

    /** A conditional reference with a text for people. */
    static Reference reference(String type, String system, String value, String display) {
        Reference reference = new Reference(condition(type, system, value)).setType(type);
        if (!display.isEmpty()) {
            reference.setDisplay(display);
        }
        return reference;
    }

    /** Whether a reference is a condition on an identifier. */
    public static boolean isCondition(String reference) {
        return reference.contains(CONDITION);
    }

    /** Type of a conditional reference. */
    public static String type(String condition) {
        return condition.substring(0, condition.indexOf(CONDITION));
    }

    /** The identifier of a conditional reference. */
    public static Identifier identifier(String condition) {
        String token = condition.substring(condition.indexOf(CONDITION) + CONDITION.length());
        int bar = token.indexOf('|');
        return new Identifier()
                .setSystem(token.substring(0, bar))
                .setValue(URLDecoder.decode(token.substring(bar + 1), StandardCharsets.UTF_8));
    }

    Identifier typed(String system, String value, String type) {
        Identifier identifier = new Identifier().setSystem(system).setValue(value);
        identifier.getType().addCoding().setSystem(V2_0203).setCode(type);
        return identifier;
    }

    CodeableConcept concept(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(codeSystem(system), code, null));
    }
}
