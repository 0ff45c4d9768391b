package org.trefoilhub.dicomweb.crash;

import java.nio.file.Path;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;

class CrashOnH2IT extends AbstractCrashContract {
    @Override
    protected String jdbcUrl(Path folder) {
        return ArchiveServer.h2(folder);
    }

    @Override
    protected String user() {
        return "sa";
    }
}
