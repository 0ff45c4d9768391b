package org.trefoilhub.access.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells whether a resource lies in a scope, as far as its facts are known. */
record Containment(ResourceFacts facts) implements AccessScope.Visitor<Verdict> {

    @Override
    public Verdict all(AccessScope.All scope) {
        return Verdict.YES;
    }

    @Override
    public Verdict none(AccessScope.None scope) {
        return Verdict.NO;
    }

    @Override
    public Verdict anyOf(AccessScope.AnyOf scope) {
        Verdict result = Verdict.NO;
        for (AccessScope part : scope.parts()) {
            result = result.or(part.accept(this));
        }
        return result;
    }

    @Override
    public Verdict allOf(AccessScope.AllOf scope) {
        Verdict result = Verdict.YES;
        for (AccessScope part : scope.parts()) {
            result = result.and(part.accept(this));
        }
        return result;
    }

    @Override
    public Verdict not(AccessScope.Not scope) {
        return scope.part().accept(this).not();
    }

    @Override
    public Verdict compartment(AccessScope.Compartment scope) {
        return meet(scope.patients(), facts.patients());
    }

    @Override
    public Verdict label(AccessScope.Label scope) {
        Clearance label = facts.label();
        return label == null ? Verdict.UNKNOWN : Verdict.of(scope.highest().covers(label));
    }

    @Override
    public Verdict coded(AccessScope.Coded scope) {
        return meet(scope.values(), facts.codes().get(scope.kind()));
    }

    @Override
    public Verdict exam(AccessScope.Exam scope) {
        return meet(scope.exams(), facts.exams());
    }

    @Override
    public Verdict dataPeriod(AccessScope.DataPeriod scope) {
        DocumentedDate date = facts.date();
        return date == null ? Verdict.UNKNOWN : Verdict.of(within(date.from(), scope.from(), scope.until()));
    }

    @Override
    public Verdict care(AccessScope.Care scope) {
        Set<CareFact> care = facts.care();
        return care == null
                ? Verdict.UNKNOWN
                : Verdict.of(care.stream().anyMatch(encounter -> meets(scope, encounter)));
    }

    private static boolean meets(AccessScope.Care scope, CareFact encounter) {
        boolean anybody = scope.departments().isEmpty() && scope.user() == null;
        return (!scope.current() || encounter.current())
                && (scope.classes().isEmpty() || scope.classes().contains(encounter.encounterClass()))
                && (anybody
                        || (encounter.department() != null
                                && scope.departments().contains(encounter.department()))
                        || (scope.user() != null && encounter.users().contains(scope.user())))
                && within(encounter.start(), scope.startFrom(), scope.startUntil());
    }

    private static boolean within(@Nullable Instant instant, @Nullable Instant from, @Nullable Instant until) {
        return instant != null
                && (from == null || !instant.isBefore(from))
                && (until == null || instant.isBefore(until));
    }

    private static Verdict meet(Set<String> wanted, @Nullable Set<String> known) {
        return known == null ? Verdict.UNKNOWN : Verdict.of(!Collections.disjoint(wanted, known));
    }
}
