package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.util.HtmlUtils;
import org.trefoilhub.hub.fixture.KeycloakFixture;

/** Login at a real Keycloak, logout in both directions, and everything that must not let in. */
class KeycloakLoginIT {

    private static final String ACCOUNTS =
            """
            users:
              - {name: radiologist, displayName: 周明远, roles: [doctor], departments: [radiology], clearance: R}
              - name: lin
                displayName: 林晓岚
                positions:
                  - {code: scanning, displayName: 超声医师, roles: [doctor], departments: [ultrasound]}
                  - {code: quality, displayName: 质控医师, roles: [qc], departments: [quality]}
            clients:
              - id: console
                displayName: 控制台
                firstParty: true
                grants: [AUTHORIZATION_CODE]
                redirectUris: ["{public-url}/console/"]
                postLogoutRedirectUris: ["{public-url}/console/"]
                scopes: [openid, profile, offline_access, user/*.cruds]
                clearance: V
            """;
    private static final Pattern FORM = Pattern.compile("id=\"kc-form-login\"[^>]*action=\"([^\"]+)\"");
    private static final Pattern FORM_ACTION_FIRST = Pattern.compile("action=\"([^\"]+/login-actions/[^\"]+)\"");

    @TempDir
    static Path home;

    private static KeycloakFixture keycloak;
    private static SmartFixture hub;

    @BeforeAll
    static void start() throws Exception {
        keycloak = KeycloakFixture.shared();
        Path accounts = Files.writeString(home.resolve("accounts.yaml"), ACCOUNTS);
        Map<String, String> settings = new HashMap<>(settings());
        settings.put("trefoil.smart.accounts", "file:" + accounts);
        hub = SmartFixture.start(home, keycloak.hubPort(), "demo", settings);
    }

    @AfterAll
    static void stop() {
        if (hub != null) {
            hub.close();
        }
    }

    private static Map<String, String> settings() {
        return Map.of(
                "trefoil.smart.oidc.issuer", keycloak.issuer(),
                "trefoil.smart.oidc.client-id", "trefoil-hub",
                "trefoil.smart.oidc.client-secret", KeycloakFixture.SECRET,
                "trefoil.smart.oidc.users[radiologist]", "radiologist",
                "trefoil.smart.oidc.users[sonographer]", "lin",
                "trefoil.smart.oidc.users[ward-doctor]", "nobody-here");
    }

    private static String console() {
        return hub.base() + "/console/";
    }

    private static String authorize() {
        return Browser.authorize("console", console(), "openid offline_access user/*.rs");
    }

    /** Follows the hub to Keycloak's form; null when Keycloak knows the browser and asks nothing. */
    private static String atKeycloak(Browser browser) {
        browser.get(authorize());
        HttpResponse<String> sent = browser.get("/login/oidc");
        return Browser.location(sent);
    }

    /** Fills in Keycloak's form; the answer is the redirect back to the hub. */
    private static String backFrom(Browser browser, String address, String user, String password) {
        HttpResponse<String> page = browser.get(address);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        HttpResponse<String> sent =
                browser.post(action(page.body()), Map.of("username", user, "password", password, "credentialId", ""));
        return sent.statusCode() == 302 ? Browser.location(sent) : sent.body();
    }

    private static String action(String page) {
        Matcher form = FORM.matcher(page);
        if (!form.find()) {
            form = FORM_ACTION_FIRST.matcher(page);
            assertThat(form.find()).as(page).isTrue();
        }
        return HtmlUtils.htmlUnescape(form.group(1));
    }

    /** The session at Keycloak that an answer speaks of. */
    private static String session(String back) {
        return back.replaceAll(".*[?&]session_state=([^&]+).*", "$1");
    }

    private static HttpResponse<String> login(Browser browser, String user) {
        return browser.get(backFrom(browser, atKeycloak(browser), user, KeycloakFixture.PASSWORD));
    }

    private static JsonNode tokens(Browser browser, HttpResponse<String> entered) {
        assertThat(Browser.location(entered)).contains("/oauth2/authorize");
        String code = Browser.parameter(browser.get(Browser.location(entered)), "code");
        return Browser.json(browser.trade("console", console(), code, Browser.VERIFIER));
    }

    private static HttpResponse<String> reading(Browser browser, JsonNode tokens) {
        return browser.get(
                "/fhir/Patient",
                "Authorization",
                "Bearer " + tokens.path("access_token").asText());
    }

    private static boolean isAskedToLogIn(Browser browser) {
        return Browser.isTo(browser.get(authorize()), "/login");
    }

