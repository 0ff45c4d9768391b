package org.trefoilhub.hub.smart;

import java.util.Optional;

/** Finds the Practitioner behind a user. */
interface Practitioners {

    /**
     * The Practitioner whose identifier in the hub's user system is the user name.
     *
     * @param userName user name
     * @return such as {@code Practitioner/123}, or empty when there is none, or more than one
     */
    Optional<String> reference(String userName);
}
