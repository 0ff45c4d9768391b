package org.trefoilhub.access.policy;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: a client system, and the person who uses it when there is one.
 *
 * <p>Made once per request by the door that proved the identity. Immutable and thread-safe. An empty set of scopes
 * permits nothing: peers that hold no token (DIMSE) are given {@link #ALL_SYSTEM_SCOPES} by their door, because their
 * configuration, not a token, narrows them.
 *
 * @param client OAuth client id, or the device id behind an AE title; never blank
 * @param user user name, or null when the client acts for itself
 * @param roles role codes of the user as {@link Vocabulary} knows them, empty for a client alone
 * @param departments department codes of the user, empty for a client alone
 * @param clearance how far the label gate lets the actor look
 * @param scopes granted SMART scopes as issued, such as {@code user/Patient.rs}; they only ever narrow
 * @param sessionId session of the token, or null; never printed
 * @param groups references of the groups and care teams the user is a member of, empty for a client alone
 * @param patient reference of the patient in context of a SMART launch, or null; {@code patient/} scopes grant nothing
 *     without
 */
public record Subject(
        String client,
        @Nullable String user,
        Set<String> roles,
        Set<String> departments,
        Clearance clearance,
        Set<String> scopes,
        @Nullable String sessionId,
        Set<String> groups,
        @Nullable String patient) {

    /** Client id of the hub's own background work: projector, demo loader, operator commands. */
    public static final String HUB_CLIENT = "hub";

    /** Scopes of a system actor that is narrowed by policies alone. */
    public static final Set<String> ALL_SYSTEM_SCOPES = Set.of("system/*.cruds");

    /**
     * Copies the sets.
     *
     * @throws IllegalArgumentException when the client is blank
     */
    public Subject {
        if (client.isBlank()) {
            throw new IllegalArgumentException("expected a client id but got a blank text");
        }
        roles = Set.copyOf(roles);
        departments = Set.copyOf(departments);
        scopes = Set.copyOf(scopes);
        groups = Set.copyOf(groups);
    }

    /**
     * An actor in no group and with no patient in context.
     *
     * @param client OAuth client id, or the device id behind an AE title; never blank
     * @param user user name, or null when the client acts for itself
     * @param roles role codes
     * @param departments department codes
     * @param clearance how far the label gate lets the actor look
     * @param scopes granted SMART scopes
     * @param sessionId session of the token, or null
     * @throws IllegalArgumentException when the client is blank
     */
    public Subject(
            String client,
            @Nullable String user,
            Set<String> roles,
            Set<String> departments,
            Clearance clearance,
            Set<String> scopes,
            @Nullable String sessionId) {
        this(client, user, roles, departments, clearance, scopes, sessionId, Set.of(), null);
    }

    /**
     * A client that acts for itself and holds no token, such as a DIMSE peer.
     *
     * @param client device or client id
     * @param clearance its clearance
     * @return the subject, narrowed by policies alone
     */
    public static Subject device(String client, Clearance clearance) {
        return new Subject(client, null, Set.of(), Set.of(), clearance, ALL_SYSTEM_SCOPES, null);
    }

    /**
     * The hub itself, for background work that nobody asked for in person.
     *
     * @return the subject of {@link #HUB_CLIENT} with the highest clearance
     */
    public static Subject hub() {
        return device(HUB_CLIENT, Clearance.V);
    }

    /**
     * The same actor with other scopes.
     *
     * @param replacement scopes of the copy
     * @return a copy
     */
    public Subject withScopes(Set<String> replacement) {
        return new Subject(client, user, roles, departments, clearance, replacement, sessionId, groups, patient);
    }

    /**
     * The same actor as a member of groups.
     *
     * @param references references of groups and care teams
     * @return a copy
     */
    public Subject withGroups(Set<String> references) {
        return new Subject(client, user, roles, departments, clearance, scopes, sessionId, references, patient);
    }

    /**
     * The same actor with a patient in context.
     *
     * @param reference patient reference, or null for none
     * @return a copy
     */
    public Subject withPatient(@Nullable String reference) {
        return new Subject(client, user, roles, departments, clearance, scopes, sessionId, groups, reference);
    }

    /**
     * The same actor for looking at what a search found: what may be searched may be read.
     *
     * <p>SMART scopes tell reading by id ({@code r}) from searching ({@code s}); the rows of a permitted search are shown
     * in full.
     *
     * @return a copy whose scopes read wherever they search
     */
    public Subject searching() {
        Set<String> readable = new HashSet<>(scopes);
        for (String scope : scopes) {
            SmartScope.parse(scope)
                    .ifPresent(
                            parsed -> readable.add(parsed.searchIncludesRead().toString()));
        }
        return withScopes(readable);
    }

    /**
     * A stable identifier for logs and audit.
     *
     * @return {@code client} or {@code client/user}
     */
    public String id() {
        return user == null ? client : client + "/" + user;
    }

    @Override
    public String toString() {
        return "Subject[" + id() + ", roles=" + roles + ", clearance=" + clearance + "]";
    }
}
