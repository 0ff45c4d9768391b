package org.trefoilhub.hub.smart;

import java.util.Set;

/** Tells which groups and care teams a person belongs to now; access policies name them as actors (dimension 9). */
@FunctionalInterface
public interface Memberships {

    /**
     * The groups of one person.
     *
     * @param user user name
     * @return references such as {@code CareTeam/3} or {@code Group/12}; empty when he is in none
     */
    Set<String> of(String user);
}
