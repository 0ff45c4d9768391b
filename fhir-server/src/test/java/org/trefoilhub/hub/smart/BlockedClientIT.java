package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.hl7.fhir.r4.model.Device;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.HubFixture;

/**
 * A client whose Device is made inactive is out with the next request, at the FHIR and the DICOMweb door and at the token
 * endpoint, and what it held before stays dead when it comes back.
 */
class BlockedClientIT {

    private static final String SYSTEM = "https://trefoil-hub.org/fhir/sid/client";

    private final HubFixture hub = HubFixture.onH2();
    private String device;

    @BeforeEach
    void recordTheClients() {
        device = create("cloud-imaging");
    }

    private String create(String client) {
        Device recorded = new Device();
        recorded.setStatus(Device.FHIRDeviceStatus.ACTIVE);
        recorded.addIdentifier().setSystem(SYSTEM).setValue(client);
        HttpResponse<String> answer = hub.create(recorded);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Browser.json(answer).path("id").asText();
    }

    @AfterEach
    void forgetTheClient() {
        assertThat(hub.send(hub.request("/fhir/Device/" + device).DELETE()).statusCode())
                .isEqualTo(200);
    }

    private void set(String id, Device.FHIRDeviceStatus status) {
        Device recorded = hub.parse(Device.class, hub.get("/fhir/Device/" + id).body());
        recorded.setStatus(status);
        HttpResponse<String> answer = hub.send(hub.request("/fhir/Device/" + id)
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(
                        FhirContext.forR4Cached().newJsonParser().encodeResourceToString(recorded))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private HttpResponse<String> token() {
        return new Browser(hub.base())
                .post(
                        "/oauth2/token",
                        Map.of("grant_type", "client_credentials"),
                        "Authorization",
                        Browser.basic("cloud-imaging", "cloud-imaging-secret"));
    }

    private int at(String path, String token) {
        return new Browser(hub.base())
                .get(path, "Authorization", "Bearer " + token)
                .statusCode();
    }

    @Test
    void blockedClientIsOutWithTheNextRequestAtEveryDoor() throws Exception {
        String token = Browser.json(token()).path("access_token").asText();
        assertThat(at("/fhir/ImagingStudy?_count=1", token)).isNotEqualTo(401);

        set(device, Device.FHIRDeviceStatus.INACTIVE);

        assertThat(at("/fhir/ImagingStudy?_count=1", token)).isEqualTo(401);
        assertThat(at("/dicom-web/studies?limit=1", token)).isEqualTo(401);
        assertThat(token().statusCode()).isEqualTo(401);
        assertThat(at("/fhir/ImagingStudy?_count=1", hub.token())).as("others").isEqualTo(200);

        // The seconds of a token's time of issue are whole.
        Thread.sleep(1_100);
        set(device, Device.FHIRDeviceStatus.ACTIVE);
        String fresh = Browser.json(token()).path("access_token").asText();
        assertThat(at("/fhir/ImagingStudy?_count=1", fresh)).isNotEqualTo(401);
        assertThat(at("/fhir/ImagingStudy?_count=1", token)).as("from before").isEqualTo(401);
    }

    @Test
    void blockOfAnAppEndsWhatPeopleGaveIt() throws Exception {
        String app = create("cdss");
        try {
            Browser browser = new Browser(hub.base());
            JsonNode tokens = browser.tokens(
                    "ward-nurse",
                    "cdss",
                    "http://localhost:9900/callback",
                    "openid offline_access user/*.rs",
                    "aud",
                    hub.base() + "/fhir");
            assertThat(at(
                            "/fhir/Organization?_count=1",
                            tokens.path("access_token").asText()))
                    .isNotEqualTo(401);

            set(app, Device.FHIRDeviceStatus.INACTIVE);
            assertThat(at(
                            "/fhir/Organization?_count=1",
                            tokens.path("access_token").asText()))
                    .isEqualTo(401);
            assertThat(refresh(browser, tokens).statusCode()).isEqualTo(401);

            Thread.sleep(1_100);
            set(app, Device.FHIRDeviceStatus.ACTIVE);
            assertThat(refresh(browser, tokens).body()).contains("invalid_grant");
            assertThat(at(
                            "/fhir/Organization?_count=1",
                            tokens.path("access_token").asText()))
                    .isEqualTo(401);
        } finally {
            hub.send(hub.request("/fhir/Device/" + app).DELETE());
        }
    }

    private static HttpResponse<String> refresh(Browser browser, JsonNode tokens) {
        return browser.post(
                "/oauth2/token",
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "client_id",
                        "cdss",
                        "refresh_token",
                        tokens.path("refresh_token").asText()));
    }
}
