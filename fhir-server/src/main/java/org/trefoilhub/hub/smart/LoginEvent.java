package org.trefoilhub.hub.smart;

import org.jspecify.annotations.Nullable;

/**
 * What happened at the login page, published to the application for the audit. Published while the request is served and
 * before its answer leaves.
 */
public sealed interface LoginEvent {

    /**
     * A person is in.
     *
     * @param user user name
     * @param position code of the chosen position, or null when there was nothing to choose
     * @param method code of the way in, as {@link LoginProof} has it
     * @param session id of the login session
     */
    record Began(String user, @Nullable String position, String method, String session) implements LoginEvent {}

    /**
     * Somebody was turned away.
     *
     * @param user the name that was claimed or proven, or null when none was
     * @param method code of the way in
     * @param code stable code of the reason
     */
    record Refused(@Nullable String user, String method, String code) implements LoginEvent {}

    /**
     * A login session is over.
     *
     * @param user user name, or null when the session was not known any more
     * @param session id of the login session
     */
    record Ended(@Nullable String user, String session) implements LoginEvent {}

    /**
     * An app was not given what it asked for: the person refused, or its launch was not good.
     *
     * @param user user name
     * @param client id of the app
     * @param code OAuth error that the app was told
     * @param session id of the login session, or null
     */
    record AppRefused(String user, String client, String code, @Nullable String session) implements LoginEvent {}

    /**
     * A refresh token was used twice; the grant is ended.
     *
     * @param user user name
     * @param client id of the app
     */
    record TokenReused(String user, String client) implements LoginEvent {}
}
