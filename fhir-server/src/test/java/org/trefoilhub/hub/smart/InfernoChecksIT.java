package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.hub.fixture.HubFixture;

/**
 * The checks of the Inferno SMART App Launch test kit, suite {@code smart_stu2_2}, each under the kit's id. They follow the
 * kit step by step: the addresses come from discovery, nothing is taken that an app would not know. What else SMART asks,
 * and what an app must not be given, is in the neighbouring tests.
 */
class InfernoChecksIT {

    private static final String CLIENT = "cdss";
    private static final String CALLBACK = "http://localhost:9900/callback";
    private static final String ORIGIN = "https://inferno.example";
    private static final String PERSON = "ward-doctor";
    private static final String BACKEND = "cdss-backend";
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final HubFixture HUB = HubFixture.onH2();
    private static PolicySet before;
    private static String family;
    private static String patient;
    private static String encounter;
    private static String colleague;
    private static ECKey key;

    /** The two ways to launch, with the scopes that the kit asks for. */
    enum Launch {
        STANDALONE("launch/patient openid fhirUser offline_access patient/*.rs"),
        EHR("launch openid fhirUser offline_access user/*.rs");

        private final String scopes;

        Launch(String scopes) {
            this.scopes = scopes;
        }
    }

    /** What an app holds after a launch. */
    private record Launched(Browser browser, HttpResponse<String> answer) {
        JsonNode body() {
            return Browser.json(answer);
        }

        SignedJWT idToken() throws Exception {
            return SignedJWT.parse(body().path("id_token").asText());
        }

        HttpResponse<String> get(String path) {
            return InfernoChecksIT.browser().get("/fhir/" + path, "Authorization", bearer());
        }

        String bearer() {
            return "Bearer " + body().path("access_token").asText();
        }
    }

    @BeforeAll
    static void prepare() throws Exception {
        CurrentPolicies policies = HUB.bean(CurrentPolicies.class);
        before = policies.set();
        policies.replace(PolicySet.compile(
                2_000_001,
                List.of(new AccessPolicy("all", AccessPolicy.Effect.PERMIT, 100, List.of(), Set.of())),
                Vocabulary.hospital(
                        Set.copyOf(ca.uhn.fhir.context.FhirContext.forR4Cached().getResourceTypes())),
                PolicyOptions.DEFAULT));
        family = "检" + UUID.randomUUID().toString().substring(0, 6);
        patient = create(new Patient().addName(new HumanName().setText(family)));
        Encounter stay = new Encounter();
        stay.setStatus(Encounter.EncounterStatus.INPROGRESS);
        stay.getClass_()
                .setSystem("http://terminology.hl7.org/CodeSystem/v3-ActCode")
                .setCode("IMP");
        stay.setSubject(new Reference("Patient/" + patient));
        encounter = create(stay);
        if (HUB.bean(Practitioners.class).reference(PERSON).isEmpty()) {
            Practitioner practitioner = new Practitioner();
            practitioner
                    .addIdentifier()
                    .setSystem("https://trefoil-hub.org/fhir/sid/user")
                    .setValue(PERSON);
            create(practitioner);
        }
        colleague = create(new Practitioner().addName(new HumanName().setText(family)));
        key = new ECKeyGenerator(Curve.P_384).keyID("inferno-1").generate();
        HttpResponse<String> registered = browser()
                .json(
                        "PUT",
                        "/oauth2/client/jwks",
                        new JWKSet(key).toString(true),
                        "Authorization",
                        Browser.basic(BACKEND, BACKEND + "-secret"));
        assertThat(registered.statusCode()).as(registered.body()).isEqualTo(204);
    }

    @AfterAll
    static void restore() {
        HUB.bean(CurrentPolicies.class).replace(before);
        browser()
                .send(
                        "DELETE",
                        "/oauth2/client/jwks",
                        null,
                        "Authorization",
                        Browser.basic(BACKEND, BACKEND + "-secret"));
    }

