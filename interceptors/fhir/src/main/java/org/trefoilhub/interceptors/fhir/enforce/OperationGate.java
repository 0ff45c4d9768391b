package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.util.UrlUtil;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Parameters;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.mask.MaskLevel;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * The coarse gate: every interaction is mapped to a type and an action and refused before it runs when they are not
 * permitted. What it does not know is refused.
 */
@Interceptor
final class OperationGate {

    /** Operations that only look, on the type or instance they are called on. */
    private static final Set<String> VIEWING = Set.of(
            "$everything",
            "$document",
            "$recommend",
            "$mrrt",
            "$lastn",
            "$diff",
            "$timeline",
            "$snapshot",
            "$expand",
            "$lookup",
            "$validate-code",
            "$subsumes",
            "$translate",
            "$conforms");

    private static final String PATCHING = "a patch could find out what the mask hides, or write over it";

    /** Operations of the hub that ask the policy themselves, because they need more than the right to see a type. */
    private static final Set<String> ASKING_THEMSELVES = Set.of(
            "$explain-access",
            "$simulate-access",
            "$request-access",
            "$break-glass",
            "$critical-hints",
            "$dismiss-critical-hint",
            "$advance",
            // Read and write as the caller, one by one.
            "$extract",
            "$import-mrrt",
            "$verify",
            "$release",
            "$recall",
            "$merge",
            "$mdm-query-links",
            "$mdm-update-link",
            "$mdm-merge-golden-resources");

    /** Id that no list has: ids of the hub are numbers. */
    private static final String NO_LIST = "no-list";

    /** Id that no resource has: ids of the hub begin at one. */
    private static final String NO_RESOURCE = "0";

    private static final String JOB_ID = "_jobId";

    private static final Set<String> EXPORTING = Set.of("$export", "$export-poll-status");

    private final FhirContext context;
    private final RequestSubjects subjects;
    private final PolicyDesk desk;
    private final RequestFacts facts;
    private final SearchReach reach;
    private final SubscriptionView subscriptions;

    private final UnmaskedPart unmasked;
    private final Veil veil;
    private final WrittenReferences written;
    private final ClientOwned owned;

    OperationGate(
            FhirContext context,
            RequestSubjects subjects,
            PolicyDesk desk,
            RequestFacts facts,
            UnmaskedPart unmasked,
            Veil veil,
            WrittenReferences written,
            ClientOwned owned) {
        this.context = context;
        this.subjects = subjects;
        this.desk = desk;
        this.facts = facts;
        this.unmasked = unmasked;
        this.veil = veil;
        this.written = written;
        this.owned = owned;
        this.reach = new SearchReach(context);
        this.subscriptions = new SubscriptionView(desk);
    }

