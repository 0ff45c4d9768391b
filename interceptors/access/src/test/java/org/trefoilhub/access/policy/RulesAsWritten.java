package org.trefoilhub.access.policy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules for access policies word by word, one policy after the other: no index, no sorting, no scopes, and nothing of
 * the engine but its data. A null verdict means that a fact is missing.
 */
final class RulesAsWritten {

    /** What comes out. */
    record Answer(boolean permit, boolean error, Set<String> policies, Set<Obligation> obligations) {}

    private final Collection<AccessPolicy> policies;
    private final boolean labelGate;

    RulesAsWritten(Collection<AccessPolicy> policies, boolean labelGate) {
        this.policies = policies;
        this.labelGate = labelGate;
    }

    Answer answer(AccessRequest request, char letter) {
        Boolean scoped = any(request.subject().scopes().stream().map(scope -> grants(scope, request, letter)));
        if (scoped == null) {
            return new Answer(false, true, Set.of(), Set.of());
        }
        if (!scoped) {
            return new Answer(false, false, Set.of(), Set.of());
        }
        Set<AccessPolicy> matching = new HashSet<>();
        for (AccessPolicy policy : policies) {
            Boolean matches = both(allHold(policy.conditions(), request), mayCount(policy, request));
            if (matches == null) {
                return new Answer(false, true, Set.of(), Set.of());
            }
            if (matches) {
                matching.add(policy);
            }
        }
        int highest = matching.stream().mapToInt(AccessPolicy::priority).max().orElse(-1);
        matching.removeIf(policy -> policy.priority() < highest);
        boolean denied = matching.stream().anyMatch(policy -> policy.effect() == AccessPolicy.Effect.DENY);
        if (denied) {
            matching.removeIf(policy -> policy.effect() == AccessPolicy.Effect.PERMIT);
        }
        Set<String> ids = new HashSet<>();
        Set<Obligation> duties = new HashSet<>();
        matching.forEach(policy -> {
            ids.add(policy.id());
            duties.addAll(policy.obligations());
        });
        if (denied || matching.isEmpty()) {
            return new Answer(false, false, ids, Set.of());
        }
        boolean understood = Obligation.KNOWN.containsAll(duties);
        return new Answer(understood, !understood, ids, understood ? duties : Set.of());
    }

    /** Clearance at least the label, else only what names the patient or the label from 300, or anything from 500. */
    private @Nullable Boolean mayCount(AccessPolicy policy, AccessRequest request) {
        if (!labelGate || policy.effect() == AccessPolicy.Effect.DENY || policy.priority() >= 500) {
            return true;
        }
        if (policy.priority() >= 300 && policy.conditions().stream().anyMatch(RulesAsWritten::names)) {
            return true;
        }
        Clearance clearance = request.subject().clearance();
        Clearance label = request.resource().label();
        if (clearance == Clearance.V) {
            return true;
        }
        return label == null ? null : (Boolean) (clearance.ordinal() >= label.ordinal());
    }

    private static boolean names(Condition condition) {
        if (condition instanceof Condition.AnyOf any) {
            return any.alternatives().stream().allMatch(RulesAsWritten::names);
        }
        return condition instanceof Condition.Patient
                || condition instanceof Condition.LabelAtLeast
                || condition instanceof Condition.LabelIn
                || (condition instanceof Condition.Coded coded
                        && Set.of(FactKind.GROUP, FactKind.SENSITIVITY).contains(coded.kind()));
    }

    private static @Nullable Boolean grants(String scope, AccessRequest request, char letter) {
        int slash = scope.indexOf('/');
        if (slash < 0) {
            return false;
        }
        int query = scope.indexOf('?');
        String name = scope.substring(slash + 1, query < 0 ? scope.length() : query);
        String type = name.substring(0, name.indexOf('.'));
        if (!(type.equals("*") || type.equals(request.resource().kind().type()))
                || name.substring(name.indexOf('.') + 1).indexOf(letter) < 0) {
            return false;
        }
        String patient = request.subject().patient();
        Boolean context =
                switch (scope.substring(0, slash)) {
                    case "user" -> request.subject().user() != null;
                    case "system" -> request.subject().user() == null;
                    default ->
                        patient == null
                                ? (Boolean) false
                                : meet(Set.of(patient), request.resource().patients());
                };
        if (query < 0) {
            return context;
        }
        String part = scope.substring(query + 1);
        Boolean category = part.startsWith("category=")
                ? meet(
                        Set.of(part.substring("category=".length()).split(",")),
                        request.resource().codes().get(FactKind.CATEGORY))
                : (Boolean) false;
        return both(context, category);
    }

