package org.trefoilhub.hub.smart;

import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;

/** The account store as the authorization server wants to see it; id and client id are the same. */
final class AccountClients implements RegisteredClientRepository {

    private final AccountStore accounts;
    private final SmartProperties properties;

    AccountClients(AccountStore accounts, SmartProperties properties) {
        this.accounts = accounts;
        this.properties = properties;
    }

    @Override
    public void save(RegisteredClient registeredClient) {
        // Called only to store a re-hashed secret; accounts belong to their file and are never written.
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id);
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        return accounts.client(clientId).map(this::registered).orElse(null);
    }

    private RegisteredClient registered(ClientAccount account) {
        RegisteredClient.Builder client = RegisteredClient.withId(account.id())
                .clientId(account.id())
                .clientName(account.displayName())
                .redirectUris(uris -> uris.addAll(account.redirectUris()))
                .postLogoutRedirectUris(uris -> uris.addAll(account.postLogoutRedirectUris()))
                .scopes(scopes -> scopes.addAll(account.scopes()))
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(true)
                        .requireAuthorizationConsent(false)
                        // Marks assertions as signed with a private key; ClientAssertions names what it takes.
                        .tokenEndpointAuthenticationSigningAlgorithm(SignatureAlgorithm.RS384)
                        .build())
                .tokenSettings(TokenSettings.builder()
                        .accessTokenTimeToLive(properties.accessTokenTtl())
                        .refreshTokenTimeToLive(properties.refreshTokenTtl())
                        .reuseRefreshTokens(false)
                        .build());
        if (account.isPublic()) {
            client.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        } else {
            client.clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
            if (account.secretHash() != null) {
                client.clientSecret(account.secretHash())
                        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST);
            }
        }
        for (ClientAccount.Grant grant : account.grants()) {
            switch (grant) {
                case AUTHORIZATION_CODE ->
                    client.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                            .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN);
                case CLIENT_CREDENTIALS -> client.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS);
            }
        }
        return client.build();
    }
}
