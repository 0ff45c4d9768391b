package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeSearchParam;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.trefoilhub.access.policy.AccessDeniedException;

/**
 * Finds the resource types that the parameters of a search look into beside the one that is searched: chains,
 * {@code _has}, {@code _revinclude}, typed {@code _include}, {@code _list}, chained {@code _sort}.
 *
 * <p>Whoever may not see such a type could learn about it by probing, so the caller requires each. A parameter whose types
 * cannot be told is refused. What an untyped {@code _include} brings along is looked at resource by resource afterwards.
 */
final class SearchReach {

    private final FhirContext context;

    SearchReach(FhirContext context) {
        this.context = context;
    }

    /**
     * The types beside the searched one.
     *
     * @param type searched type
     * @param parameters parameters of the search, without decoding left to do
     * @return names of types, not checked to exist
     * @throws AccessDeniedException when a parameter cannot be followed
     */
    Set<String> types(String type, Map<String, String[]> parameters) {
        Set<String> types = new TreeSet<>();
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            String bare = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
            switch (bare) {
                case "_include" -> included(parameter.getValue(), types);
                case "_revinclude" -> revincluded(parameter.getValue(), types);
                case "_sort" -> {
                    for (String value : parameter.getValue()) {
                        for (String key : value.split(",")) {
                            follow(type, key.startsWith("-") ? key.substring(1) : key, types, 0);
                        }
                    }
                }
                case "_list" -> types.add("List");
                case "_filter", "_query" -> throw AccessDeniedException.untranslatable("`" + bare + "`");
                default -> follow(type, name, types, 0);
            }
        }
        return types;
    }

    private static void included(String[] values, Set<String> types) {
        for (String value : values) {
            String[] parts = value.split(":");
            if (parts.length >= 3 && !parts[2].isBlank()) {
                types.add(parts[2]);
            }
        }
    }

    private static void revincluded(String[] values, Set<String> types) {
        for (String value : values) {
            String source = value.split(":")[0];
            if (!source.equals("*")) {
                types.add(source);
            }
        }
    }

    private void follow(String type, String name, Set<String> types, int depth) {
        if (depth > 10) {
            throw AccessDeniedException.untranslatable("a chain that is too long");
        }
        if (name.startsWith("_has:")) {
            String[] parts = name.split(":", 4);
            if (parts.length < 4) {
                throw AccessDeniedException.untranslatable("a `_has` without its three parts");
            }
            types.add(parts[1]);
            follow(parts[1], parts[3], types, depth + 1);
            return;
        }
        int dot = name.indexOf('.');
        if (dot < 0) {
            return;
        }
        String reference = name.substring(0, dot);
        String rest = name.substring(dot + 1);
        for (String target : targets(type, reference)) {
            types.add(target);
            follow(target, rest, types, depth + 1);
        }
    }

    private Set<String> targets(String type, String reference) {
        int colon = reference.indexOf(':');
        if (colon >= 0) {
            return Set.of(reference.substring(colon + 1));
        }
        RuntimeSearchParam parameter = context.getResourceTypes().contains(type)
                ? context.getResourceDefinition(type).getSearchParam(reference)
                : null;
        if (parameter == null || parameter.getTargets().isEmpty()) {
            throw AccessDeniedException.untranslatable("a chain over `" + reference + "`; name the type it leads to");
        }
        return parameter.getTargets();
    }
}
