package org.trefoilhub.hub.smart.account;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Clearance;

/**
 * A person who can log in.
 *
 * @param name user name, the value of the Practitioner's identifier in the hub's user system
 * @param displayName name as people read it, in the hospital's language
 * @param roles role codes of {@link org.trefoilhub.access.policy.Vocabulary#ROLES}
 * @param departments department codes of {@link org.trefoilhub.access.policy.Vocabulary#DEPARTMENTS}
 * @param clearance highest patient label the person passes
 * @param passwordHash encoded with its algorithm in braces, or null when the person cannot log in by password
 */
public record UserAccount(
        String name,
        String displayName,
        Set<String> roles,
        Set<String> departments,
        Clearance clearance,
        @Nullable String passwordHash) {

    /** Copies the sets. */
    public UserAccount {
        roles = Set.copyOf(roles);
        departments = Set.copyOf(departments);
    }

    @Override
    public String toString() {
        return "UserAccount[" + name + "]";
    }
}
