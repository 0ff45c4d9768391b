package org.trefoilhub.access.policy;

import org.jspecify.annotations.Nullable;

/**
 * A door refused a request because of policy; each door maps it to its own way of saying no.
 *
 * <p>The message holds the reason, without patient data.
 */
public class AccessDeniedException extends AccessException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable PolicyDecision decision;

    /**
     * A refusal.
     *
     * @param code stable code
     * @param reason one lower-case sentence without patient data
     * @param decision the decision behind it, or null when the engine was not asked
     */
    public AccessDeniedException(AccessErrorCode code, String reason, @Nullable PolicyDecision decision) {
        super(code, reason);
        this.decision = decision;
    }

    /**
     * A refusal by decision.
     *
     * @param decision a decision that does not permit
     * @return the exception
     */
    public static AccessDeniedException of(PolicyDecision decision) {
        return new AccessDeniedException(AccessErrorCode.DENIED, decision.reason(), decision);
    }

    /**
     * A refusal because nothing could ever be permitted.
     *
     * @param scope the empty scope
     * @return the exception
     */
    public static AccessDeniedException of(AccessScope.None scope) {
        return new AccessDeniedException(AccessErrorCode.NOTHING_PERMITTED, scope.reason(), null);
    }

    /**
     * A refusal because the door cannot translate the scope into its query.
     *
     * @param part what could not be translated, such as {@code a label scope}
     * @return the exception
     */
    public static AccessDeniedException untranslatable(String part) {
        return new AccessDeniedException(
                AccessErrorCode.SCOPE_NOT_TRANSLATABLE,
                "this search is refused because the permitted part cannot be applied to it: " + part,
                null);
    }

    /**
     * The decision behind the refusal.
     *
     * @return the decision, or null when the engine was not asked
     */
    public @Nullable PolicyDecision decision() {
        return decision;
    }
}
