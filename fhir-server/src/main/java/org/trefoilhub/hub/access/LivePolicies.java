package org.trefoilhub.hub.access;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.Consent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.PolicyInvalidException;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;

/**
 * The stored access policies as one compiled set, kept up to date Consent by Consent.
 *
 * <p>Changes may arrive in another order than they were committed in; the version of the resource tells which counts. The
 * version of the set grows with every change and over restarts. Thread-safe; a change is in force when the call returns.
 */
public final class LivePolicies {

    private static final Logger log = LoggerFactory.getLogger(LivePolicies.class);

    private final CurrentPolicies current;
    private final AccessPolicyMapper mapper;
    private final Vocabulary vocabulary;
    private final PolicyOptions options;
    private final PolicySet repair;
    private final Clock clock;
    /** Version of the resource up to which each Consent is known. */
    private final Map<String, Long> versions = new HashMap<>();

    /** Ids of the Consents that have policies in force. */
    private final Set<String> rules = new HashSet<>();

    private PolicySet set;
    private State state = State.NOT_LOADED;

    private enum State {
        NOT_LOADED,
        LOADED,
        LOCKED_DOWN
    }

    /**
     * Starts with nothing permitted.
     *
     * @param current where the doors look
     * @param mapper reads Consents
     * @param vocabulary words that policies may use
     * @param options settings of the sets
     * @param repair what is in force while the stored policies cannot be loaded
     * @param clock gives versions that grow over restarts
     */
    LivePolicies(
            CurrentPolicies current,
            AccessPolicyMapper mapper,
            Vocabulary vocabulary,
            PolicyOptions options,
            PolicySet repair,
            Clock clock) {
        this.current = current;
        this.mapper = mapper;
        this.vocabulary = vocabulary;
        this.options = options;
        this.repair = repair;
        this.clock = clock;
        this.set = PolicySet.denyAll(0);
    }

    /**
     * Compiles a Consent without putting it in force.
     *
     * @param consent a Consent with an id
     * @return its policies; none when it is no access policy or not active
     * @throws PolicyInvalidException with every problem, when an active one is not understood
     */
    public List<AccessPolicy> compile(Consent consent) {
        return compile(consent, consent.getIdElement().getIdPart());
    }

    /**
     * Compiles a draft as if it were active.
     *
     * @param draft an access policy of any status, with or without an id
     * @param name what stands for its id
     * @return its policies
     * @throws PolicyInvalidException with every problem, when it is not understood
     */
    public List<AccessPolicy> compileDraft(Consent draft, String name) {
        Consent active = draft.copy();
        active.setStatus(Consent.ConsentState.ACTIVE);
        return compile(active, name);
    }

    private List<AccessPolicy> compile(Consent consent, String name) {
        if (!AccessPolicyMapper.isAccessPolicy(consent) || consent.getStatus() != Consent.ConsentState.ACTIVE) {
            return List.of();
        }
        List<AccessPolicy> policies;
        try {
            policies = mapper.map(consent, name);
        } catch (IllegalArgumentException e) {
            throw new PolicyInvalidException(List.of(String.valueOf(e.getMessage())));
        }
        PolicySet.compile(0, policies, vocabulary, options);
        return policies;
    }

    /**
     * The set in force with some rules replaced, for a look at what a change would do.
     *
     * @param rule id of the Consent that would change
     * @param policies its policies after the change
     * @return another set; nothing is put in force
     */
    public PolicySet with(String rule, List<AccessPolicy> policies) {
        PolicySet now = current.set();
        return now.with(now.version(), rule, policies);
    }

    /**
     * Puts everything that is stored in force, in place of what was.
     *
     * @param consents every current Consent
     * @return number of policies in force
     * @throws PolicyInvalidException with every problem; then nothing but the repair of the policies is permitted
     */
    synchronized int load(Iterable<Consent> consents) {
        List<AccessPolicy> policies = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, Long> loaded = new HashMap<>();
        for (Consent consent : consents) {
            loaded.put(
                    consent.getIdElement().getIdPart(), consent.getIdElement().getVersionIdPartAsLong());
            try {
                policies.addAll(compile(consent));
            } catch (PolicyInvalidException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        versions.clear();
        versions.putAll(loaded);
        if (!problems.isEmpty()) {
            PolicyInvalidException invalid = new PolicyInvalidException(problems);
            lockDown(invalid);
            throw invalid;
        }
        putInForce(PolicySet.compile(nextVersion(), policies, vocabulary, options));
        rules.clear();
        policies.forEach(policy -> rules.add(policy.rule()));
        return policies.size();
    }

    /**
     * Puts a committed Consent in force, or takes it out when it has no policies any more.
     *
     * @param id logical id
     * @param version version of the resource
     * @param policies what it compiles to
     */
    synchronized void put(String id, long version, List<AccessPolicy> policies) {
        if (version > versions.getOrDefault(id, 0L)) {
            versions.put(id, version);
            change(id, policies);
        }
    }

    /**
     * Takes a deleted Consent out.
     *
     * @param id logical id
     * @param version version of the resource that the deletion made, or the last one before it
     */
    synchronized void remove(String id, long version) {
        if (version >= versions.getOrDefault(id, 0L)) {
            versions.put(id, version);
            change(id, List.of());
        }
    }

    /** Permits nothing but the repair of the policies, until they are loaded again. */
    synchronized void lockDown(RuntimeException cause) {
        log.error("the access policies cannot be loaded: nothing is permitted but their repair by a steward", cause);
        set = PolicySet.denyAll(nextVersion());
        current.replace(repair);
        state = State.LOCKED_DOWN;
    }

    /** Whether the stored policies could not be loaded. */
    synchronized boolean isLockedDown() {
        return state == State.LOCKED_DOWN;
    }

    private void change(String id, List<AccessPolicy> policies) {
        if (state != State.LOADED) {
            // The set in force is not what is stored: everything will be loaded.
            return;
        }
        if (policies.isEmpty() && !rules.contains(id)) {
            return;
        }
        try {
            putInForce(set.with(nextVersion(), id, policies));
        } catch (RuntimeException e) {
            lockDown(e);
            return;
        }
        if (policies.isEmpty()) {
            rules.remove(id);
        } else {
            rules.add(id);
        }
    }

    private void putInForce(PolicySet changed) {
        set = changed;
        state = State.LOADED;
        current.replace(changed);
        log.info("access policies version {} are in force", changed.version());
    }

    private long nextVersion() {
        return Math.max(set.version() + 1, clock.millis());
    }
}