    private static String create(Resource resource) {
        HttpResponse<String> answer = HUB.create(resource);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return HUB.parse(resource.getClass(), answer.body()).getIdElement().getIdPart();
    }

    private static Browser browser() {
        return new Browser(HUB.base());
    }

    private static JsonNode discovered() {
        return Browser.json(
                browser().get(HUB.base() + "/fhir/.well-known/smart-configuration", "Accept", "application/json"));
    }

    private static String endpoint(String name) {
        return discovered().path(name).asText();
    }

    /** The address of an authorization request, made of what discovery says. */
    private static String authorizationRequest(Launch launch, String handle) {
        String[] more = handle == null
                ? new String[] {"aud", HUB.base() + "/fhir"}
                : new String[] {"aud", HUB.base() + "/fhir", "launch", handle};
        String path = Browser.authorize(CLIENT, CALLBACK, launch.scopes, more);
        return endpoint("authorization_endpoint") + path.substring(path.indexOf('?'));
    }

    private static String handle() {
        return parameter(launchAddress(), "launch");
    }

    /** What the surrounding system is told to open. */
    private static String launchAddress() {
        Browser own = browser();
        String token = own.tokens(PERSON, "console", HUB.base() + "/console/", "openid user/*.cruds")
                .path("access_token")
                .asText();
        HttpResponse<String> prepared = own.json(
                "POST",
                "/oauth2/launch",
                "{\"client\":\"cdss\",\"patient\":\"%s\",\"encounter\":\"%s\",\"fhirContext\":[{\"reference\":\"Encounter/%s\"}]}"
                        .formatted(patient, encounter, encounter),
                "Authorization",
                "Bearer " + token);
        assertThat(prepared.statusCode()).as(prepared.body()).isEqualTo(201);
        return Browser.json(prepared).path("launch_uri").asText();
    }

    private static String parameter(String address, String name) {
        return Arrays.stream(URI.create(address).getRawQuery().split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> java.net.URLDecoder.decode(
                        pair.substring(name.length() + 1), java.nio.charset.StandardCharsets.UTF_8))
                .findFirst()
                .orElse("");
    }

    /** The person logs in, picks the patient when asked, agrees; the redirect that brings the code. */
    private static HttpResponse<String> authorized(Browser browser, HttpResponse<String> answer, Launch launch) {
        HttpResponse<String> page = browser.follow(answer);
        if (launch == Launch.STANDALONE) {
            Map<String, String> form = new LinkedHashMap<>();
            form.put("_csrf", Browser.csrf(page.body()));
            form.put("state", Browser.hidden(page, "state"));
            form.put("patient", patient);
            page = browser.follow(browser.post("/login/app", form));
        }
        return page.statusCode() == 200 ? browser.decide(page, "allow", Browser.scopesOn(page)) : page;
    }

    private static Launched launched(Launch launch) {
        Browser browser = browser();
        browser.login(PERSON, "trefoil-demo");
        String request = authorizationRequest(launch, launch == Launch.EHR ? handle() : null);
        HttpResponse<String> redirect = authorized(browser, browser.get(request), launch);
        return new Launched(browser, exchange(browser, Browser.parameter(redirect, "code")));
    }

