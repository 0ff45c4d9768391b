package org.trefoilhub.interceptors.fhir.subject;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.Subject;

/**
 * Finds the subject of a HAPI request and remembers it, so that threads that work for the request later (searches) see
 * the same one. Thread-safe.
 */
public final class RequestSubjects {

    private static final String KEY = RequestSubjects.class.getName();

    private final SubjectProvider provider;

    /**
     * Asks a provider.
     *
     * @param provider the security of the server
     */
    public RequestSubjects(SubjectProvider provider) {
        this.provider = provider;
    }

    /**
     * Tells whether the server made the request of itself: no client can send one of these.
     *
     * @param request request, or null where HAPI knows none
     * @return true for HAPI's and the hub's own background work
     */
    public static boolean isSystem(@Nullable RequestDetails request) {
        return request instanceof SystemRequestDetails;
    }

    /**
     * The subject of a request.
     *
     * @param request request from a client, or null where HAPI knows none
     * @return the subject
     * @throws AccessDeniedException with {@link AccessErrorCode#UNAUTHENTICATED} when there is none
     */
    public Subject of(@Nullable RequestDetails request) {
        if (request != null) {
            if (request.getUserData().get(KEY) instanceof Subject known) {
                return known;
            }
            Optional<Subject> found =
                    request instanceof ServletRequestDetails servlet && servlet.getServletRequest() != null
                            ? provider.of(servlet.getServletRequest())
                            : Optional.empty();
            if (found.isPresent()) {
                request.getUserData().put(KEY, found.get());
                return found.get();
            }
        }
        throw new AccessDeniedException(
                AccessErrorCode.UNAUTHENTICATED, "this request carries no identity that the hub knows", null);
    }

    /**
     * A client as it is now.
     *
     * @param client client id
     * @return the client acting for itself, or empty when it is unknown or revoked
     */
    public Optional<Subject> ofClient(String client) {
        return provider.ofClient(client);
    }
}
