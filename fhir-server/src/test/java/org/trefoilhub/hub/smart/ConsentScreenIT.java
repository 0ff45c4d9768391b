package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is asked before an app of others gets a token, and what becomes of the answer. */
class ConsentScreenIT {

    private static final String CALLBACK = "http://localhost:9900/callback";
    private static final String SCOPES = "openid fhirUser offline_access user/ImagingStudy.rs user/Patient.r";

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

    /** A person who has logged in. */
    private static Browser person(String user) {
        Browser browser = new Browser(hub.base());
        browser.login(user, "trefoil-demo");
        return browser;
    }

    private static HttpResponse<String> ask(Browser browser, String scopes, String... more) {
        return browser.follow(browser.get(authorize(scopes, more)));
    }

    private static String authorize(String scopes, String... more) {
        String[] parameters = new String[more.length + 2];
        parameters[0] = "aud";
        parameters[1] = hub.base() + "/fhir";
        System.arraycopy(more, 0, parameters, 2, more.length);
        return Browser.authorize("cdss", CALLBACK, scopes, parameters);
    }

    private static JsonNode trade(Browser browser, HttpResponse<String> answer) {
        return Browser.json(browser.trade("cdss", CALLBACK, Browser.parameter(answer, "code"), Browser.VERIFIER));
    }

    @Test
    void pageSaysInPlainWordsWhoAsksForWhat() {
        Browser browser = person("ward-nurse");
        HttpResponse<String> page = ask(browser, SCOPES + " user/Observation.rs?category=http://x|laboratory");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("<html lang=\"zh-CN\">")
                .contains("临床决策支持")
                .contains("唐秋月")
                .contains("影像检查")
                .contains("患者基本信息")
                .contains("检验、测量与体征（仅限检验）")
                .contains("您有权查看的患者");
        assertThat(Browser.scopesOn(page))
                .as("the data first, the rest behind it")
                .containsExactly(
                        "user/ImagingStudy.rs",
                        "user/Observation.rs?category=http://x|laboratory",
                        "user/Patient.r",
                        "openid",
                        "fhirUser",
                        "offline_access");
        assertThat(page.body())
                .as("a key held down since the login agrees to nothing")
                .doesNotContainPattern("<button[^>]* autofocus");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'");
        String english = browser.get("/login/app?state=" + Browser.hidden(page, "state") + "&lang=en")
                .body();
        assertThat(english)
                .contains("Imaging studies")
                .contains("Allow")
                .contains("View · for the patients you may see");
    }

    @Test
    void untickedScopesAreNotGranted() {
        Browser browser = person("outpatient-doctor");
        HttpResponse<String> page = ask(browser, SCOPES);
        JsonNode tokens = trade(browser, browser.decide(page, "allow", List.of("openid", "user/ImagingStudy.rs")));

        assertThat(tokens.path("scope").asText().split(" "))
                .containsExactlyInAnyOrder("openid", "user/ImagingStudy.rs");
        assertThat(tokens.has("refresh_token")).isFalse();
        assertThat(tokens.has("id_token")).isTrue();
    }

    @Test
    void withoutOpenidThereIsNoIdToken() {
        Browser browser = person("emergency-doctor");
        HttpResponse<String> page = ask(browser, SCOPES);
        JsonNode tokens = trade(browser, browser.decide(page, "allow", List.of("user/ImagingStudy.rs")));

        assertThat(tokens.has("id_token")).isFalse();
        assertThat(tokens.has("access_token")).isTrue();
    }

    @Test
    void answerIsRememberedUntilTheAppAsksForMore() {
        Browser browser = person("qc");
        browser.decide(ask(browser, SCOPES), "allow", List.of("openid", "user/ImagingStudy.rs"));

        HttpResponse<String> again = ask(browser, SCOPES);
        assertThat(trade(browser, again).path("scope").asText().split(" "))
                .as("the answer of last time")
                .containsExactlyInAnyOrder("openid", "user/ImagingStudy.rs");
        HttpResponse<String> less = ask(person("qc"), "openid user/ImagingStudy.rs");
        assertThat(less.statusCode()).as("a smaller question").isEqualTo(302);
        HttpResponse<String> more = ask(browser, SCOPES + " user/DiagnosticReport.rs");
        assertThat(more.statusCode()).as("a wider question").isEqualTo(200);
        assertThat(ask(browser, SCOPES, "prompt", "consent").statusCode())
                .as("asked to ask")
                .isEqualTo(200);
        assertThat(ask(person("scheduler"), SCOPES).statusCode())
                .as("somebody else")
                .isEqualTo(200);
    }

