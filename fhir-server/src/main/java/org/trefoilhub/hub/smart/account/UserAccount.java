package org.trefoilhub.hub.smart.account;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Clearance;

/**
 * A person who can log in: one account per person, whatever the number of positions.
 *
 * @param name user name, the value of the Practitioner's identifier in the hub's user system
 * @param displayName name as people read it, in the hospital's language
 * @param roles role codes of {@link org.trefoilhub.access.policy.Vocabulary#ROLES}; empty while a position is not chosen
 * @param departments department codes of {@link org.trefoilhub.access.policy.Vocabulary#DEPARTMENTS}
 * @param clearance highest patient label the person passes
 * @param passwordHash encoded with its algorithm in braces, or null when the person cannot log in by password
 * @param positions what the person chooses from at login; empty when there is nothing to choose
 */
public record UserAccount(
        String name,
        String displayName,
        Set<String> roles,
        Set<String> departments,
        Clearance clearance,
        @Nullable String passwordHash,
        List<Position> positions) {

    /** Copies the collections. */
    public UserAccount {
        roles = Set.copyOf(roles);
        departments = Set.copyOf(departments);
        positions = List.copyOf(positions);
    }

    /**
     * A person with one position.
     *
     * @param name user name
     * @param displayName name as people read it
     * @param roles role codes
     * @param departments department codes
     * @param clearance highest patient label the person passes
     * @param passwordHash encoded password, or null
     */
    public UserAccount(
            String name,
            String displayName,
            Set<String> roles,
            Set<String> departments,
            Clearance clearance,
            @Nullable String passwordHash) {
        this(name, displayName, roles, departments, clearance, passwordHash, List.of());
    }

    /**
     * A position by its code.
     *
     * @param code code of a position
     * @return the position, or empty when the person does not hold it
     */
    public Optional<Position> position(String code) {
        return positions.stream()
                .filter(position -> position.code().equals(code))
                .findFirst();
    }

    /**
     * The person in the position that was chosen at login.
     *
     * @param code code of the position, or null when there was nothing to choose
     * @return the account with roles, departments and clearance of the position alone; empty when the person does not hold
     *     it (any more), or has to choose and did not
     */
    public Optional<UserAccount> acting(@Nullable String code) {
        if (code == null) {
            return positions.isEmpty() ? Optional.of(this) : Optional.empty();
        }
        return position(code)
                .map(position -> new UserAccount(
                        name,
                        displayName,
                        position.roles(),
                        position.departments(),
                        position.clearance(),
                        passwordHash));
    }

    @Override
    public String toString() {
        return "UserAccount[" + name + "]";
    }
}
