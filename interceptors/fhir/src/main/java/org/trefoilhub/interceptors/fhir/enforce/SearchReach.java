package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;

/**
 * Finds the resource types that the parameters of a search look into beside the one that is searched: chains,
 * {@code _has}, {@code _revinclude}, typed {@code _include}, {@code _list}, chained {@code _sort}.
 *
 * <p>Whoever may not see such a type could learn about it by probing, so the caller asks for each. A chain over the element
 * that names the patient leads to the Patient of the row itself and is told apart. A parameter whose types
 * cannot be told is refused. What an untyped {@code _include} brings along is looked at resource by resource afterwards.
 */
final class SearchReach {

    private final FhirContext context;

    /** Elements that name the patient of a resource. */
    private static final Set<String> PATIENT = Set.of("patient", "subject", "for");

    /** Types that may name several patients, of which the facts keep one. */
    private static final Set<String> SEVERAL_PATIENTS = Set.of(
            "Account", "Appointment", "AppointmentResponse", "AuditEvent", "Bundle", "Group", "Person", "Provenance");

    /** What a search does with a type beside the searched one. */
    enum How {
        /** Its resources are shown beside the rows. */
        SHOWN,
        /** Rows depend on the Patient that each of them is about, or on resources that are about the Patient in the row. */
        SAME_PATIENT,
        /** Rows depend on resources that the request names by id. */
        NAMED,
        /** Rows depend on other resources. */
        PROBED
    }

    /**
     * A type beside the searched one.
     *
     * @param type name of the type, not checked to exist
     * @param how what the search does with it
     */
    record Reached(String type, How how) {}

    SearchReach(FhirContext context) {
        this.context = context;
    }

