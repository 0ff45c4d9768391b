package org.trefoilhub.dicomweb;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;

class DicomwebOnPostgresqlIT extends AbstractDicomwebContract {
    private EmbeddedPostgres postgres;

    @Override
    protected ArchiveServer start(Path folder) throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        return ArchiveServer.start(
                postgres.getJdbcUrl("postgres", "postgres"), "postgres", folder.resolve("blobs"), 0, -1, Map.of());
    }

    @AfterAll
    void stopPostgres() throws IOException {
        postgres.close();
    }
}
