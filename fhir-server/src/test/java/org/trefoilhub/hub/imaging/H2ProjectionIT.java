package org.trefoilhub.hub.imaging;

import org.trefoilhub.hub.fixture.HubFixture;

class H2ProjectionIT extends AbstractProjectionContract {
    @Override
    HubFixture hub() {
        return HubFixture.onH2();
    }
}
