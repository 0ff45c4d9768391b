package org.trefoilhub.hub.smart;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an app is launched with (SMART App Launch 2.2, section "Launch context").
 *
 * @param patient logical id of the Patient, or null when there is none (yet)
 * @param encounter logical id of the Encounter, or null
 * @param fhirContext references of further resources, such as {@code ImagingStudy/12}
 * @param needPatientBanner whether the app has to show whose data it shows
 * @param intent what the person wants to do, in the app's own words, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LaunchContext(
        @Nullable String patient,
        @Nullable String encounter,
        List<String> fhirContext,
        boolean needPatientBanner,
        @Nullable String intent) {

    /** Parameter of an authorization request that carries the handle of a launch. */
    static final String LAUNCH = "launch";

    /** Name of the patient in a token and its answer. */
    static final String PATIENT = "patient";

    /** A logical id of FHIR. */
    static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");

    /** Nothing is known: the app was opened by itself. */
    static final LaunchContext NONE = new LaunchContext(null, null, List.of(), true, null);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> CLAIMS =
            List.of(PATIENT, "encounter", "fhirContext", "need_patient_banner", "intent", "smart_style_url");

    LaunchContext {
        fhirContext = fhirContext == null ? List.of() : List.copyOf(fhirContext);
    }

    /** The same launch with a patient. */
    LaunchContext withPatient(String id) {
        return new LaunchContext(id, null, fhirContext, needPatientBanner, intent);
    }

    /** The same launch with an encounter. */
    LaunchContext withEncounter(String id) {
        return new LaunchContext(patient, id, fhirContext, needPatientBanner, intent);
    }

    /** Every reference of the context. */
    List<String> references() {
        List<String> references = new ArrayList<>();
        if (patient != null) {
            references.add("Patient/" + patient);
        }
        if (encounter != null) {
            references.add("Encounter/" + encounter);
        }
        references.addAll(fhirContext);
        return references;
    }

    /**
     * What the token answer, the access token and its introspection say.
     *
     * @param styleUrl address of the look of the hub
     * @return claims by name, in a fixed order; empty when the app was launched with nothing
     */
    Map<String, Object> claims(String styleUrl) {
        Map<String, Object> claims = new LinkedHashMap<>();
        if (patient == null && encounter == null && fhirContext.isEmpty() && intent == null) {
            return claims;
        }
        if (patient != null) {
            claims.put(PATIENT, patient);
        }
        if (encounter != null) {
            claims.put("encounter", encounter);
        }
        if (!fhirContext.isEmpty()) {
            claims.put(
                    "fhirContext",
                    fhirContext.stream()
                            .map(reference -> Map.of("reference", reference))
                            .toList());
        }
        if (intent != null) {
            claims.put("intent", intent);
        }
        claims.put("need_patient_banner", needPatientBanner);
        claims.put("smart_style_url", styleUrl);
        return claims;
    }

    /** The part of a token's claims that {@link #claims} put in. */
    static Map<String, Object> claimsIn(Map<String, Object> token) {
        Map<String, Object> claims = new LinkedHashMap<>();
        for (String name : CLAIMS) {
            if (token.get(name) != null) {
                claims.put(name, token.get(name));
            }
        }
        return claims;
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new SmartException("a launch context cannot be written", e);
        }
    }

    static LaunchContext ofJson(String json) {
        try {
            return JSON.readValue(json, LaunchContext.class);
        } catch (JsonProcessingException e) {
            throw new SmartException("a launch context cannot be read", e);
        }
    }

    /** Names no patient. */
    @Override
    public String toString() {
        return "LaunchContext[" + references().size() + " references]";
    }
}
