package org.trefoilhub.access.policy;

/** Stable codes of refusals and of policies that cannot be loaded. */
public enum AccessErrorCode {
    /** A policy, or the absence of one, denies this request. */
    DENIED("TREFOIL-ACC-0001"),
    /** Nothing of that type, action and door could ever be permitted to the subject. */
    NOTHING_PERMITTED("TREFOIL-ACC-0002"),
    /** The permitted part cannot be turned into the query of this door. */
    SCOPE_NOT_TRANSLATABLE("TREFOIL-ACC-0003"),
    /** No identity came with the request. */
    UNAUTHENTICATED("TREFOIL-ACC-0004"),
    /** The operation has no rule that says which permission it needs. */
    OPERATION_UNKNOWN("TREFOIL-ACC-0005"),
    /** The resource does not exist or is hidden. */
    NOT_FOUND("TREFOIL-ACC-0006"),
    /** The policies could not be loaded; everything is denied. */
    POLICY_INVALID("TREFOIL-ACC-0010");

    private final String code;

    AccessErrorCode(String code) {
        this.code = code;
    }

    /**
     * The code as it leaves the hub.
     *
     * @return such as {@code TREFOIL-ACC-0001}
     */
    public String code() {
        return code;
    }
}
