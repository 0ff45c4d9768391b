package org.trefoilhub.hub.imaging;

import org.trefoilhub.hub.fixture.HubFixture;

class PostgresqlProjectionIT extends AbstractProjectionContract {
    @Override
    HubFixture hub() {
        return HubFixture.onPostgresql();
    }
}
