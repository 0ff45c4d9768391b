package org.trefoilhub.access.audit;

/** How it ended; codes of FHIR {@code audit-event-outcome}. */
public enum AuditOutcome {
    /** Done. */
    SUCCESS("0"),
    /** Refused, absent, or the request was wrong. */
    MINOR_FAILURE("4"),
    /** The hub could not do it. */
    SERIOUS_FAILURE("8"),
    /** The hub can no longer work. */
    MAJOR_FAILURE("12");

    private final String code;

    AuditOutcome(String code) {
        this.code = code;
    }

    /**
     * The code in FHIR.
     *
     * @return a number as text
     */
    public String code() {
        return code;
    }

    /**
     * The outcome of an HTTP exchange.
     *
     * @param status HTTP status
     * @return success below 400, serious failure from 500
     */
    public static AuditOutcome ofHttp(int status) {
        if (status < 400) {
            return SUCCESS;
        }
        return status < 500 ? MINOR_FAILURE : SERIOUS_FAILURE;
    }
}
