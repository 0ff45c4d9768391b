package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AuthorizationCodeRequestAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.scope.ScopeNarrowing;
import org.trefoilhub.hub.smart.scope.SmartScope;

/**
 * Reads authorization requests, cuts their scopes down to the client's maximum and ties them to the login session.
 *
 * <p>The scope {@code launch} goes with the parameter of that name and is dropped without it. A request of which no scope is left is answered {@code invalid_scope}; a SMART {@code aud} that is not this hub
 * {@code invalid_request}, and so is a missing one from a client that is not the hub's own page.
 */
final class ScopedAuthorizationRequests
        implements AuthenticationConverter, Consumer<OAuth2AuthorizationCodeRequestAuthenticationContext> {

    private static final Set<SmartScope.Context> CONTEXTS =
            EnumSet.of(SmartScope.Context.USER, SmartScope.Context.PATIENT);

    private final OAuth2AuthorizationCodeRequestAuthenticationConverter standard =
            new OAuth2AuthorizationCodeRequestAuthenticationConverter();
    private final AccountStore accounts;
    private final SmartAddresses addresses;

    ScopedAuthorizationRequests(AccountStore accounts, SmartAddresses addresses) {
        this.accounts = accounts;
        this.addresses = addresses;
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        Authentication converted = standard.convert(request);
        if (!(converted instanceof OAuth2AuthorizationCodeRequestAuthenticationToken token)) {
            return converted;
        }
        Set<String> wanted = new LinkedHashSet<>(token.getScopes());
        if (!token.getAdditionalParameters().containsKey(LaunchContext.LAUNCH)) {
            wanted.remove(SmartScope.LAUNCH);
        }
        Set<String> scopes = accounts.client(token.getClientId())
                .map(client -> ScopeNarrowing.narrow(wanted, client.scopes(), CONTEXTS))
                .filter(narrowed -> !narrowed.isEmpty())
                .orElse(token.getScopes());
        Map<String, Object> parameters = new HashMap<>(token.getAdditionalParameters());
        parameters.remove(TokenLedger.LOGIN_SESSION);
        HttpSession session = request.getSession(false);
        String loginSession = session == null ? null : LoginSession.idOf(session);
        if (loginSession != null) {
            parameters.put(TokenLedger.LOGIN_SESSION, loginSession);
        }
        OAuth2AuthorizationCodeRequestAuthenticationToken scoped =
                new OAuth2AuthorizationCodeRequestAuthenticationToken(
                        token.getAuthorizationUri(),
                        token.getClientId(),
                        (Authentication) token.getPrincipal(),
                        token.getRedirectUri(),
                        token.getState(),
                        scopes,
                        parameters);
        scoped.setDetails(token.getDetails());
        return scoped;
    }

    @Override
    public void accept(OAuth2AuthorizationCodeRequestAuthenticationContext context) {
        OAuth2AuthorizationCodeRequestAuthenticationToken token = context.getAuthentication();
        ClientAccount client = accounts.client(token.getClientId()).orElse(null);
        if (client == null
                || !ScopeNarrowing.narrow(token.getScopes(), client.scopes(), CONTEXTS)
                        .equals(token.getScopes())) {
            throw refusal(OAuth2ErrorCodes.INVALID_SCOPE, "none of the requested scopes can be granted", token);
        }
        Object aud = token.getAdditionalParameters().get("aud");
        if (aud == null && !client.firstParty()) {
            throw refusal(OAuth2ErrorCodes.INVALID_REQUEST, "aud is missing, expected the FHIR base address", token);
        }
        if (aud != null && !(aud instanceof String text && addresses.isOurs(text))) {
            throw refusal(OAuth2ErrorCodes.INVALID_REQUEST, "aud is not this server's FHIR base address", token);
        }
    }

    /** Whether a valid request needs the person: apps of others always, our own pages when they ask for a launch. */
    boolean isUndecided(OAuth2AuthorizationCodeRequestAuthenticationContext context) {
        String client = context.getRegisteredClient().getClientId();
        return accounts.client(client).filter(ClientAccount::firstParty).isEmpty()
                || context.getAuthorizationRequest().getScopes().stream()
                        .anyMatch(scope -> scope.startsWith(SmartScope.LAUNCH)
                                || SmartScope.parse(scope)
                                        .filter(parsed -> parsed.context() == SmartScope.Context.PATIENT)
                                        .isPresent());
    }

    private static OAuth2AuthorizationCodeRequestAuthenticationException refusal(
            String code, String message, OAuth2AuthorizationCodeRequestAuthenticationToken token) {
        return new OAuth2AuthorizationCodeRequestAuthenticationException(new OAuth2Error(code, message, null), token);
    }
}
