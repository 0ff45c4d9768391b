package org.trefoilhub.dicomweb.crash;

import java.nio.file.Path;
import org.trefoilhub.dicomweb.fixture.Postgresql;

class CrashOnPostgresqlIT extends AbstractCrashContract {
    CrashOnPostgresqlIT() {
        super(Postgresql.USER);
    }

    @Override
    protected String database(Path folder) {
        return Postgresql.newDatabase();
    }
}
