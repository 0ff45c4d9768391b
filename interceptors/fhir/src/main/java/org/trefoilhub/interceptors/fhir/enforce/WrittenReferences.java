package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.mask.HiddenReferences;

/**
 * References that a client sends: one to something hidden acts as one to something that does not exist, in what is written
 * and in what is searched by.
 */
final class WrittenReferences {

    private static final Pattern CONDITIONAL = Pattern.compile("\"([A-Z][A-Za-z]+)\\?");

    /** No resource has this id: ids of the storage count from one. */
    private static final String NOBODY = "0";

    private final FhirContext context;
    private final PolicyDesk desk;
    private final HiddenReferences references;

    WrittenReferences(FhirContext context, PolicyDesk desk, HiddenReferences references) {
        this.context = context;
        this.desk = desk;
        this.references = references;
    }

    @Nullable
    String literal(@Nullable String reference) {
        return references.literal(reference);
    }

    /**
     * Refuses a resource with a reference to what the subject does not see; absent and hidden alike. References that were
     * there before stay. Types that are closed altogether are no secret, and connectors write references into them.
     */
    void require(Subject subject, Resource resource, @Nullable Resource before, @Nullable RequestDetails request) {
        Set<String> asked = new LinkedHashSet<>(references.in(resource));
        if (before != null) {
            asked.removeAll(references.in(before));
        }
        asked.removeIf(reference -> !isServed(typeOf(reference)) || !isPartial(subject, typeOf(reference)));
        if (asked.isEmpty()) {
            return;
        }
        asked.removeAll(placeholders(request));
        asked.remove(StorageNet.reference(resource));
        if (!desk.decide(subject.searching(), Action.VIEW, asked, Door.FHIR_REST).values().stream()
                .allMatch(PolicyDesk::isPermitted)) {
            throw Refusals.unresolved();
        }
    }

