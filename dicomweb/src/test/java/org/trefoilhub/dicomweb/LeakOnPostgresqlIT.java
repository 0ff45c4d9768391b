package org.trefoilhub.dicomweb;

import java.nio.file.Path;
import java.util.Map;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;
import org.trefoilhub.dicomweb.fixture.Postgresql;

class LeakOnPostgresqlIT extends AbstractLeakContract {
    @Override
    protected ArchiveServer start(Path folder) {
        return ArchiveServer.start(Postgresql.newDatabase(), Postgresql.USER, folder.resolve("blobs"), 0, 0, Map.of());
    }
}
