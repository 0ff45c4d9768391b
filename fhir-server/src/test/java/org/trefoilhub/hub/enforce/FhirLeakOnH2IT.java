package org.trefoilhub.hub.enforce;

import org.trefoilhub.hub.fixture.HubFixture;

/** In a world of its own: files of exports that other tests left are counted for clients that do not see them. */
class FhirLeakOnH2IT extends AbstractFhirLeakContract {
    @Override
    HubFixture database() {
        return HubFixture.own();
    }

    @Override
    void leave(HubFixture walked) {
        walked.close();
    }
}
