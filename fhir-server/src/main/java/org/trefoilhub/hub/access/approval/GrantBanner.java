package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicyEngine;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * Marks a Patient that somebody sees only by an approval or in an emergency, so that the page can show a banner: a tag of
 * the code system {@code access-grant} whose display is the end. It leaves with the answer and is never stored.
 */
@Interceptor
public final class GrantBanner {

    static final String SYSTEM = Words.BASE + "/CodeSystem/access-grant";

    private static final Set<RestOperationTypeEnum> READING = Set.of(
            RestOperationTypeEnum.READ,
            RestOperationTypeEnum.VREAD,
            RestOperationTypeEnum.SEARCH_TYPE,
            RestOperationTypeEnum.GET_PAGE);

    private final RequestSubjects subjects;
    private final CurrentPolicies policies;
    private final FactSource facts;
    private final Clock clock;

    GrantBanner(RequestSubjects subjects, CurrentPolicies policies, FactSource facts, Clock clock) {
        this.subjects = subjects;
        this.policies = policies;
        this.facts = facts;
        this.clock = clock;
    }

    /** Marks what leaves. */
    @Hook(value = Pointcut.SERVER_OUTGOING_RESPONSE, order = 1000)
    public void outgoing(RequestDetails request, @Nullable IBaseResource response) {
        if (response == null
                || RequestSubjects.isSystem(request)
                || !READING.contains(request.getRestOperationType())
                || !(response instanceof Patient || response instanceof Bundle)) {
            return;
        }
        Map<String, Patient> patients = new LinkedHashMap<>();
        if (response instanceof Patient patient) {
            patients.put(Desk.reference(patient), patient);
        } else if (response instanceof Bundle bundle) {
            for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
                if (entry.getResource() instanceof Patient patient) {
                    patients.put(Desk.reference(patient), patient);
                }
            }
        }
        if (patients.isEmpty()) {
            return;
        }
        Subject subject = subjects.of(request);
        if (subject.user() == null) {
            return;
        }
        Map<String, AccessPolicy> grants = policies.set().policies().stream()
                .filter(policy -> Grants.given(policy).isPresent())
                .collect(Collectors.toMap(AccessPolicy::id, policy -> policy));
        if (grants.isEmpty()) {
            return;
        }
        PolicyEngine engine = policies.current();
        Environment here = new Environment(Door.FHIR_REST, clock.instant());
        Map<String, ResourceFacts> known = facts.load(patients.keySet());
        patients.forEach((reference, patient) -> Optional.ofNullable(known.get(reference))
                .map(each -> engine.decide(AccessRequest.of(subject.searching(), Action.VIEW, each, here)))
                .ifPresent(decision -> mark(patient, decision, grants)));
    }

    private static void mark(Patient patient, PolicyDecision decision, Map<String, AccessPolicy> grants) {
        for (String policy : decision.policies()) {
            AccessPolicy grant = grants.get(policy);
            if (grant != null) {
                Grants.given(grant).ifPresent(given -> patient.getMeta()
                        .addTag(new Coding(SYSTEM, given.kind(), given.until().toString())));
            }
        }
    }
}
