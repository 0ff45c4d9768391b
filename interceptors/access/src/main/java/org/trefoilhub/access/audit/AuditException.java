package org.trefoilhub.access.audit;

import org.jspecify.annotations.Nullable;

/** An event could not be recorded; whoever catches this must not answer the request that it belongs to. */
public final class AuditException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final AuditErrorCode code;

    /**
     * Keeps code, message and cause.
     *
     * @param code stable code
     * @param message one lower-case sentence without patient data
     * @param cause what went wrong, or null
     */
    public AuditException(AuditErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * The stable code.
     *
     * @return the code
     */
    public AuditErrorCode code() {
        return code;
    }
}
