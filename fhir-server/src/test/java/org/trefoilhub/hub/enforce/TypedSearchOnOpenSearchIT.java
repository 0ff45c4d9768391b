package org.trefoilhub.hub.enforce;

import org.junit.jupiter.api.AfterAll;
import org.trefoilhub.hub.fixture.HubFixture;

class TypedSearchOnOpenSearchIT extends AbstractTypedSearchContract {

    private final HubFixture own = HubFixture.ownOnOpenSearch();

    @Override
    HubFixture hub() {
        return own;
    }

    @AfterAll
    void end() {
        own.close();
    }
}
