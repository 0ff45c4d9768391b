package org.trefoilhub.hub.smart.account;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the hospital's own records say of a person who has an account: whether he works here, and which of his posts have
 * ended. It only ever takes away from the account, so that whoever may write these records lets nobody in.
 *
 * @param active false when a record of the person is not active
 * @param tenures by key, a position's code or a department's, every time span in which the person holds the post; a post
 *     without any is not spoken of and stands as the account has it
 */
public record Standing(boolean active, Map<String, List<Tenure>> tenures) {

    /** Of a person whom no record mentions. */
    public static final Standing UNRECORDED = new Standing(true, Map.of());

    /**
     * One record of a post.
     *
     * @param active whether the record is in use
     * @param from first instant, or null
     * @param until first instant after it, or null
     */
    public record Tenure(boolean active, @Nullable Instant from, @Nullable Instant until) {

        boolean includes(Instant now) {
            return active && (from == null || !now.isBefore(from)) && (until == null || now.isBefore(until));
        }
    }

    /** Copies the map. */
    public Standing {
        tenures = tenures.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }

    /**
     * The account as far as it stands.
     *
     * @param account account of the person
     * @param now the moment
     * @return the account without the positions and departments that have ended; empty when the person is not active, or
     *     had posts and has none left
     */
    public Optional<UserAccount> applyTo(UserAccount account, Instant now) {
        if (!active) {
            return Optional.empty();
        }
        Set<String> ended = tenures.entrySet().stream()
                .filter(post -> post.getValue().stream().noneMatch(tenure -> tenure.includes(now)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (ended.isEmpty()) {
            return Optional.of(account);
        }
        List<Position> positions = account.positions().stream()
                .filter(position -> !ended.contains(position.code()) && !areAll(position.departments(), ended))
                .toList();
        if (areAll(account.departments(), ended)
                || (positions.isEmpty() && !account.positions().isEmpty())) {
            return Optional.empty();
        }
        Set<String> departments = new HashSet<>(account.departments());
        departments.removeAll(ended);
        return Optional.of(new UserAccount(
                account.name(),
                account.displayName(),
                account.roles(),
                departments,
                account.clearance(),
                account.passwordHash(),
                positions));
    }

    private static boolean areAll(Set<String> departments, Set<String> ended) {
        return !departments.isEmpty() && ended.containsAll(departments);
    }
}
