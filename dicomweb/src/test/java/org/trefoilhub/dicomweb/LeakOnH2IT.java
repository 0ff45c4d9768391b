package org.trefoilhub.dicomweb;

import java.nio.file.Path;
import java.util.Map;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;

class LeakOnH2IT extends AbstractLeakContract {
    @Override
    protected ArchiveServer start(Path folder) {
        return ArchiveServer.start(ArchiveServer.h2(folder), "sa", folder.resolve("blobs"), 0, 0, Map.of());
    }
}
