package org.trefoilhub.hub.enforce;

import org.trefoilhub.hub.fixture.HubFixture;

class FhirLeakOnPostgresqlIT extends AbstractFhirLeakContract {
    @Override
    HubFixture database() {
        return HubFixture.onPostgresql();
    }
}