    @Test
    void refusalIsToldAndForgetsWhatWasAgreedBefore() {
        Browser browser = person("medical-affairs");
        browser.agree(browser.get(authorize(SCOPES)));
        HttpResponse<String> page = ask(browser, SCOPES, "prompt", "consent");

        HttpResponse<String> refused = browser.decide(page, "refuse", Browser.scopesOn(page));

        assertThat(Browser.location(refused)).startsWith(CALLBACK + "?");
        assertThat(Browser.parameter(refused, "error")).isEqualTo("access_denied");
        assertThat(Browser.parameter(refused, "state")).isEqualTo("s1");
        assertThat(ask(browser, SCOPES).statusCode()).isEqualTo(200);
    }

    @Test
    void nothingTickedIsARefusal() {
        Browser browser = person("ward-doctor2");
        HttpResponse<String> refused = browser.decide(ask(browser, SCOPES), "allow", List.of());

        assertThat(Browser.parameter(refused, "error")).isEqualTo("access_denied");
    }

    @Test
    void scopesThatWereNotAskedForAreNotGranted() {
        Browser browser = person("researcher");
        HttpResponse<String> page = ask(browser, "openid user/ImagingStudy.r");
        JsonNode tokens =
                trade(browser, browser.decide(page, "allow", List.of("openid", "user/ImagingStudy.r", "user/*.cruds")));

        assertThat(tokens.path("scope").asText().split(" ")).containsExactlyInAnyOrder("openid", "user/ImagingStudy.r");
    }

    @Test
    void answerNeedsTheCsrfTokenAndTheSameSession() {
        Browser browser = person("technician");
        HttpResponse<String> page = ask(browser, SCOPES);
        String state = Browser.hidden(page, "state");

        HttpResponse<String> forged =
                browser.post("/login/app", Map.of("state", state, "decision", "allow", "scope", "openid"));
        assertThat(Browser.location(forged)).endsWith("/login?expired");
        Browser other = person("technician");
        HttpResponse<String> elsewhere = other.get("/login/app?state=" + state);
        assertThat(Browser.location(elsewhere)).endsWith("/login?expired");
        assertThat(Browser.location(new Browser(hub.base()).get("/login/app?state=" + state)))
                .endsWith("/login?expired");
        HttpResponse<String> answer = browser.decide(page, "allow", List.of("openid"));
        assertThat(Browser.parameter(answer, "code")).isNotEmpty();
        HttpResponse<String> twice = browser.decide(page, "allow", List.of("openid"));
        assertThat(Browser.location(twice)).as("answered twice").endsWith("/login?expired");
    }

    @Test
    void ownPagesAreNotAsked() {
        Browser browser = person("auditor");
        HttpResponse<String> answer =
                browser.get(Browser.authorize("console", hub.base() + "/console/", "openid user/*.rs"));

        assertThat(Browser.parameter(answer, "code")).isNotEmpty();
    }

    @Test
    void silentRequestOfAnAppIsToldThatConsentIsNeeded() {
        Browser browser = person("steward");
        HttpResponse<String> answer = browser.get(authorize(SCOPES, "prompt", "none"));

        assertThat(Browser.parameter(answer, "error")).isEqualTo("consent_required");
    }

    @Test
    void consentEndpointOfTheLibraryGrantsNothing() {
        Browser browser = person("endoscopist");
        HttpResponse<String> page = ask(browser, SCOPES);
        HttpResponse<String> bypass = browser.post(
                "/oauth2/authorize",
                Map.of("client_id", "cdss", "state", Browser.hidden(page, "state"), "scope", "openid"));

        assertThat(bypass.statusCode()).isEqualTo(400);
        assertThat(bypass.headers().firstValue("Location")).isEmpty();
    }
}
