package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2ClientCredentialsAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.scope.ScopeNarrowing;
import org.trefoilhub.hub.smart.scope.SmartScope;

/**
 * Reads client credentials requests and cuts their scopes down to the client's maximum; a request without scopes gets
 * that maximum (RFC 6749 section 3.3), one of which nothing is left {@code invalid_scope}.
 */
final class ScopedClientCredentials
        implements AuthenticationConverter, Consumer<OAuth2ClientCredentialsAuthenticationContext> {

    private static final Set<SmartScope.Context> CONTEXTS = EnumSet.of(SmartScope.Context.SYSTEM);

    private final OAuth2ClientCredentialsAuthenticationConverter standard =
            new OAuth2ClientCredentialsAuthenticationConverter();
    private final AccountStore accounts;

    ScopedClientCredentials(AccountStore accounts) {
        this.accounts = accounts;
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        Authentication converted = standard.convert(request);
        if (!(converted instanceof OAuth2ClientCredentialsAuthenticationToken token)) {
            return converted;
        }
        Authentication client = (Authentication) token.getPrincipal();
        Collection<String> maximum =
                accounts.client(client.getName()).map(ClientAccount::scopes).orElse(List.of());
        Collection<String> wanted = token.getScopes().isEmpty() ? maximum : token.getScopes();
        Set<String> narrowed = ScopeNarrowing.narrow(wanted, maximum, CONTEXTS);
        return new OAuth2ClientCredentialsAuthenticationToken(
                client, narrowed.isEmpty() ? token.getScopes() : narrowed, token.getAdditionalParameters());
    }

    @Override
    public void accept(OAuth2ClientCredentialsAuthenticationContext context) {
        OAuth2ClientCredentialsAuthenticationToken token = context.getAuthentication();
        Set<String> narrowed = ScopeNarrowing.narrow(
                token.getScopes(), context.getRegisteredClient().getScopes(), CONTEXTS);
        if (narrowed.isEmpty() || !narrowed.equals(token.getScopes())) {
            throw new OAuth2AuthenticationException(new OAuth2Error(
                    OAuth2ErrorCodes.INVALID_SCOPE, "none of the requested scopes can be granted", null));
        }
    }
}
