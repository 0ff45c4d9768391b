package org.trefoilhub.hub.smart.scope;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Cuts requested scopes down to what a client may hold. Pure; never widens. */
public final class ScopeNarrowing {

    private ScopeNarrowing() {}

    /**
     * The granted part of a request.
     *
     * <p>A scope that is covered in full stays as it was written (v1 stays v1); one that is covered in part becomes the v2
     * scope of the covered part; the rest disappears. A scope with a query part that nothing enforces disappears too: it is
     * never granted without its query.
     *
     * @param requested scopes as requested
     * @param maximum the widest scopes that may be granted
     * @param contexts the contexts that make sense for the grant: {@code USER} with a person, {@code PATIENT} with a patient
     *     in context, {@code SYSTEM} without both
     * @return granted scopes in the order of the request, possibly empty
     */
    public static Set<String> narrow(
            Collection<String> requested, Collection<String> maximum, Set<SmartScope.Context> contexts) {
        Set<String> granted = new LinkedHashSet<>();
        for (String text : requested) {
            Optional<SmartScope> scope = SmartScope.parse(text);
            if (scope.isEmpty()) {
                if (SmartScope.PLAIN.contains(text)
                        && maximum.contains(text)
                        && contexts.contains(SmartScope.Context.USER)) {
                    granted.add(text);
                }
                continue;
            }
            SmartScope wanted = scope.get();
            if (!contexts.contains(wanted.context())) {
                continue;
            }
            for (String limitText : maximum) {
                SmartScope.parse(limitText)
                        .flatMap(wanted::intersect)
                        .ifPresent(common -> granted.add(common.equals(wanted) ? text : common.toString()));
            }
        }
        return granted;
    }
}
