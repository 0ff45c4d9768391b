package org.trefoilhub.hub.app;

import java.util.Set;

/**
 * The operations that the FHIR door serves, by name with the dollar sign.
 *
 * <p>HAPI's resource providers bring more (expunge, reindex, undo-merge, replace-references ...). Those act beside the policy
 * or belong to operators, so they answer as unknown until an issue of this project builds them.
 */
final class ServedOperations {

    private static final Set<String> NAMES = Set.of(
            "$validate",
            "$everything",
            "$meta",
            "$meta-add",
            "$meta-delete",
            "$expand",
            "$validate-code",
            "$lookup",
            "$subsumes",
            "$translate",
            "$snapshot",
            "$export",
            "$export-poll-status",
            "$explain-access",
            "$simulate-access",
            "$request-access",
            "$break-glass",
            "$critical-hints",
            "$dismiss-critical-hint",
            "$advance",
            "$recommend",
            "$extract",
            "$document",
            "$mrrt",
            "$import-mrrt",
            "$verify",
            "$release",
            "$recall",
            "$timeline",
            "$merge",
            "$mdm-query-links",
            "$mdm-update-link",
            "$mdm-merge-golden-resources");

    private ServedOperations() {}

    /**
     * Whether the operation is served.
     *
     * @param name name with or without the leading dollar sign
     */
    static boolean contains(String name) {
        return NAMES.contains(name.startsWith("$") ? name : "$" + name);
    }
}
