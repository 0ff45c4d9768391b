package org.trefoilhub.dicomweb.archive;

import java.net.InetAddress;
import java.util.Optional;
import org.trefoilhub.access.policy.Subject;

/** Who a DIMSE peer is: configured elsewhere, asked at each association request. Implementations are thread-safe. */
@FunctionalInterface
public interface DimsePeers {

    /**
     * Finds a configured peer.
     *
     * @param callingAeTitle trimmed, up to 16 characters
     * @param calledAeTitle trimmed; must be one of ours
     * @param address where the connection comes from
     * @return empty if the peer is unknown, which rejects the association
     */
    Optional<Subject> find(String callingAeTitle, String calledAeTitle, InetAddress address);
}
