package org.trefoilhub.access.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds words that no vocabulary knows and conditions that could never hold. */
final class PolicyValidator {

    private PolicyValidator() {}

    static List<String> problems(Collection<AccessPolicy> policies, Vocabulary vocabulary) {
        List<String> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (AccessPolicy policy : policies) {
            if (policy.id().isBlank()) {
                problems.add("a policy has no id");
            } else if (!ids.add(policy.id())) {
                problems.add("policy `" + policy.id() + "` is there twice");
            }
            if (policy.priority() < 0 || policy.priority() > AccessPolicy.MAX_PRIORITY) {
                problems.add("policy `" + policy.id() + "` has priority " + policy.priority() + " but 0 to "
                        + AccessPolicy.MAX_PRIORITY + " was expected");
            }
            for (Condition condition : policy.conditions()) {
                for (String problem : problems(condition, vocabulary)) {
                    problems.add("policy `" + policy.id() + "` " + problem);
                }
            }
        }
        return problems;
    }

    private static List<String> problems(Condition condition, Vocabulary vocabulary) {
        List<String> problems = new ArrayList<>();
        if (condition instanceof Condition.Client client) {
            notEmpty("client", client.ids(), problems);
            client.ids().stream().filter(String::isBlank).forEach(blank -> problems.add("names a blank client"));
        } else if (condition instanceof Condition.User user) {
            notEmpty("user", user.anyOf(), problems);
            user.anyOf().forEach(match -> user(match, vocabulary, problems));
        } else if (condition instanceof Condition.Interface door) {
            notEmpty("interface", door.doors(), problems);
        } else if (condition instanceof Condition.DataType type) {
            notEmpty("data type", type.types(), problems);
            type.types().forEach(name -> known("resource type", name, vocabulary.resourceTypes(), problems));
        } else if (condition instanceof Condition.Actions actions) {
            notEmpty("action", actions.actions(), problems);
        } else if (condition instanceof Condition.Patient patient) {
            notEmpty("patient", patient.patients(), problems);
        } else if (condition instanceof Condition.Purpose purpose) {
            notEmpty("purpose", purpose.codes(), problems);
            purpose.codes().forEach(code -> known("purpose", code, Vocabulary.PURPOSES, problems));
        } else if (condition instanceof Condition.LabelIn label) {
            notEmpty("label", label.labels(), problems);
        } else if (condition instanceof Condition.Coded coded) {
            coded(coded, vocabulary, problems);
        } else if (condition instanceof Condition.Exam exam) {
            notEmpty("exam", exam.exams(), problems);
        } else if (condition instanceof Condition.DataPeriod period) {
            inOrder("data period", period.from(), period.until(), problems);
        } else if (condition instanceof Condition.Care care) {
            notEmpty("care relation", care.relations(), problems);
        } else if (condition instanceof Condition.AuthorisationPeriod period) {
            inOrder("authorisation period", period.from(), period.until(), problems);
            period.hours().forEach(hours -> hours(hours, problems));
        } else if (condition instanceof Condition.AnyOf any) {
            notEmpty("combined", any.alternatives(), problems);
            any.alternatives().forEach(alternative -> problems.addAll(problems(alternative, vocabulary)));
            if (any.alternatives().stream().map(Condition::dimension).distinct().count() > 1) {
                problems.add("joins alternatives of several dimensions");
            }
        }
        return problems;
    }

    private static void user(UserMatch match, Vocabulary vocabulary, List<String> problems) {
        if (match instanceof UserMatch.Named named) {
            if (named.user().isBlank()) {
                problems.add("names a blank user");
            }
        } else if (match instanceof UserMatch.InRole role) {
            known("role", role.role(), vocabulary.roles(), problems);
        } else if (match instanceof UserMatch.InDepartment department) {
            known("department", department.department(), vocabulary.departments(), problems);
        } else if (match instanceof UserMatch.InRoleAt roleAt) {
            known("role", roleAt.role(), vocabulary.roles(), problems);
            known("department", roleAt.department(), vocabulary.departments(), problems);
        } else if (match instanceof UserMatch.InGroup group && group.group().isBlank()) {
            problems.add("names a blank group");
        }
    }

    private static void coded(Condition.Coded coded, Vocabulary vocabulary, List<String> problems) {
        notEmpty(coded.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '), coded.values(), problems);
        for (String value : coded.values()) {
            switch (coded.kind()) {
                case DATA_TYPE -> known("data type", value, Vocabulary.DATA_TYPES, problems);
                case PATIENT_TYPE -> known("patient type", value, Vocabulary.PATIENT_TYPES, problems);
                case DEPARTMENT, EXAMINED_BY -> known("department", value, vocabulary.departments(), problems);
                case SOURCE, MODALITY, EXAM_ITEM, CATEGORY, SENSITIVITY, GROUP -> {
                    if (value.isBlank()) {
                        problems.add("names a blank code");
                    }
                }
            }
        }
    }

    private static void hours(Condition.Hours hours, List<String> problems) {
        if (hours.length().isZero()
                || hours.length().isNegative()
                || hours.length().compareTo(Duration.ofDays(1)) > 0) {
            problems.add(
                    "has hours of length " + hours.length() + " but more than nothing up to 24 hours was expected");
        }
    }

    private static void inOrder(
            String dimension, @Nullable Instant from, @Nullable Instant until, List<String> problems) {
        if (from != null && until != null && !from.isBefore(until)) {
            problems.add("has a " + dimension + " that ends before it begins, which could never hold");
        }
    }

    private static void notEmpty(String dimension, Collection<?> values, List<String> problems) {
        if (values.isEmpty()) {
            problems.add("has a " + dimension + " condition without values, which could never hold");
        }
    }

    private static void known(String what, String word, Set<String> words, List<String> problems) {
        if (!words.contains(word)) {
            problems.add("names the unknown " + what + " `" + word + "`");
        }
    }
}