    private static @Nullable Boolean holds(Condition condition, AccessRequest request) {
        Subject subject = request.subject();
        ResourceFacts facts = request.resource();
        Instant now = request.environment().instant();
        if (condition instanceof Condition.Client client) {
            return client.ids().contains(subject.client());
        } else if (condition instanceof Condition.User user) {
            return subject.user() != null && user.anyOf().stream().anyMatch(match -> means(match, subject));
        } else if (condition instanceof Condition.Interface door) {
            return door.doors().contains(request.environment().door());
        } else if (condition instanceof Condition.DataType type) {
            return type.types().contains(facts.kind().type());
        } else if (condition instanceof Condition.Actions actions) {
            return actions.actions().contains(request.action());
        } else if (condition instanceof Condition.Purpose purpose) {
            return purpose.codes().stream().anyMatch(request.purposeOfUse()::contains);
        } else if (condition instanceof Condition.Patient patient) {
            return meet(patient.patients(), facts.patients());
        } else if (condition instanceof Condition.LabelAtLeast least) {
            if (least.lowest() == Clearance.N) {
                return true;
            }
            return facts.label() == null
                    ? null
                    : (Boolean) (facts.label().ordinal() >= least.lowest().ordinal());
        } else if (condition instanceof Condition.LabelIn in) {
            return facts.label() == null ? null : (Boolean) in.labels().contains(facts.label());
        } else if (condition instanceof Condition.Coded coded) {
            return meet(coded.values(), facts.codes().get(coded.kind()));
        } else if (condition instanceof Condition.Exam exam) {
            return meet(exam.exams(), facts.exams());
        } else if (condition instanceof Condition.DataPeriod period) {
            DocumentedDate date = facts.date();
            return date == null
                    ? null
                    : (Boolean) (date.from() != null && inside(date.from(), period.from(), period.until()));
        } else if (condition instanceof Condition.Care care) {
            return care(care, subject, now, facts);
        } else if (condition instanceof Condition.AuthorisationPeriod period) {
            return inside(now, period.from(), period.until())
                    && (period.hours().isEmpty()
                            || period.hours().stream().anyMatch(hours -> onDuty(hours, now, period.zone())));
        } else if (condition instanceof Condition.AnyOf any) {
            return any(any.alternatives().stream().map(each -> holds(each, request)));
        }
        throw new AssertionError(condition);
    }

    private static boolean means(UserMatch match, Subject subject) {
        if (match instanceof UserMatch.Named named) {
            return named.user().equals(subject.user());
        } else if (match instanceof UserMatch.InRole role) {
            return subject.roles().contains(role.role());
        } else if (match instanceof UserMatch.InDepartment department) {
            return subject.departments().contains(department.department());
        } else if (match instanceof UserMatch.InRoleAt at) {
            return subject.roles().contains(at.role()) && subject.departments().contains(at.department());
        } else if (match instanceof UserMatch.InGroup group) {
            return subject.groups().contains(group.group());
        }
        throw new AssertionError(match);
    }

    private static @Nullable Boolean care(Condition.Care condition, Subject subject, Instant now, ResourceFacts facts) {
        boolean unknown = false;
        for (CareRelation relation : condition.relations()) {
            Boolean holds = relation(relation, condition.zone(), subject, now, facts);
            if (holds == null) {
                unknown = true;
            } else if (holds) {
                return true;
            }
        }
        return unknown ? null : (Boolean) false;
    }

