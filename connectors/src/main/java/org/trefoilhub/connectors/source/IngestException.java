package org.trefoilhub.connectors.source;

/** A message of a source system is not applied. The text says what was expected, without any value of the message. */
public class IngestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final IngestErrorCode code;

    /**
     * A refusal.
     *
     * @param code stable code
     * @param message one lower-case sentence that names segments and fields, never their contents
     */
    public IngestException(IngestErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /**
     * A refusal with its cause.
     *
     * @param code stable code
     * @param message one lower-case sentence
     * @param cause what went wrong below
     */
    public IngestException(IngestErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * The stable code.
     *
     * @return never null
     */
    public IngestErrorCode code() {
        return code;
    }
}
