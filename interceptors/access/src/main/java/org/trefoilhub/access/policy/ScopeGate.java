package org.trefoilhub.access.policy;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of the engine that lets SMART scopes narrow.
 *
 * <p>Scopes are alternatives: what any one grants is granted. {@code user/} counts only with a user, {@code system/} only
 * without, {@code patient/} only with a patient in context and then for that patient's compartment. Of query parts
 * {@code category=system|code} is understood, with a comma between alternatives, and {@code _id=id} for the one resource
 * that is read by its id; a scope with any other grants nothing.
 */
final class ScopeGate {

    private static final String CATEGORY = "category=";
    private static final String ID = "_id=";

    private ScopeGate() {}

    /** The letter that an action on a known resource needs. */
    static char letter(Action action) {
        return switch (action) {
            case SAVE -> 'c';
            case MODIFY, LABEL -> 'u';
            case DELETE -> 'd';
            case VIEW, PRINT, DOWNLOAD, EXPORT, SHARE -> 'r';
        };
    }

    /** The letter that an action on resources still to be found needs. */
    static char searchLetter(Action action) {
        return action == Action.VIEW ? 's' : letter(action);
    }

    /** The part of all resources of a kind that the scopes of a subject grant, where none is named. */
    static AccessScope granted(Subject subject, char letter, ResourceKind kind) {
        return granted(subject, letter, kind, null);
    }

    /**
     * The part of all resources of a kind that the scopes of a subject grant.
     *
     * @param id logical id of the resource that is asked for, or null when none is named
     */
    static AccessScope granted(Subject subject, char letter, ResourceKind kind, @Nullable String id) {
        AccessScope granted = new AccessScope.None("no granted scope covers `" + kind.type() + "." + letter + "`");
        for (String text : subject.scopes()) {
            if (!SmartScope.mayName(text, kind.type())) {
                continue;
            }
            SmartScope scope = SmartScope.parse(text).orElse(null);
            if (scope != null && scope.covers(letter, kind.type())) {
                granted = ScopeAlgebra.union(granted, region(scope, subject, id));
            }
        }
        return granted;
    }

    /** Whether a scope opens resources of a kind by their id, so that without one nothing is known yet. */
    static boolean asksForId(Subject subject, char letter, ResourceKind kind) {
        return subject.scopes().stream()
                .filter(text -> SmartScope.mayName(text, kind.type()))
                .flatMap(text -> SmartScope.parse(text).stream())
                .anyMatch(scope -> scope.covers(letter, kind.type())
                        && scope.query() != null
                        && scope.query().startsWith(ID));
    }

    private static AccessScope region(SmartScope scope, Subject subject, @Nullable String id) {
        return ScopeAlgebra.intersection(
                switch (scope.context()) {
                    case USER -> ScopeAlgebra.when(subject.user() != null);
                    case SYSTEM -> ScopeAlgebra.when(subject.user() == null);
                    case PATIENT ->
                        subject.patient() == null
                                ? ScopeAlgebra.when(false)
                                : new AccessScope.Compartment(Set.of(subject.patient()));
                },
                query(scope.query(), id));
    }

    private static AccessScope query(@Nullable String query, @Nullable String id) {
        if (query == null) {
            return ScopeAlgebra.when(true);
        }
        if (query.startsWith(ID)) {
            return ScopeAlgebra.when(query.substring(ID.length()).equals(id));
        }
        if (!query.startsWith(CATEGORY) || query.indexOf('&') >= 0) {
            return ScopeAlgebra.when(false);
        }
        Set<String> categories = new HashSet<>();
        for (String token : query.substring(CATEGORY.length()).split(",", -1)) {
            int bar = token.indexOf('|');
            if (bar <= 0 || bar == token.length() - 1) {
                return ScopeAlgebra.when(false);
            }
            categories.add(token);
        }
        return new AccessScope.Coded(FactKind.CATEGORY, categories);
    }
}
