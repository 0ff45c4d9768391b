package org.trefoilhub.interceptors.fhir.error;

import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/** Stable codes of errors of the FHIR door that no other module names; the digits are the HTTP status. */
public enum FhirErrorCode {
    /** The request cannot be understood. */
    INVALID("TREFOIL-FHR-0400", IssueType.INVALID),
    /** No identity. */
    UNAUTHENTICATED("TREFOIL-FHR-0401", IssueType.LOGIN),
    /** Not permitted. */
    FORBIDDEN("TREFOIL-FHR-0403", IssueType.FORBIDDEN),
    /** Absent or hidden. */
    NOT_FOUND("TREFOIL-FHR-0404", IssueType.NOTFOUND),
    /** The method is not offered there. */
    METHOD_NOT_ALLOWED("TREFOIL-FHR-0405", IssueType.NOTSUPPORTED),
    /** No representation the client accepts. */
    NOT_ACCEPTABLE("TREFOIL-FHR-0406", IssueType.NOTSUPPORTED),
    /** Somebody else changed the resource, or it is referenced. */
    CONFLICT("TREFOIL-FHR-0409", IssueType.CONFLICT),
    /** Deleted. */
    GONE("TREFOIL-FHR-0410", IssueType.DELETED),
    /** A condition of the request does not hold. */
    PRECONDITION_FAILED("TREFOIL-FHR-0412", IssueType.CONFLICT),
    /** Too large. */
    TOO_LARGE("TREFOIL-FHR-0413", IssueType.TOOLONG),
    /** Media type not understood. */
    UNSUPPORTED_MEDIA_TYPE("TREFOIL-FHR-0415", IssueType.NOTSUPPORTED),
    /** Understood, but against a rule of FHIR, of a profile or of a workflow. */
    UNPROCESSABLE("TREFOIL-FHR-0422", IssueType.PROCESSING),
    /** Too many attempts; wait. */
    TOO_MANY_REQUESTS("TREFOIL-FHR-0429", IssueType.THROTTLED),
    /** The hub failed; the fault is ours. */
    INTERNAL("TREFOIL-FHR-0500", IssueType.EXCEPTION),
    /** Not built. */
    NOT_IMPLEMENTED("TREFOIL-FHR-0501", IssueType.NOTSUPPORTED),
    /** Cannot answer now; try again. */
    UNAVAILABLE("TREFOIL-FHR-0503", IssueType.TRANSIENT);

    private final String code;
    private final IssueType issueType;

    FhirErrorCode(String code, IssueType issueType) {
        this.code = code;
        this.issueType = issueType;
    }

    /**
     * The code as it leaves the hub.
     *
     * @return such as {@code TREFOIL-FHR-0404}
     */
    public String code() {
        return code;
    }

    /**
     * The FHIR issue type of this error.
     *
     * @return never null
     */
    public IssueType issueType() {
        return issueType;
    }

    /**
     * The code for an HTTP status.
     *
     * @param status status, 400 to 599
     * @return the code with these digits; without one, {@link #INVALID} below 500 and {@link #INTERNAL} from there
     */
    public static FhirErrorCode ofStatus(int status) {
        String digits = "0" + status;
        for (FhirErrorCode each : values()) {
            if (each.code.endsWith(digits)) {
                return each;
            }
        }
        return status < 500 ? INVALID : INTERNAL;
    }
}
