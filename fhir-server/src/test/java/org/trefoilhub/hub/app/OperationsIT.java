package org.trefoilhub.hub.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.hub.fixture.HubFixture;

class OperationsIT {

    private final HubFixture hub = HubFixture.onH2();

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/readiness", "/actuator/health/liveness"})
    void shouldTellItsHealthToEverybody(String path) {
        var answer = hub.send(HttpRequest.newBuilder(URI.create(hub.base() + path)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"status\":\"UP\"").doesNotContain("components", "database");
    }

    @Test
    void shouldGiveMetricsForATokenOnly() {
        assertThat(hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/actuator/prometheus")))
                        .statusCode())
                .isEqualTo(401);
        var answer = metrics();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("jvm_memory_used_bytes", "http_server_requests_seconds_count");
    }

    @Test
    void shouldKeepWhatIsSearchedForOutOfTheMetrics() {
        hub.search("Patient?name=canarypatient");
        hub.get("/dicom-web/studies?PatientName=canarypatient");
        hub.get("/fhir/Patient/canarypatient");
        var answer = metrics();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContainIgnoringCase("canarypatient");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/env", "/actuator/heapdump", "/actuator/beans", "/actuator/loggers"})
    void shouldExposeNothingElse(String path) {
        assertThat(hub.get(path).statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> metrics() {
        return hub.send(hub.request("/actuator/prometheus").setHeader("Accept", "text/plain"));
    }
}
