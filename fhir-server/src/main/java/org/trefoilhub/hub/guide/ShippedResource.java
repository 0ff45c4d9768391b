package org.trefoilhub.hub.guide;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One resource that the guide ships, not parsed yet.
 *
 * @param type FHIR resource type, the name of its folder, e.g. {@code Questionnaire}
 * @param id logical id, the name of its file without {@code .json}
 * @param edition SHA-256 of the file, hexadecimal: another content is another edition
 * @param json FHIR JSON
 */
record ShippedResource(String type, String id, String edition, String json) {

    /**
     * @param type FHIR resource type
     * @param id logical id
     * @param content the file, FHIR JSON in UTF-8
     */
    static ShippedResource of(String type, String id, byte[] content) {
        try {
            String edition = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            return new ShippedResource(type, id, edition, new String(content, StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@code type/id}, which is also its address below the FHIR base. */
    String reference() {
        return type + "/" + id;
    }
}
