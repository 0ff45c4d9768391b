package org.trefoilhub.hub.smart.account;

import java.util.Set;
import org.trefoilhub.access.policy.Clearance;

/**
 * One of several positions that a person holds, such as doctor of a ward and reader in radiology; FHIR knows it as
 * PractitionerRole. The person picks one at login and acts in it until logout.
 *
 * @param code code of the position, unique within the person
 * @param displayName name as people read it, in the hospital's language
 * @param roles role codes of {@link org.trefoilhub.access.policy.Vocabulary#ROLES}
 * @param departments department codes of {@link org.trefoilhub.access.policy.Vocabulary#DEPARTMENTS}
 * @param clearance highest patient label the person passes in this position
 */
public record Position(
        String code, String displayName, Set<String> roles, Set<String> departments, Clearance clearance) {

    /** Copies the sets. */
    public Position {
        roles = Set.copyOf(roles);
        departments = Set.copyOf(departments);
    }
}
