package org.trefoilhub.dicomweb.dimse;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;

/** The real archive on H2 with its DIMSE door on a free loopback port; its one peer is {@link #PEER}. */
final class DimseArchive implements AutoCloseable {

    static final String PEER = "CONFORMANCE";
    private static final String CLIENT = "conformance";

    private final ArchiveServer server;

    DimseArchive(Path folder) {
        server = ArchiveServer.start(ArchiveServer.h2(folder), "sa", folder.resolve("blobs"), 0, 0, Map.of());
    }

    InetSocketAddress address() {
        return server.dimseAddress();
    }

    ArchiveSession session() {
        return server.bean(Archive.class).as(Subject.device(CLIENT, Clearance.N), Door.DIMSE);
    }

    /** From now on the peer may look and not save, or both. */
    void permitSave(boolean permitted) {
        if (permitted) {
            server.policies().permit(CLIENT, Action.VIEW, Action.SAVE, Action.DELETE);
        } else {
            server.policies().permit(CLIENT, Action.VIEW);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
