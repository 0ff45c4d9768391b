/**
 * Login at the hospital's own login server, such as Keycloak, by OpenID Connect: the login page sends the browser there,
 * what comes back is checked and delivered to {@link org.trefoilhub.hub.smart.PersonLogin}. Logging out here logs out
 * there, and the other way round.
 *
 * <p>Start from {@link org.trefoilhub.hub.smart.sso.oidc.HospitalProvider} (what the server says and how it is checked) and
 * {@link org.trefoilhub.hub.smart.sso.oidc.OidcController} (the steps of a login, in order).
 *
 * <p>It takes over who somebody is and nothing else: roles, departments and clearance are those of the hub's account, and
 * nobody gets an account by logging in. {@code docs/single-sign-on.md} tells how to configure both sides. Standards: OpenID
 * Connect Core 1.0 (code flow), RFC 7636 (PKCE), RFC 9207, RP-Initiated Logout 1.0, Back-Channel Logout 1.0.
 */
@NullMarked
package org.trefoilhub.hub.smart.sso.oidc;

import org.jspecify.annotations.NullMarked;