    /** Refuses what is not permitted; runs for every request and for every GET inside a bundle. */
    @Hook(value = Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeHandling(RequestDetails request, RestOperationTypeEnum operation) {
        if (operation == RestOperationTypeEnum.METADATA || RequestSubjects.isSystem(request)) {
            return;
        }
        try {
            facts.during(request, () -> check(subjects.of(request), request, operation));
        } catch (AccessDeniedException e) {
            throw Refusals.of(e);
        }
    }

    private void check(Subject subject, RequestDetails request, RestOperationTypeEnum operation) {
        String type = request.getResourceName();
        String id = idOf(request.getId());
        if (SubscriptionOwner.TYPE.equals(type) && id != null) {
            Optional<String> owner = owned.ownerOfSubscription(id);
            if (!subscriptions.maySee(subject, owner.orElse(null))) {
                // A type that is closed altogether answers 403 all the same.
                desk.require(subject, Action.VIEW, type, Door.FHIR_REST);
                throw PolicyDesk.hidden();
            }
        }
        switch (operation) {
            case READ, VREAD, HISTORY_INSTANCE -> {
                if (operation == RestOperationTypeEnum.READ && isOwnExport(subject, type, id)) {
                    return;
                }
                view(subject, type(type), id);
                if (type(type).equals("Binary") && id != null) {
                    requireUnmasked(subject, type + "/" + id, "its bytes cannot be masked");
                }
            }
            case SEARCH_TYPE -> {
                replaceHiddenLists(subject, request);
                search(subject, type(type), request.getParameters());
            }
            case HISTORY_TYPE -> desk.requireAll(subject, Action.VIEW, type(type), Door.FHIR_REST);
            case HISTORY_SYSTEM -> everyType(subject);
            case SEARCH_SYSTEM -> searchSystem(subject, request);
            case GET_PAGE -> {
                // The rows of the page are looked at one by one by the storage net.
            }
            case CREATE -> {
                desk.require(subject, Action.SAVE, type(type), Door.FHIR_REST);
                written.requireNoConditions(subject, request.getResource());
                conditional(subject, type, request.getConditionalUrl(operation));
            }
            case UPDATE -> {
                change(subject, Action.MODIFY, type(type), id);
                written.requireNoConditions(subject, request.getResource());
                conditional(subject, type, request.getConditionalUrl(operation));
            }
            case PATCH -> {
                // Answers with what was there before.
                view(subject, type(type), id);
                change(subject, Action.MODIFY, type(type), id);
                if (id != null) {
                    requireUnmasked(subject, type + "/" + id, PATCHING);
                }
                written.requireNoConditions(subject, patchOf(request));
                conditional(subject, type, request.getConditionalUrl(operation));
            }
            case META_ADD, META_DELETE -> changeMeta(subject, request, type(type), id);
            case DELETE -> {
                change(subject, Action.DELETE, type(type), id);
                conditional(subject, type, request.getConditionalUrl(operation));
            }
            case META -> meta(subject, type, id);
            case VALIDATE -> validate(subject, type(type), id);
            case TRANSACTION -> bundle(subject, request);
            case EXTENDED_OPERATION_SERVER, EXTENDED_OPERATION_TYPE, EXTENDED_OPERATION_INSTANCE ->
                extended(subject, request, type, id);
            default -> throw unknown("the interaction `" + operation.getCode() + "`");
        }
    }

    /** Hidden and absent resources answer alike, and after the same questions to the database. */
    private void view(Subject subject, String type, @Nullable String id) {
        if (id == null) {
            desk.require(subject, Action.VIEW, type, Door.FHIR_REST);
        } else {
            desk.require(subject, Action.VIEW, type, id, Door.FHIR_REST);
        }
    }

    /** Refuses what is hidden as absent, and what is visible but must not be changed with 403. */
    private void change(Subject subject, Action action, String type, @Nullable String id) {
        desk.require(subject, action, type, Door.FHIR_REST);
        if (id == null) {
            return;
        }
        PolicyDecision decision = desk.decide(subject, action, type + "/" + id, Door.FHIR_REST);
        if (!PolicyDesk.isPermitted(decision)) {
            boolean seen = desk.permits(subject.searching(), Action.VIEW, type + "/" + id, Door.FHIR_REST);
            throw seen ? AccessDeniedException.of(decision) : PolicyDesk.hidden();
        }
    }

    /** Refuses what a mask could be looked behind with, once the resource is known to be visible. */
    private void requireUnmasked(Subject subject, String reference, String why) {
        if (veil.level(subject, Action.VIEW, Door.FHIR_REST, reference) != MaskLevel.NONE) {
            throw new AccessDeniedException(
                    AccessErrorCode.DENIED, "the resource is shown to you with its identity masked; " + why, null);
        }
    }

    private static String patchOf(RequestDetails request) {
        return new String(request.loadRequestContents(), StandardCharsets.UTF_8);
    }

    private void meta(Subject subject, @Nullable String type, @Nullable String id) {
        if (type == null) {
            everyType(subject);
        } else if (id == null) {
            desk.requireAll(subject, Action.VIEW, type, Door.FHIR_REST);
        } else {
            view(subject, type, id);
        }
    }

    private void changeMeta(Subject subject, RequestDetails request, String type, @Nullable String id) {
        if (SubscriptionOwner.TYPE.equals(type)) {
            // The owner of a subscription is one of its tags.
            throw unknown("changing the tags of a subscription");
        }
        if ("Consent".equals(type)) {
            // Its profile says what kind of rule it is; that changes with the rule, which is looked at.
            throw unknown("changing the tags of a consent");
        }
        view(subject, type, id);
        change(subject, Labelling.change(request), type, id);
    }

    /** Whoever may write a type may ask how; a stored resource is validated by those who see it. */
    private void validate(Subject subject, String type, @Nullable String id) {
        boolean writer = desk.permitsSome(subject, Action.SAVE, type, Door.FHIR_REST)
                || desk.permitsSome(subject, Action.MODIFY, type, Door.FHIR_REST);
        if (id != null || !writer) {
            view(subject, type, id);
        }
        if (id != null) {
            requireUnmasked(subject, type + "/" + id, "what a validator says would quote it");
        }
    }

    /**
     * Rows are narrowed by the storage net. What comes along with them is looked at one by one; what a parameter only looks
     * into must be visible wherever the row is, or probing would find out what is hidden.
     */
    private void search(Subject subject, String type, Map<String, String[]> parameters) {
        desk.requireSome(subject, Action.VIEW, type, Door.FHIR_REST);
        AccessScope rows = desk.scope(subject, Action.VIEW, type, Door.FHIR_REST);
        unmasked.of(subject, Action.VIEW, Door.FHIR_REST, type, parameters);
        written.requireVisibleValues(subject, type, parameters);
        for (SearchReach.Reached other : reach.types(type, parameters)) {
            desk.requireSome(subject, Action.VIEW, other.type(), Door.FHIR_REST);
            if (other.how() == SearchReach.How.NAMED) {
                requireLists(subject, parameters);
                continue;
            }
            boolean shown = other.how() == SearchReach.How.SHOWN;
            boolean implied = other.how() == SearchReach.How.SAME_PATIENT
                    && Implication.holds(rows, desk.scope(subject, Action.VIEW, other.type(), Door.FHIR_REST));
            if (!shown && !implied) {
                desk.requireAll(subject, Action.VIEW, other.type(), Door.FHIR_REST);
            }
        }
    }

    /** Whoever searches by a list must see that list. */
    private void requireLists(Subject subject, Map<String, String[]> parameters) {
        parameters.forEach((name, values) -> {
            if (isList(name) && !Stream.of(values).allMatch(value -> seesLists(subject, value))) {
                throw PolicyDesk.hidden();
            }
        });
    }

    /** A list that is hidden is searched by as one that is absent: under an id that no list has. */
    private void replaceHiddenLists(Subject subject, RequestDetails request) {
        Map<String, String[]> parameters = request.getParameters();
        if (parameters.keySet().stream().noneMatch(OperationGate::isList)) {
            return;
        }
        Map<String, String[]> replaced = new LinkedHashMap<>();
        parameters.forEach((name, values) -> replaced.put(
                name,
                isList(name)
                        ? Stream.of(values)
                                .map(value -> seesLists(subject, value) ? value : NO_LIST)
                                .toArray(String[]::new)
                        : values));
        request.setParameters(replaced);
    }

    private static boolean isList(String parameter) {
        return parameter.equals("_list") || parameter.startsWith("_list:");
    }

    private boolean seesLists(Subject subject, String value) {
        return Stream.of(value.split(","))
                .map(id -> lastSegment(id.strip()))
                .allMatch(id -> id.equals(NO_LIST)
                        || desk.permits(subject.searching(), Action.VIEW, "List/" + id, Door.FHIR_REST));
    }

    private void searchSystem(Subject subject, RequestDetails request) {
        String[] types = request.getParameters().get("_type");
        if (types == null || types.length == 0) {
            everyType(subject);
            return;
        }
        for (String list : types) {
            for (String type : list.split(",")) {
                search(subject, type, request.getParameters());
            }
        }
    }

    private void everyType(Subject subject) {
        for (String type : context.getResourceTypes()) {
            desk.requireAll(subject, Action.VIEW, type, Door.FHIR_REST);
        }
    }

    /** A condition finds out what exists, so it needs what the same search would need. */
    private void conditional(Subject subject, @Nullable String type, @Nullable String url) {
        if (url == null || url.isBlank()) {
            return;
        }
        int question = url.indexOf('?');
        String path = question < 0 ? "" : url.substring(0, question);
        String searched = path.isBlank() ? type(type) : lastSegment(path);
        search(subject, searched, UrlUtil.parseQueryString(url.substring(question + 1)));
    }

    private void bundle(Subject subject, RequestDetails request) {
        if (!(request.getResource() instanceof Bundle bundle)) {
            throw unknown("a transaction without a bundle");
        }
        boolean batch = bundle.getType() == Bundle.BundleType.BATCH;
        bundle.getEntry().stream()
                .map(Bundle.BundleEntryComponent::getResource)
                .filter(java.util.Objects::nonNull)
                .forEach(resource -> written.requireNoConditions(subject, resource));
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            entry(subject, entry, batch);
        }
    }

