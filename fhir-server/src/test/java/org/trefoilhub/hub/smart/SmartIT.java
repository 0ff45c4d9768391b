package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;

/** The gate of the hub over real HTTP: tokens, login, cookie, and what every door says to those without. */
class SmartIT {

    @TempDir
    static Path home;

    private static SmartFixture hub;

    @BeforeAll
    static void start() {
        hub = SmartFixture.start(home, SmartFixture.freePort(), "demo", Map.of());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Browser browser() {
        return new Browser(hub.base());
    }

    private static String console() {
        return hub.base() + "/console/";
    }

    private static JsonNode consoleTokens(Browser browser, String user) {
        return browser.tokens(
                user,
                "console",
                console(),
                "openid profile fhirUser offline_access user/*.cruds",
                "aud",
                hub.base() + "/fhir");
    }

    private static String bearer(JsonNode tokens) {
        return "Bearer " + tokens.path("access_token").asText();
    }

    private static JsonNode clientToken(String client, String scope) {
        Map<String, String> form = new HashMap<>(Map.of("grant_type", "client_credentials"));
        if (!scope.isEmpty()) {
            form.put("scope", scope);
        }
        return Browser.json(
                browser().post("/oauth2/token", form, "Authorization", Browser.basic(client, client + "-secret")));
    }

    // --- people ---

    @Test
    void codeFlowWithPkceGivesTokensThatOpenTheDoors() throws Exception {
        Browser browser = browser();
        JsonNode tokens = consoleTokens(browser, "radiologist");

        assertThat(tokens.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(tokens.path("scope").asText().split(" "))
                .containsExactlyInAnyOrder("openid", "profile", "fhirUser", "offline_access", "user/*.cruds");
        assertThat(tokens.has("refresh_token")).isTrue();
        assertThat(tokens.has("patient")).isFalse();

        JsonNode subject = Browser.json(browser.get("/fhir/Patient", "Authorization", bearer(tokens)));
        assertThat(subject.path("client").asText()).isEqualTo("console");
        assertThat(subject.path("user").asText()).isEqualTo("radiologist");
        assertThat(subject.path("roles").get(0).asText()).isEqualTo("doctor");
        assertThat(subject.path("departments").get(0).asText()).isEqualTo("radiology");
        assertThat(subject.path("clearance").asText()).isEqualTo("R");
        assertThat(subject.path("session").asText()).isNotEqualTo("null");

        SignedJWT id = SignedJWT.parse(tokens.path("id_token").asText());
        assertThat(id.getJWTClaimsSet().getStringClaim("name")).isEqualTo("周明远");
        assertThat(id.getJWTClaimsSet().getAudience()).containsExactly("console");
        assertThat(id.getJWTClaimsSet().getStringListClaim("roles")).containsExactly("doctor");
    }

    @Test
    void keySetVerifiesTheTokenAndHoldsNoPrivatePart() throws Exception {
        SignedJWT token = SignedJWT.parse(clientToken("conformance", "system/*.cruds")
                .path("access_token")
                .asText());
        String keys = browser().get("/oauth2/jwks").body();
        JWKSet set = JWKSet.parse(keys);

        assertThat(keys).doesNotContain("\"d\"");
        assertThat(token.verify(new RSASSAVerifier(
                        set.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(hub.base());
        assertThat(token.getJWTClaimsSet().getAudience()).contains(hub.base() + "/fhir");
        assertThat(token.getJWTClaimsSet().getStringClaim("scope")).isEqualTo("system/*.cruds");
    }

    @Test
    void wrongPasswordIsRefusedWithAMessage() {
        Browser browser = browser();
        HttpResponse<String> refused = browser.login("radiologist", "wrong");

        assertThat(Browser.location(refused)).endsWith("/login?error");
        assertThat(browser.get("/login?error").body())
                .contains("role=\"alert\"")
                .contains("用户名或口令不正确");
        assertThat(browser.get("/login?error&lang=en").body()).contains("not correct");
        assertThat(browser.get("/login").body()).contains("<html lang=\"en\">");
    }

    @Test
    void loginFormNeedsItsCsrfToken() {
        Browser browser = browser();
        HttpResponse<String> refused =
                browser.post("/login", Map.of("username", "radiologist", "password", "trefoil-demo"));

        assertThat(Browser.location(refused)).endsWith("/login?expired");
        assertThat(Browser.isTo(browser.get(Browser.authorize("console", console(), "openid")), "/login"))
                .isTrue();
    }

    @Test
    void wrongAndMissingVerifierAreRefused() {
        Browser browser = browser();
        browser.login("radiologist", "trefoil-demo");
        String authorize = Browser.authorize("console", console(), "openid user/*.rs");
        for (String verifier : new String[] {"a-wrong-verifier-of-at-least-forty-three-characters-0123", null}) {
            String code = Browser.parameter(browser.get(authorize), "code");
            HttpResponse<String> refused = browser.trade("console", console(), code, verifier);
            assertThat(refused.statusCode()).isBetween(400, 401);
            assertThat(refused.body()).doesNotContain("access_token");
        }
    }

    @ParameterizedTest
    @CsvSource({"code_challenge,''", "code_challenge_method,plain", "code_challenge_method,''"})
    void authorizationWithoutS256IsRefused(String parameter, String value) {
        Browser browser = browser();
        browser.login("radiologist", "trefoil-demo");
        HttpResponse<String> refused = browser.get(Browser.authorize("console", console(), "openid", parameter, value));

        assertThat(Browser.parameter(refused, "error")).isEqualTo("invalid_request");
    }

    @Test
    void foreignRedirectIsNeverFollowed() {
        Browser browser = browser();
        browser.login("radiologist", "trefoil-demo");
        HttpResponse<String> refused = browser.get(Browser.authorize("console", "https://evil.example/", "openid"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void codeServesOnceAndItsReplayKillsTheToken() {
        Browser browser = browser();
        browser.login("radiologist", "trefoil-demo");
        String code = Browser.parameter(
                browser.get(Browser.authorize("console", console(), "openid offline_access user/*.rs")), "code");
        JsonNode tokens = Browser.json(browser.trade("console", console(), code, Browser.VERIFIER));
        HttpResponse<String> replay = browser.trade("console", console(), code, Browser.VERIFIER);

        assertThat(Browser.json(replay).path("error").asText()).isEqualTo("invalid_grant");
        assertThat(browser.get("/fhir/Patient", "Authorization", bearer(tokens)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void refreshTokenRotates() {
        Browser browser = browser();
        JsonNode first = consoleTokens(browser, "radiologist");
        HttpResponse<String> refreshed = refresh(browser, "console", first);
        JsonNode second = Browser.json(refreshed);

        assertThat(refreshed.statusCode()).as(refreshed.body()).isEqualTo(200);
        assertThat(second.path("refresh_token").asText())
                .isNotEqualTo(first.path("refresh_token").asText());
        assertThat(second.has("id_token")).isTrue();
        assertThat(browser.get("/fhir/Patient", "Authorization", bearer(second)).statusCode())
                .isEqualTo(200);
        assertThat(refresh(browser, "viewer", second).body()).contains("invalid_grant");
        assertThat(refresh(browser, "console", second).statusCode()).isEqualTo(200);
    }

    @Test
    void refreshTokenThatComesBackEndsTheWholeGrant() {
        Browser browser = browser();
        JsonNode first = consoleTokens(browser, "radiologist");
        JsonNode second = Browser.json(refresh(browser, "console", first));
        JsonNode third = Browser.json(refresh(browser, "console", second));

        HttpResponse<String> reused = refresh(browser, "console", first);

        assertThat(Browser.json(reused).path("error").asText()).isEqualTo("invalid_grant");
        assertThat(refresh(browser, "console", third).body()).contains("invalid_grant");
        for (JsonNode tokens : List.of(first, second, third)) {
            assertThat(browser.get("/fhir/Patient", "Authorization", bearer(tokens))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    /** SMART App Launch asks a public client for no more than its refresh token, and SMART JS sends no more. */
    @Test
    void publicClientNeedNotNameItselfToRefresh() {
        Browser browser = browser();
        JsonNode first = browser.tokens(
                "ward-doctor",
                "cdss",
                "http://localhost:9900/callback",
                "openid offline_access user/*.rs",
                "aud",
                hub.base() + "/fhir");
        HttpResponse<String> answer = refreshUnnamed(first);
        JsonNode second = Browser.json(answer);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(browser.get("/fhir/Patient", "Authorization", bearer(second)).statusCode())
                .isEqualTo(200);

        HttpResponse<String> unknown =
                browser().post("/oauth2/token", Map.of("grant_type", "refresh_token", "refresh_token", "guessed"));
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(Browser.json(unknown).path("error").asText()).isEqualTo("invalid_grant");

        assertThat(Browser.json(refreshUnnamed(first)).path("error").asText()).isEqualTo("invalid_grant");
        assertThat(Browser.json(refreshUnnamed(second)).path("error").asText())
                .as("the first came back, so the whole grant has ended")
                .isEqualTo("invalid_grant");
    }

    private static HttpResponse<String> refreshUnnamed(JsonNode tokens) {
        return browser()
                .post(
                        "/oauth2/token",
                        Map.of(
                                "grant_type",
                                "refresh_token",
                                "refresh_token",
                                tokens.path("refresh_token").asText()));
    }

    @Test
    void confidentialClientStillProvesItselfToRefresh(@TempDir Path other) throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).keyID("k").generate();
        Path accounts = other.resolve("accounts.yaml");
        Files.writeString(
                accounts,
                """
                users: [{name: li, displayName: 李, roles: [doctor], password: trefoil-demo}]
                clients:
                  - {id: server, displayName: S, grants: [AUTHORIZATION_CODE], redirectUris: ["http://localhost:1/cb"],
                     scopes: [openid, offline_access, "user/*.rs"], secret: server-secret, jwks: %s}
                """
                        .formatted(new JWKSet(key).toString(true)));
        try (SmartFixture own = SmartFixture.start(
                other, SmartFixture.freePort(), "own", Map.of("trefoil.smart.accounts", "file:" + accounts))) {
            Browser browser = new Browser(own.base());
            browser.login("li", "trefoil-demo");
            String code = Browser.parameter(
                    browser.agree(browser.get(Browser.authorize(
                            "server",
                            "http://localhost:1/cb",
                            "offline_access user/*.rs",
                            "aud",
                            own.base() + "/fhir"))),
                    "code");
            String proof = Browser.basic("server", "server-secret");
            JsonNode tokens = Browser.json(browser.post(
                    "/oauth2/token",
                    Map.of(
                            "grant_type",
                            "authorization_code",
                            "redirect_uri",
                            "http://localhost:1/cb",
                            "code",
                            code,
                            "code_verifier",
                            Browser.VERIFIER),
                    "Authorization",
                    proof));
            assertThat(tokens.has("refresh_token")).as(tokens.toString()).isTrue();
            Map<String, String> form = new HashMap<>(Map.of(
                    "grant_type",
                    "refresh_token",
                    "refresh_token",
                    tokens.path("refresh_token").asText()));

            HttpResponse<String> unproven = browser.post("/oauth2/token", form);
            assertThat(unproven.statusCode()).isEqualTo(401);
            assertThat(Browser.json(unproven).path("error").asText()).isEqualTo("invalid_client");

            SignedJWT assertion = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS384).keyID("k").build(),
                    new JWTClaimsSet.Builder()
                            .issuer("server")
                            .subject("server")
                            .audience(own.base() + "/oauth2/token")
                            .jwtID("refresh-1")
                            .expirationTime(Date.from(Instant.now().plusSeconds(200)))
                            .build());
            assertion.sign(new RSASSASigner(key));
            form.put("client_id", "server");
            form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.put("client_assertion", assertion.serialize());
            HttpResponse<String> proven = browser.post("/oauth2/token", form);
            assertThat(proven.statusCode()).as(proven.body()).isEqualTo(200);
        }
    }

    @Test
    void withoutOfflineAccessThereIsNoRefreshToken() {
        JsonNode tokens = browser().tokens("radiologist", "console", console(), "openid user/*.rs");

        assertThat(tokens.has("access_token")).isTrue();
        assertThat(tokens.has("refresh_token")).isFalse();
    }

    private static HttpResponse<String> refresh(Browser browser, String client, JsonNode tokens) {
        return browser.post(
                "/oauth2/token",
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "client_id",
                        client,
                        "refresh_token",
                        tokens.path("refresh_token").asText()));
    }

    @Test
    void viewerEntersWithTheSessionOfTheConsole() {
        Browser browser = browser();
        consoleTokens(browser, "sonographer");
        HttpResponse<String> silent = browser.get(
                Browser.authorize("viewer", hub.base() + "/viewer/callback", "openid user/*.rs", "prompt", "none"));

        assertThat(Browser.parameter(silent, "code")).isNotEmpty();
        HttpResponse<String> stranger = browser()
                .get(Browser.authorize(
                        "viewer", hub.base() + "/viewer/callback", "openid user/*.rs", "prompt", "none"));
        assertThat(Browser.parameter(stranger, "error")).isEqualTo("login_required");
    }

    // --- scopes ---

    @Test
    void callsWithATokenLeaveTheLoginSessionAsItIs() {
        Browser person = browser();
        JsonNode console = consoleTokens(person, "radiologist");

        HttpResponse<String> read = person.get("/dicom-web/studies", "Authorization", bearer(console));

        assertThat(read.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.startsWith("JSESSIONID"));
    }

    @Test
    void scopesAreCutToTheClientsMaximum() {
        String callback = "http://localhost:9900/callback";
        JsonNode tokens = browser()
                .tokens(
                        "ward-doctor",
                        "cdss",
                        callback,
                        "openid launch user/Observation.cruds user/Patient.read system/*.cruds user/X.rs?a=b",
                        "aud",
                        hub.base() + "/fhir");

        assertThat(tokens.path("scope").asText().split(" "))
                .containsExactlyInAnyOrder("openid", "user/Observation.rs", "user/Patient.read");
        JsonNode subject = Browser.json(browser().get("/fhir/Patient", "Authorization", bearer(tokens)));
        assertThat(subject.path("scopes").toString())
                .contains("user/Patient.rs")
                .doesNotContain("read");
    }

    @Test
    void requestOfWhichNothingIsLeftIsRefused() {
        Browser browser = browser();
        browser.login("ward-doctor", "trefoil-demo");
        HttpResponse<String> refused = browser.get(Browser.authorize(
                "cdss", "http://localhost:9900/callback", "system/*.cruds", "aud", hub.base() + "/fhir"));

        assertThat(Browser.parameter(refused, "error")).isEqualTo("invalid_scope");
        assertThat(clientToken("cdss-backend", "system/*.cud").path("error").asText())
                .isEqualTo("invalid_scope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://other.example/fhir", ""})
    void appMustNameThisServerAsAudience(String aud) {
        Browser browser = browser();
        browser.login("ward-doctor", "trefoil-demo");
        HttpResponse<String> refused = browser.get(
                Browser.authorize("cdss", "http://localhost:9900/callback", "openid user/*.rs", "aud", aud));

        assertThat(Browser.parameter(refused, "error")).isEqualTo("invalid_request");
    }

    // --- clients ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "his",
                "ris",
                "internet-hospital",
                "health-commission",
                "cloud-imaging",
                "pd-system",
                "cdss-backend",
                "research-db",
                "conformance"
            })
    void backendClientsObtainTokensByBasicAndPost(String client) {
        JsonNode basic = clientToken(client, "");
        JsonNode post = Browser.json(browser()
                .post(
                        "/oauth2/token",
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                client,
                                "client_secret",
                                client + "-secret",
                                "scope",
                                "system/Patient.rs")));

        assertThat(basic.path("scope").asText().split(" ")).anyMatch(scope -> scope.startsWith("system/*."));
        assertThat(post.path("scope").asText()).isEqualTo("system/Patient.rs");
        JsonNode subject = Browser.json(browser().get("/dicom-web/studies", "Authorization", bearer(post)));
        assertThat(subject.path("client").asText()).isEqualTo(client);
        assertThat(subject.path("user").asText()).isEqualTo("null");
        assertThat(subject.path("clearance").asText()).isEqualTo("N");
        assertThat(basic.has("refresh_token")).isFalse();
    }

    @Test
    void wrongSecretAndPublicClientGetNoToken() {
        HttpResponse<String> wrong = browser()
                .post(
                        "/oauth2/token",
                        Map.of("grant_type", "client_credentials"),
                        "Authorization",
                        Browser.basic("conformance", "wrong"));
        HttpResponse<String> open =
                browser().post("/oauth2/token", Map.of("grant_type", "client_credentials", "client_id", "console"));

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(v -> assertThat(v).startsWith("Basic"));
        assertThat(open.statusCode()).isEqualTo(401);
    }

    @Test
    void introspectionAndRevocationNeedClientAuthentication() {
        JsonNode tokens = clientToken("conformance", "system/*.cruds");
        Map<String, String> form = Map.of("token", tokens.path("access_token").asText());
        for (String path : List.of("/oauth2/introspect", "/oauth2/revoke")) {
            assertThat(browser().post(path, form).statusCode()).as(path).isEqualTo(401);
            assertThat(browser()
                            .post(path, Map.of("token", form.get("token"), "client_id", "console"))
                            .statusCode())
                    .as(path + " as a public client")
                    .isEqualTo(401);
        }
        String proof = Browser.basic("conformance", "conformance-secret");
        JsonNode live = Browser.json(browser().post("/oauth2/introspect", form, "Authorization", proof));
        assertThat(live.path("active").asBoolean()).isTrue();
        assertThat(live.path("scope").asText()).isEqualTo("system/*.cruds");
        assertThat(live.path("client_id").asText()).isEqualTo("conformance");

        assertThat(browser()
                        .post("/oauth2/revoke", form, "Authorization", proof)
                        .statusCode())
                .isEqualTo(200);
        assertThat(Browser.json(browser().post("/oauth2/introspect", form, "Authorization", proof))
                        .path("active")
                        .asBoolean())
                .isFalse();
        assertThat(browser()
                        .get("/fhir/Patient", "Authorization", bearer(tokens))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void introspectionTellsAboutPeople() {
        Browser browser = browser();
        JsonNode tokens = consoleTokens(browser, "qc");
        String proof = Browser.basic("conformance", "conformance-secret");
        JsonNode access = Browser.json(browser.post(
                "/oauth2/introspect",
                Map.of("token", tokens.path("access_token").asText()),
                "Authorization",
                proof));
        JsonNode refresh = Browser.json(browser.post(
                "/oauth2/introspect",
                Map.of("token", tokens.path("refresh_token").asText()),
                "Authorization",
                proof));

        assertThat(access.path("active").asBoolean()).isTrue();
        assertThat(access.path("sub").asText()).isEqualTo("qc");
        assertThat(refresh.path("active").asBoolean()).isTrue();
    }

    @Test
    void userInfoNamesThePerson() {
        Browser browser = browser();
        JsonNode info =
                Browser.json(browser.get("/oauth2/userinfo", "Authorization", bearer(consoleTokens(browser, "qc"))));

        assertThat(info.path("sub").asText()).isEqualTo("qc");
        assertThat(info.path("name").asText()).isEqualTo("彭学礼");
        assertThat(browser().get("/oauth2/userinfo").statusCode()).isEqualTo(401);
    }

    @Test
    void loaderComesInThroughTheTokenEndpoint() {
        LoaderCredentials loader = hub.bean(LoaderCredentials.class);
        HttpResponse<String> answer = browser()
                .post(
                        "/oauth2/token",
                        Map.of("grant_type", "client_credentials", "scope", "system/*.cruds"),
                        "Authorization",
                        Browser.basic(loader.clientId(), loader.secret()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(loader.toString()).doesNotContain(loader.secret());
    }

    // --- doors ---

    @ParameterizedTest
    @CsvSource({
        "GET,/fhir/Patient,fhir",
        "POST,/fhir/Patient,fhir",
        "GET,/fhir,fhir",
        "GET,/fhir/Binary/1,fhir",
        "GET,/fhir/metadata/x,fhir",
        "POST,/fhir/metadata,fhir",
        "GET,/dicom-web/studies,problem",
        "POST,/dicom-web/studies,problem",
        "GET,/ws/hub,problem",
        "GET,/iid/view,problem",
        "GET,/events,problem",
        "GET,/websocket,problem",
        "POST,/cds-services/hook,problem",
        "GET,/actuator/prometheus,problem",
        "GET,/actuator,problem",
        "GET,/admin/reindex,problem",
        "GET,/nowhere,problem",
        "POST,/console/,problem"
    })
    void everyDoorIsClosedWithoutAndWithABadToken(String method, String path, String form) {
        JwtEncoder encoder = hub.bean(JwtEncoder.class);
        String body = method.equals("POST") ? "" : null;
        Map<String, String> headers = new HashMap<>();
        headers.put("garbage", "Bearer garbage");
        headers.put("garbage jwt", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.");
        headers.put("basic", Browser.basic("conformance", "conformance-secret"));
        headers.put("expired", "Bearer " + token(encoder, hub.base(), hub.base() + "/fhir", "conformance", -1));
        headers.put("other audience", "Bearer " + token(encoder, hub.base(), "https://x.example", "conformance", 60));
        headers.put("other issuer", "Bearer " + token(encoder, "https://x.example", hub.base() + "/fhir", "his", 60));
        headers.put("unknown client", "Bearer " + token(encoder, hub.base(), hub.base() + "/fhir", "nobody", 60));
        headers.put("", "");
        headers.forEach((name, value) -> {
            HttpResponse<String> refused = value.isEmpty()
                    ? browser().send(method, path, body)
                    : browser().send(method, path, body, "Authorization", value);
            assertThat(refused.statusCode()).as(name).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                    .as(name)
                    .startsWith("Bearer realm=\"trefoil\"");
            assertThat(refused.headers().firstValue("Content-Type").orElse(""))
                    .startsWith(form.equals("fhir") ? "application/fhir+json" : "application/problem+json");
            JsonNode answer = Browser.json(refused);
            assertThat(
                            form.equals("fhir")
                                    ? answer.at("/issue/0/details/coding/0/code")
                                            .asText()
                                    : answer.path("code").asText())
                    .startsWith("TREFOIL-SMT-");
        });
    }

    private static String token(JwtEncoder encoder, String issuer, String audience, String client, long seconds) {
        Instant now = Instant.now();
        return encoder.encode(JwtEncoderParameters.from(
                        JwsHeader.with(SignatureAlgorithm.RS256).build(),
                        JwtClaimsSet.builder()
                                .issuer(issuer)
                                .audience(List.of(audience))
                                .subject(client)
                                .id("id-" + seconds)
                                .issuedAt(now.minusSeconds(100))
                                .expiresAt(now.plusSeconds(seconds))
                                .claim("client_id", client)
                                .claim("scope", "system/*.cruds")
                                .build()))
                .getTokenValue();
    }

    @Test
    void idTokenIsNoBearerToken() {
        Browser browser = browser();
        JsonNode tokens = consoleTokens(browser, "radiologist");

        assertThat(browser.get(
                                "/fhir/Patient",
                                "Authorization",
                                "Bearer " + tokens.path("id_token").asText())
                        .statusCode())
                .isEqualTo(401);
        assertThat(browser.get("/fhir/Patient?access_token="
                                + tokens.path("access_token").asText())
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/metadata",
                "/fhir/.well-known/smart-configuration",
                "/.well-known/openid-configuration",
                "/oauth2/jwks",
                "/cds-services",
                "/login",
                "/console/",
                "/viewer/",
                "/ig/",
                "/actuator/health"
            })
    void openAddressesAnswerWithoutIdentity(String path) {
        assertThat(browser().get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void optionsAnswersWithoutIdentity() {
        for (String path : List.of("/fhir/Patient", "/dicom-web/studies", "/ws/hub")) {
            assertThat(browser().send("OPTIONS", path, null).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    void metadataSaysOnlyWhatWorks() {
        JsonNode smart = Browser.json(browser().get("/fhir/.well-known/smart-configuration"));
        JsonNode openid = Browser.json(browser().get("/.well-known/openid-configuration"));

        assertThat(smart.path("authorization_endpoint").asText()).isEqualTo(hub.base() + "/oauth2/authorize");
        assertThat(smart.path("code_challenge_methods_supported").toString()).isEqualTo("[\"S256\"]");
        assertThat(smart.path("capabilities").toString())
                .contains("client-confidential-symmetric")
                .contains("launch-ehr")
                .contains("context-ehr-patient");
        for (String endpoint : List.of(
                "authorization_endpoint",
                "token_endpoint",
                "jwks_uri",
                "introspection_endpoint",
                "revocation_endpoint",
                "userinfo_endpoint",
                "end_session_endpoint")) {
            assertThat(openid.path(endpoint).asText())
                    .as(endpoint)
                    .isEqualTo(smart.path(endpoint).asText());
        }
        assertThat(openid.path("issuer").asText()).isEqualTo(hub.base());
        assertThat(openid.toString())
                .doesNotContain("device")
                .doesNotContain("token-exchange")
                .doesNotContain("tls");
    }

    // --- cookie ---

    @Test
    void cookieCountsForReadingImagesAndDocumentsOnly() {
        Browser browser = browser();
        Browser stranger = browser();
        consoleTokens(browser, "radiologist");

        HttpResponse<String> images = browser.get("/dicom-web/studies");
        assertThat(images.statusCode()).isEqualTo(200);
        assertThat(Browser.json(images).path("user").asText()).isEqualTo("radiologist");
        assertThat(images.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
        assertThat(browser.get("/fhir/Binary/1").statusCode()).isEqualTo(200);

        assertThat(browser.get("/fhir/Patient").statusCode()).isEqualTo(401);
        assertThat(browser.post("/dicom-web/studies", Map.of()).statusCode()).isEqualTo(401);
        assertThat(browser.send("DELETE", "/dicom-web/studies", null).statusCode())
                .isEqualTo(401);
        assertThat(browser.get("/events").statusCode()).isEqualTo(401);
        assertThat(browser.get("/dicom-web/studies", "Sec-Fetch-Site", "same-site")
                        .statusCode())
                .isEqualTo(401);
        assertThat(browser.get("/dicom-web/studies", "Authorization", "Bearer garbage")
                        .statusCode())
                .isEqualTo(401);
        assertThat(stranger.get("/dicom-web/studies").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/dicom-web/studies", "Cookie", "trefoil-session=garbage")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void cookieIsNotGivenToAppsAndIsNoBearerToken() {
        Browser browser = browser();
        browser.login("radiologist", "trefoil-demo");
        String callback = "http://localhost:9900/callback";
        String code = Browser.parameter(
                browser.agree(
                        browser.get(Browser.authorize("cdss", callback, "user/*.rs", "aud", hub.base() + "/fhir"))),
                "code");
        assertThat(browser.trade("cdss", callback, code, Browser.VERIFIER)
                        .headers()
                        .allValues("Set-Cookie"))
                .isEmpty();

        code = Browser.parameter(browser.get(Browser.authorize("console", console(), "user/*.rs")), "code");
        String cookie = browser.trade("console", console(), code, Browser.VERIFIER)
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").contains("Path=/");
        String value = cookie.substring("trefoil-session=".length(), cookie.indexOf(';'));
        assertThat(browser()
                        .get("/fhir/Patient", "Authorization", "Bearer " + value)
                        .statusCode())
                .isEqualTo(401);
    }

    // --- logout ---

    @Test
    void logoutEndsEveryTokenOfTheSession() {
        Browser browser = browser();
        JsonNode tokens = consoleTokens(browser, "radiologist");
        HttpResponse<String> out = browser.get("/oauth2/logout?id_token_hint="
                + tokens.path("id_token").asText() + "&post_logout_redirect_uri=" + console());

        assertThat(Browser.location(out)).isEqualTo(console());
        assertThat(String.join("\n", out.headers().allValues("Set-Cookie"))).contains("trefoil-session=;");
        assertThat(browser.get("/fhir/Patient", "Authorization", bearer(tokens)).statusCode())
                .isEqualTo(401);
        assertThat(browser.get("/dicom-web/studies").statusCode()).isEqualTo(401);
        assertThat(Browser.json(refresh(browser, "console", tokens))
                        .path("error")
                        .asText())
                .isEqualTo("invalid_grant");
        assertThat(Browser.isTo(browser.get(Browser.authorize("console", console(), "openid")), "/login"))
                .isTrue();
        assertThat(Browser.location(browser.get("/oauth2/logout?id_token_hint="
                        + tokens.path("id_token").asText() + "&post_logout_redirect_uri=" + console())))
                .isEqualTo(console());
    }

    @Test
    void logoutFormEndsTheSessionToo() {
        Browser browser = browser();
        JsonNode tokens = consoleTokens(browser, "radiologist");
        String csrf = Browser.csrf(browser.get("/logout").body());
        HttpResponse<String> out = browser.post("/logout", Map.of("_csrf", csrf));

        assertThat(Browser.location(out)).endsWith("/login?logout");
        assertThat(browser.get("/fhir/Patient", "Authorization", bearer(tokens)).statusCode())
                .isEqualTo(401);
    }

    // --- accounts and restarts ---

    @Test
    void restartKeepsTokensAndRevocations(@TempDir Path other) throws Exception {
        int port = SmartFixture.freePort();
        JsonNode tokens;
        JsonNode revoked;
        Browser browser;
        try (SmartFixture first = SmartFixture.start(other, port, "demo", Map.of())) {
            browser = new Browser(first.base());
            String console = first.base() + "/console/";
            tokens = browser.tokens("qc", "console", console, "openid offline_access user/*.rs");
            Browser second = new Browser(first.base());
            revoked = second.tokens("qc", "console", console, "openid offline_access user/*.rs");
            second.get(
                    "/oauth2/logout?id_token_hint=" + revoked.path("id_token").asText());
            try (Stream<Path> keys = Files.list(other.resolve("keys"))) {
                assertThat(Files.getPosixFilePermissions(keys.findFirst().orElseThrow()))
                        .hasSize(2);
            }
        }
        try (SmartFixture again = SmartFixture.start(other, port, "demo", Map.of())) {
            Browser fresh = new Browser(again.base());
            assertThat(fresh.get("/fhir/Patient", "Authorization", bearer(tokens))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(fresh.get("/fhir/Patient", "Authorization", bearer(revoked))
                            .statusCode())
                    .isEqualTo(401);
            JsonNode refreshed = Browser.json(refresh(fresh, "console", tokens));
            assertThat(refreshed.has("access_token")).as(refreshed.toString()).isTrue();
            assertThat(refresh(fresh, "console", revoked).body()).contains("invalid_grant");
        }
    }

    @Test
    void changedAccountsCountOnTheNextRequest(@TempDir Path other) throws Exception {
        Path accounts = other.resolve("accounts.yaml");
        String users =
                """
                users:
                  - {name: li, displayName: 李, roles: [doctor], departments: [radiology], clearance: %s, password: trefoil-demo}
                clients:
                  - {id: app, displayName: App, grants: [AUTHORIZATION_CODE], firstParty: true, redirectUris: ["http://localhost:1/cb"],
                     scopes: [%s], clearance: V}
                """;
        Files.writeString(accounts, users.formatted("R", "user/*.cruds"));
        try (SmartFixture own = SmartFixture.start(
                other, SmartFixture.freePort(), "own", Map.of("trefoil.smart.accounts", "file:" + accounts))) {
            Browser browser = new Browser(own.base());
            String auth = bearer(browser.tokens("li", "app", "http://localhost:1/cb", "user/*.cruds"));
            assertThat(Browser.json(browser.get("/fhir/Patient", "Authorization", auth))
                            .path("clearance")
                            .asText())
                    .isEqualTo("R");

            Files.writeString(accounts, users.formatted("N", "user/Patient.r"));
            JsonNode lower = Browser.json(browser.get("/fhir/Patient", "Authorization", auth));
            assertThat(lower.path("clearance").asText()).isEqualTo("N");
            assertThat(lower.path("scopes").toString()).isEqualTo("[\"user/Patient.r\"]");

            Files.writeString(accounts, "users: []\nclients: []\n");
            assertThat(browser.get("/fhir/Patient", "Authorization", auth).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void productionDoesNotStartWithDemoAccounts(@TempDir Path other) throws Exception {
        assertThatThrownBy(() -> SmartFixture.start(other, SmartFixture.freePort(), "prod", Map.of()))
                .hasStackTraceContaining("TREFOIL-SMT-0010")
                .hasStackTraceContaining("needs accounts");
        Path accounts = other.resolve("accounts.yaml");
        Files.copy(Path.of("src/main/resources/accounts/demo.yaml"), accounts);
        assertThatThrownBy(() -> SmartFixture.start(
                        other, SmartFixture.freePort(), "prod", Map.of("trefoil.smart.accounts", "file:" + accounts)))
                .hasStackTraceContaining("secret in clear");
        Files.writeString(
                accounts,
                "users:\n  - {name: li, displayName: 李, passwordHash: '%s'}\n"
                        .formatted(hub.bean(PasswordEncoder.class).encode("trefoil-demo")));
        assertThatThrownBy(() -> SmartFixture.start(
                        other, SmartFixture.freePort(), "prod", Map.of("trefoil.smart.accounts", "file:" + accounts)))
                .hasStackTraceContaining("default secret");
    }
}
