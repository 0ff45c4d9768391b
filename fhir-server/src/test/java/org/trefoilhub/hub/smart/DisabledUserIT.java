package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.HubFixture;

/**
 * Whoever is disabled through FHIR, as the hospital's system does it, is out with the next request: token, cookie, browser
 * session, refresh and login; and what was open stays closed when he comes back.
 */
class DisabledUserIT {

    private static final String SID = "https://trefoil-hub.org/fhir/sid/";
    private static final String USER = "emergency-doctor";
    private static final String POST = USER + "@emergency";
    private static final Duration PROMISED = Duration.ofMinutes(1);

    private final HubFixture hub = HubFixture.onH2();
    private String practitioner;
    private String role;

    /** A person with everything a login gives. */
    private record Session(Browser browser, String access, String refresh) {}

    @BeforeEach
    void recordThePerson() {
        Practitioner person = new Practitioner();
        person.setActive(true);
        person.addIdentifier().setSystem(SID + "user").setValue(USER);
        practitioner = id(hub.create(person));
        PractitionerRole post = new PractitionerRole();
        post.setActive(true);
        post.addIdentifier().setSystem(SID + "practitioner-role").setValue(POST);
        post.getPractitioner().setReference("Practitioner/" + practitioner);
        role = id(hub.create(post));
    }

    @AfterEach
    void forgetThePerson() {
        for (String path : new String[] {"/fhir/PractitionerRole/" + role, "/fhir/Practitioner/" + practitioner}) {
            assertThat(hub.send(hub.request(path).DELETE()).statusCode()).isEqualTo(200);
        }
    }

    private String id(HttpResponse<String> created) {
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return Browser.json(created).path("id").asText();
    }

    private Practitioner practitioner() {
        return hub.parse(
                Practitioner.class,
                hub.get("/fhir/Practitioner/" + practitioner).body());
    }

    private PractitionerRole role() {
        return hub.parse(
                PractitionerRole.class,
                hub.get("/fhir/PractitionerRole/" + role).body());
    }

    private void put(Resource resource) {
        String path =
                "/fhir/" + resource.fhirType() + "/" + resource.getIdElement().getIdPart();
        HttpResponse<String> answer = hub.send(hub.request(path)
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(encoded(resource))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static String encoded(IBaseResource resource) {
        return FhirContext.forR4Cached().newJsonParser().encodeResourceToString(resource);
    }

    private Session login() {
        Browser browser = new Browser(hub.base());
        JsonNode tokens = browser.tokens(USER, "console", console(), "openid offline_access user/*.rs");
        return new Session(
                browser,
                tokens.path("access_token").asText(),
                tokens.path("refresh_token").asText());
    }

    private String console() {
        return hub.base() + "/console/";
    }

    private int reading(Session session) {
        return session.browser()
                .get("/fhir/Organization?_summary=count", "Authorization", "Bearer " + session.access())
                .statusCode();
    }

    private int byCookie(Session session) {
        return session.browser().get("/dicom-web/studies?limit=1").statusCode();
    }

    private int refreshing(Session session) {
        return session.browser()
                .post(
                        "/oauth2/token",
                        Map.of(
                                "grant_type",
                                "refresh_token",
                                "client_id",
                                "console",
                                "refresh_token",
                                session.refresh()))
                .statusCode();
    }

    private boolean isAskedToLogIn(Browser browser) {
        return Browser.isTo(browser.get(Browser.authorize("console", console(), "openid user/*.rs")), "/login");
    }

    private void assertIn(Session session) {
        assertThat(reading(session)).as("with the token").isNotEqualTo(401);
        assertThat(byCookie(session)).as("with the cookie").isNotEqualTo(401);
    }

    private void assertOut(Session session) {
        assertThat(reading(session)).as("with the token").isEqualTo(401);
        assertThat(byCookie(session)).as("with the cookie").isEqualTo(401);
        assertThat(refreshing(session)).as("with the refresh token").isEqualTo(400);
        assertThat(isAskedToLogIn(session.browser()))
                .as("with the browser session")
                .isTrue();
        Browser again = new Browser(hub.base());
        HttpResponse<String> refused = again.login(USER, "trefoil-demo");
        assertThat(Browser.location(refused)).endsWith("/login?disabled");
        assertThat(again.get("/login?disabled").body()).contains("账号已停用");
        assertThat(isAskedToLogIn(again)).as("after the refused login").isTrue();
        // Only who knows the password is told.
        assertThat(Browser.location(again.login(USER, "wrong"))).endsWith("/login?error");
    }

    private boolean isEnded(Session session) {
        String access = session.access();
        JsonNode claims = Browser.json(hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/oauth2/introspect"))
                .header("Authorization", Browser.basic("conformance", "conformance-secret"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + access))));
        return !claims.path("active").asBoolean();
    }

    @Test
    void personWhoIsDisabledIsOutWithTheNextRequestAndStaysOutOfOldSessions() throws Exception {
        Session session = login();
        assertIn(session);

        put(practitioner().setActive(false));
        assertOut(session);
        assertThat(isEnded(session)).isTrue();

        awaitEnd();
        put(practitioner().setActive(true));
        assertThat(reading(session)).as("the old token of who is back").isEqualTo(401);
        assertThat(refreshing(session)).isEqualTo(400);
        assertIn(login());
    }

    @Test
    void personWhosePostWasTakenAwayIsOut() {
        Session session = login();
        put(role().setActive(false));
        assertOut(session);
    }

    @Test
    void personWhosePostEndsIsOutWithoutAnybodyDoingAnything() throws Exception {
        Session session = login();
        PractitionerRole post = role();
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneId.of("Asia/Shanghai"));
        post.getPeriod().setEndElement(new DateTimeType(today.toString()));
        put(post);
        assertIn(session);

        post = role();
        DateTimeType soon = new DateTimeType(Date.from(Instant.now().plusSeconds(4)));
        post.getPeriod().setEndElement((DateTimeType) soon.setTimeZoneZulu(true));
        put(post);
        assertIn(session);
        Instant end = Instant.now().plusSeconds(4);
        while (reading(session) != 401 && Instant.now().isBefore(end.plus(PROMISED))) {
            Thread.sleep(200);
        }
        assertOut(session);
    }

    @Test
    void recordThatIsRepeatedLogsNobodyOut() {
        Session session = login();
        put(practitioner());
        Practitioner named = practitioner();
        named.addName(new HumanName().setText("曹峻"));
        put(named);
        assertIn(session);
    }

    private void awaitEnd() throws InterruptedException {
        LoginRegister register = hub.bean(LoginRegister.class);
        long deadline = System.nanoTime() + PROMISED.toNanos();
        while (register.all().stream().anyMatch(login -> login.user().equals(USER)) && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        assertThat(register.all()).extracting(LoginRegister.Login::user).doesNotContain(USER);
    }
}
