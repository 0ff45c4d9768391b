package org.trefoilhub.connectors.mllp;

import java.io.IOException;

/** The bytes of a connection are no frame. */
public class FrameException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Fault {
        /** Bytes outside a frame. */
        NO_START,
        /** The end of the frame is not followed by a carriage return. */
        BAD_END,
        /** The connection ended inside a frame. */
        TRUNCATED,
        /** The frame is larger than is taken. */
        TOO_LARGE,
        /** The frame took longer to arrive than is waited for. */
        TOO_SLOW
    }

    private final Fault fault;

    FrameException(Fault fault) {
        super("expected a whole MLLP frame: " + fault);
        this.fault = fault;
    }

    /** What is wrong. */
    public Fault fault() {
        return fault;
    }
}
