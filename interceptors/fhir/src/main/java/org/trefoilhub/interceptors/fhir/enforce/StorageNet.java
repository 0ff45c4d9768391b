package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.dao.MatchResourceUrlService;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.IPreResourceAccessDetails;
import ca.uhn.fhir.rest.api.server.IPreResourceShowDetails;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.util.ICachedSearchDetails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Subscription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.facts.FactRecorder;
import org.trefoilhub.interceptors.fhir.facts.PatientLevel;
import org.trefoilhub.interceptors.fhir.mask.MaskLevel;
import org.trefoilhub.interceptors.fhir.narrow.ScopeParam;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * The net under the gate: narrows every search, and asks again for each resource where HAPI reads, writes and answers.
 *
 * <p>A searched type that loses rows here although the search was narrowed means that the two disagree: that is counted
 * and logged without any id.
 */
@Interceptor
final class StorageNet implements FactRecorder.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(StorageNet.class);

    /** Marks what a request has just written, which is looked at when it is shown. */
    private static final String WRITTEN = StorageNet.class.getName() + ".written";

    /** Marks a request whose next shown resources are the matches of a condition. */
    private static final String MATCHING = StorageNet.class.getName() + ".matching";

    /** Decisions of a request that only reads, by reference. */
    private static final String DECIDED = StorageNet.class.getName() + ".decided";

    /** Interactions by id, for which the scope letter r counts; all others find what they show. */
    private static final Set<RestOperationTypeEnum> BY_ID =
            EnumSet.of(RestOperationTypeEnum.READ, RestOperationTypeEnum.VREAD, RestOperationTypeEnum.HISTORY_INSTANCE);

    /** Interactions whose answer is looked at once more on its way out. */
    private static final Set<RestOperationTypeEnum> SHOWING = EnumSet.of(
            RestOperationTypeEnum.READ,
            RestOperationTypeEnum.VREAD,
            RestOperationTypeEnum.HISTORY_INSTANCE,
            RestOperationTypeEnum.HISTORY_TYPE,
            RestOperationTypeEnum.HISTORY_SYSTEM,
            RestOperationTypeEnum.SEARCH_TYPE,
            RestOperationTypeEnum.SEARCH_SYSTEM,
            RestOperationTypeEnum.GET_PAGE,
            RestOperationTypeEnum.EXTENDED_OPERATION_SERVER,
            RestOperationTypeEnum.EXTENDED_OPERATION_TYPE,
            RestOperationTypeEnum.EXTENDED_OPERATION_INSTANCE);

    private static final Set<RestOperationTypeEnum> WRITING = EnumSet.of(
            RestOperationTypeEnum.CREATE,
            RestOperationTypeEnum.UPDATE,
            RestOperationTypeEnum.PATCH,
            RestOperationTypeEnum.DELETE,
            RestOperationTypeEnum.TRANSACTION,
            RestOperationTypeEnum.META_ADD,
            RestOperationTypeEnum.META_DELETE);

    private final RequestSubjects subjects;
    private final PolicyDesk desk;
    private final RequestFacts facts;
    private final UnmaskedPart unmasked;
    private final Veil veil;
    private final WrittenReferences written;
    private final SubscriptionView subscriptions;
    private final LongAdder drift = new LongAdder();

    StorageNet(
            RequestSubjects subjects,
            PolicyDesk desk,
            RequestFacts facts,
            UnmaskedPart unmasked,
            Veil veil,
            WrittenReferences written,
            SubscriptionView subscriptions) {
        this.subjects = subjects;
        this.desk = desk;
        this.facts = facts;
        this.unmasked = unmasked;
        this.veil = veil;
        this.written = written;
        this.subscriptions = subscriptions;
    }

    long drift() {
        return drift.sum();
    }

    /** Searches of one subject are never answered from those of another. */
    @Hook(value = Pointcut.STORAGE_PRECHECK_FOR_CACHED_SEARCH, order = FhirEnforcement.HOOK_ORDER)
    public boolean mayReuseSearch(@Nullable RequestDetails request) {
        return RequestSubjects.isSystem(request);
    }

    /** Adds the subject's scope to the search, so that rows, totals and pages know nothing else. */
    @Hook(value = Pointcut.STORAGE_PRESEARCH_REGISTERED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeSearch(
            ICachedSearchDetails search, SearchParameterMap parameters, @Nullable RequestDetails request) {
        if (RequestSubjects.isSystem(request)) {
            return;
        }
        search.setCannotBeReused();
        guarded(request, () -> {
            Subject subject = subjects.of(request);
            String type = search.getResourceType();
            if (type == null) {
                throw new AccessDeniedException(
                        AccessErrorCode.SCOPE_NOT_TRANSLATABLE, "a search over all types is refused", null);
            }
            AccessScope scope = desk.scope(subject, Action.VIEW, type, Door.FHIR_REST);
            if (scope instanceof AccessScope.None none) {
                throw AccessDeniedException.of(none);
            }
            if (request != null && MatchResourceUrlService.isDuringMatchUrlQuerySpan(request)) {
                // A condition must find what is hidden, or it would be created a second time; see beforeShow.
                request.getUserData().put(MATCHING, Boolean.TRUE);
                return;
            }
            if (parameters.getEverythingMode() == null) {
                narrow(parameters, subject, type, scope);
                if (request != null) {
                    unmasked.of(subject, Action.VIEW, Door.FHIR_REST, type, request.getParameters())
                            .forEach(part -> ScopeParam.add(parameters, part));
                }
                written.forgetHidden(subject, type, parameters);
            }
        });
    }

    private void narrow(SearchParameterMap parameters, Subject subject, String type, AccessScope scope) {
        if (!(scope instanceof AccessScope.All)) {
            ScopeParam.add(parameters, scope);
        }
        if (type.equals("Binary")) {
            // Its bytes cannot be masked.
            for (Obligation mask : PolicyDesk.FULFILLED) {
                AccessScope masked = desk.obliged(subject, Action.VIEW, type, Door.FHIR_REST, mask);
                if (masked instanceof AccessScope.All) {
                    throw AccessDeniedException.untranslatable("what is masked here cannot be shown");
                }
                if (!(masked instanceof AccessScope.None)) {
                    ScopeParam.add(parameters, new AccessScope.Not(masked));
                }
            }
        }
        if (type.equals(SubscriptionOwner.TYPE)) {
            subscriptions.narrow(subject, parameters);
        }
    }

    /** Leaves out what the subject may not see. */
    @Hook(value = Pointcut.STORAGE_PREACCESS_RESOURCES, order = FhirEnforcement.HOOK_ORDER)
    public void beforeAccess(IPreResourceAccessDetails resources, @Nullable RequestDetails request) {
        if (RequestSubjects.isSystem(request)) {
            return;
        }
        if (request != null && request.getRestOperationType() == RestOperationTypeEnum.TRANSACTION) {
            // INVARIANT: asked before the writing too; what is taken away here is not stored, yet answered with 200.
            // The write is refused by beforeUpdate, and the answer is looked at as it leaves.
            return;
        }
        guarded(request, () -> {
            List<IBaseResource> all = new ArrayList<>();
            for (int i = 0; i < resources.size(); i++) {
                IBaseResource resource = resources.getResource(i);
                all.add(resource != null && resource.getUserData(WRITTEN) != null ? null : resource);
            }
            Set<IBaseResource> hidden = hidden(viewer(request), all, request);
            for (int i = 0; i < resources.size(); i++) {
                IBaseResource resource = all.get(i);
                if (resource != null && hidden.contains(resource)) {
                    resources.setDontReturnResourceAtIndex(i);
                    removed(subjects.of(request), resource, request);
                }
            }
        });
    }

    /**
     * Looks at what a condition matched, and at what a write sends back.
     *
     * <p>A hidden match makes a conditional create or update fail as an ambiguous one does; a conditional delete or patch
     * does not find it.
     */
    @Hook(value = Pointcut.STORAGE_PRESHOW_RESOURCES, order = FhirEnforcement.HOOK_ORDER)
    public void beforeShow(IPreResourceShowDetails resources, @Nullable RequestDetails request) {
        if (request == null || RequestSubjects.isSystem(request)) {
            return;
        }
        boolean matching = request.getUserData().remove(MATCHING) != null;
        if (!matching && !WRITING.contains(request.getRestOperationType())) {
            return;
        }
        if (!matching && request.getRestOperationType() == RestOperationTypeEnum.TRANSACTION) {
            // INVARIANT: asked in the middle of the writing, before references are resolved; what is taken away here
            // would be
            // stored with its placeholders. The answer is looked at as it leaves.
            return;
        }
        guarded(request, () -> {
            List<IBaseResource> all = new ArrayList<>();
            for (int i = 0; i < resources.size(); i++) {
                all.add(resources.getResource(i));
            }
            Subject subject = subjects.of(request).searching();
            Set<IBaseResource> hidden = hidden(subject, all, request);
            if (matching) {
                // A condition could guess what the mask hides.
                all.stream()
                        .filter(each -> each != null && !hidden.contains(each))
                        .filter(each ->
                                veil.level(subject, Action.VIEW, Door.FHIR_REST, reference(each)) != MaskLevel.NONE)
                        .toList()
                        .forEach(hidden::add);
            }
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i) == null || !hidden.contains(all.get(i))) {
                    continue;
                }
                RestOperationTypeEnum operation = request.getRestOperationType();
                if (matching && operation != RestOperationTypeEnum.DELETE && operation != RestOperationTypeEnum.PATCH) {
                    throw Refusals.ambiguous();
                }
                resources.setResource(i, null);
            }
        });
    }

    /** Refuses to create what the subject may never save; {@link #recorded} asks again with its facts. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_CREATED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeCreate(IBaseResource resource, @Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
            resource.setUserData(WRITTEN, Boolean.TRUE);
            guarded(request, () -> {
                Subject subject = subjects.of(request);
                desk.require(subject, Action.SAVE, resource.fhirType(), Door.FHIR_REST);
                requireNoOwner(resource);
                written.require(subject, (Resource) resource, null, request);
            });
        }
    }

    /** Refuses to change what the subject may not modify; {@link #recorded} asks again for what it became. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_UPDATED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeUpdate(@Nullable IBaseResource before, IBaseResource after, @Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
            after.setUserData(WRITTEN, Boolean.TRUE);
            change(request, Labelling.change(request), before == null ? after : before);
            guarded(request, () -> {
                Subject subject = subjects.of(request).searching();
                requireNoOwner(after);
                written.require(subject, (Resource) after, (Resource) before, request);
                if (before != null) {
                    requireSeenWhole(subject, (Resource) before);
                }
            });
        }
    }

    /** Refuses to delete what the subject may not delete, cascades included. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_DELETED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeDelete(IBaseResource resource, @Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
            resource.setUserData(WRITTEN, Boolean.TRUE);
            guarded(request, () -> {
                if (resource instanceof Subscription subscription
                        && !subscriptions.maySee(subjects.of(request), subscription)) {
                    throw PolicyDesk.hidden();
                }
            });
            change(request, Action.DELETE, resource);
        }
    }

    /** Files of exports are written by the hub alone. */
    private static void requireNoOwner(IBaseResource resource) {
        if (resource instanceof Binary binary
                && ExportOwner.CLIENT_SYSTEM.equals(
                        binary.getSecurityContext().getIdentifier().getSystem())) {
            throw new AccessDeniedException(
                    AccessErrorCode.DENIED, "no client makes files of exports but by an export", null);
        }
    }

    /** Whoever sees a part only would write the mask, or the gap, over what is stored. */
    private void requireSeenWhole(Subject subject, Resource before) {
        boolean seen = desk.permits(subject, Action.VIEW, reference(before), Door.FHIR_REST);
        if (seen && veil.show(subject, Action.VIEW, Door.FHIR_REST, before) != before) {
            throw new AccessDeniedException(
                    AccessErrorCode.DENIED,
                    "the resource is shown masked or in part, so it cannot be replaced by what was seen",
                    null);
        }
    }

    private void change(@Nullable RequestDetails request, Action action, IBaseResource resource) {
        guarded(request, () -> change(subjects.of(request), action, reference(resource)));
    }

    /** Hidden resources are absent, visible ones that must not be changed are refused. */
    private void change(Subject subject, Action action, String reference) {
        desk.require(subject, action, reference.substring(0, reference.indexOf('/')), Door.FHIR_REST);
        PolicyDecision decision = desk.decide(subject, action, reference, Door.FHIR_REST);
        if (!PolicyDesk.isPermitted(decision)) {
            boolean seen = desk.permits(subject.searching(), Action.VIEW, reference, Door.FHIR_REST);
            throw seen ? AccessDeniedException.of(decision) : PolicyDesk.hidden();
        }
    }

    /** Asks for what was written with its facts, before the transaction commits. */
    @Override
    public void recorded(Resource resource, boolean created, @Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
            guarded(
                    request,
                    () -> desk.requireWritten(
                            subjects.of(request),
                            created ? Action.SAVE : Labelling.change(request),
                            reference(resource),
                            Door.FHIR_REST));
        }
    }

    /** Whoever changes the level of a patient needs that right, however the change came in. */
    @Override
    public void labelled(Resource patient, PatientLevel before, PatientLevel after, @Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
            guarded(
                    request,
                    () -> desk.requireWritten(subjects.of(request), Action.LABEL, reference(patient), Door.FHIR_REST));
        }
    }

    /** Clients do not choose ids: an id nobody has answers as one that is hidden, and a closed type as closed. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_CLIENT_ASSIGNED_ID, order = FhirEnforcement.HOOK_ORDER)
    public void beforeClientAssignedId(IBaseResource resource, @Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
            guarded(
                    request,
                    () -> desk.require(subjects.of(request), Action.MODIFY, resource.fhirType(), Door.FHIR_REST));
            throw Refusals.notFound();
        }
    }

    /** Nobody destroys through this door. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_EXPUNGE_RESOURCE, order = FhirEnforcement.HOOK_ORDER)
    public void beforeExpunge(@Nullable RequestDetails request) {
        refuseExpunge(request);
    }

    /** Nobody destroys through this door. */
    @Hook(value = Pointcut.STORAGE_PRE_DELETE_EXPUNGE, order = FhirEnforcement.HOOK_ORDER)
    public void beforeDeleteExpunge(@Nullable RequestDetails request) {
        refuseExpunge(request);
    }

    /** The answer as it leaves: looked at once more, masked, and without references to what is hidden. */
    @Nullable
    IBaseResource leaving(RequestDetails request, @Nullable IBaseResource response) {
        outgoing(request, response);
        if (!(response instanceof Resource resource)
                || RequestSubjects.isSystem(request)
                || response instanceof Parameters
                || response instanceof OperationOutcome
                || request.getRestOperationType() == RestOperationTypeEnum.METADATA) {
            return response;
        }
        AtomicReference<IBaseResource> shown = new AtomicReference<>();
        guarded(request, () -> shown.set(veiled(subjects.of(request).searching(), request, resource)));
        return shown.get();
    }

    private Resource veiled(Subject subject, RequestDetails request, Resource response) {
        boolean one = BY_ID.contains(request.getRestOperationType())
                        && request.getRestOperationType() != RestOperationTypeEnum.HISTORY_INSTANCE
                || WRITING.contains(request.getRestOperationType())
                        && request.getRestOperationType() != RestOperationTypeEnum.TRANSACTION;
        if (one || !(response instanceof Bundle bundle)) {
            return veil.show(subject, Action.VIEW, Door.FHIR_REST, response);
        }
        List<Bundle.BundleEntryComponent> entries = new ArrayList<>();
        entries(bundle, entries);
        List<Resource> shown = veil.show(
                subject,
                Action.VIEW,
                Door.FHIR_REST,
                entries.stream().map(Bundle.BundleEntryComponent::getResource).toList());
        for (int i = 0; i < shown.size(); i++) {
            entries.get(i).setResource(shown.get(i));
        }
        return bundle;
    }

    /** Entries that hold a resource; a bundle that answers an entry of a batch is no stored one, which has a version. */
    private static void entries(Bundle bundle, List<Bundle.BundleEntryComponent> found) {
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            if (entry.getResource() instanceof Bundle inner && !inner.getMeta().hasVersionId()) {
                entries(inner, found);
            } else if (entry.hasResource()) {
                found.add(entry);
            }
        }
    }

    /** Looks at the answer as it leaves, for providers that ask no storage hook. */
    void outgoing(RequestDetails request, @Nullable IBaseResource response) {
        if (request.getRestOperationType() == RestOperationTypeEnum.TRANSACTION
                && !RequestSubjects.isSystem(request)
                && response instanceof Bundle written) {
            guarded(request, () -> sendBack(subjects.of(request).searching(), written, request));
            return;
        }
        if (response == null
                || RequestSubjects.isSystem(request)
                || !SHOWING.contains(request.getRestOperationType())
                || response instanceof OperationOutcome
                || response instanceof Parameters) {
            return;
        }
        guarded(request, () -> {
            Subject subject = viewer(request);
            boolean container = response instanceof Bundle && !BY_ID.contains(request.getRestOperationType())
                    || request.getRestOperationType() == RestOperationTypeEnum.HISTORY_INSTANCE;
            if (container && response instanceof Bundle bundle) {
                List<IBaseResource> all = new ArrayList<>();
                bundle.getEntry().forEach(entry -> all.add(entry.getResource()));
                Set<IBaseResource> hidden = hidden(subject, all, request);
                bundle.getEntry().removeIf(entry -> {
                    boolean remove = entry.hasResource() && hidden.contains(entry.getResource());
                    if (remove) {
                        removed(subject, entry.getResource(), request);
                    }
                    return remove;
                });
                if ("$everything".equals(request.getOperation())) {
                    // The storage counts before it looks.
                    bundle.setTotalElement(null);
                }
            } else if (!hidden(subject, List.of(response), request).isEmpty()) {
                removed(subject, response, request);
                throw PolicyDesk.hidden();
            }
        });
    }

    /** Keeps back what the writer may not see; the entry stays, because entries answer those of the request one by one. */
    private void sendBack(Subject subject, Bundle written, RequestDetails request) {
        List<Bundle.BundleEntryComponent> entries = new ArrayList<>();
        entries(written, entries);
        entries.removeIf(entry -> !entry.getResource().getIdElement().hasIdPart());
        List<IBaseResource> all = new ArrayList<>();
        entries.forEach(entry -> all.add(entry.getResource()));
        Set<IBaseResource> hidden = hidden(subject, all, request);
        entries.stream()
                .filter(entry -> hidden.contains(entry.getResource()))
                .forEach(entry -> entry.setResource(null));
    }

    /** Those of the resources that the subject may not see; nulls and outcomes are left alone. */
    private Set<IBaseResource> hidden(
            Subject subject,
            Collection<? extends @Nullable IBaseResource> resources,
            @Nullable RequestDetails request) {
        Map<IBaseResource, String> asked = new java.util.IdentityHashMap<>();
        Set<IBaseResource> hidden = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        for (IBaseResource resource : resources) {
            if (resource == null || resource instanceof OperationOutcome) {
                continue;
            }
            if (resource instanceof Binary file && ExportOwner.isOwn(subject, file)) {
                continue;
            }
            if (resource instanceof Binary binary && !ExportOwner.mayRead(subject, binary)
                    || resource instanceof Subscription subscription && !subscriptions.maySee(subject, subscription)) {
                hidden.add(resource);
            } else {
                asked.put(resource, reference(resource));
            }
        }
        Map<String, PolicyDecision> decisions = decisions(subject, new LinkedHashSet<>(asked.values()), request);
        asked.forEach((resource, reference) -> {
            PolicyDecision decision = decisions.get(reference);
            if (!PolicyDesk.isPermitted(decision)
                    || resource instanceof Binary && MaskLevel.of(decision) != MaskLevel.NONE) {
                hidden.add(resource);
            }
        });
        return hidden;
    }

    /** Asks once per request for each resource, unless the request may have changed it. */
    @SuppressWarnings("unchecked")
    private Map<String, PolicyDecision> decisions(
            Subject subject, Set<String> references, @Nullable RequestDetails request) {
        if (request == null || WRITING.contains(request.getRestOperationType())) {
            return desk.decide(subject, Action.VIEW, references, Door.FHIR_REST);
        }
        Map<String, PolicyDecision> known;
        synchronized (request.getUserData()) {
            known = (Map<String, PolicyDecision>) request.getUserData()
                    .computeIfAbsent(DECIDED, key -> new java.util.concurrent.ConcurrentHashMap<>());
        }
        Set<String> open = new LinkedHashSet<>(references);
        open.removeAll(known.keySet());
        if (!open.isEmpty()) {
            known.putAll(desk.decide(subject, Action.VIEW, open, Door.FHIR_REST));
        }
        return new HashMap<>(known);
    }

    /** The policies behind the decision on one resource of a request, if it was asked for. */
    static Set<String> policies(RequestDetails request, IBaseResource resource) {
        if (request.getUserData().get(DECIDED) instanceof Map<?, ?> known
                && resource.getIdElement().hasIdPart()
                && known.get(reference(resource)) instanceof PolicyDecision decision) {
            return decision.policies();
        }
        return Set.of();
    }

    static String reference(IBaseResource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }

    private Subject viewer(@Nullable RequestDetails request) {
        Subject subject = subjects.of(request);
        boolean byId = request != null && BY_ID.contains(request.getRestOperationType());
        return byId ? subject : subject.searching();
    }

    private void removed(Subject subject, IBaseResource resource, @Nullable RequestDetails request) {
        String type = resource.fhirType();
        RestOperationTypeEnum operation = request == null ? null : request.getRestOperationType();
        boolean searched =
                operation == RestOperationTypeEnum.SEARCH_TYPE || operation == RestOperationTypeEnum.GET_PAGE;
        if (searched && type.equals(request.getResourceName())) {
            drift.increment();
            LOG.warn("policy drift: a {} was removed after the search was narrowed for {}", type, subject.id());
        } else {
            LOG.debug("left out a {} that came along with an answer to {}", type, subject.id());
        }
    }

    private static void refuseExpunge(@Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
            throw Refusals.of(new AccessDeniedException(
                    AccessErrorCode.OPERATION_UNKNOWN, "nothing is destroyed through this interface", null));
        }
    }

    private void guarded(@Nullable RequestDetails request, Runnable question) {
        try {
            facts.during(request, question);
        } catch (AccessDeniedException e) {
            throw Refusals.of(e);
        }
    }
}
