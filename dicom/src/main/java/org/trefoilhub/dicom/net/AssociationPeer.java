package org.trefoilhub.dicom.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for an association, as the A-ASSOCIATE-RQ says and the socket proves. AE titles are names, not proofs.
 *
 * @param callingAeTitle 1 to 16 characters, trimmed
 * @param calledAeTitle 1 to 16 characters, trimmed
 * @param address of the peer's end of the connection
 * @param implementationClassUid of the peer, null when it sent none
 */
public record AssociationPeer(
        String callingAeTitle,
        String calledAeTitle,
        InetSocketAddress address,
        @Nullable String implementationClassUid) {}
