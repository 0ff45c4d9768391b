package org.trefoilhub.access.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Finds words that no vocabulary knows and conditions that could never hold. */
final class PolicyValidator {

    private PolicyValidator() {}

    static List<String> problems(Condition condition, Vocabulary vocabulary) {
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
