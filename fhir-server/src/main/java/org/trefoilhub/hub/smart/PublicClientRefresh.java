package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Lets a public client refresh: it has no secret, and the rotated refresh token is the proof (RFC 9700 section 4.14.2).
 * SMART App Launch asks for no {@code client_id} here, so without one the token tells whose it is. Only at the token
 * endpoint; introspection and revocation still need a confidential client.
 */
final class PublicClientRefresh implements AuthenticationConverter, AuthenticationProvider {

    private final RegisteredClientRepository clients;
    private final OAuth2AuthorizationService grants;

    /** Marks a request that this class has read, so that nothing else is let in by it. */
    private static final class Request extends OAuth2ClientAuthenticationToken {

        private static final long serialVersionUID = 1L;

        Request(String clientId) {
            super(clientId, ClientAuthenticationMethod.NONE, null, null);
        }
    }

    PublicClientRefresh(RegisteredClientRepository clients, OAuth2AuthorizationService grants) {
        this.clients = clients;
        this.grants = grants;
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        if (!"POST".equals(request.getMethod())
                || !SmartAddresses.TOKEN.equals(request.getServletPath())
                || request.getHeader(HttpHeaders.AUTHORIZATION) != null
                || request.getParameter(OAuth2ParameterNames.CLIENT_SECRET) != null
                || request.getParameter(OAuth2ParameterNames.CLIENT_ASSERTION) != null
                || !AuthorizationGrantType.REFRESH_TOKEN
                        .getValue()
                        .equals(request.getParameter(OAuth2ParameterNames.GRANT_TYPE))) {
            return null;
        }
        String[] ids = request.getParameterValues(OAuth2ParameterNames.CLIENT_ID);
        if (ids == null) {
            return owner(request.getParameterValues(OAuth2ParameterNames.REFRESH_TOKEN));
        }
        return ids.length != 1 || ids[0].isBlank() ? null : new Request(ids[0]);
    }

    /** Whose refresh token it is; one that is nobody's any more is answered as it would be to its client. */
    private @Nullable Authentication owner(String @Nullable [] tokens) {
        if (tokens == null || tokens.length != 1 || tokens[0].isBlank()) {
            return null;
        }
        OAuth2Authorization grant = grants.findByToken(tokens[0], OAuth2TokenType.REFRESH_TOKEN);
        RegisteredClient client = grant == null ? null : clients.findById(grant.getRegisteredClientId());
        if (client == null) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_GRANT);
        }
        return new Request(client.getClientId());
    }

    @Override
    public @Nullable Authentication authenticate(Authentication authentication) {
        if (!(authentication instanceof Request request)) {
            return null;
        }
        RegisteredClient client = clients.findByClientId(request.getName());
        if (client == null || !client.getClientAuthenticationMethods().contains(ClientAuthenticationMethod.NONE)) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
        }
        return new OAuth2ClientAuthenticationToken(client, ClientAuthenticationMethod.NONE, null);
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2ClientAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
