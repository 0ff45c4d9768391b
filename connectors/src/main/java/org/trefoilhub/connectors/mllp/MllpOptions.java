package org.trefoilhub.connectors.mllp;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Limits of the server.
 *
 * @param bindAddress where to listen
 * @param maxConnections at once; what comes beyond is closed
 * @param maxMessageBytes largest message taken
 * @param idleTimeout silence between messages after which a connection is closed
 * @param frameTimeout longest time that one frame may take to arrive
 */
public record MllpOptions(
        InetSocketAddress bindAddress,
        int maxConnections,
        int maxMessageBytes,
        Duration idleTimeout,
        Duration frameTimeout) {

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException when one is not positive
     */
    public MllpOptions {
        if (maxConnections < 1 || maxMessageBytes < 1 || !isPositive(idleTimeout) || !isPositive(frameTimeout)) {
            throw new IllegalArgumentException("expected positive limits");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
