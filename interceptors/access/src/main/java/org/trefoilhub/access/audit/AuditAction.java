package org.trefoilhub.access.audit;

/** What was done to the entity; codes of FHIR {@code audit-event-action}. */
public enum AuditAction {
    /** Create. */
    CREATE("C"),
    /** Read, print, query. */
    READ("R"),
    /** Update. */
    UPDATE("U"),
    /** Delete. */
    DELETE("D"),
    /** Execute: log on, run an operation, search. */
    EXECUTE("E");

    private final String code;

    AuditAction(String code) {
        this.code = code;
    }

    /**
     * The code in FHIR.
     *
     * @return one capital letter
     */
    public String code() {
        return code;
    }
}
