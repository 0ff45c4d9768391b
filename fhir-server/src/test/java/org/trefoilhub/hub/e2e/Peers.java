package org.trefoilhub.hub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.imaging.DimsePeerDevice;

/** The DIMSE peers of the demo hospital as Devices, made through FHIR once for each hub. */
final class Peers {

    private static final String CANONICAL = "https://trefoil-hub.org/fhir";
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");

    private Peers() {}

    static synchronized void make(HubFixture hub) {
        Map.of("MODALITY1", "modality", "CONFORMANCE", "conformance").forEach((aeTitle, client) -> {
            String found = "Device?identifier=https://trefoil-hub.org/fhir/sid/ae-title%7C" + aeTitle;
            if (hub.search(found).getTotal() == 0) {
                HttpResponse<String> created =
                        hub.create(DimsePeerDevice.of(CANONICAL, aeTitle, client, LOOPBACK, null, 0));
                assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            }
        });
    }
}
