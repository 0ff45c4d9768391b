package org.trefoilhub.hub.critical;

import java.time.Clock;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;

/** The questions of this package to the one engine. */
final class CriticalPolicy {

    /** What the FHIR door does when a permit demands it; the console reads every case there. */
    private static final Set<Obligation> FULFILLED = Set.of(Obligation.MASK_NAME, Obligation.MASK_DEMOGRAPHICS);

    private static final Set<String> CLINICAL = Set.of("doctor", "nurse");

    private final PolicySource policies;
    private final CriticalDesk desk;
    private final Supplier<Collection<Subject>> people;
    private final Clock clock;

    /**
     * Asks an engine.
     *
     * @param people everybody who can log in, as the console would know them
     */
    CriticalPolicy(PolicySource policies, CriticalDesk desk, Supplier<Collection<Subject>> people, Clock clock) {
        this.policies = policies;
        this.desk = desk;
        this.people = people;
        this.clock = clock;
    }

    boolean permits(Subject subject, Action action, String reference) {
        return permits(subject, action, desk.facts(reference));
    }

    private boolean permits(Subject subject, Action action, ResourceFacts facts) {
        return policies.current()
                .decide(AccessRequest.of(subject, action, facts, new Environment(Door.FHIR_REST, clock.instant())))
                .permitted(FULFILLED);
    }

    /**
     * Whether some doctor or nurse outside the performing department may see a case (decision 16).
     *
     * @param task reference of the case
     * @param performing code of the performing department, which has told of it and does not count
     */
    boolean isSeenBySomebody(String task, String performing) {
        ResourceFacts facts = desk.facts(task);
        return people.get().stream()
                .filter(each -> each.roles().stream().anyMatch(CLINICAL::contains)
                        && !each.departments().contains(performing))
                .anyMatch(each -> permits(each, Action.VIEW, facts));
    }
}
