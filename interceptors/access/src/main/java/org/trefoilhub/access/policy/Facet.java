package org.trefoilhub.access.policy;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value of a request that policies name, by which the index files them; in the order in which it does.
 *
 * <p>First come the facets that a search knows too, then those with many values, because they leave the fewest policies to
 * read.
 */
enum Facet {
    USER(request -> some(request.subject().user())),
    USER_GROUP(request -> request.subject().groups()),
    ROLE(request -> request.subject().roles()),
    USER_DEPARTMENT(request -> request.subject().departments()),
    CLIENT(request -> Set.of(request.subject().client())),
    PATIENT(request -> request.resource().patients()),
    EXAM(request -> request.resource().exams()),
    GROUP(code(FactKind.GROUP)),
    TYPE(request -> Set.of(request.resource().kind().type())),
    ACTION(request -> Set.of(request.action().name())),
    INTERFACE(request -> Set.of(request.environment().door().name())),
    PURPOSE(AccessRequest::purposeOfUse),
    EXAM_ITEM(code(FactKind.EXAM_ITEM)),
    CATEGORY(code(FactKind.CATEGORY)),
    DATA_TYPE(code(FactKind.DATA_TYPE)),
    SENSITIVITY(code(FactKind.SENSITIVITY)),
    PATIENT_TYPE(code(FactKind.PATIENT_TYPE)),
    EXAMINED_BY(code(FactKind.EXAMINED_BY)),
    AUTHOR(code(FactKind.AUTHOR)),
    SOURCE(code(FactKind.SOURCE)),
    DEPARTMENT(code(FactKind.DEPARTMENT)),
    MODALITY(code(FactKind.MODALITY));

    /** One value of one facet. */
    record Key(Facet facet, String value) {}

    private final Function<AccessRequest, @Nullable Set<String>> values;

    Facet(Function<AccessRequest, @Nullable Set<String>> values) {
        this.values = values;
    }

    /** The values that a request has here, or null when they are not known. */
    @Nullable
    Set<String> values(AccessRequest request) {
        return values.apply(request);
    }

    /**
     * How to file a policy: it can hold only for a request that, at every step, has the value of one of the keys or does
     * not know the facet of one. Conditions that name no values make no step.
     */
    static List<Set<Key>> path(AccessPolicy policy) {
        return policy.conditions().stream()
                .map(Facet::keys)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Facet::first))
                .toList();
    }

    private static Facet first(Set<Key> keys) {
        return keys.stream().map(Key::facet).min(Comparator.naturalOrder()).orElse(USER);
    }

    /** The keys of a condition, or empty when it names no values. */
    private static Optional<Set<Key>> keys(Condition condition) {
        if (condition instanceof Condition.User user) {
            return Optional.of(user.anyOf().stream().map(Facet::key).collect(Collectors.toSet()));
        }
        if (condition instanceof Condition.Client client) {
            return keys(CLIENT, client.ids());
        }
        if (condition instanceof Condition.Patient patient) {
            return keys(PATIENT, patient.patients());
        }
        if (condition instanceof Condition.Exam exam) {
            return keys(EXAM, exam.exams());
        }
        if (condition instanceof Condition.DataType type) {
            return keys(TYPE, type.types());
        }
        if (condition instanceof Condition.Actions actions) {
            return keys(ACTION, names(actions.actions()));
        }
        if (condition instanceof Condition.Interface door) {
            return keys(INTERFACE, names(door.doors()));
        }
        if (condition instanceof Condition.Purpose purpose) {
            return keys(PURPOSE, purpose.codes());
        }
        if (condition instanceof Condition.Coded coded) {
            return keys(valueOf(coded.kind().name()), coded.values());
        }
        return condition instanceof Condition.AnyOf any ? keysOfAny(any) : Optional.empty();
    }

    private static Optional<Set<Key>> keysOfAny(Condition.AnyOf any) {
        Set<Key> all = new HashSet<>();
        for (Condition alternative : any.alternatives()) {
            Optional<Set<Key>> keys = keys(alternative);
            if (keys.isEmpty()) {
                return keys;
            }
            all.addAll(keys.get());
        }
        return Optional.of(all);
    }

    private static Optional<Set<Key>> keys(Facet facet, Set<String> values) {
        return Optional.of(values.stream().map(value -> new Key(facet, value)).collect(Collectors.toSet()));
    }

    private static Key key(UserMatch match) {
        if (match instanceof UserMatch.Named named) {
            return new Key(USER, named.user());
        }
        if (match instanceof UserMatch.InGroup group) {
            return new Key(USER_GROUP, group.group());
        }
        if (match instanceof UserMatch.InDepartment department) {
            return new Key(USER_DEPARTMENT, department.department());
        }
        return new Key(ROLE, match instanceof UserMatch.InRoleAt at ? at.role() : ((UserMatch.InRole) match).role());
    }

    private static Set<String> names(Set<? extends Enum<?>> constants) {
        return constants.stream().map(Enum::name).collect(Collectors.toSet());
    }

    private static Function<AccessRequest, @Nullable Set<String>> code(FactKind kind) {
        return request -> request.resource().codes().get(kind);
    }

    private static Set<String> some(@Nullable String value) {
        return value == null ? Set.of() : Set.of(value);
    }
}