    @Test
    void personOfTheHospitalIsIn() {
        Browser browser = new Browser(hub.base());
        assertThat(browser.get("/login").body()).contains("医院统一登录").contains("href=\"/login/oidc\"");
        String there = atKeycloak(browser);
        assertThat(there)
                .startsWith(keycloak.issuer())
                .contains("code_challenge_method=S256", "nonce=", "state=", "scope=openid");
        String back = backFrom(browser, there, "radiologist", KeycloakFixture.PASSWORD);
        assertThat(back).startsWith(hub.base() + "/login/oidc/callback");

        JsonNode tokens = tokens(browser, browser.get(back));
        JsonNode subject = Browser.json(reading(browser, tokens));
        assertThat(subject.path("user").asText()).isEqualTo("radiologist");
        assertThat(subject.path("clearance").asText()).isEqualTo("R");
        assertThat(subject.path("departments").toString()).isEqualTo("[\"radiology\"]");
        // The answer of Keycloak serves once.
        assertThat(Browser.location(browser.get(back))).isEqualTo("/login?sso-failed");
    }

    @Test
    void personWithSeveralPositionsChoosesOne() {
        Browser browser = new Browser(hub.base());
        HttpResponse<String> entered = login(browser, "sonographer");
        assertThat(Browser.isTo(entered, "/login/position")).isTrue();
        assertThat(isAskedToLogIn(browser)).isTrue();
        String csrf = Browser.csrf(browser.get("/login/position").body());
        HttpResponse<String> chosen = browser.post("/login/position", Map.of("position", "quality", "_csrf", csrf));

        JsonNode subject = Browser.json(reading(browser, tokens(browser, chosen)));
        assertThat(subject.path("user").asText()).isEqualTo("lin");
        assertThat(subject.path("roles").toString()).isEqualTo("[\"qc\"]");
    }

    @Test
    void personWithoutAccountReadsWhyAndIsAskedAgainNextTime() {
        Browser browser = new Browser(hub.base());
        assertThat(Browser.location(login(browser, "stranger"))).isEqualTo("/login?no-account");
        assertThat(browser.get("/login?no-account").body()).contains("没有您的账号");
        assertThat(isAskedToLogIn(browser)).isTrue();
        // Keycloak knows the stranger still; the hub has it ask again, so that somebody else can log in.
        String there = Browser.location(browser.get("/login/oidc"));
        assertThat(there).contains("prompt=login");

        // Mapped to a user whom the hub does not have.
        assertThat(Browser.location(login(new Browser(hub.base()), "ward-doctor")))
                .isEqualTo("/login?no-account");
    }

    @Test
    void answerThatBelongsToAnotherBrowserIsRefused() {
        Browser thief = new Browser(hub.base());
        Browser victim = new Browser(hub.base());
        String back = backFrom(thief, atKeycloak(thief), "radiologist", KeycloakFixture.PASSWORD);
        atKeycloak(victim);

        assertThat(Browser.location(victim.get(back))).isEqualTo("/login?sso-failed");
        assertThat(Browser.location(new Browser(hub.base()).get(back))).isEqualTo("/login?sso-failed");
        assertThat(isAskedToLogIn(victim)).isTrue();
        assertThat(victim.get("/login?sso-failed").body()).contains("医院统一认证未成功");
    }

    @Test
    void answerWithTheCodeOfAnotherLoginIsRefused() {
        Browser first = new Browser(hub.base());
        Browser second = new Browser(hub.base());
        String theirs = backFrom(first, atKeycloak(first), "radiologist", KeycloakFixture.PASSWORD);
        String ours = backFrom(second, atKeycloak(second), "sonographer", KeycloakFixture.PASSWORD);
        String code = theirs.replaceAll(".*[?&]code=([^&]+).*", "$1");

        // State fits, but neither code verifier nor nonce.
        assertThat(Browser.location(second.get(ours.replaceAll("([?&]code=)[^&]+", "$1" + code))))
                .isEqualTo("/login?sso-failed");
        assertThat(isAskedToLogIn(second)).isTrue();
    }

    @Test
    void wrongPasswordStaysAtKeycloak() {
        Browser browser = new Browser(hub.base());
        assertThat(backFrom(browser, atKeycloak(browser), "radiologist", "wrong"))
                .contains("kc-form-login");
        assertThat(isAskedToLogIn(browser)).isTrue();
    }

    @Test
    void givingUpAtTheLoginServerLeadsBackToTheLoginPage() {
        Browser browser = new Browser(hub.base());
        String state = atKeycloak(browser).replaceAll(".*[?&]state=([^&]+).*", "$1");
        assertThat(Browser.location(browser.get("/login/oidc/callback?error=access_denied&state=" + state)))
                .isEqualTo("/login?sso-failed");
    }

    @Test
    void loggingOutHereLogsOutThere() {
        Browser browser = new Browser(hub.base());
        JsonNode tokens = tokens(browser, login(browser, "radiologist"));
        HttpResponse<String> logout = browser.post(
                "/oauth2/logout",
                Map.of(
                        "client_id",
                        "console",
                        "post_logout_redirect_uri",
                        console(),
                        "id_token_hint",
                        tokens.path("id_token").asText()));
        String there = Browser.location(logout);
        assertThat(there)
                .startsWith(keycloak.issuer() + "/protocol/openid-connect/logout")
                .contains("id_token_hint=");
        assertThat(reading(browser, tokens).statusCode()).isEqualTo(401);

        HttpResponse<String> back = browser.get(there);
        assertThat(Browser.location(back)).startsWith(hub.base() + "/login/oidc/logged-out?state=");
        assertThat(Browser.location(browser.get(Browser.location(back)))).isEqualTo(console());
        // The way back serves once and leads nowhere else.
        assertThat(Browser.location(browser.get(Browser.location(back)))).isEqualTo("/login?logout");
        // Keycloak asks for the password again.
        assertThat(browser.get(atKeycloak(browser)).body()).contains("kc-form-login");
    }

