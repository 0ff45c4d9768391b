package org.trefoilhub.access.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of the engine that lets SMART scopes narrow.
 *
 * <p>Scopes are alternatives: one that grants is enough. {@code user/} counts only with a user, {@code system/} only
 * without. Scopes of a patient's compartment and scopes with a query part cannot be applied to a request here, so they
 * grant nothing, and the reason says so.
 */
final class ScopeGate {

    private ScopeGate() {}

    /** The letter that an action on a known resource needs. */
    static char letter(Action action) {
        return switch (action) {
            case SAVE -> 'c';
            case MODIFY -> 'u';
            case DELETE -> 'd';
            case VIEW, PRINT, DOWNLOAD, EXPORT, SHARE -> 'r';
        };
    }

    /** The letter that an action on resources still to be found needs. */
    static char searchLetter(Action action) {
        return action == Action.VIEW ? 's' : letter(action);
    }

    /** Returns the reason for a refusal, or null when some scope grants. */
    static @Nullable String refusal(Subject subject, char letter, ResourceKind kind) {
        String narrower = null;
        for (String granted : subject.scopes()) {
            Optional<SmartScope> parsed = SmartScope.parse(granted);
            if (parsed.isEmpty() || !parsed.get().covers(letter, kind.type())) {
                continue;
            }
            SmartScope scope = parsed.get();
            if (scope.context() == SmartScope.Context.PATIENT) {
                narrower = "a scope of one patient's compartment is not applied by this hub yet";
            } else if (scope.query() != null) {
                narrower = "a scope with a query part is not applied by this hub yet";
            } else if ((scope.context() == SmartScope.Context.USER) == (subject.user() != null)) {
                return null;
            }
        }
        return narrower != null ? narrower : "no granted scope covers `" + kind.type() + "." + letter + "`";
    }
}