    /**
     * Entries of a transaction are refused together. In a batch each entry has its own answer: plain writes are left to
     * the storage net, conditions are checked here, because nothing else sees a condition that found its match.
     */
    private void entry(Subject subject, Bundle.BundleEntryComponent entry, boolean batch) {
        Bundle.HTTPVerb verb = entry.getRequest().getMethod();
        if (verb == null || verb == Bundle.HTTPVerb.GET) {
            return;
        }
        String url =
                entry.getRequest().getUrl() == null ? "" : entry.getRequest().getUrl();
        if (url.contains("$")) {
            throw unknown("an operation inside a bundle");
        }
        String type = entryType(entry, url);
        String query = url.contains("?") ? url : null;
        if (query == null) {
            replaceHiddenTarget(subject, verb, entry);
        }
        boolean plain = batch && query == null && entry.getRequest().getIfNoneExist() == null;
        if (plain) {
            if (verb == Bundle.HTTPVerb.PATCH) {
                patched(subject, entry, url);
            }
            return;
        }
        switch (verb) {
            case POST -> {
                desk.require(subject, Action.SAVE, type, Door.FHIR_REST);
                conditional(subject, type, entry.getRequest().getIfNoneExist());
            }
            case PUT -> {
                desk.require(subject, Action.MODIFY, type, Door.FHIR_REST);
                conditional(subject, type, query);
            }
            case PATCH -> {
                view(subject, type, null);
                desk.require(subject, Action.MODIFY, type, Door.FHIR_REST);
                patched(subject, entry, url);
                conditional(subject, type, query);
            }
            case DELETE -> {
                desk.require(subject, Action.DELETE, type, Door.FHIR_REST);
                conditional(subject, type, query);
            }
            default -> throw unknown("the method `" + verb.toCode() + "` inside a bundle");
        }
    }