    private static @Nullable Boolean relation(
            CareRelation relation, ZoneId zone, Subject subject, Instant now, ResourceFacts facts) {
        if (relation == CareRelation.NOT_AUTHOR || relation == CareRelation.OUTSIDE) {
            return stranger(relation, subject, facts);
        }
        boolean nobody = subject.user() == null
                || (Set.of(CareRelation.OWN_WARD, CareRelation.EXAMINED).contains(relation)
                        && subject.departments().isEmpty());
        if (nobody && relation != CareRelation.OTHER_DEPARTMENT) {
            return false;
        }
        if (relation == CareRelation.EXAMINED) {
            return meet(subject.departments(), facts.codes().get(FactKind.EXAMINED_BY));
        }
        Set<CareFact> care = facts.care();
        if (care == null) {
            return null;
        }
        LocalDate today = LocalDate.ofInstant(now, zone);
        return switch (relation) {
            case OWN_WARD -> care.stream().anyMatch(each -> inWard(each, subject));
            case ATTENDING -> care.stream().anyMatch(each -> takesPart(each, subject));
            case TREATING -> care.stream().anyMatch(each -> inWard(each, subject) || takesPart(each, subject));
            case OWN_TODAY ->
                care.stream()
                        .anyMatch(each -> isToday(each, today, zone)
                                && (at(each, subject) || each.users().contains(subject.user())));
            case OTHER_DEPARTMENT ->
                care.stream().anyMatch(CareFact::current)
                        && care.stream()
                                .noneMatch(each -> each.current() && subject.user() != null && at(each, subject));
            case EXAMINED, NOT_AUTHOR, OUTSIDE -> throw new AssertionError("answered above");
        };
    }

    /** Nobody is a stranger to a report of their own, nor, once it is written, to one of their department. */
    private static @Nullable Boolean stranger(CareRelation relation, Subject subject, ResourceFacts facts) {
        if (subject.user() == null && subject.client().equals("hub")) {
            return false;
        }
        String me = subject.user() == null ? "client:" + subject.client() : "user:" + subject.user();
        Set<String> authors = facts.codes().get(FactKind.AUTHOR);
        Boolean mine = authors == null ? null : (Boolean) authors.contains(me);
        Boolean ours = false;
        if (relation == CareRelation.OUTSIDE
                && subject.user() != null
                && !subject.departments().isEmpty()) {
            ours = meet(subject.departments(), facts.codes().get(FactKind.DEPARTMENT));
        }
        if (Boolean.TRUE.equals(mine) || Boolean.TRUE.equals(ours)) {
            return false;
        }
        return mine == null || ours == null ? null : (Boolean) true;
    }

    private static boolean takesPart(CareFact care, Subject subject) {
        return care.current() && care.users().contains(subject.user());
    }

    private static boolean inWard(CareFact care, Subject subject) {
        return care.current() && care.encounterClass().equals("IMP") && at(care, subject);
    }

    private static boolean isToday(CareFact care, LocalDate today, ZoneId zone) {
        boolean beginsToday = LocalDate.ofInstant(care.start(), zone).equals(today);
        return switch (care.encounterClass()) {
            case "AMB" -> beginsToday;
            case "EMER" -> beginsToday || care.current();
            default -> false;
        };
    }

    private static boolean at(CareFact care, Subject subject) {
        return subject.departments().stream().anyMatch(department -> department.equals(care.department()));
    }

    private static boolean onDuty(Condition.Hours hours, Instant now, ZoneId zone) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        for (LocalDate day : List.of(today.minusDays(1), today)) {
            Instant begin = day.atTime(hours.start()).atZone(zone).toInstant();
            boolean thatDay = hours.days().isEmpty() || hours.days().contains(day.getDayOfWeek());
            if (thatDay && inside(now, begin, begin.plus(hours.length()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean inside(Instant instant, @Nullable Instant from, @Nullable Instant until) {
        return (from == null || instant.compareTo(from) >= 0) && (until == null || instant.compareTo(until) < 0);
    }

    private static @Nullable Boolean meet(Set<String> wanted, @Nullable Set<String> known) {
        return known == null ? null : (Boolean) known.stream().anyMatch(wanted::contains);
    }

    /** No when one does not, else not known when one is not known. */
    private static @Nullable Boolean allHold(List<Condition> conditions, AccessRequest request) {
        Boolean all = true;
        for (Condition condition : conditions) {
            all = both(all, holds(condition, request));
        }
        return all;
    }

    private static @Nullable Boolean both(@Nullable Boolean a, @Nullable Boolean b) {
        if (a == null || b == null) {
            return Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b) ? Boolean.FALSE : null;
        }
        return a && b;
    }

    /** Yes when one is, else not known when one is not known. */
    private static @Nullable Boolean any(Stream<@Nullable Boolean> verdicts) {
        List<@Nullable Boolean> list = verdicts.toList();
        return list.contains(true) ? Boolean.TRUE : list.contains(null) ? null : Boolean.FALSE;
    }
}
