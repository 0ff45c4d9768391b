package org.trefoilhub.interceptors.fhir.subject;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.trefoilhub.access.policy.Subject;

/** Port to the security of the server: finds subjects. Implementations are thread-safe. */
public interface SubjectProvider {

    /**
     * The subject whose identity the security chain proved for this request.
     *
     * @param request HTTP request, on its own thread
     * @return the subject, or empty when nobody was authenticated
     */
    Optional<Subject> of(HttpServletRequest request);

    /**
     * A client as it is now, for work that goes on after its request: notifications and exports.
     *
     * @param client client id
     * @return the client acting for itself with the scopes it may be granted, or empty when it is unknown or revoked
     */
    Optional<Subject> ofClient(String client);
}
