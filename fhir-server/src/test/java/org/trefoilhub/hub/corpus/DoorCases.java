package org.trefoilhub.hub.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Dimension;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyCorpus;
import org.trefoilhub.access.policy.PolicyEngine;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.policy.Verdict;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/**
 * The cases of the corpus that a door can be asked, and why it cannot be asked the others. Those go to the engine alone.
 *
 * @param run what the door is asked, in the order of their time, sets together
 * @param left number of cases that are not asked, by reason
 */
record DoorCases(List<PolicyCorpus.Case> run, Map<String, Integer> left) {

    /** What the doors fulfil when a permit demands it. */
    private static final Set<Obligation> FULFILLED = Set.of(Obligation.MASK_NAME, Obligation.MASK_DEMOGRAPHICS);

    static DoorCases of(Set<Door> doors, Set<Action> actions) {
        return of(doors, actions, each -> true);
    }

    static DoorCases of(Set<Door> doors, Set<Action> actions, Predicate<PolicyCorpus.Case> possible) {
        List<PolicyCorpus.Case> run = new ArrayList<>();
        Map<String, Integer> left = new TreeMap<>();
        for (PolicyCorpus.Case each : PolicyCorpus.cases()) {
            if (doors.contains(each.environment().door())) {
                Optional<String> reason = whyNot(each, actions);
                if (reason.isEmpty() && !possible.test(each)) {
                    reason = Optional.of("its subject cannot come through this door");
                }
                reason.ifPresentOrElse(why -> left.merge(why, 1, Integer::sum), () -> run.add(each));
            }
        }
        run.sort(Comparator.comparing(
                        (PolicyCorpus.Case each) -> each.environment().instant())
                .thenComparing(PolicyCorpus.Case::policySet));
        return new DoorCases(run, left);
    }

    private static Optional<String> whyNot(PolicyCorpus.Case each, Set<Action> actions) {
        if (each.unknown() != null) {
            return Optional.of("facts are not known");
        }
        if (!actions.contains(each.request().action())) {
            return Optional.of("no such action at this door");
        }
        if (!CorpusConsents.canSay(each.set())) {
            return Optional.of("no Consent can say the obligation");
        }
        if (each.subject().client().equals("hub")) {
            return Optional.of("the hub comes through no door");
        }
        if (permits(each, plain(each.request())) != permits(each, each.request())) {
            return Optional.of("depends on a purpose of use or a care team");
        }
        return Optional.empty();
    }

    /** The question without what no token says: purposes of use, and the groups of the user. */
    private static AccessRequest plain(AccessRequest request) {
        Subject who = request.subject();
        Subject plain = new Subject(
                who.client(),
                who.user(),
                who.roles(),
                who.departments(),
                who.clearance(),
                who.scopes(),
                null,
                Set.of(),
                who.patient());
        return new AccessRequest(plain, request.action(), request.resource(), Set.of(), request.environment());
    }

    private static boolean permits(PolicyCorpus.Case each, AccessRequest request) {
        return each.set().compile(0).engine().decide(request).permitted(FULFILLED);
    }

    /** Whether the door must do what the case asks. */
    static boolean permits(PolicyCorpus.Case each) {
        return each.expect().permit()
                && each.expect().obligations().stream().map(Obligation::new).allMatch(FULFILLED::contains);
    }

    /** Whether the subject of a case may also view what the case is about. */
    static boolean permitsView(PolicyCorpus.Case each) {
        AccessRequest asked = plain(each.request());
        return permits(
                each,
                new AccessRequest(
                        asked.subject(), Action.VIEW, asked.resource(), asked.purposeOfUse(), asked.environment()));
    }

    /** Whether the door may say 403, because nothing of the type could ever be permitted. */
    static boolean permitsSome(PolicyCorpus.Case each) {
        PolicyEngine engine = each.set().compile(0).engine();
        AccessRequest request = plain(each.request());
        AccessScope scope = engine.scope(
                request.subject(),
                request.action(),
                request.resource().kind(),
                request.purposeOfUse(),
                request.environment());
        return !(FactSource.simplify(scope, request.resource().kind().type()) instanceof AccessScope.None);
    }

    /** In how many cases a condition of a dimension holds, and in how many one fails. */
    record Met(int holds, int fails) {}

    Map<Dimension, Met> dimensions() {
        Map<Dimension, Met> met = new EnumMap<>(Dimension.class);
        for (PolicyCorpus.Case each : run) {
            for (AccessPolicy policy : each.set().accessPolicies()) {
                for (Condition condition : policy.conditions()) {
                    boolean holds = condition.test(each.request()) == Verdict.YES;
                    met.merge(
                            condition.dimension(),
                            new Met(holds ? 1 : 0, holds ? 0 : 1),
                            (one, other) -> new Met(one.holds + other.holds, one.fails + other.fails));
                }
            }
        }
        return met;
    }
}
