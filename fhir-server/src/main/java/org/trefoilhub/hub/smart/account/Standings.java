package org.trefoilhub.hub.smart.account;

/** Tells the standing of people. Asked for every request; thread-safe. */
@FunctionalInterface
public interface Standings {

    /**
     * The standing of a person.
     *
     * @param user user name
     * @return what the records say now; {@link Standing#UNRECORDED} when none mentions the person
     */
    Standing of(String user);
}