    /** What entries of a transaction call each other before they have ids. */
    private Set<String> placeholders(@Nullable RequestDetails request) {
        Set<String> names = new HashSet<>();
        if (request != null
                && request.getResource() instanceof Bundle bundle
                && bundle.getType() == Bundle.BundleType.TRANSACTION) {
            for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
                if (entry.getRequest().getMethod() == Bundle.HTTPVerb.POST && entry.hasResource()) {
                    String name = references.literal(entry.getFullUrl());
                    if (name != null) {
                        names.add(name);
                    }
                    if (entry.getResource().getIdElement().hasIdPart()) {
                        names.add(StorageNet.reference(entry.getResource()));
                    }
                }
            }
        }
        return names;
    }

    /** Refuses references by search in a resource: whether they find something would tell of what is hidden. */
    void requireNoConditions(Subject subject, @Nullable Object resource) {
        if (resource instanceof Resource known) {
            Set<String> types = new LinkedHashSet<>();
            conditions(known, types);
            types.forEach(type -> requireSeesAll(subject, type));
        }
    }

    /** The same for a patch. */
    void requireNoConditions(Subject subject, String patch) {
        Matcher matcher = CONDITIONAL.matcher(patch);
        while (matcher.find()) {
            requireSeesAll(subject, matcher.group(1));
        }
    }

    private static void conditions(Base element, Set<String> types) {
        if (element instanceof Reference reference && reference.hasReference()) {
            int question = reference.getReference().indexOf('?');
            if (question > 0) {
                String path = reference.getReference().substring(0, question);
                types.add(path.substring(path.lastIndexOf('/') + 1));
            }
        }
        for (Property property : element.children()) {
            property.getValues().forEach(value -> conditions(value, types));
        }
    }

    private void requireSeesAll(Subject subject, String type) {
        if (isServed(type) && !seesAll(subject, type)) {
            throw AccessDeniedException.untranslatable("a reference by search");
        }
    }

    private boolean seesAll(Subject subject, String type) {
        return desk.scope(subject.searching(), Action.VIEW, type, Door.FHIR_REST) instanceof AccessScope.All
                && PolicyDesk.FULFILLED.stream()
                        .allMatch(mask -> desk.obliged(subject, Action.VIEW, type, Door.FHIR_REST, mask)
                                instanceof AccessScope.None);
    }

    private boolean isPartial(Subject subject, String type) {
        AccessScope scope = desk.scope(subject.searching(), Action.VIEW, type, Door.FHIR_REST);
        return !(scope instanceof AccessScope.All) && !(scope instanceof AccessScope.None);
    }

    private boolean sees(Subject subject, Set<String> candidates) {
        boolean allOpen = candidates.stream()
                .allMatch(candidate ->
                        desk.scope(subject, Action.VIEW, typeOf(candidate), Door.FHIR_REST) instanceof AccessScope.All);
        return allOpen || desk.seesAny(subject, candidates, Door.FHIR_REST);
    }

    /** Lets a search by a hidden reference find what one by an absent reference finds. */
    void forgetHidden(Subject subject, String type, SearchParameterMap parameters) {
        for (Map.Entry<String, List<List<IQueryParameterType>>> parameter : parameters.entrySet()) {
            for (List<IQueryParameterType> alternatives : parameter.getValue()) {
                for (IQueryParameterType value : alternatives) {
                    if (value instanceof ReferenceParam reference
                            && !reference.hasChain()
                            && !reference.isEmpty()
                            && !mayShowItself(subject, type, parameter.getKey())) {
                        forget(subject, type, parameter.getKey(), reference);
                    }
                }
            }
        }
    }

    private void forget(Subject subject, String type, String parameter, ReferenceParam reference) {
        Set<String> candidates = candidates(type, parameter, reference.getResourceType(), reference.getValue());
        if (!candidates.isEmpty() && !sees(subject, candidates)) {
            String target = typeOf(candidates.iterator().next());
            reference.setValueAsQueryToken(context, parameter, null, target + "/" + NOBODY);
        }
    }

    /**
     * Whether rows may be visible although the patient they name is not, such as a review about a patient above one's
     * clearance. Such rows show the reference, so searching by it tells nothing more; all others are narrowed away.
     */
    private boolean mayShowItself(Subject subject, String type, String parameter) {
        return SearchReach.isAboutOne(type, parameter)
                && !Implication.holds(
                        desk.scope(subject, Action.VIEW, type, Door.FHIR_REST),
                        desk.scope(subject, Action.VIEW, "Patient", Door.FHIR_REST));
    }

    /** What a value of a reference parameter may mean. */
    private Set<String> candidates(String type, String parameter, @Nullable String target, @Nullable String value) {
        Set<String> candidates = new LinkedHashSet<>();
        if (value == null || value.isBlank()) {
            return candidates;
        }
        String literal = references.literal(value);
        if (literal != null) {
            return isServed(typeOf(literal)) ? Set.of(literal) : candidates;
        }
        if (value.contains("/") || value.contains(":")) {
            return candidates;
        }
        if (target != null && isServed(target)) {
            return Set.of(target + "/" + value);
        }
        RuntimeSearchParam known = searchParameter(type, parameter);
        if (known != null) {
            known.getTargets().stream().filter(this::isServed).forEach(each -> candidates.add(each + "/" + value));
        }
        return candidates;
    }

    private @Nullable RuntimeSearchParam searchParameter(String type, String name) {
        int colon = name.indexOf(':');
        String bare = colon < 0 ? name : name.substring(0, colon);
        RuntimeSearchParam known =
                isServed(type) ? context.getResourceDefinition(type).getSearchParam(bare) : null;
        return known != null && known.getParamType() == RestSearchParameterTypeEnum.REFERENCE ? known : null;
    }

    /** Refuses a chain that ends at a reference to something the subject does not see; absent and hidden alike. */
    void requireVisibleValues(Subject subject, String type, Map<String, String[]> parameters) {
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            if (name.startsWith("_has:") || name.indexOf('.') > 0) {
                String leaf = name.startsWith("_has:")
                        ? name.substring(name.lastIndexOf(':') + 1)
                        : name.substring(name.lastIndexOf('.') + 1);
                for (String list : parameter.getValue()) {
                    for (String value : list.split(",")) {
                        requireVisible(subject, name, leaf, value);
                    }
                }
            }
        }
    }

    /** The same for criteria of subscriptions and filters of exports, which are not rewritten. */
    void requireVisibleCriteria(Subject subject, String type, Map<String, String[]> parameters) {
        requireVisibleValues(subject, type, parameters);
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            if (searchParameter(type, parameter.getKey()) == null || mayShowItself(subject, type, parameter.getKey())) {
                continue;
            }
            for (String list : parameter.getValue()) {
                for (String value : list.split(",")) {
                    Set<String> candidates = candidates(type, parameter.getKey(), null, value);
                    if (!candidates.isEmpty() && !sees(subject, candidates)) {
                        throw AccessDeniedException.untranslatable("it leads to something that is not visible");
                    }
                }
            }
        }
    }

    private void requireVisible(Subject subject, String name, String leaf, String value) {
        String literal = references.literal(value);
        Set<String> candidates = new LinkedHashSet<>();
        if (literal != null) {
            if (isServed(typeOf(literal))) {
                candidates.add(literal);
            }
        } else if (!value.contains("/") && !value.contains(":") && !value.contains("|")) {
            for (String type : context.getResourceTypes()) {
                if (name.contains(type)) {
                    candidates.addAll(candidates(type, leaf, null, value));
                }
            }
        }
        if (!candidates.isEmpty() && !sees(subject, candidates)) {
            throw AccessDeniedException.untranslatable("it leads to something that is not visible");
        }
    }

    private boolean isServed(String type) {
        return context.getResourceTypes().contains(type);
    }

    private static String typeOf(String reference) {
        return reference.substring(0, reference.indexOf('/'));
    }
}
