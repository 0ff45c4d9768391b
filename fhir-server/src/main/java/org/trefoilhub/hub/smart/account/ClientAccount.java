package org.trefoilhub.hub.smart.account;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Clearance;

/**
 * A client system that can obtain tokens.
 *
 * @param id OAuth client id, the value of the Device's identifier in the hub's client system
 * @param displayName name as people read it
 * @param secretHash encoded secret of a confidential client; a client with neither secret nor keys is public, which demands
 *     PKCE
 * @param firstParty one of the hub's own pages: no consent, and the session cookie beside the token
 * @param grants what the client may ask the token endpoint for
 * @param redirectUris exact redirect addresses, empty for backend clients
 * @param postLogoutRedirectUris exact addresses a logout may lead back to
 * @param scopes the widest SMART scopes the client may hold
 * @param clearance highest patient label the client passes; backend clients default to N
 * @param jwks JWK set of the public keys that the client signs assertions with, or null
 * @param jwksUri address of such a set, or null
 * @param launchUri address at which the app takes EHR launches, or null when it takes none
 * @param launchesFor whether the client may prepare launches for the people who use it
 * @param backchannelLogoutUri address that is told when a login session ends in which the client got tokens, or null
 */
public record ClientAccount(
        String id,
        String displayName,
        @Nullable String secretHash,
        boolean firstParty,
        List<Grant> grants,
        List<String> redirectUris,
        List<String> postLogoutRedirectUris,
        List<String> scopes,
        Clearance clearance,
        @Nullable String jwks,
        @Nullable URI jwksUri,
        @Nullable String launchUri,
        boolean launchesFor,
        @Nullable URI backchannelLogoutUri) {

    /** A way to obtain a token. */
    public enum Grant {
        /** Authorization code, with refresh when {@code offline_access} was granted. */
        AUTHORIZATION_CODE,
        /** Client credentials, for a client that acts for itself. */
        CLIENT_CREDENTIALS
    }

    /** Copies the lists. */
    public ClientAccount {
        grants = List.copyOf(grants);
        redirectUris = List.copyOf(redirectUris);
        postLogoutRedirectUris = List.copyOf(postLogoutRedirectUris);
        scopes = List.copyOf(scopes);
    }

    /**
     * Tells whether the client cannot keep a secret.
     *
     * @return true without a secret and without keys
     */
    public boolean isPublic() {
        return secretHash == null && jwks == null && jwksUri == null;
    }

    @Override
    public String toString() {
        return "ClientAccount[" + id + "]";
    }
}
