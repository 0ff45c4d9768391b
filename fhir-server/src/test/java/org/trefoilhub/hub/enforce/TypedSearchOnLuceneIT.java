package org.trefoilhub.hub.enforce;

import org.trefoilhub.hub.fixture.HubFixture;

class TypedSearchOnLuceneIT extends AbstractTypedSearchContract {
    @Override
    HubFixture hub() {
        return HubFixture.onH2();
    }
}
