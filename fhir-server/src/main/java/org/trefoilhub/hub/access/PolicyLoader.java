package org.trefoilhub.hub.access;

import java.util.List;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.trefoilhub.access.policy.PolicyInvalidException;

/** Seeds and loads the access policies before any door opens, and again when that failed. */
final class PolicyLoader implements SmartLifecycle {

    /** Before the projections and the doors, which start in the last phases. */
    private static final int PHASE = 0;

    private static final Logger log = LoggerFactory.getLogger(PolicyLoader.class);

    private final LivePolicies policies;
    private final PolicyConsents store;
    private final SeededPolicies seeded;
    private final Supplier<List<Bundle>> seeds;
    private volatile boolean running;

    PolicyLoader(LivePolicies policies, PolicyConsents store, SeededPolicies seeded, Supplier<List<Bundle>> seeds) {
        this.policies = policies;
        this.store = store;
        this.seeded = seeded;
        this.seeds = seeds;
    }

    @Override
    public void start() {
        running = true;
        try {
            seeded.write(seeds.get());
        } catch (RuntimeException e) {
            policies.lockDown(e);
            return;
        }
        load();
    }

    /** Loads everything that is stored; when that fails, all is denied but the repair. */
    void load() {
        try {
            int count = policies.load(store.all());
            log.info("{} access policies are loaded", count);
        } catch (PolicyInvalidException e) {
            // The set has locked down and said why.
            log.debug("stored policies are not understood", e);
        } catch (RuntimeException e) {
            policies.lockDown(e);
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