    /**
     * The types beside the searched one.
     *
     * @param type searched type
     * @param parameters parameters of the search, without decoding left to do
     * @return the types
     * @throws AccessDeniedException when a parameter cannot be followed
     */
    Set<Reached> types(String type, Map<String, String[]> parameters) {
        Set<Reached> types = new LinkedHashSet<>();
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            String bare = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
            switch (bare) {
                case "_include" -> included(parameter.getValue(), types);
                case "_revinclude" -> revincluded(parameter.getValue(), types);
                case "_sort" -> {
                    for (String value : parameter.getValue()) {
                        for (String key : value.split(",")) {
                            follow(type, key.startsWith("-") ? key.substring(1) : key, types, true, 0);
                        }
                    }
                }
                case "_list" -> types.add(new Reached("List", How.NAMED));
                case "_filter", "_query" -> throw AccessDeniedException.untranslatable("`" + bare + "`");
                default -> follow(type, name, types, true, 0);
            }
        }
        return types;
    }

    private static void included(String[] values, Set<Reached> types) {
        for (String value : values) {
            String[] parts = value.split(":");
            if (parts.length >= 3 && !parts[2].isBlank()) {
                types.add(new Reached(parts[2], How.SHOWN));
            }
        }
    }

    private static void revincluded(String[] values, Set<Reached> types) {
        for (String value : values) {
            String source = value.split(":")[0];
            if (!source.equals("*")) {
                types.add(new Reached(source, How.SHOWN));
            }
        }
    }

    /** What a parameter looks at when what it looks at may be masked. */
    enum Identity {
        /** All the text of a resource. */
        TEXT,
        /** A name, or text in which one may stand. */
        NAME,
        /** Anything else that identifies. */
        DEMOGRAPHICS
    }

    /**
     * A parameter that looks at something which may be masked.
     *
     * @param type type that carries it
     * @param how where it stands: {@code SHOWN} in the rows themselves
     * @param identity what it looks at
     */
    record Looked(String type, How how, Identity identity) {
        /** Whether it is the text of something that is shown without what it says of hidden patients. */
        boolean shared() {
            return identity == Identity.TEXT && (SEVERAL_PATIENTS.contains(type) || type.equals("List"));
        }
    }

    private static final Set<String> PEOPLE = Set.of("Patient", "Person", "RelatedPerson");
    private static final Set<String> NAMES = Set.of("name", "family", "given", "phonetic");

    /** Parameters of people that say nothing of who they are. */
    private static final Set<String> ANONYMOUS = Set.of(
            "active",
            "gender",
            "deceased",
            "death-date",
            "general-practitioner",
            "organization",
            "link",
            "language",
            "patient",
            "practitioner",
            "relatedperson",
            "relationship");

    /**
     * The parameters through which a mask could be looked behind.
     *
     * @param type searched type
     * @param parameters parameters of the search, without decoding left to do
     * @return what they look at
     */
    Set<Looked> identifying(String type, Map<String, String[]> parameters) {
        Set<Looked> looked = new LinkedHashSet<>();
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            if (name.equals("_sort")) {
                for (String value : parameter.getValue()) {
                    for (String key : value.split(",")) {
                        look(type, key.startsWith("-") ? key.substring(1) : key, How.SHOWN, looked, 0);
                    }
                }
            } else {
                look(type, name, How.SHOWN, looked, 0);
            }
        }
        return looked;
    }

    private void look(String type, String name, How how, Set<Looked> looked, int depth) {
        if (depth > 10) {
            throw AccessDeniedException.untranslatable("a chain that is too long");
        }
        if (name.startsWith("_has:")) {
            String[] parts = name.split(":", 4);
            if (parts.length == 4) {
                boolean same = how != How.PROBED && type.equals("Patient") && isAboutOne(parts[1], parts[2]);
                look(parts[1], parts[3], same ? How.SAME_PATIENT : How.PROBED, looked, depth + 1);
            }
            return;
        }
        int dot = name.indexOf('.');
        if (dot > 0) {
            String reference = name.substring(0, dot);
            String bare = reference.contains(":") ? reference.substring(0, reference.indexOf(':')) : reference;
            for (String target : targets(type, reference)) {
                boolean same = how != How.PROBED && target.equals("Patient") && isAboutOne(type, bare);
                look(target, name.substring(dot + 1), same ? How.SAME_PATIENT : How.PROBED, looked, depth + 1);
            }
            return;
        }
        Identity identity = identity(type, name);
        if (identity != null) {
            looked.add(new Looked(type, how, identity));
        }
    }

    private @Nullable Identity identity(String type, String name) {
        int colon = name.indexOf(':');
        String bare = colon < 0 ? name : name.substring(0, colon);
        String modifier = colon < 0 ? "" : name.substring(colon + 1);
        if (bare.equals("_text") || bare.equals("_content") || bare.equals("_filter")) {
            return Identity.TEXT;
        }
        if (bare.startsWith("_")) {
            return null;
        }
        if (modifier.equals("identifier")) {
            return Identity.DEMOGRAPHICS;
        }
        if (PEOPLE.contains(type)) {
            return NAMES.contains(bare) ? Identity.NAME : ANONYMOUS.contains(bare) ? null : Identity.DEMOGRAPHICS;
        }
        if (type.equals("Coverage") && bare.equals("identifier")) {
            return Identity.DEMOGRAPHICS;
        }
        RuntimeSearchParam parameter = context.getResourceTypes().contains(type)
                ? context.getResourceDefinition(type).getSearchParam(bare)
                : null;
        boolean text = parameter == null
                || parameter.getParamType() == RestSearchParameterTypeEnum.STRING
                || modifier.startsWith("text");
        return text ? Identity.NAME : null;
    }

    /** The flag tells whether everything so far is about one patient: the one of the row. */
    private void follow(String type, String name, Set<Reached> types, boolean samePatient, int depth) {
        if (depth > 10) {
            throw AccessDeniedException.untranslatable("a chain that is too long");
        }
        if (name.startsWith("_has:")) {
            String[] parts = name.split(":", 4);
            if (parts.length < 4) {
                throw AccessDeniedException.untranslatable("a `_has` without its three parts");
            }
            boolean same = samePatient && type.equals("Patient") && isAboutOne(parts[1], parts[2]);
            types.add(new Reached(parts[1], same ? How.SAME_PATIENT : How.PROBED));
            follow(parts[1], parts[3], types, same, depth + 1);
            return;
        }
        int dot = name.indexOf('.');
        if (dot < 0) {
            return;
        }
        String reference = name.substring(0, dot);
        String rest = name.substring(dot + 1);
        String bare = reference.contains(":") ? reference.substring(0, reference.indexOf(':')) : reference;
        for (String target : targets(type, reference)) {
            boolean same = samePatient && target.equals("Patient") && isAboutOne(type, bare);
            types.add(new Reached(target, same ? How.SAME_PATIENT : How.PROBED));
            follow(target, rest, types, same, depth + 1);
        }
    }

    /** Whether a reference parameter names the one patient that each resource of the type is about. */
    static boolean isAboutOne(String type, String element) {
        return PATIENT.contains(element) && !SEVERAL_PATIENTS.contains(type);
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
