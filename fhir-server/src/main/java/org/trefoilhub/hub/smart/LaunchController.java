package org.trefoilhub.hub.smart;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;

/**
 * Prepares EHR launches: {@code POST /oauth2/launch} with the token of a client that may launch apps.
 *
 * <p>The token of a person launches for that person; a client that acts for itself names the user. Everything the launch
 * names must be visible to who asks, and later to the user in the app: both times hidden is absent. The answer carries
 * the handle and the address to open.
 */
@RestController
class LaunchController {

    private static final Pattern REFERENCE = Pattern.compile("[A-Z][A-Za-z]{1,63}/[A-Za-z0-9\\-.]{1,64}");
    private static final int MOST_REFERENCES = 20;

    private final AccountStore accounts;
    private final LaunchStore launches;
    private final LaunchRecords records;
    private final SmartAddresses addresses;

    LaunchController(AccountStore accounts, LaunchStore launches, LaunchRecords records, SmartAddresses addresses) {
        this.accounts = accounts;
        this.launches = launches;
        this.records = records;
        this.addresses = addresses;
    }

    /** One further resource of the context. */
    record ContextEntry(@Nullable String reference) {}

    /**
     * What to launch.
     *
     * @param client id of the app
     * @param user who is going to use it; only from a client that acts for itself
     * @param patient logical id of the patient, or his reference
     * @param encounter logical id or reference of one of his encounters, or null
     * @param fhirContext further resources about him, or null
     * @param needPatientBanner whether the app has to show the patient; true when not said
     * @param intent what the person wants to do, or null
     */
    record Launch(
            @Nullable String client,
            @Nullable String user,
            @Nullable String patient,
            @Nullable String encounter,
            @Nullable List<ContextEntry> fhirContext,
            @JsonProperty("need_patient_banner") @Nullable Boolean needPatientBanner,
            @Nullable String intent) {}

    @PostMapping(path = SmartAddresses.LAUNCH, consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> prepare(Subject subject, @RequestBody Launch launch) {
        boolean mayLaunch = accounts.client(subject.client())
                .filter(ClientAccount::launchesFor)
                .isPresent();
        String person = subject.user();
        String user = person == null ? launch.user() : person;
        if (!mayLaunch || (person != null && launch.user() != null && !person.equals(launch.user()))) {
            return refuse(HttpStatus.FORBIDDEN, SmartErrorCode.FORBIDDEN);
        }
        ClientAccount app = launch.client() == null
                ? null
                : accounts.client(launch.client()).orElse(null);
        LaunchContext context = context(launch);
        if (app == null
                || app.launchUri() == null
                || context == null
                || user == null
                || accounts.user(user).isEmpty()) {
            return refuse(HttpStatus.BAD_REQUEST, SmartErrorCode.LAUNCH_INVALID);
        }
        if (!records.areVisible(subject, context.references(), context.patient())) {
            return refuse(HttpStatus.NOT_FOUND, SmartErrorCode.LAUNCH_HIDDEN);
        }
        String handle = launches.prepare(app.id(), user, context);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("launch", handle);
        answer.put("launch_uri", launchUri(app.launchUri(), handle));
        answer.put("expires_in", launches.lifetime().toSeconds());
        return ResponseEntity.status(HttpStatus.CREATED)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .contentType(MediaType.APPLICATION_JSON)
                .body(answer);
    }

    @ExceptionHandler(HttpMessageNotReadableException.class)
    ResponseEntity<Map<String, Object>> unreadable() {
        return refuse(HttpStatus.BAD_REQUEST, SmartErrorCode.LAUNCH_INVALID);
    }

    private String launchUri(String uri, String handle) {
        return uri + (uri.indexOf('?') < 0 ? '?' : '&') + "iss="
                + URLEncoder.encode(addresses.fhirBase(), StandardCharsets.UTF_8) + "&launch=" + handle;
    }

    private static @Nullable LaunchContext context(Launch launch) {
        String patient = id("Patient", launch.patient());
        String encounter = id("Encounter", launch.encounter());
        List<ContextEntry> entries = launch.fhirContext() == null ? List.of() : launch.fhirContext();
        boolean readable = patient != null
                && (launch.encounter() == null || encounter != null)
                && (launch.intent() == null || launch.intent().length() <= 100)
                && entries.size() <= MOST_REFERENCES
                && entries.stream()
                        .allMatch(entry -> entry.reference() != null
                                && REFERENCE.matcher(entry.reference()).matches());
        return readable
                ? new LaunchContext(
                        patient,
                        encounter,
                        entries.stream()
                                .map(entry -> String.valueOf(entry.reference()))
                                .toList(),
                        !Boolean.FALSE.equals(launch.needPatientBanner()),
                        launch.intent())
                : null;
    }

    private static @Nullable String id(String type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        String id = text.startsWith(type + "/") ? text.substring(type.length() + 1) : text;
        return LaunchContext.ID.matcher(id).matches() ? id : null;
    }

    private static ResponseEntity<Map<String, Object>> refuse(HttpStatus status, SmartErrorCode code) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", status.getReasonPhrase());
        body.put("status", status.value());
        body.put("detail", code.message());
        body.put("code", code.code());
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(body);
    }
}
