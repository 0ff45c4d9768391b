package org.trefoilhub.hub.critical;

/** Stable codes of what is refused about critical values. */
public enum CriticalErrorCode {
    /** No step of a critical value leads from its state to the one that was asked for; the answer lists the legal ones. */
    ILLEGAL_STEP("TREFOIL-CRI-0001"),
    /** The step belongs to somebody else: the performing department, the ward, or a second doctor. */
    NOT_YOURS("TREFOIL-CRI-0002"),
    /** The step needs something that was not given: read-back, a reason, the measures taken or the progress note. */
    INCOMPLETE("TREFOIL-CRI-0003"),
    /** Whoever signed first must not sign again: two different doctors audit. */
    SAME_SIGNER("TREFOIL-CRI-0004"),
    /** A report with a critical finding is released after two doctors have audited it, or in an emergency with a reason. */
    NOT_AUDITED("TREFOIL-CRI-0005"),
    /** The patient has not moved: the case stays with the ward that has it. */
    NOT_MOVED("TREFOIL-CRI-0006"),
    /** Cases of critical values are opened and changed by their steps alone, not by plain writes. */
    WRITTEN_PAST_THE_STEPS("TREFOIL-CRI-0007"),
    /** The time that was given is in the future, or before the finding was recognised. */
    WRONG_TIME("TREFOIL-CRI-0008");

    private final String code;

    CriticalErrorCode(String code) {
        this.code = code;
    }

    /**
     * The code as it leaves the hub.
     *
     * @return such as {@code TREFOIL-CRI-0001}
     */
    public String code() {
        return code;
    }
}
