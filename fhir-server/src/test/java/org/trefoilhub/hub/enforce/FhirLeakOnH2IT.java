package org.trefoilhub.hub.enforce;

import org.trefoilhub.hub.fixture.HubFixture;

class FhirLeakOnH2IT extends AbstractFhirLeakContract {
    @Override
    HubFixture database() {
        return HubFixture.onH2();
    }
}
