package org.trefoilhub.hub.app;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.api.model.ResourceVersionConflictResolutionStrategy;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import org.jspecify.annotations.Nullable;

/**
 * Tries a deletion again that met a conflict of the storage's own making.
 *
 * <p>The storage keeps the note for subscribers of a deletion under the key of the version that is deleted. When that
 * version is young, its own note lies there still, and is taken away by the sender of notes while the deletion replaces
 * it: the deletion then fails with 409 although nobody else touched the resource. The next try finds the place empty. A
 * deletion that somebody else's write has overtaken meets the same check again and is refused as before.
 */
@Interceptor
public final class DeletionRetry {

    private static final int MOST = 3;

    /**
     * Called before a conflict is told.
     *
     * @param request the request, null for work of the hub itself
     * @return whether to try again
     */
    @Hook(Pointcut.STORAGE_VERSION_CONFLICT)
    public @Nullable ResourceVersionConflictResolutionStrategy conflict(@Nullable RequestDetails request) {
        if (request == null || request.getRestOperationType() != RestOperationTypeEnum.DELETE) {
            return null;
        }
        ResourceVersionConflictResolutionStrategy again = new ResourceVersionConflictResolutionStrategy();
        again.setRetry(true);
        again.setMaxRetries(MOST);
        return again;
    }
}
