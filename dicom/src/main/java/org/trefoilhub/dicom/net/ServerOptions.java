package org.trefoilhub.dicom.net;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Where a {@link DicomServer} listens, and what bounds it.
 *
 * @param bindAddress port 0 = any free one
 * @param maxAssociations at once, at least 1; one more is rejected as local limit exceeded
 * @param maxPduLengthBytes largest P-DATA-TF variable field taken, 4096 to 16 MiB
 * @param artimTimeout for a peer to send its A-ASSOCIATE-RQ after connecting, and to close after the association
 * @param idleTimeout for an established association without a request; also for one PDU to come in or go out
 * @param maxDatasetBytes longest data set of one request
 */
public record ServerOptions(
        InetSocketAddress bindAddress,
        int maxAssociations,
        int maxPduLengthBytes,
        Duration artimTimeout,
        Duration idleTimeout,
        long maxDatasetBytes) {

    private static final int MIN_PDU_BYTES = 4096;
    private static final int MAX_PDU_BYTES = 16 << 20;

    public ServerOptions {
        if (maxAssociations < 1) {
            throw new IllegalArgumentException("maxAssociations is " + maxAssociations + ", expected at least 1");
        }
        if (maxPduLengthBytes < MIN_PDU_BYTES || maxPduLengthBytes > MAX_PDU_BYTES) {
            throw new IllegalArgumentException("maxPduLengthBytes is " + maxPduLengthBytes + ", expected "
                    + MIN_PDU_BYTES + " to " + MAX_PDU_BYTES);
        }
        if (artimTimeout.isNegative() || artimTimeout.isZero() || idleTimeout.isNegative() || idleTimeout.isZero()) {
            throw new IllegalArgumentException("timeouts are expected to be positive");
        }
        if (maxDatasetBytes < 1) {
            throw new IllegalArgumentException("maxDatasetBytes is " + maxDatasetBytes + ", expected at least 1");
        }
    }

    /** 64 associations, PDUs of 128 KiB, ARTIM 10 s, idle 60 s, data sets of 16 GiB. */
    public static ServerOptions at(InetSocketAddress bindAddress) {
        return new ServerOptions(
                bindAddress, 64, 128 * 1024, Duration.ofSeconds(10), Duration.ofSeconds(60), 16L << 30);
    }

    public ServerOptions withMaxAssociations(int count) {
        return new ServerOptions(bindAddress, count, maxPduLengthBytes, artimTimeout, idleTimeout, maxDatasetBytes);
    }

    public ServerOptions withMaxPduLengthBytes(int bytes) {
        return new ServerOptions(bindAddress, maxAssociations, bytes, artimTimeout, idleTimeout, maxDatasetBytes);
    }

    public ServerOptions withArtimTimeout(Duration timeout) {
        return new ServerOptions(
                bindAddress, maxAssociations, maxPduLengthBytes, timeout, idleTimeout, maxDatasetBytes);
    }

    public ServerOptions withIdleTimeout(Duration timeout) {
        return new ServerOptions(
                bindAddress, maxAssociations, maxPduLengthBytes, artimTimeout, timeout, maxDatasetBytes);
    }

    public ServerOptions withMaxDatasetBytes(long bytes) {
        return new ServerOptions(bindAddress, maxAssociations, maxPduLengthBytes, artimTimeout, idleTimeout, bytes);
    }
}
