package org.trefoilhub.access.policy;

/** Base of the exceptions of the policy engine; carries a stable code. */
public abstract class AccessException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final AccessErrorCode code;

    /**
     * Keeps code and message.
     *
     * @param code stable code
     * @param message one lower-case sentence without patient data
     */
    protected AccessException(AccessErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /**
     * The stable code.
     *
     * @return the code
     */
    public AccessErrorCode code() {
        return code;
    }
}
