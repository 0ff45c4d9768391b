package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One logout for all apps of a login, how they hear of it, and sessions that end by themselves. */
class LogoutIT {

    private static final String CALLBACK = "http://localhost:9900/callback";

    @TempDir
    static Path home;

    private static SmartFixture hub;
    private static HttpServer app;
    private static final BlockingQueue<String> TOLD = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws Exception {
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/out", exchange -> {
            TOLD.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        app.start();
        Path accounts = home.resolve("accounts.yaml");
        Files.writeString(
                accounts,
                """
                users:
                  - {name: li, displayName: 李, roles: [doctor], departments: [radiology], clearance: N, password: trefoil-demo}
                clients:
                  - {id: page, displayName: Page, firstParty: true, grants: [AUTHORIZATION_CODE],
                     redirectUris: ["http://localhost:9900/callback"], postLogoutRedirectUris: ["http://localhost:9900/bye"],
                     scopes: [openid, offline_access, online_access, "user/*.rs"], clearance: V}
                  - {id: app, displayName: App, grants: [AUTHORIZATION_CODE], redirectUris: ["http://localhost:9900/callback"],
                     scopes: [openid, offline_access, online_access, "user/*.rs"],
                     backchannelLogoutUri: "http://localhost:%d/out"}
                """
                        .formatted(app.getAddress().getPort()));
        hub = SmartFixture.start(
                home,
                SmartFixture.freePort(),
                "own",
                Map.of(
                        "trefoil.smart.accounts", "file:" + accounts,
                        "trefoil.smart.access-token-ttl", "48h",
                        "trefoil.smart.session-idle", "2h",
                        "trefoil.smart.session-max", "8h"));
    }

    @AfterAll
    static void stop() {
        hub.close();
        app.stop(0);
    }

    private static JsonNode tokens(Browser browser, String client, String scopes) {
        return browser.tokens("li", client, CALLBACK, scopes, "aud", hub.base() + "/fhir");
    }

