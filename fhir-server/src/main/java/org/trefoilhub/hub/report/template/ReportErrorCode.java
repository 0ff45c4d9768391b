package org.trefoilhub.hub.report.template;

/** Stable codes of what is wrong with answers, templates and the reports made of them. */
public enum ReportErrorCode {
    /** An answer is missing, of the wrong type, out of its limits or not among the options; {@code expression} says which. */
    ANSWER_INVALID("TREFOIL-RPT-0001"),
    /** The template of the answers is not stored, or is not visible to who asks. */
    TEMPLATE_UNKNOWN("TREFOIL-RPT-0002"),
    /** The report has left the draft: its content is changed by an amendment, not by answers. */
    REPORT_CLOSED("TREFOIL-RPT-0003"),
    /** The answers were stopped or entered in error: nothing is extracted from them. */
    ANSWERS_VOID("TREFOIL-RPT-0004"),
    /** A calculated answer differed from what its expression yields and was corrected; a warning. */
    ANSWER_CORRECTED("TREFOIL-RPT-0005"),
    /** An expression of a template cannot be understood or evaluated. */
    EXPRESSION_INVALID("TREFOIL-RPT-0006"),
    /** A file is no MRRT template. */
    MRRT_INVALID("TREFOIL-RPT-0007"),
    /** The report has nothing to print in this state. */
    NOTHING_TO_PRINT("TREFOIL-RPT-0008");

    private final String code;

    ReportErrorCode(String code) {
        this.code = code;
    }

    /** The code as it leaves the hub, such as {@code TREFOIL-RPT-0001}. */
    public String code() {
        return code;
    }
}
