/**
 * Identity: the SMART authorization server, the login page, and the security chains before every door.
 *
 * <p>Start from {@link org.trefoilhub.hub.smart.SessionChainConfiguration} (browser session: {@code /oauth2},
 * {@code /login}) and {@link org.trefoilhub.hub.smart.DoorChainConfiguration} (bearer tokens: {@code /fhir},
 * {@code /dicom-web} and the other doors). {@link org.trefoilhub.hub.smart.SubjectResolver} turns a verified token into
 * the one {@code Subject} of a request; facts of users and clients come from the account store at that moment, never
 * from the token, so a change counts on the next request.
 *
 * <p>Tokens are signed JWTs that survive a restart; only grants with a refresh token and revocations are kept in the
 * database. It will not decide what a subject may do: scopes are cut here, policies are asked at the doors. Between the
 * login and the code of an app stands {@link org.trefoilhub.hub.smart.AppController}: launch, choice of a patient, consent.
 *
 * <p>Every way to log in, the password form here and those of {@code smart.sso}, delivers the proven person to
 * {@link org.trefoilhub.hub.smart.PersonLogin}; who holds several positions chooses one before he is in.
 *
 * <p>Standards: SMART App Launch 2.2, OpenID Connect Core 1.0, RFC 6749, 6750, 7009, 7636, 7662.
 */
@NullMarked
package org.trefoilhub.hub.smart;

import org.jspecify.annotations.NullMarked;
