package org.trefoilhub.access.audit;

/** Stable codes of an audit trail that does not work. */
public enum AuditErrorCode {
    /** The event cannot be made durable now, so its request is not answered. */
    UNAVAILABLE("TREFOIL-AUD-0001"),
    /** An event was to be written with a transaction, and there is none. */
    NO_TRANSACTION("TREFOIL-AUD-0002");

    private final String code;

    AuditErrorCode(String code) {
        this.code = code;
    }

    /**
     * The code as it leaves the hub.
     *
     * @return such as {@code TREFOIL-AUD-0001}
     */
    public String code() {
        return code;
    }
}
