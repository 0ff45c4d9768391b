package org.trefoilhub.dicomweb.crash;

import java.nio.file.Path;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;

class CrashOnH2IT extends AbstractCrashContract {
    CrashOnH2IT() {
        super("sa");
    }

    @Override
    protected String database(Path folder) {
        return ArchiveServer.h2(folder);
    }
}