    @Test
    void loggingOutByTheFormLogsOutThereToo() {
        Browser browser = new Browser(hub.base());
        tokens(browser, login(browser, "radiologist"));
        // A refused form logs out nowhere.
        assertThat(Browser.location(browser.post("/logout", Map.of("_csrf", "wrong"))))
                .endsWith("/login?expired");
        assertThat(isAskedToLogIn(browser)).isFalse();

        String csrf = Browser.csrf(browser.get("/logout").body());
        HttpResponse<String> logout = browser.post("/logout", Map.of("_csrf", csrf));
        assertThat(Browser.location(logout)).startsWith(keycloak.issuer());
        HttpResponse<String> back = browser.get(Browser.location(logout));
        assertThat(Browser.location(browser.get(Browser.location(back)))).endsWith("/login?logout");
        assertThat(isAskedToLogIn(browser)).isTrue();
    }

    @Test
    void loggingOutThereLogsOutHere() throws Exception {
        Browser browser = new Browser(hub.base());
        String back = backFrom(browser, atKeycloak(browser), "radiologist", KeycloakFixture.PASSWORD);
        JsonNode tokens = tokens(browser, browser.get(back));
        Browser elsewhere = new Browser(hub.base());
        JsonNode others = tokens(elsewhere, login(elsewhere, "radiologist"));
        assertThat(reading(browser, tokens).statusCode()).isEqualTo(200);

        keycloak.endSession(session(back));
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (reading(browser, tokens).statusCode() != 401 && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        assertThat(reading(browser, tokens).statusCode()).isEqualTo(401);
        assertThat(isAskedToLogIn(browser)).isTrue();
        assertThat(reading(elsewhere, others).statusCode())
                .as("another login of the same person")
                .isEqualTo(200);
        assertThat(Browser.json(browser.post(
                                "/oauth2/token",
                                Map.of(
                                        "grant_type",
                                        "refresh_token",
                                        "client_id",
                                        "console",
                                        "refresh_token",
                                        tokens.path("refresh_token").asText())))
                        .path("error")
                        .asText())
                .isEqualTo("invalid_grant");
    }

    @Test
    void loggingOutThereAlsoEndsTheChoiceOfAPosition() {
        Browser browser = new Browser(hub.base());
        String back = backFrom(browser, atKeycloak(browser), "sonographer", KeycloakFixture.PASSWORD);
        assertThat(Browser.isTo(browser.get(back), "/login/position")).isTrue();
        String csrf = Browser.csrf(browser.get("/login/position").body());
        keycloak.endSession(session(back));
        assertThat(Browser.location(browser.post("/login/position", Map.of("position", "quality", "_csrf", csrf))))
                .endsWith("/login?expired");
        assertThat(isAskedToLogIn(browser)).isTrue();
    }

    @Test
    void logoutTokenOfSomebodyElseEndsNothing() throws Exception {
        Browser browser = new Browser(hub.base());
        JsonNode tokens = tokens(browser, login(browser, "radiologist"));
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(keycloak.issuer())
                .audience("trefoil-hub")
                .issueTime(new Date())
                .expirationTime(new Date(System.currentTimeMillis() + 60_000))
                .jwtID(UUID.randomUUID().toString())
                .subject(hub.bean(LoginRegister.class).all().stream()
                        .map(LoginRegister.Login::issuerSubject)
                        .filter(subject -> subject != null)
                        .findFirst()
                        .orElseThrow())
                .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()))
                .build();
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(), claims);
        forged.sign(new RSASSASigner(
                KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate()));
        for (String token : new String[] {forged.serialize(), "", "a.b.c", "x".repeat(20_000)}) {
            HttpResponse<String> answer = browser.post("/login/oidc/backchannel-logout", Map.of("logout_token", token));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("invalid_request");
        }
        assertThat(reading(browser, tokens).statusCode()).isEqualTo(200);
    }

    @Test
    void hubStartsWithoutTheLoginServerAndSaysSo(@TempDir Path other) {
        Map<String, String> settings = new HashMap<>(settings());
        settings.put("trefoil.smart.oidc.issuer", "http://localhost:" + SmartFixture.freePort() + "/realms/hospital");
        try (SmartFixture lonely = SmartFixture.start(other, SmartFixture.freePort(), "demo", settings)) {
            Browser browser = new Browser(lonely.base());
            assertThat(browser.get("/login").body()).contains("医院统一登录");
            assertThat(Browser.location(browser.get("/login/oidc"))).isEqualTo("/login?sso-failed");
            assertThat(browser.login("radiologist", "trefoil-demo").statusCode())
                    .isEqualTo(302);
        }
    }
}