    private static HttpResponse<String> exchange(Browser browser, String code) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", CALLBACK);
        form.put("client_id", CLIENT);
        form.put("code_verifier", Browser.VERIFIER);
        return browser.post(endpoint("token_endpoint"), form, "Origin", ORIGIN);
    }

    private static void allowsOrigin(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""))
                .isIn(ORIGIN, "*");
    }

    private static void isTokenAnswer(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = Browser.json(answer);
        for (String field : List.of("access_token", "token_type", "scope")) {
            assertThat(body.path(field).isTextual()).as(field).isTrue();
            assertThat(body.path(field).asText()).as(field).isNotBlank();
        }
        assertThat(body.path("token_type").asText()).isEqualToIgnoringCase("bearer");
        assertThat(body.path("expires_in").isNumber()).isTrue();
    }

    private static void isNotCached(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(answer.headers().firstValue("Pragma").orElse("")).contains("no-cache");
    }

    // --- smart_discovery_stu2_2 ---

    @Test
    @DisplayName("well_known_endpoint: the SMART configuration is there without a token, as JSON")
    void wellKnownEndpoint() {
        HttpResponse<String> answer =
                browser().get("/fhir/.well-known/smart-configuration", "Accept", "application/json");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(Browser.json(answer).isObject()).isTrue();
    }

    @Test
    @DisplayName("well_known_capabilities_stu2: its required fields, with S256 and without plain")
    void wellKnownCapabilities() {
        JsonNode configuration = discovered();

        for (String field : List.of("authorization_endpoint", "token_endpoint", "issuer", "jwks_uri")) {
            assertThat(configuration.path(field).asText()).as(field).startsWith(HUB.base());
        }
        for (String field : List.of("capabilities", "grant_types_supported", "code_challenge_methods_supported")) {
            assertThat(configuration.path(field).isArray()).as(field).isTrue();
            assertThat(configuration.path(field)).as(field).isNotEmpty().allMatch(JsonNode::isTextual);
        }
        assertThat(configuration.path("grant_types_supported").toString()).contains("\"authorization_code\"");
        assertThat(configuration.path("code_challenge_methods_supported").toString())
                .contains("\"S256\"")
                .doesNotContain("plain");
        assertThat(configuration.path("capabilities").toString())
                .contains("\"sso-openid-connect\"")
                .contains("\"launch-ehr\"")
                .contains("\"launch-standalone\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fhir/.well-known/smart-configuration", "/fhir/metadata"})
    @DisplayName("smart_cors_well_known_endpoint, smart_cors_metadata_request: any origin may read what is public")
    void corsOfDiscovery(String path) {
        HttpResponse<String> answer = browser().get(path, "Accept", "application/json", "Origin", ORIGIN);

        assertThat(answer.statusCode()).isEqualTo(200);
        allowsOrigin(answer);
    }

    // --- smart_standalone_launch_stu2_2, smart_ehr_launch_stu2_2 ---

    @Test
    @DisplayName("smart_app_launch, smart_launch_received: the app is opened with iss and launch")
    void launchBringsIssuerAndHandle() {
        String address = launchAddress();

        assertThat(address).startsWith("http://localhost:9900/launch?");
        assertThat(parameter(address, "iss")).isEqualTo(HUB.base() + "/fhir");
        assertThat(parameter(address, "launch")).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName("smart_app_redirect_stu2, smart_code_received: authorization by GET brings a code and the state")
    void redirectBringsTheCode(Launch launch) {
        Browser browser = browser();
        browser.login(PERSON, "trefoil-demo");
        HttpResponse<String> redirect = authorized(
                browser, browser.get(authorizationRequest(launch, launch == Launch.EHR ? handle() : null)), launch);

        assertThat(Browser.location(redirect)).startsWith(CALLBACK + "?").doesNotContain("error");
        assertThat(Browser.parameter(redirect, "state")).isEqualTo("s1");
        assertThat(Browser.parameter(redirect, "code")).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName("smart_app_redirect_stu2, authorization method POST: the same by a form")
    void redirectByPostBringsTheCode(Launch launch) {
        Browser browser = browser();
        browser.login(PERSON, "trefoil-demo");
        String request = authorizationRequest(launch, launch == Launch.EHR ? handle() : null);
        HttpResponse<String> answer = browser.send(
                "POST",
                request.substring(0, request.indexOf('?')),
                URI.create(request).getRawQuery());
        assertThat(answer.statusCode()).as("the browser goes on by GET").isIn(302, 303);
        HttpResponse<String> redirect = authorized(browser, browser.get(Browser.location(answer)), launch);

        assertThat(Browser.parameter(redirect, "state")).isEqualTo("s1");
        assertThat(exchange(browser, Browser.parameter(redirect, "code")).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName("smart_token_exchange_stu2_2, smart_token_response_body_stu2_2: the code is traded for a full answer")
    void tokenAnswer(Launch launch) {
        HttpResponse<String> answer = launched(launch).answer();

        isTokenAnswer(answer);
        JsonNode body = Browser.json(answer);
        assertThat(body.path("scope").asText().split(" "))
                .as("nothing that was asked for is missing")
                .contains(launch.scopes.split(" "));
        assertThat(body.path("refresh_token").isTextual()).isTrue();
        assertThat(body.path("id_token").isTextual()).isTrue();
        assertThat(body.path("patient").asText()).isEqualTo(patient);
        if (launch == Launch.EHR) {
            assertThat(body.path("encounter").asText()).isEqualTo(encounter);
            assertThat(body.path("fhirContext").isArray()).isTrue();
            assertThat(body.path("fhirContext")).isNotEmpty().allSatisfy(item -> {
                assertThat(item.isObject()).isTrue();
                assertThat(item.path("reference").asText()).matches("[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}");
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName("smart_token_response_headers: Cache-Control no-store and Pragma no-cache")
    void tokenAnswerIsNotCached(Launch launch) {
        isNotCached(launched(launch).answer());
    }

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName("smart_cors_token_exchange: the token endpoint answers the app's origin")
    void corsOfTheTokenEndpoint(Launch launch) {
        HttpResponse<String> answer = launched(launch).answer();

        assertThat(answer.statusCode()).isEqualTo(200);
        allowsOrigin(answer);
        HttpResponse<String> preflight = browser()
                .send(
                        "OPTIONS",
                        endpoint("token_endpoint"),
                        null,
                        "Origin",
                        ORIGIN,
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "content-type");
        assertThat(preflight.statusCode()).isEqualTo(200);
        allowsOrigin(preflight);
    }

    // --- smart_openid_connect_stu2_2 ---

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName(
            "smart_openid_decode_id_token, _retrieve_configuration, _required_configuration_fields: from the issuer")
    void openidConfiguration(Launch launch) throws Exception {
        SignedJWT token = launched(launch).idToken();
        HttpResponse<String> answer = browser()
                .get(token.getJWTClaimsSet().getIssuer().replaceAll("/$", "") + "/.well-known/openid-configuration");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        JsonNode configuration = Browser.json(answer);
        for (String field : List.of(
                "issuer",
                "authorization_endpoint",
                "token_endpoint",
                "jwks_uri",
                "response_types_supported",
                "subject_types_supported",
                "id_token_signing_alg_values_supported")) {
            assertThat(configuration.has(field)).as(field).isTrue();
        }
        assertThat(configuration.path("id_token_signing_alg_values_supported").toString())
                .contains("\"RS256\"");
    }

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName(
            "smart_openid_retrieve_jwks, _token_header, _token_payload: signed by a key of the set, for this client")
    void idTokenIsSigned(Launch launch) throws Exception {
        SignedJWT token = launched(launch).idToken();
        JsonNode configuration = Browser.json(browser().get("/.well-known/openid-configuration"));
        HttpResponse<String> keys = browser().get(configuration.path("jwks_uri").asText());
        assertThat(keys.statusCode()).isEqualTo(200);
        RSAKey signer = JWKSet.parse(keys.body())
                .getKeyByKeyId(token.getHeader().getKeyID())
                .toRSAKey();

        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
        assertThat(token.verify(new RSASSAVerifier(signer))).isTrue();
        JWTClaimsSet claims = token.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo(configuration.path("issuer").asText());
        assertThat(claims.getAudience()).containsExactly(CLIENT);
        assertThat(claims.getSubject()).isNotBlank().hasSizeLessThan(256);
        assertThat(claims.getExpirationTime()).isAfter(new Date());
        assertThat(claims.getIssueTime()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName(
            "smart_openid_fhir_user_claim, smart_cors_openid_fhir_user_claim: who it is can be read with the same token")
    void fhirUserCanBeRead(Launch launch) throws Exception {
        Launched launched = launched(launch);
        String user = launched.idToken().getJWTClaimsSet().getStringClaim("fhirUser");

        assertThat(user).startsWith(HUB.base() + "/fhir/Practitioner/");
        HttpResponse<String> answer = browser()
                .get(user, "Authorization", launched.bearer(), "Accept", "application/fhir+json", "Origin", ORIGIN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Browser.json(answer).path("resourceType").asText()).isEqualTo("Practitioner");
        allowsOrigin(answer);
        if (launch == Launch.STANDALONE) {
            assertThat(launched.get("Practitioner/" + colleague).statusCode())
                    .as("somebody else's record, which no patient/ scope covers")
                    .isEqualTo(404);
            assertThat(launched.get("Practitioner?_id=" + colleague).body())
                    .doesNotContain("Practitioner/" + colleague);
        }
    }

    // --- smart_token_refresh_stu2 ---

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName("smart_token_refresh_stu2, _body, smart_token_response_headers: without and with scopes")
    void refresh(Launch launch) {
        Launched launched = launched(launch);
        JsonNode first = launched.body();
        HttpResponse<String> without = refresh(launched.browser(), first, "");
        isTokenAnswer(without);
        isNotCached(without);
        List<String> granted = List.of(first.path("scope").asText().split(" "));
        JsonNode second = Browser.json(without);
        assertThat(granted).contains(second.path("scope").asText().split(" "));

        HttpResponse<String> with =
                refresh(launched.browser(), second, second.path("scope").asText());
        isTokenAnswer(with);
        isNotCached(with);
        assertThat(granted).contains(Browser.json(with).path("scope").asText().split(" "));

        List<String> fewer = new ArrayList<>(granted);
        fewer.remove("fhirUser");
        HttpResponse<String> less = refresh(launched.browser(), Browser.json(with), String.join(" ", fewer));
        isTokenAnswer(less);
        assertThat(Browser.json(less).path("scope").asText().split(" ")).containsExactlyInAnyOrderElementsOf(fewer);

        HttpResponse<String> more =
                refresh(launched.browser(), Browser.json(less), String.join(" ", granted) + " system/*.cruds");
        assertThat(more.statusCode()).isEqualTo(400);
        assertThat(Browser.json(more).path("error").asText()).isEqualTo("invalid_scope");
    }

    private static HttpResponse<String> refresh(Browser browser, JsonNode tokens, String scopes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", tokens.path("refresh_token").asText());
        form.put("client_id", CLIENT);
        if (!scopes.isEmpty()) {
            form.put("scope", scopes);
        }
        return browser.post(endpoint("token_endpoint"), form);
    }

    // --- smart_token_introspection_stu2_2 ---

    @ParameterizedTest
    @EnumSource(Launch.class)
    @DisplayName("token_introspection_response_group, active: what the token answer and the id token said")
    void introspectionOfALiveToken(Launch launch) throws Exception {
        Launched launched = launched(launch);
        JsonNode body = launched.body();
        JsonNode said = introspect(body.path("access_token").asText());

        assertThat(said.path("active").isBoolean() && said.path("active").asBoolean())
                .isTrue();
        assertThat(said.path("client_id").asText()).isEqualTo(CLIENT);
        assertThat(said.path("scope").asText().split(" "))
                .containsExactlyInAnyOrder(body.path("scope").asText().split(" "));
        assertThat(Instant.ofEpochSecond(said.path("exp").asLong())).isAfter(Instant.now());
        assertThat(said.path("patient").asText()).isEqualTo(patient);
        assertThat(said.path("encounter").asText())
                .isEqualTo(body.path("encounter").asText());
        JWTClaimsSet id = launched.idToken().getJWTClaimsSet();
        assertThat(said.path("iss").asText()).isEqualTo(id.getIssuer());
        assertThat(said.path("sub").asText()).isEqualTo(id.getSubject());
        assertThat(said.path("fhirUser").asText()).isEqualTo(id.getStringClaim("fhirUser"));
    }

    @Test
    @DisplayName("token_introspection_response_group, inactive: that it is not active, and nothing else")
    void introspectionOfAnInvalidToken() {
        String proof = Browser.basic("conformance", "conformance-secret");
        String revoked = Browser.json(browser()
                        .post("/oauth2/token", Map.of("grant_type", "client_credentials"), "Authorization", proof))
                .path("access_token")
                .asText();
        browser().post("/oauth2/revoke", Map.of("token", revoked), "Authorization", proof);

        for (String token : List.of("invalid_token_value", revoked)) {
            assertThat(introspect(token).toString()).isEqualTo("{\"active\":false}");
        }
    }

    private static JsonNode introspect(String token) {
        HttpResponse<String> answer = browser()
                .post(
                        endpoint("introspection_endpoint"),
                        Map.of("token", token),
                        "Authorization",
                        Browser.basic("conformance", "conformance-secret"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Browser.json(answer);
    }

    // --- backend_services_authorization ---

    private static String assertion(String issuer) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES384)
                        .keyID(key.getKeyID())
                        .type(com.nimbusds.jose.JOSEObjectType.JWT)
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .subject(BACKEND)
                        .audience(endpoint("token_endpoint"))
                        .jwtID(UUID.randomUUID().toString())
                        .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(4))))
                        .build());
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    private static HttpResponse<String> backend(String grantType, String assertionType, String assertion) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("scope", "system/*.rs");
        form.put("grant_type", grantType);
        form.put("client_assertion_type", assertionType);
        form.put("client_assertion", assertion);
        return browser().post(endpoint("token_endpoint"), form);
    }

    private static void isRefused(HttpResponse<String> answer, String error) {
        assertThat(Browser.json(answer).path("error").asText())
                .as(answer.body())
                .isEqualTo(error);
        assertThat(answer.body()).doesNotContain("access_token");
    }

    @Test
    @DisplayName("smart_backend_services_invalid_grant_type: 400")
    void backendWithAnUnknownGrantType() throws Exception {
        HttpResponse<String> answer = backend("not_a_grant_type", ASSERTION_TYPE, assertion(BACKEND));

        assertThat(answer.statusCode()).isEqualTo(400);
        isRefused(answer, "unsupported_grant_type");
    }

    @Test
    @DisplayName("smart_backend_services_invalid_client_assertion: an unknown client_assertion_type is 400")
    void backendWithAnUnknownAssertionType() throws Exception {
        HttpResponse<String> answer = backend("client_credentials", "not_an_assertion_type", assertion(BACKEND));

        assertThat(answer.statusCode()).isEqualTo(400);
        isRefused(answer, "invalid_request");
    }

    @Test
    @DisplayName("smart_backend_services_invalid_jwt: an assertion of another issuer is 400 or 401, invalid_client")
    void backendWithAnInvalidAssertion() throws Exception {
        HttpResponse<String> answer = backend("client_credentials", ASSERTION_TYPE, assertion("not_a_valid_iss"));

        assertThat(answer.statusCode()).isIn(400, 401);
        isRefused(answer, "invalid_client");
    }

    @Test
    @DisplayName("smart_backend_services_auth_request_success, _auth_response_body: a token that opens the door")
    void backendSucceeds() throws Exception {
        HttpResponse<String> answer = backend("client_credentials", ASSERTION_TYPE, assertion(BACKEND));

        isTokenAnswer(answer);
        isNotCached(answer);
        JsonNode body = Browser.json(answer);
        assertThat(body.path("scope").asText()).isEqualTo("system/*.rs");
        assertThat(body.has("refresh_token")).isFalse();
        assertThat(browser()
                        .get(
                                "/fhir/Patient/" + patient,
                                "Authorization",
                                "Bearer " + body.path("access_token").asText())
                        .statusCode())
                .isEqualTo(200);
    }
}
