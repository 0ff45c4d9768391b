package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.interceptors.fhir.error.OutcomeInterceptor;
import org.trefoilhub.interceptors.fhir.facts.FactRecorder;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.mask.HiddenReferences;
import org.trefoilhub.interceptors.fhir.mask.Identities;
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

    /** Keeps the address of a part of a bundle whose target is hidden. */
    static final String ASKED = FhirEnforcement.class.getName() + ".asked";

    private final StorageNet net;
    private final NotificationGate notifications;

    private FhirEnforcement(StorageNet net, NotificationGate notifications) {
        this.net = net;
        this.notifications = notifications;
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
     * @param identities stored patients whose names must not stand in masked texts
     * @param fhirBase base address of the FHIR door, without trailing slash
     * @param owned whose exports, files of exports and subscriptions are
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
            Identities identities,
            String fhirBase,
            ClientOwned owned,
            @Nullable FactRecorder recorder) {
        FhirContext context = server.getFhirContext();
        RequestSubjects requestSubjects = new RequestSubjects(subjects);
        RequestFacts held = new RequestFacts(facts);
        PolicyDesk desk = new PolicyDesk(policies, clock, held);
        HiddenReferences references = new HiddenReferences(fhirBase);
        Veil veil = new Veil(desk, references, identities);
        WrittenReferences written = new WrittenReferences(context, desk, references);
        UnmaskedPart unmasked = new UnmaskedPart(desk, new SearchReach(context));
        StorageNet net =
                new StorageNet(requestSubjects, desk, held, unmasked, veil, written, new SubscriptionView(desk));
        OutgoingCheck outgoing = new OutgoingCheck(net);
        server.registerInterceptor(new OutcomeInterceptor());
        server.registerInterceptor(
                new OperationGate(context, requestSubjects, desk, held, unmasked, veil, written, owned));
        server.registerInterceptor(outgoing);
        storage.registerInterceptor(net);
        if (recorder != null) {
            storage.registerInterceptor(recorder);
            recorder.add(net);
        }
        SubscriptionOwner notifications =
                new SubscriptionOwner(context, requestSubjects, desk, unmasked, written, veil);
        storage.registerInterceptor(notifications);
        storage.registerInterceptor(new ExportOwner(context, requestSubjects, desk, unmasked, written, veil));
        return new FhirEnforcement(net, notifications);
    }

    /**
     * What channels that deliver past HAPI's hooks ask.
     *
     * @return the gate of notifications
     */
    public NotificationGate notifications() {
        return notifications;
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
     * What a part of a bundle asked for, for the audit: what is hidden is not asked of the storage.
     *
     * @param part request of the part
     * @return its address as it came in
     */
    public static String asked(Bundle.BundleEntryRequestComponent part) {
        return part.getUserData(ASKED) instanceof String hidden
                ? hidden
                : Optional.ofNullable(part.getUrl()).orElse("");
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
