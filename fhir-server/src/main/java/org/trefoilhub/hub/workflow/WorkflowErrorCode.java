package org.trefoilhub.hub.workflow;

/** Stable codes of refused steps. */
public enum WorkflowErrorCode {
    /** No step leads from the state that is reached to the one that was asked for; the answer lists the legal ones. */
    ILLEGAL_STEP("TREFOIL-WFL-0001"),
    /** The step is said to have happened before the last one, or in the future. */
    WRONG_TIME("TREFOIL-WFL-0002"),
    /** The process is in no state that its table knows. */
    UNKNOWN_STATE("TREFOIL-WFL-0003"),
    /** A report that was signed is not deleted; it is entered in error. */
    SIGNED_REPORT("TREFOIL-WFL-0004"),
    /** The tag of a recall is set and taken by the hub alone. */
    RESERVED_TAG("TREFOIL-WFL-0005"),
    /** The step needs something that is not there, such as a report or a corrected version. */
    NOT_READY("TREFOIL-WFL-0006");

    private final String code;

    WorkflowErrorCode(String code) {
        this.code = code;
    }

    /**
     * The code as it leaves the hub.
     *
     * @return such as {@code TREFOIL-WFL-0001}
     */
    public String code() {
        return code;
    }
}
