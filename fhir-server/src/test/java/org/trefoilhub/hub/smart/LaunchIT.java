package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.hub.fixture.HubFixture;

/** SMART launches over the whole hub: what an app is told, what its token opens, and which handles are no good. */
class LaunchIT {

    private static final String CALLBACK = "http://localhost:9900/callback";
    private static final String CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
    private static final String EHR =
            "launch openid fhirUser offline_access patient/Patient.rs patient/ImagingStudy.rs patient/Encounter.rs";
    private static final String FAMILY = "启" + UUID.randomUUID().toString().substring(0, 6);

    private static final HubFixture HUB = HubFixture.onH2();
    private static PolicySet before;
    private static String patient;
    private static String other;
    private static String hidden;
    private static String encounter;
    private static String otherEncounter;
    private static String study;
    private static String otherStudy;

    @BeforeAll
    static void prepare() {
        CurrentPolicies policies = HUB.bean(CurrentPolicies.class);
        before = policies.set();
        in(permitAll());
        patient = create(new Patient()
                .setGender(AdministrativeGender.FEMALE)
                .setBirthDate(Date.from(Instant.parse("1980-05-06T00:00:00Z")))
                .addName(new org.hl7.fhir.r4.model.HumanName().setText(FAMILY + "甲")));
        other = create(new Patient().addName(new org.hl7.fhir.r4.model.HumanName().setText(FAMILY + "乙")));
        hidden = create(new Patient().addName(new org.hl7.fhir.r4.model.HumanName().setText(FAMILY + "丙")));
        encounter = create(encounter(patient));
        otherEncounter = create(encounter(other));
        study = create(study(patient));
        otherStudy = create(study(other));
        in(permitAll(), deny(hidden));
    }

    @AfterAll
    static void restore() {
        HUB.bean(CurrentPolicies.class).replace(before);
    }

    private static AccessPolicy permitAll() {
        return new AccessPolicy("all", AccessPolicy.Effect.PERMIT, 100, List.of(), Set.of());
    }

    private static AccessPolicy deny(String patient) {
        return new AccessPolicy(
                "deny",
                AccessPolicy.Effect.DENY,
                200,
                List.of(new Condition.Patient(Set.of("Patient/" + patient))),
                Set.of());
    }

    private static void in(AccessPolicy... policies) {
        Set<String> types =
                Set.copyOf(ca.uhn.fhir.context.FhirContext.forR4Cached().getResourceTypes());
        HUB.bean(CurrentPolicies.class)
                .replace(PolicySet.compile(
                        2_000_000, List.of(policies), Vocabulary.hospital(types), PolicyOptions.DEFAULT));
    }