    private static int reading(Browser browser, JsonNode tokens) {
        return browser.get(
                        "/fhir/Patient",
                        "Authorization",
                        "Bearer " + tokens.path("access_token").asText())
                .statusCode();
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
    void oneLogoutEndsAllAppsOfTheLoginAndTellsThoseThatWantToHear() throws Exception {
        TOLD.clear();
        Browser browser = new Browser(hub.base());
        JsonNode page = tokens(browser, "page", "openid offline_access user/*.rs");
        JsonNode other = tokens(browser, "app", "openid offline_access user/*.rs");
        Browser elsewhere = new Browser(hub.base());
        JsonNode second = tokens(elsewhere, "app", "openid offline_access user/*.rs");

        HttpResponse<String> out = browser.get("/oauth2/logout?id_token_hint="
                + page.path("id_token").asText() + "&post_logout_redirect_uri=http://localhost:9900/bye&state=x1");

        assertThat(Browser.location(out)).isEqualTo("http://localhost:9900/bye?state=x1");
        assertThat(reading(browser, page)).isEqualTo(401);
        assertThat(reading(browser, other)).isEqualTo(401);
        assertThat(refresh(browser, "app", other).body()).contains("invalid_grant");
        assertThat(Browser.isTo(
                        browser.get(Browser.authorize("app", CALLBACK, "openid", "aud", hub.base() + "/fhir")),
                        "/login"))
                .isTrue();
        assertThat(reading(elsewhere, second)).as("another login of the person").isEqualTo(200);

        String body = TOLD.poll(10, TimeUnit.SECONDS);
        assertThat(body).isNotNull().startsWith("logout_token=");
        SignedJWT token =
                SignedJWT.parse(URLDecoder.decode(body.substring("logout_token=".length()), StandardCharsets.UTF_8));
        JWKSet keys = JWKSet.parse(browser.get("/oauth2/jwks").body());
        assertThat(token.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        assertThat(token.getHeader().getType().getType()).isEqualTo("logout+jwt");
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(hub.base());
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("app");
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("li");
        assertThat(token.getJWTClaimsSet().getJWTID()).isNotBlank();
        assertThat(token.getJWTClaimsSet().getClaim("nonce")).isNull();
        assertThat(token.getJWTClaimsSet().getJSONObjectClaim("events"))
                .containsOnlyKeys("http://schemas.openid.net/event/backchannel-logout");
        assertThat(token.getJWTClaimsSet().getStringClaim("sid"))
                .isEqualTo(SignedJWT.parse(other.path("id_token").asText())
                        .getJWTClaimsSet()
                        .getStringClaim("sid"));
        assertThat(TOLD.poll(500, TimeUnit.MILLISECONDS)).as("told once").isNull();
    }

    @Test
    void logoutTokenOpensNoDoor() throws Exception {
        TOLD.clear();
        Browser browser = new Browser(hub.base());
        tokens(browser, "app", "openid user/*.rs");
        browser.post(
                "/logout", Map.of("_csrf", Browser.csrf(browser.get("/logout").body())));
        String body = TOLD.poll(10, TimeUnit.SECONDS);

        assertThat(body).isNotNull();
        assertThat(browser.get("/fhir/Patient", "Authorization", "Bearer " + body.substring("logout_token=".length()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void sessionThatNobodyUsesEndsButForOfflineAccess() {
        Browser browser = new Browser(hub.base());
        JsonNode page = tokens(browser, "page", "openid offline_access user/*.rs");
        JsonNode online = tokens(browser, "app", "openid online_access user/*.rs");
        JsonNode offline = tokens(browser, "app", "openid offline_access user/*.rs");
        assertThat(online.has("refresh_token")).isTrue();

        hub.forward(Duration.ofMinutes(90));
        assertThat(reading(browser, page)).as("in use").isEqualTo(200);
        hub.forward(Duration.ofMinutes(90));
        assertThat(reading(browser, page)).as("used 90 minutes ago").isEqualTo(200);
        hub.forward(Duration.ofMinutes(121));

        assertThat(reading(browser, page)).as("own page").isEqualTo(401);
        assertThat(refresh(browser, "page", page).body()).contains("invalid_grant");
        assertThat(reading(browser, online)).as("online app").isEqualTo(401);
        assertThat(refresh(browser, "app", online).body()).contains("invalid_grant");
        assertThat(browser.get("/dicom-web/studies").statusCode()).as("cookie").isEqualTo(401);
        assertThat(Browser.isTo(browser.get(Browser.authorize("page", CALLBACK, "openid")), "/login"))
                .as("browser session")
                .isTrue();
        assertThat(reading(browser, offline)).as("offline app").isEqualTo(200);
        assertThat(refresh(browser, "app", offline).statusCode()).isEqualTo(200);
        assertThat(reading(browser, page)).as("not woken by the offline app").isEqualTo(401);
    }

    @Test
    void sessionInUseEndsAtTheLatestAfterItsLongestLife() {
        Browser browser = new Browser(hub.base());
        JsonNode page = tokens(browser, "page", "openid online_access user/*.rs");
        for (int hour = 1; hour < 8; hour++) {
            hub.forward(Duration.ofMinutes(59));
            assertThat(reading(browser, page)).as("hour " + hour).isEqualTo(200);
        }
        hub.forward(Duration.ofMinutes(70));

        assertThat(reading(browser, page)).isEqualTo(401);
        assertThat(refresh(browser, "page", page).body()).contains("invalid_grant");
    }

    @Test
    void postedAuthorizationRequestIsTakenAsOneThatWasAskedFor() {
        Browser browser = new Browser(hub.base());
        browser.login("li", "trefoil-demo");
        String query = Browser.authorize("page", CALLBACK, "user/*.rs", "state", "a b&c=ü");
        HttpResponse<String> seen = browser.send("POST", "/oauth2/authorize", query.substring(query.indexOf('?') + 1));

        assertThat(seen.statusCode()).isEqualTo(303);
        HttpResponse<String> answer = browser.get(Browser.location(seen));
        assertThat(Browser.parameter(answer, "code")).isNotEmpty();
        assertThat(Browser.parameter(answer, "state")).isEqualTo("a b&c=ü");
    }
}
