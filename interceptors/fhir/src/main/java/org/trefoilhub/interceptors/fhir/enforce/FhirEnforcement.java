package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Clock;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.interceptors.fhir.error.OutcomeInterceptor;
import org.trefoilhub.interceptors.fhir.facts.FactRecorder;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/**
 * Puts the policy engine in front of a HAPI server: {@link #register} once, before the server answers.
 *
 * <p>Thread-safe after registration.
 */
public final class FhirEnforcement {

    /** Order of all hooks here: before those of others, which run at 0. */
    static final int HOOK_ORDER = -1000;

    private final StorageNet net;

    private FhirEnforcement(StorageNet net) {
        this.net = net;
    }

    /**
     * Registers every hook.
     *
     * @param server servlet that answers FHIR requests
     * @param storage interceptor service of the storage (the JPA server's bean); the server's own for providers in memory
     * @param policies policies in force
     * @param subjects security of the server
     * @param clock time of requests
     * @param facts facts of the stored resources
     * @param recorder keeper of those facts, whose writes are asked about; null for providers in memory
     * @return what was registered
     */
    public static FhirEnforcement register(
            RestfulServer server,
            IInterceptorService storage,
            PolicySource policies,
            SubjectProvider subjects,
            Clock clock,
            FactSource facts,
            @Nullable FactRecorder recorder) {
        FhirContext context = server.getFhirContext();
        RequestSubjects requestSubjects = new RequestSubjects(subjects);
        PolicyDesk desk = new PolicyDesk(policies, clock, facts);
        StorageNet net = new StorageNet(requestSubjects, desk);
        OutgoingCheck outgoing = new OutgoingCheck(net);
        server.registerInterceptor(new OutcomeInterceptor());
        server.registerInterceptor(new OperationGate(context, requestSubjects, desk));
        server.registerInterceptor(outgoing);
        storage.registerInterceptor(net);
        if (recorder != null) {
            storage.registerInterceptor(recorder);
            recorder.add(net);
        }
        storage.registerInterceptor(new SubscriptionOwner(context, requestSubjects, desk));
        storage.registerInterceptor(new ExportOwner(context, requestSubjects, desk));
        return new FhirEnforcement(net);
    }

    /**
     * The policies by which a resource of an answer was shown, for the audit.
     *
     * @param request request that is answered
     * @param resource what is shown
     * @return references of policies with provision; empty when they were not asked about this resource alone
     */
    public static Set<String> policies(RequestDetails request, IBaseResource resource) {
        return StorageNet.policies(request, resource);
    }

    /**
     * How often the storage net took rows from a search that the gate had let through.
     *
     * @return since start; anything above zero means that the two disagree and somebody must look
     */
    public long drift() {
        return net.drift();
    }
}
