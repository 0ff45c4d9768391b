package org.trefoilhub.connectors.mllp;

import java.net.InetAddress;

/** What happens with the messages of a server. Called by several threads at once, in order for each connection. */
public interface MessageHandler {

    /**
     * Handles one message.
     *
     * @param message its bytes without the frame
     * @param peer where it came from
     * @return the answer without a frame
     */
    byte[] handle(byte[] message, InetAddress peer);

    /**
     * Is told of bytes that are no frame; the connection is closed afterwards.
     *
     * @param fault what is wrong
     * @param peer where they came from
     */
    void broken(FrameException.Fault fault, InetAddress peer);
}