    /** A resource that is hidden is written to as one that is absent: under an id that nothing has. */
    private void replaceHiddenTarget(Subject subject, Bundle.HTTPVerb verb, Bundle.BundleEntryComponent entry) {
        String target = verb == Bundle.HTTPVerb.POST
                ? null
                : written.literal(entry.getRequest().getUrl());
        if (target == null) {
            return;
        }
        Action action = verb == Bundle.HTTPVerb.DELETE ? Action.DELETE : Action.MODIFY;
        if (!desk.permits(subject, action, target, Door.FHIR_REST)
                && !desk.permits(subject.searching(), Action.VIEW, target, Door.FHIR_REST)) {
            entry.getRequest().setUserData(FhirEnforcement.ASKED, target);
            entry.getRequest().setUrl(target.substring(0, target.indexOf('/') + 1) + NO_RESOURCE);
        }
    }

    private void patched(Subject subject, Bundle.BundleEntryComponent entry, String url) {
        String reference = written.literal(url);
        if (reference != null && desk.permits(subject, Action.VIEW, reference, Door.FHIR_REST)) {
            requireUnmasked(subject, reference, PATCHING);
        }
        if (entry.getResource() instanceof Binary patch && patch.hasData()) {
            written.requireNoConditions(subject, new String(patch.getData(), StandardCharsets.UTF_8));
        } else if (entry.hasResource()) {
            written.requireNoConditions(subject, context.newJsonParser().encodeResourceToString(entry.getResource()));
        }
    }

