package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.IPreResourceAccessDetails;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.util.ICachedSearchDetails;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * The net under the gate: asks again for each resource where HAPI reads, writes and answers.
 *
 * <p>A searched type that loses rows here although the gate let the search through means that the two disagree: that is
 * counted and logged without any id.
 */
@Interceptor
final class StorageNet {

    private static final Logger LOG = LoggerFactory.getLogger(StorageNet.class);

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

    private final RequestSubjects subjects;
    private final PolicyDesk desk;
    private final LongAdder drift = new LongAdder();

    StorageNet(RequestSubjects subjects, PolicyDesk desk) {
        this.subjects = subjects;
        this.desk = desk;
    }

    long drift() {
        return drift.sum();
    }

    /** Searches of one subject are never answered from those of another. */
    @Hook(value = Pointcut.STORAGE_PRECHECK_FOR_CACHED_SEARCH, order = FhirEnforcement.HOOK_ORDER)
    public boolean mayReuseSearch(@Nullable RequestDetails request) {
        return RequestSubjects.isSystem(request);
    }

    /** Refuses a search whose type is not permitted as a whole. */
    @Hook(value = Pointcut.STORAGE_PRESEARCH_REGISTERED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeSearch(ICachedSearchDetails search, @Nullable RequestDetails request) {
        if (RequestSubjects.isSystem(request)) {
            return;
        }
        search.setCannotBeReused();
        guarded(() -> {
            Subject subject = subjects.of(request);
            if (search.getResourceType() == null) {
                throw new AccessDeniedException(
                        AccessErrorCode.SCOPE_NOT_TRANSLATABLE, "a search over all types is refused", null);
            }
            desk.requireAll(subject, Action.VIEW, search.getResourceType(), Door.FHIR_REST);
        });
    }

    /** Leaves out what the subject may not see. */
    @Hook(value = Pointcut.STORAGE_PREACCESS_RESOURCES, order = FhirEnforcement.HOOK_ORDER)
    public void beforeAccess(IPreResourceAccessDetails resources, @Nullable RequestDetails request) {
        if (RequestSubjects.isSystem(request)) {
            return;
        }
        guarded(() -> {
            Subject subject = viewer(request);
            for (int i = 0; i < resources.size(); i++) {
                IBaseResource resource = resources.getResource(i);
                if (resource != null && !visible(subject, resource)) {
                    resources.setDontReturnResourceAtIndex(i);
                    removed(subject, resource, request);
                }
            }
        });
    }

    /** Refuses to create what the subject may not save. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_CREATED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeCreate(IBaseResource resource, @Nullable RequestDetails request) {
        write(request, Action.SAVE, resource);
    }

    /** Refuses to change what the subject may not modify, before and after the change. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_UPDATED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeUpdate(@Nullable IBaseResource before, IBaseResource after, @Nullable RequestDetails request) {
        if (before != null) {
            write(request, Action.MODIFY, before);
        }
        write(request, Action.MODIFY, after);
    }

    /** Refuses to delete what the subject may not delete, cascades included. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_DELETED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeDelete(IBaseResource resource, @Nullable RequestDetails request) {
        write(request, Action.DELETE, resource);
    }

    /** Clients do not choose ids: an id nobody has answers as one that is hidden. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_CLIENT_ASSIGNED_ID, order = FhirEnforcement.HOOK_ORDER)
    public void beforeClientAssignedId(@Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
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

    /** Looks at the answer as it leaves, for providers that ask no storage hook. */
    void outgoing(RequestDetails request, @Nullable IBaseResource response) {
        if (response == null
                || RequestSubjects.isSystem(request)
                || !SHOWING.contains(request.getRestOperationType())
                || response instanceof OperationOutcome
                || response instanceof Parameters) {
            return;
        }
        guarded(() -> {
            Subject subject = viewer(request);
            boolean container = response instanceof Bundle && !BY_ID.contains(request.getRestOperationType())
                    || request.getRestOperationType() == RestOperationTypeEnum.HISTORY_INSTANCE;
            if (container && response instanceof Bundle bundle) {
                for (Iterator<Bundle.BundleEntryComponent> entries =
                                bundle.getEntry().iterator();
                        entries.hasNext(); ) {
                    Bundle.BundleEntryComponent entry = entries.next();
                    if (entry.hasResource()
                            && !(entry.getResource() instanceof OperationOutcome)
                            && !visible(subject, entry.getResource())) {
                        removed(subject, entry.getResource(), request);
                        entries.remove();
                    }
                }
            } else if (!visible(subject, response)) {
                removed(subject, response, request);
                throw new AccessDeniedException(AccessErrorCode.NOT_FOUND, "there is no such resource", null);
            }
        });
    }

    private boolean visible(Subject subject, IBaseResource resource) {
        if (resource instanceof Binary binary && !ExportOwner.mayRead(subject, binary)) {
            return false;
        }
        return desk.permits(
                subject,
                Action.VIEW,
                resource.fhirType(),
                resource.getIdElement().getIdPart(),
                Door.FHIR_REST);
    }

    private Subject viewer(@Nullable RequestDetails request) {
        Subject subject = subjects.of(request);
        boolean byId = request != null && BY_ID.contains(request.getRestOperationType());
        return byId ? subject : subject.searching();
    }

    private void removed(Subject subject, IBaseResource resource, @Nullable RequestDetails request) {
        String type = resource.fhirType();
        if (request != null && type.equals(request.getResourceName())) {
            drift.increment();
            LOG.warn("policy drift: a {} was removed after the gate had let {} through", type, subject.id());
        } else {
            LOG.debug("left out a {} that came along with an answer to {}", type, subject.id());
        }
    }

    private void write(@Nullable RequestDetails request, Action action, IBaseResource resource) {
        if (!RequestSubjects.isSystem(request)) {
            guarded(() -> desk.require(
                    subjects.of(request),
                    action,
                    resource.fhirType(),
                    resource.getIdElement().getIdPart(),
                    Door.FHIR_REST));
        }
    }

    private static void refuseExpunge(@Nullable RequestDetails request) {
        if (!RequestSubjects.isSystem(request)) {
            throw Refusals.of(new AccessDeniedException(
                    AccessErrorCode.OPERATION_UNKNOWN, "nothing is destroyed through this interface", null));
        }
    }

    private static void guarded(Runnable question) {
        try {
            question.run();
        } catch (AccessDeniedException e) {
            throw Refusals.of(e);
        }
    }
}