    private static Encounter encounter(String of) {
        Encounter encounter = new Encounter();
        encounter.setStatus(Encounter.EncounterStatus.INPROGRESS);
        encounter.setClass_(new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMP", null));
        encounter.setSubject(new Reference("Patient/" + of));
        encounter.getPeriod().setStart(Date.from(Instant.parse("2026-11-20T01:00:00Z")));
        return encounter;
    }

    private static ImagingStudy study(String of) {
        ImagingStudy study = new ImagingStudy();
        study.setStatus(ImagingStudy.ImagingStudyStatus.AVAILABLE);
        study.setSubject(new Reference("Patient/" + of));
        return study;
    }

    private static Observation observation(String of, String category) {
        Observation observation = new Observation();
        observation.setStatus(Observation.ObservationStatus.FINAL);
        observation.getCode().setText("value");
        observation.addCategory().addCoding().setSystem(CATEGORY).setCode(category);
        observation.setSubject(new Reference("Patient/" + of));
        return observation;
    }

    private static String create(Resource resource) {
        HttpResponse<String> answer = HUB.create(resource);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        IBaseResource created = HUB.parse(resource.getClass(), answer.body());
        return created.getIdElement().getIdPart();
    }

    private static Browser browser() {
        return new Browser(HUB.base());
    }

    private static String consoleToken(Browser browser, String user) {
        return browser.tokens(user, "console", HUB.base() + "/console/", "openid user/*.cruds")
                .path("access_token")
                .asText();
    }

    private static HttpResponse<String> launch(Browser browser, String token, String json) {
        return browser.json("POST", "/oauth2/launch", json, "Authorization", "Bearer " + token);
    }

    private static String handle(Browser browser, String user) {
        String body =
                "{\"client\":\"cdss\",\"patient\":\"%s\",\"encounter\":\"Encounter/%s\",".formatted(patient, encounter)
                        + "\"fhirContext\":[{\"reference\":\"ImagingStudy/%s\"}],\"intent\":\"read\"}".formatted(study);
        HttpResponse<String> answer = launch(browser, consoleToken(browser, user), body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Browser.json(answer).path("launch").asText();
    }

    private static String authorize(String scopes, String launch) {
        return launch == null
                ? Browser.authorize("cdss", CALLBACK, scopes, "aud", HUB.base() + "/fhir")
                : Browser.authorize("cdss", CALLBACK, scopes, "aud", HUB.base() + "/fhir", "launch", launch);
    }

    private static JsonNode trade(Browser browser, HttpResponse<String> answer) {
        return Browser.json(browser.trade("cdss", CALLBACK, Browser.parameter(answer, "code"), Browser.VERIFIER));
    }

    private static JsonNode ehrLaunch(Browser browser, String user, String scopes) {
        return trade(browser, browser.agree(browser.get(authorize(scopes, handle(browser, user)))));
    }

    private static int read(JsonNode tokens, String reference) {
        return get(tokens, "/fhir/" + reference).statusCode();
    }

    private static HttpResponse<String> get(JsonNode tokens, String path) {
        return browser()
                .get(
                        path,
                        "Authorization",
                        "Bearer " + tokens.path("access_token").asText(),
                        "Accept",
                        "application/fhir+json");
    }

    // --- EHR launch ---

    @Test
    void ehrLaunchTellsTheAppWhatIsOpen() {
        JsonNode tokens = ehrLaunch(browser(), "ward-doctor", EHR);

        assertThat(tokens.path("patient").asText()).isEqualTo(patient);
        assertThat(tokens.path("encounter").asText()).isEqualTo(encounter);
        assertThat(tokens.at("/fhirContext/0/reference").asText()).isEqualTo("ImagingStudy/" + study);
        assertThat(tokens.path("intent").asText()).isEqualTo("read");
        assertThat(tokens.path("need_patient_banner").isBoolean()).isTrue();
        assertThat(tokens.path("need_patient_banner").asBoolean()).isTrue();
        assertThat(tokens.path("scope").asText().split(" ")).containsExactlyInAnyOrder(EHR.split(" "));
        HttpResponse<String> style = browser()
                .get(tokens.path("smart_style_url")
                        .asText()
                        .substring(HUB.base().length()));
        assertThat(style.statusCode()).isEqualTo(200);
        assertThat(Browser.json(style).path("color_highlight").asText()).startsWith("#");
    }

    @Test
    void patientScopesOpenThePatientOfTheLaunchAlone() {
        JsonNode tokens = ehrLaunch(browser(), "ward-doctor", EHR);

        assertThat(read(tokens, "Patient/" + patient)).isEqualTo(200);
        assertThat(read(tokens, "ImagingStudy/" + study)).isEqualTo(200);
        assertThat(read(tokens, "Patient/" + other)).isEqualTo(404);
        assertThat(read(tokens, "ImagingStudy/" + otherStudy)).isEqualTo(404);
        assertThat(Browser.json(get(tokens, "/fhir/ImagingStudy?_total=accurate&_count=100"))
                        .toString())
                .contains("ImagingStudy/" + study)
                .doesNotContain("ImagingStudy/" + otherStudy);
        assertThat(get(tokens, "/fhir/Patient?name=" + encode(FAMILY)).body())
                .contains("Patient/" + patient)
                .doesNotContain("Patient/" + other);
        assertThat(Browser.json(get(
                                tokens, "/fhir/Patient?_total=accurate&_summary=count&_id=" + patient + "," + other))
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(read(tokens, "Observation?patient=" + patient))
                .as("a type that was not granted")
                .isEqualTo(403);
    }

    private static String encode(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void patientScopesReachAllLinkedIdentities() {
        Patient linked = new Patient();
        linked.addName().setText(FAMILY + "甲二");
        linked.addLink().setType(Patient.LinkType.SEEALSO).setOther(new Reference("Patient/" + patient));
        String second = create(linked);
        String itsStudy = create(study(second));

        JsonNode tokens = ehrLaunch(browser(), "ward-doctor", EHR);

        assertThat(read(tokens, "ImagingStudy/" + itsStudy)).isEqualTo(200);
        assertThat(read(tokens, "ImagingStudy/" + otherStudy)).isEqualTo(404);
    }

    @Test
    void refreshKeepsTheContext() {
        Browser browser = browser();
        JsonNode first = ehrLaunch(browser, "ward-doctor", EHR);
        JsonNode second = Browser.json(browser.post(
                "/oauth2/token",
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "client_id",
                        "cdss",
                        "refresh_token",
                        first.path("refresh_token").asText())));

        assertThat(second.path("patient").asText()).isEqualTo(patient);
        assertThat(second.path("encounter").asText()).isEqualTo(encounter);
        assertThat(second.at("/fhirContext/0/reference").asText()).isEqualTo("ImagingStudy/" + study);
        assertThat(read(second, "Patient/" + patient)).isEqualTo(200);
        assertThat(read(second, "Patient/" + other)).isEqualTo(404);
    }

    @Test
    void introspectionTellsTheContext() {
        JsonNode tokens = ehrLaunch(browser(), "ward-doctor", EHR);
        JsonNode said = Browser.json(browser()
                .post(
                        "/oauth2/introspect",
                        Map.of("token", tokens.path("access_token").asText()),
                        "Authorization",
                        Browser.basic("conformance", "conformance-secret")));

        assertThat(said.path("active").asBoolean()).isTrue();
        assertThat(said.path("patient").asText()).isEqualTo(patient);
        assertThat(said.path("encounter").asText()).isEqualTo(encounter);
        assertThat(said.path("scope").asText()).contains("patient/Patient.rs");
        assertThat(said.path("client_id").asText()).isEqualTo("cdss");
    }

    @Test
    void handleServesOnceAndOnlyItsOwnPerson() {
        Browser browser = browser();
        String handle = handle(browser, "ward-doctor");
        Browser stranger = browser();
        stranger.login("ward-nurse", "trefoil-demo");

        HttpResponse<String> foreign = stranger.follow(stranger.get(authorize(EHR, handle)));
        assertThat(Browser.parameter(foreign, "error")).isEqualTo("invalid_request");
        assertThat(Browser.location(foreign)).startsWith(CALLBACK);

        assertThat(trade(browser, browser.agree(browser.get(authorize(EHR, handle))))
                        .path("patient")
                        .asText())
                .isEqualTo(patient);
        HttpResponse<String> reused = browser.follow(browser.get(authorize(EHR, handle)));
        assertThat(Browser.parameter(reused, "error")).isEqualTo("invalid_request");
        HttpResponse<String> unknown = browser.follow(browser.get(authorize(EHR, "no-such-launch")));
        assertThat(Browser.parameter(unknown, "error")).isEqualTo("invalid_request");
        assertThat(Browser.parameter(unknown, "state")).isEqualTo("s1");
    }

    @Test
    void handleOfAnotherAppIsRefused() {
        Browser browser = browser();
        browser.login("ward-doctor", "trefoil-demo");
        String handle =
                HUB.bean(LaunchStore.class).prepare("his", "ward-doctor", LaunchContext.NONE.withPatient(patient));

        HttpResponse<String> refused = browser.follow(browser.get(authorize(EHR, handle)));
        assertThat(Browser.parameter(refused, "error")).isEqualTo("invalid_request");
    }

    @Test
    void oldHandleIsRefused() {
        Browser browser = browser();
        String handle = handle(browser, "ward-doctor");
        HUB.bean(JdbcClient.class)
                .sql("update trefoil.smart_launch set until_at = :past where hash = :hash")
                .param("past", Instant.EPOCH.atOffset(java.time.ZoneOffset.UTC))
                .param("hash", Fingerprint.of(handle))
                .update();

        HttpResponse<String> refused = browser.follow(browser.get(authorize(EHR, handle)));
        assertThat(Browser.parameter(refused, "error")).isEqualTo("invalid_request");
    }

    @Test
    void patientHiddenAfterTheLaunchWasPreparedIsNotTold() {
        Browser browser = browser();
        String handle = handle(browser, "ward-doctor");
        in(permitAll(), deny(patient));
        try {
            HttpResponse<String> refused = browser.follow(browser.get(authorize(EHR, handle)));
            assertThat(Browser.parameter(refused, "error")).isEqualTo("invalid_request");
        } finally {
            in(permitAll(), deny(hidden));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"client\":\"cdss\",\"patient\":\"HIDDEN\"};404",
                "{\"client\":\"cdss\",\"patient\":\"no-such\"};404",
                "{\"client\":\"cdss\",\"patient\":\"PATIENT\",\"encounter\":\"OTHERENCOUNTER\"};404",
                "{\"client\":\"cdss\",\"patient\":\"PATIENT\",\"fhirContext\":[{\"reference\":\"ImagingStudy/OTHERSTUDY\"}]};404",
                "{\"client\":\"nobody\",\"patient\":\"PATIENT\"};400",
                "{\"client\":\"his\",\"patient\":\"PATIENT\"};400",
                "{\"client\":\"cdss\"};400",
                "{\"client\":\"cdss\",\"patient\":\"../x\"};400",
                "{\"client\":\"cdss\",\"patient\":\"PATIENT\",\"user\":\"ward-nurse\"};403",
                "[];400",
                "nonsense;400"
            })
    void launchOfWhatMayNotBeLaunchedIsRefused(String body, int status) {
        Browser browser = browser();
        HttpResponse<String> refused = launch(
                browser,
                consoleToken(browser, "ward-doctor"),
                body.replace("OTHERENCOUNTER", otherEncounter)
                        .replace("OTHERSTUDY", otherStudy)
                        .replace("HIDDEN", hidden)
                        .replace("PATIENT", patient));

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(Browser.json(refused).path("code").asText()).startsWith("TREFOIL-SMT-");
    }

    @Test
    void launchNeedsTheTokenOfAClientThatLaunches() {
        String body = "{\"client\":\"cdss\",\"patient\":\"%s\",\"user\":\"ward-doctor\"}".formatted(patient);
        JsonNode app = ehrLaunch(browser(), "ward-doctor", EHR);

        assertThat(browser().json("POST", "/oauth2/launch", body).statusCode()).isEqualTo(401);
        assertThat(launch(browser(), app.path("access_token").asText(), body).statusCode())
                .isEqualTo(403);
        assertThat(launch(browser(), HUB.token(), body).statusCode()).isEqualTo(403);
        HttpResponse<String> his = launch(browser(), clientToken("his"), body);
        assertThat(his.statusCode()).as(his.body()).isEqualTo(201);
        assertThat(Browser.json(his).path("launch_uri").asText())
                .startsWith("http://localhost:9900/launch?iss=http%3A%2F%2Flocalhost")
                .contains("&launch=");
        Browser doctor = browser();
        doctor.login("ward-doctor", "trefoil-demo");
        JsonNode tokens = trade(
                doctor,
                doctor.agree(doctor.get(
                        authorize(EHR, Browser.json(his).path("launch").asText()))));
        assertThat(tokens.path("patient").asText()).isEqualTo(patient);
        assertThat(launch(browser(), clientToken("his"), body.replace("ward-doctor", "nobody"))
                        .statusCode())
                .isEqualTo(400);
    }

    private static String clientToken(String client) {
        return Browser.json(browser()
                        .post(
                                "/oauth2/token",
                                Map.of("grant_type", "client_credentials"),
                                "Authorization",
                                Browser.basic(client, client + "-secret")))
                .path("access_token")
                .asText();
    }

    // --- standalone launch ---

    private static final String STANDALONE = "launch/patient launch/encounter openid patient/*.rs";

    private static HttpResponse<String> search(Browser browser, HttpResponse<String> page, String text) {
        return browser.get("/login/app?state=" + Browser.hidden(page, "state") + "&q=" + encode(text));
    }

    private static HttpResponse<String> choose(Browser browser, HttpResponse<String> page, String name, String value) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("_csrf", Browser.csrf(page.body()));
        form.put("state", Browser.hidden(page, "state"));
        form.put(name, value);
        return browser.follow(browser.post("/login/app", form));
    }

    @Test
    void standaloneLaunchLetsThePersonChooseAVisiblePatient() {
        Browser browser = browser();
        browser.login("ward-doctor", "trefoil-demo");
        HttpResponse<String> picker = browser.follow(browser.get(authorize(STANDALONE, null)));
        assertThat(picker.body()).contains("选择患者").doesNotContain(FAMILY);

        HttpResponse<String> found = search(browser, picker, FAMILY);
        assertThat(found.body())
                .contains("value=\"" + patient + "\"")
                .contains("value=\"" + other + "\"")
                .doesNotContain(hidden)
                .doesNotContain(FAMILY + "丙");
        HttpResponse<String> consent = choose(browser, found, "patient", patient);
        assertThat(consent.body()).contains("应用授权").contains(FAMILY + "甲").contains("46 岁");
        JsonNode tokens = trade(browser, browser.decide(consent, "allow", Browser.scopesOn(consent)));

        assertThat(tokens.path("patient").asText()).isEqualTo(patient);
        assertThat(tokens.path("encounter").asText()).as("the only one").isEqualTo(encounter);
        assertThat(tokens.path("scope").asText().split(" ")).containsExactlyInAnyOrder(STANDALONE.split(" "));
        assertThat(read(tokens, "ImagingStudy/" + study)).isEqualTo(200);
        assertThat(read(tokens, "ImagingStudy/" + otherStudy)).isEqualTo(404);
    }

    @Test
    void hiddenPatientCannotBeChosenByHisId() {
        Browser browser = browser();
        browser.login("ward-doctor", "trefoil-demo");
        HttpResponse<String> picker = browser.follow(browser.get(authorize(STANDALONE, null)));

        for (String id : List.of(hidden, "no-such", "")) {
            HttpResponse<String> again = choose(browser, picker, "patient", id);
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(again.body()).contains("选择患者");
        }
        HttpResponse<String> skipped = choose(browser, picker, "decision", "allow");
        assertThat(Browser.location(skipped)).as("consent before the choice").endsWith("/login?expired");
    }

    @Test
    void choiceOfThePatientCanBeCancelled() {
        Browser browser = browser();
        browser.login("ward-doctor", "trefoil-demo");
        HttpResponse<String> picker = browser.follow(browser.get(authorize(STANDALONE, null)));

        assertThat(Browser.parameter(choose(browser, picker, "cancel", "1"), "error"))
                .isEqualTo("access_denied");
    }

    @Test
    void severalEncountersAreOffered() {
        String person = create(new Patient().addName(new org.hl7.fhir.r4.model.HumanName().setText(FAMILY + "丁")));
        List<String> encounters = new ArrayList<>();
        encounters.add(create(encounter(person)));
        encounters.add(create(encounter(person)));
        Browser browser = browser();
        browser.login("ward-doctor", "trefoil-demo");
        HttpResponse<String> picker = browser.follow(browser.get(authorize(STANDALONE, null)));

        HttpResponse<String> choice = choose(browser, search(browser, picker, FAMILY + "丁"), "patient", person);
        assertThat(choice.body()).contains("选择就诊").contains(encounters.get(0)).contains(encounters.get(1));
        assertThat(choose(browser, choice, "encounter", otherEncounter).body())
                .as("of somebody else")
                .contains("选择就诊");
        HttpResponse<String> consent = choose(browser, choice, "encounter", encounters.get(1));
        HttpResponse<String> answer =
                consent.statusCode() == 200 ? browser.decide(consent, "allow", Browser.scopesOn(consent)) : consent;

        assertThat(trade(browser, answer).path("encounter").asText()).isEqualTo(encounters.get(1));
    }

    // --- scopes with a query ---

    @Test
    void scopeWithACategoryShowsThatCategoryAlone() {
        String laboratory = create(observation(patient, "laboratory"));
        String vital = create(observation(patient, "vital-signs"));
        JsonNode tokens = ehrLaunch(
                browser(),
                "ward-doctor",
                "launch patient/Observation.rs?category=" + CATEGORY + "|laboratory"
                        + " patient/Observation.rs?status=final");

        assertThat(tokens.path("scope").asText().split(" "))
                .containsExactlyInAnyOrder("launch", "patient/Observation.rs?category=" + CATEGORY + "|laboratory");
        assertThat(read(tokens, "Observation/" + laboratory)).isEqualTo(200);
        assertThat(read(tokens, "Observation/" + vital)).isEqualTo(404);
        assertThat(get(tokens, "/fhir/Observation?patient=" + patient).body())
                .contains("Observation/" + laboratory)
                .doesNotContain("Observation/" + vital);
    }

    @Test
    void pageOfTheHubReadsAfterALaunchAsBefore() {
        Browser browser = browser();
        JsonNode own = browser.tokens("ward-doctor", "console", HUB.base() + "/console/", "openid user/*.cruds");

        assertThat(read(own, "Patient/" + other)).isEqualTo(200);
        assertThat(own.has("patient")).isFalse();
        assertThat(Duration.ofSeconds(own.path("expires_in").asLong())).isPositive();
    }
}