    private static String entryType(Bundle.BundleEntryComponent entry, String url) {
        boolean addressed = entry.getRequest().getMethod() == Bundle.HTTPVerb.PATCH
                || entry.getRequest().getMethod() == Bundle.HTTPVerb.DELETE;
        if (!addressed && entry.hasResource()) {
            return entry.getResource().fhirType();
        }
        String path = url.contains("?") ? url.substring(0, url.indexOf('?')) : url;
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                return segment;
            }
        }
        throw unknown("a bundle entry without an address");
    }

    private void extended(Subject subject, RequestDetails request, @Nullable String type, @Nullable String id) {
        String operation = request.getOperation();
        Map<String, String[]> parameters = request.getParameters();
        if (operation == null) {
            throw unknown("an operation without a name");
        }
        switch (operation) {
            case "$meta" -> {
                meta(subject, type, id);
                return;
            }
            case "$meta-add", "$meta-delete" -> {
                changeMeta(subject, request, type(type), id);
                return;
            }
            case "$validate" -> {
                validate(subject, type(type), id);
                return;
            }
            default -> {
                // Looked up below.
            }
        }
        if (ASKING_THEMSELVES.contains(operation)) {
            return;
        }
        if (EXPORTING.contains(operation)) {
            if (!exportsSome(subject)) {
                throw new AccessDeniedException(
                        AccessErrorCode.NOTHING_PERMITTED, "no policy permits `export` of any resource", null);
            }
            if (operation.equals("$export-poll-status")) {
                requireOwnJob(subject, request);
            } else if (type != null && id != null) {
                desk.require(subject, Action.EXPORT, type, id, Door.FHIR_BULK);
            }
        } else if (VIEWING.contains(operation) && type != null) {
            if (id != null) {
                view(subject, type, id);
                if (operation.equals("$document") && type.equals("DiagnosticReport")) {
                    desk.require(subject, Action.PRINT, type, id, Door.FHIR_REST);
                    requireUnmasked(subject, type + "/" + id, "its printed pages cannot be masked");
                }
                if (parameters.containsKey("_content")
                        || parameters.containsKey("_text")
                        || parameters.containsKey("_filter")) {
                    requireUnmasked(subject, type + "/" + id, "a search for words could find out what the mask hides");
                }
            } else if (operation.equals("$everything")) {
                desk.requireAll(subject, Action.VIEW, type, Door.FHIR_REST);
                unmasked.of(subject, Action.VIEW, Door.FHIR_REST, type, parameters);
            } else {
                desk.requireSome(subject, Action.VIEW, type, Door.FHIR_REST);
            }
        } else {
            throw unknown("the operation `" + operation + "`");
        }
    }

    /** A file of an export is read by whoever made it, as long as it may still export something. */
    private boolean isOwnExport(Subject subject, @Nullable String type, @Nullable String id) {
        return "Binary".equals(type)
                && id != null
                && subject.user() == null
                && owned.ownerOfFile(id).filter(subject.client()::equals).isPresent()
                && exportsSome(subject);
    }

    private boolean exportsSome(Subject subject) {
        return context.getResourceTypes().stream()
                .anyMatch(each -> desk.permitsSome(subject, Action.EXPORT, each, Door.FHIR_BULK));
    }

    /** Jobs of others answer as those that never were. */
    private void requireOwnJob(Subject subject, RequestDetails request) {
        String job = null;
        String[] given = request.getParameters().get(JOB_ID);
        if (given != null && given.length > 0) {
            job = given[0];
        } else if (request.getResource() instanceof Parameters body && body.getParameter(JOB_ID) != null) {
            job = body.getParameter(JOB_ID).primitiveValue();
        }
        if (job == null
                || subject.user() != null
                || owned.ownerOfJob(job).filter(subject.client()::equals).isEmpty()) {
            throw PolicyDesk.hidden();
        }
    }

    private static AccessDeniedException unknown(String what) {
        return new AccessDeniedException(
                AccessErrorCode.OPERATION_UNKNOWN, what + " has no rule that says which permission it needs", null);
    }

    private static String type(@Nullable String type) {
        if (type == null) {
            throw unknown("an interaction without a resource type");
        }
        return type;
    }

    private static @Nullable String idOf(@Nullable IIdType id) {
        return id == null ? null : id.getIdPart();
    }

    private static String lastSegment(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
