package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One person, several positions: one is chosen at login, and its rights alone count. */
class PositionIT {

    private static final String ACCOUNTS =
            """
            users:
              - name: two-hats
                displayName: 顾双清
                password: trefoil-demo
                positions:
                  - {code: ward, displayName: 病房医生, roles: [doctor], departments: [W1], clearance: N}
                  - {code: reading, displayName: 影像诊断医师, roles: [doctor, qc], departments: [radiology], clearance: R}
              - name: one-hat
                displayName: 单一帆
                password: trefoil-demo
                positions:
                  - {code: ward, displayName: 病房护士, roles: [nurse], departments: [W1]}
            clients:
              - id: console
                displayName: 控制台
                firstParty: true
                grants: [AUTHORIZATION_CODE]
                redirectUris: ["{public-url}/console/"]
                scopes: [openid, profile, offline_access, user/*.cruds]
                clearance: V
            """;
    private static final String SCOPE = "openid profile offline_access user/*.rs";

    @TempDir
    static Path home;

    private static Path accounts;
    private static SmartFixture hub;

    @BeforeAll
    static void start() throws Exception {
        accounts = Files.writeString(home.resolve("accounts.yaml"), ACCOUNTS);
        hub = SmartFixture.start(
                home, SmartFixture.freePort(), "demo", Map.of("trefoil.smart.accounts", "file:" + accounts));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String console() {
        return hub.base() + "/console/";
    }

    /** Logs in as far as the choice. */
    private static Browser undecided(String authorize) {
        Browser browser = new Browser(hub.base());
        browser.get(authorize);
        HttpResponse<String> logged = browser.login("two-hats", "trefoil-demo");
        assertThat(Browser.isTo(logged, "/login/position")).isTrue();
        return browser;
    }

    private static HttpResponse<String> choose(Browser browser, String position) {
        String csrf = Browser.csrf(browser.get("/login/position").body());
        return browser.post("/login/position", Map.of("position", position, "_csrf", csrf));
    }

    private static JsonNode tokens(Browser browser, String authorize, String position) {
        HttpResponse<String> chosen = choose(browser, position);
        assertThat(Browser.location(chosen)).contains("/oauth2/authorize");
        String code = Browser.parameter(browser.get(Browser.location(chosen)), "code");
        return Browser.json(browser.trade("console", console(), code, Browser.VERIFIER));
    }

    private static JsonNode subject(Browser browser, JsonNode tokens) {
        return Browser.json(browser.get(
                "/fhir/Patient",
                "Authorization",
                "Bearer " + tokens.path("access_token").asText()));
    }

    @Test
    void chosenPositionAloneCounts() throws Exception {
        String authorize = Browser.authorize("console", console(), SCOPE);
        Browser browser = undecided(authorize);
        assertThat(browser.get("/login/position").body()).contains("顾双清", "病房医生", "影像诊断医师");
        JsonNode tokens = tokens(browser, authorize, "ward");

        JsonNode ward = subject(browser, tokens);
        assertThat(ward.path("user").asText()).isEqualTo("two-hats");
        assertThat(ward.path("roles").toString()).isEqualTo("[\"doctor\"]");
        assertThat(ward.path("departments").toString()).isEqualTo("[\"W1\"]");
        assertThat(ward.path("clearance").asText()).isEqualTo("N");
        SignedJWT id = SignedJWT.parse(tokens.path("id_token").asText());
        assertThat(id.getJWTClaimsSet().getStringListClaim("departments")).containsExactly("W1");

        // A refreshed token stays in the position.
        JsonNode again = Browser.json(browser.post(
                "/oauth2/token",
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "client_id",
                        "console",
                        "refresh_token",
                        tokens.path("refresh_token").asText())));
        assertThat(subject(browser, again).path("departments").toString()).isEqualTo("[\"W1\"]");

        // The same person at another time: the same identity, the other rights.
        Browser other = undecided(authorize);
        JsonNode reading = subject(other, tokens(other, authorize, "reading"));
        assertThat(reading.path("user").asText()).isEqualTo("two-hats");
        assertThat(reading.path("departments").toString()).isEqualTo("[\"radiology\"]");
        assertThat(reading.path("clearance").asText()).isEqualTo("R");
    }

    @Test
    void nobodyIsInBeforeTheChoice() {
        String authorize = Browser.authorize("console", console(), SCOPE);
        Browser browser = undecided(authorize);

        assertThat(Browser.isTo(browser.get(authorize), "/login")).isTrue();
        assertThat(Browser.location(choose(browser, "director"))).endsWith("/login?expired");
        assertThat(Browser.isTo(browser.get(authorize), "/login")).isTrue();
        // Without the CSRF token no choice is made.
        assertThat(Browser.location(browser.post("/login/position", Map.of("position", "ward"))))
                .endsWith("/login?expired");
        assertThat(Browser.isTo(browser.get(authorize), "/login")).isTrue();
        // Who has proven nothing has nothing to choose.
        assertThat(Browser.isTo(new Browser(hub.base()).get("/login/position"), "/login"))
                .isTrue();
    }

    @Test
    void lastChoiceIsOfferedFirst() {
        String authorize = Browser.authorize("console", console(), SCOPE);
        Browser browser = undecided(authorize);
        assertThat(browser.get("/login/position").body()).doesNotContain("上次选择");
        choose(browser, "reading");
        browser.post(
                "/logout", Map.of("_csrf", Browser.csrf(browser.get("/logout").body())));

        browser.login("two-hats", "trefoil-demo");
        String page = browser.get("/login/position").body();
        assertThat(page).contains("上次选择");
        assertThat(page.indexOf("value=\"reading\"")).isLessThan(page.indexOf("value=\"ward\""));
    }

    @Test
    void onlyPositionNeedsNoChoice() {
        Browser browser = new Browser(hub.base());
        JsonNode tokens = browser.tokens("one-hat", "console", console(), SCOPE);

        assertThat(subject(browser, tokens).path("roles").toString()).isEqualTo("[\"nurse\"]");
    }

    @Test
    void positionThatIsTakenAwayClosesItsTokens() throws Exception {
        String authorize = Browser.authorize("console", console(), SCOPE);
        Browser browser = undecided(authorize);
        JsonNode tokens = tokens(browser, authorize, "reading");
        assertThat(subject(browser, tokens).path("user").asText()).isEqualTo("two-hats");
        List<String> without =
                ACCOUNTS.lines().filter(line -> !line.contains("code: reading")).toList();
        try {
            Files.write(accounts, without);
            long deadline = System.nanoTime() + 10_000_000_000L;
            int status;
            do {
                Thread.sleep(200);
                status = browser.get(
                                "/fhir/Patient",
                                "Authorization",
                                "Bearer " + tokens.path("access_token").asText())
                        .statusCode();
            } while (status != 401 && System.nanoTime() < deadline);
            assertThat(status).isEqualTo(401);
        } finally {
            Files.writeString(accounts, ACCOUNTS);
            Thread.sleep(1_100);
        }
    }
}
